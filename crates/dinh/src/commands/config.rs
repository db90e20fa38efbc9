//! `dinh config`.

use std::path::Path;

use clap::Args;

use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};

pub(crate) const ABOUT: &str = "\
In mọi giá trị cấu hình theo dạng `tên = giá trị  # nguồn`. Thứ tự lấy giá trị: mặc định, tệp cấu hình, biến môi \
trường, tham số dòng lệnh; cái sau thay cái trước. Trong biến môi trường, viết DINH_ rồi đến tên viết hoa, giữa hai cấp có hai \
dấu gạch dưới: DINH_STORE__READERS=8. Bí mật không bao giờ được in ra, vì không bao giờ là giá trị cấu hình: cấu hình \
chỉ nêu tên tệp chứa bí mật.

Prints every setting as `key = value  # source`. Settings come from the defaults, then the configuration file, then the \
environment, then flags; the later wins. In the environment a setting is written DINH_ and its key in capitals, with \
two underscores between levels: DINH_STORE__READERS=8. Secrets are never printed, because they are never settings: \
the configuration names the files that hold them.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh config
  dinh config --config /etc/dinh.toml
  DINH_ACCESS__OPEN_WRITES=never dinh config --listen 0.0.0.0:80";

/// Flags of `dinh config`: those that override settings.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// Địa chỉ nhận kết nối · Address to listen on
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

/// Prints the configuration.
pub(crate) fn run(args: &ConfigArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags =
        Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: args.listen.clone() };
    answer(config::load(file, &flags, Config::default())?.explain()?)?;
    Ok(Outcome::Done)
}
