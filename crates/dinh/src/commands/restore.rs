//! `dinh restore`.

use std::path::{Path, PathBuf};

use clap::Args;
use dinh_store::Store;

use crate::cli::DataArgs;
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Words, place, said};
use crate::{logging, runtime};

pub(crate) const ABOUT: &str = "\
Kiểm tra một bản sao lưu rồi chép vào thư mục dữ liệu còn trống. Thư mục đã có gì bên trong thì bị từ chối, để hai đồ \
thị không bao giờ lẫn vào nhau: hãy nêu thư mục mới, hoặc chuyển thư mục cũ đi trước. Bản sao lưu vẫn giữ nguyên.

Checks a backup and copies it into an empty data folder. A folder that holds something is refused, so that two graphs \
are never mixed: name a new folder, or move the old one away first. The backup stays as it is.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh restore --from /backup/dinh-2026-11-20 --data /var/lib/dinh
  dinh verify --data /var/lib/dinh";

/// Flags of `dinh restore`.
#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Thư mục của bản sao lưu · Folder of the backup
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
}

/// Brings a backup back.
pub(crate) fn run(args: &RestoreArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), ..Flags::default() };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    let data = &loaded.config.data;
    refuse_used(data)?;
    let (from, to) = (args.from.display(), data.display());
    runtime::run(async {
        Store::restore(&args.from, data).await.or_say(|| {
            Words::new(
                format!("không phục hồi được {from} vào {to}"),
                format!("{from} cannot be restored into {to}"),
            )
        })
    })?;
    answer([format!("Đã phục hồi {from} vào {to}"), format!("{from} was restored into {to}")])?;
    Ok(Outcome::Done)
}

fn refuse_used(folder: &Path) -> anyhow::Result<()> {
    let mut entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(error).or_say(|| place("không xem được thư mục", "cannot look into", folder));
        }
    };
    if entries.next().is_some() {
        let folder = folder.display();
        return Err(said(
            format!(
                "thư mục {folder} không trống; hãy phục hồi vào thư mục mới, hoặc chuyển thư mục cũ đi trước"
            ),
            format!("{folder} is not empty; restore into a new folder, or move the old one away first"),
        ));
    }
    Ok(())
}
