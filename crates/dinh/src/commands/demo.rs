//! `dinh demo`: the same server on the demonstration's data.

use std::path::Path;

use clap::Args;

use super::serve::{ServeFlags, serve};
use crate::config::{self, Config};
use crate::outcome::Outcome;
use crate::{logging, runtime};

pub(crate) const ABOUT: &str = "\
Chạy thử với các tỉnh có số liệu ghi sẵn; không cần cài đặt gì thêm. Số liệu đi kèm chương trình và được phát lại như \
đang diễn ra; giá trị phát lại nào cũng nói rõ điều đó. Đây chính là `dinh serve`, chỉ khác thư mục dữ liệu: thư mục \
đệm của người dùng, trừ khi --data hoặc cấu hình nêu thư mục khác. Lúc nào cũng có thể xóa thư mục đệm ấy.

Serves the demonstration provinces. Their recorded data ship with the program and are played as if they happened now; \
every played value says so. It is the same program as `dinh serve`; only the data folder is another one: this user's \
cache folder, unless --data or the configuration names one. It can be deleted at any time.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh demo
  dinh demo --listen 127.0.0.1:0
  dinh demo --data /tmp/dinh-demo";

/// Flags of `dinh demo`.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    flags: ServeFlags,
}

/// Serves the demonstration until a signal.
pub(crate) fn run(args: &DemoArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.flags.flags(), Config::of_demo())?;
    logging::start(&loaded)?;
    runtime::run(serve(&loaded.config, welcome))
}

/// What to look at.
fn welcome(url: &str, tenant: &str) -> Vec<String> {
    let line = |path: &str, vi: &str, en: &str| format!("  {url}{path:<22}  {vi} · {en}");
    vec![
        String::new(),
        "Mở trình duyệt · open in a browser:".to_owned(),
        line("/", "bản đồ điều hành", "operations map"),
        line(
            &format!("/{tenant}/quanh-toi"),
            "quanh tôi: mưa, mực nước, xe buýt",
            "around me: rain, river, buses",
        ),
        line(
            &format!("/{tenant}/sources"),
            "các nguồn số liệu và tình trạng",
            "data sources and their health",
        ),
        line("/docs", "giao diện lập trình NGSI-LD", "the NGSI-LD API"),
        "Số liệu ghi sẵn được phát lại như đang diễn ra · recorded data are played as if they happened now."
            .to_owned(),
        "Dừng bằng Ctrl-C · stop with Ctrl-C.".to_owned(),
    ]
}
