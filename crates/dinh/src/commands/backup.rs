//! `dinh backup`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use dinh_store::Store;

use crate::cli::DataArgs;
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Words, decimal, place};
use crate::{keyfolder, logging, runtime};

pub(crate) const ABOUT: &str = "\
Sao lưu nguyên trạng đồ thị tại một thời điểm vào một thư mục mới: thực thể, lịch sử, dòng thay đổi, đăng ký theo \
dõi, tiến độ của các nguồn. Trong lúc đó máy chủ vẫn chạy và vẫn nhận ghi, không bị ảnh hưởng. Khi lệnh kết thúc không \
báo lỗi thì bản sao lưu đã trọn vẹn; bản bị ngắt giữa chừng không bao giờ bị nhầm là trọn vẹn. `dinh restore` phục hồi \
bản sao lưu; sau đó `dinh verify --data` kiểm chứng.

Không có khoá nào trong bản sao lưu: thư mục khoá (cạnh thư mục dữ liệu, tên có thêm -keys) phải được chép riêng bằng --keys-to và cất ở \
nơi khác. Thiếu nó, không ai đọc lại được dữ liệu cá nhân; có nó, dữ liệu đã xoá vĩnh viễn không quay lại cùng bản sao lưu cũ. \
Hãy luôn giữ bản mới nhất.

Copies the graph as it is at one moment into a new folder: entities, history, change feed, subscriptions, progress of \
feeds. A server may run and be written to meanwhile; it is not disturbed. The copy is complete when the command ends \
without error, and an interrupted one is never taken for complete. `dinh restore` brings it back; `dinh verify --data` \
checks it after that.

No key is in a backup: copy the folder of keys (beside the data folder, named like it with -keys) by itself with --keys-to and keep \
it elsewhere. Without it nobody reads personal data again; with it, what was erased for good does not come back with an \
older backup. Always keep its newest copy.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh backup --data /var/lib/dinh --to /backup/dinh-2026-11-20
  dinh backup --to \"/backup/dinh-$(date +%F)\"
  dinh backup --to /backup/dinh-2026-11-20 --keys-to /media/usb/keys-2026-11-20";

/// Flags of `dinh backup`.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Thư mục để ghi bản sao lưu; phải mới hoặc trống · Folder to write the copy into; it must be new or empty
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// Chép luôn mọi khoá của máy chủ vào thư mục mới này; hãy cất nó ở nơi khác với bản sao lưu · Copies the keys of this server too, into this new folder; keep it elsewhere than the backup
    #[arg(long, value_name = "DIR")]
    keys_to: Option<PathBuf>,
}

/// Copies the graph.
pub(crate) fn run(args: &BackupArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), ..Flags::default() };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    let begun = Instant::now();
    let (from, to) = (loaded.config.data.display(), args.to.display());
    runtime::run(async {
        Store::copy(&loaded.config.data, &args.to).await.or_say(|| {
            Words::new(
                format!("không sao lưu được {from} vào {to}; nơi sao lưu phải là thư mục mới hoặc trống"),
                format!("{from} cannot be backed up to {to}, which must be a new or empty folder"),
            )
        })
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let keys_folder = loaded.config.keys_folder();
    let keys = keys_folder.display();
    let kept = match &args.keys_to {
        Some(folder) => {
            let copied = keyfolder::copy(&keys_folder, folder);
            runtime::run(copied)
                .or_say(|| place("không chép được khoá vào", "cannot copy the keys to", folder))?;
            let folder = folder.display();
            [
                format!("Đã chép khoá vào {folder}; hãy cất ở nơi khác với bản sao lưu"),
                format!("The keys were copied to {folder}; keep them elsewhere than the backup"),
            ]
        }
        None => [
            format!("Bản sao lưu không có khoá; hãy chép riêng {keys} bằng --keys-to và cất nơi khác"),
            format!("No key is in it; copy {keys} by itself with --keys-to and keep that elsewhere"),
        ],
    };
    answer([
        format!("Đã sao lưu {from} vào {to} trong {} giây", decimal(seconds)),
        format!("{from} was backed up to {to} in {seconds:.1} s"),
    ])?;
    answer(kept)?;
    Ok(Outcome::Done)
}
