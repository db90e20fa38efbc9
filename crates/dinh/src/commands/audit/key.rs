//! `dinh audit key`.

use std::path::Path;

use clap::Args;

use super::filter::flags;
use crate::cli::DataArgs;
use crate::config::{self, Config};
use crate::outcome::{Outcome, answer, remark};
use crate::{logging, wiring};

pub(crate) const ABOUT: &str = "\
In khoá công khai (Ed25519, PEM) dùng để kiểm chứng các niêm phong; chưa có khoá thì tạo. Hãy giao khoá này cho người kiểm \
toán và công bố nó ở nơi mà quản trị hệ thống không sửa được. Khoá bí mật nằm ngoài thư mục dữ liệu, chỉ chủ sở hữu đọc được.

Prints the public key (Ed25519, PEM) that checks seals; a key is made if there is none. Give it to the auditors, and \
publish it where the system's administrators cannot alter it. The secret key stays outside the data folder, readable \
by its owner only.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit key --data /var/lib/dinh > audit-key.pem
  dinh audit verify --data /backup/dinh-2026-11-20 --key audit-key.pem";

/// Flags of `dinh audit key`.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    #[command(flatten)]
    data: DataArgs,
}

/// Prints the public key.
pub(crate) fn run(args: &KeyArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &flags(&args.data), Config::default())?;
    logging::start_quietly(&loaded)?;
    let key = wiring::sealing(&loaded.config)?.key.public();
    answer([key.pem().trim_end()])?;
    remark([format!("dấu khoá · key: {key}")]);
    Ok(Outcome::Done)
}
