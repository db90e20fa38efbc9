//! `dinh audit verify`.

use std::path::{Path, PathBuf};

use clap::Args;
use dinh_context::audit::{PublicKey, SEALS, Verdict, examine};
use serde_json::json;

use super::filter::flags;
use super::words::fault;
use crate::cli::DataArgs;
use crate::config::{self, Config};
use crate::logging;
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, place};

pub(crate) const ABOUT: &str = "\
Tính lại toàn bộ chuỗi băm của nhật ký kiểm toán, đối chiếu với dòng thay đổi, kiểm chứng các niêm phong, chữ ký và các tệp \
niêm phong, rồi nêu chỗ sai đầu tiên: mục nào, sai ở đâu; khi ấy mã kết thúc là 1. Không có --key thì dùng khoá cạnh thư mục \
dữ liệu, nếu có. Chạy được cả khi máy chủ đang dùng thư mục, và trên bản sao lưu.

Computes the whole chain of the audit again, compares it with the change feed, checks the seals, their signatures and \
their files, and names the first break: which entry, and what differs; the exit status is 1 then. Without --key it uses \
the key beside the data folder, if there is one. It works while a server uses the folder, and on backups.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit verify --data /var/lib/dinh
  dinh audit verify --data /backup/dinh-2026-11-20 --key audit-key.pem --seals /media/usb
  dinh audit verify --json | jq .faults";

/// Flags of `dinh audit verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    /// Tệp khoá công khai có được từ nơi khác; nêu được nhiều lần · File of a public key known from elsewhere; may be given several times
    #[arg(long, value_name = "FILE")]
    key: Vec<PathBuf>,
    /// Thư mục chứa các tệp niêm phong đã mang đi; nêu được nhiều lần · Folder of seal files that were carried away; may be given several times
    #[arg(long, value_name = "DIR")]
    seals: Vec<PathBuf>,
    /// In kết quả dạng JSON · Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// Checks the audit.
pub(crate) fn run(args: &VerifyArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &flags(&args.data), Config::default())?;
    logging::start_quietly(&loaded)?;
    let config = &loaded.config;
    let own = config.audit_key_file();
    let files = if args.key.is_empty() && own.is_file() { vec![own] } else { args.key.clone() };
    let read = |path: &PathBuf| {
        PublicKey::read(path).or_say(|| place("không đọc được khoá trong", "cannot read the key in", path))
    };
    let keys: Vec<PublicKey> = files.iter().map(read).collect::<Result<_, _>>()?;
    let folders: Vec<PathBuf> = [config.data.join(SEALS)].into_iter().chain(args.seals.clone()).collect();
    let verdict = examine(&config.data, &keys, &folders).or_say(|| {
        place("không kiểm chứng được nhật ký kiểm toán trong", "cannot verify the audit in", &config.data)
    })?;
    if args.json {
        answer([format!("{:#}", in_json(&verdict))])?;
    } else {
        answer(told(&verdict, &keys))?;
    }
    Ok(if verdict.is_clean() { Outcome::Done } else { Outcome::Faults })
}

fn in_json(verdict: &Verdict) -> serde_json::Value {
    let report = &verdict.report;
    json!({
        "clean": verdict.is_clean(),
        "entries": report.entries,
        "last": report.last,
        "compared": report.compared,
        "bytes": report.body_bytes,
        "seals": report.seals.len(),
        "stamped": verdict.stamped,
        "unsealed": verdict.unsealed,
        "files": verdict.files,
        "keys": verdict.keys.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "faults": verdict.faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn told(verdict: &Verdict, keys: &[PublicKey]) -> Vec<String> {
    let report = &verdict.report;
    let mut lines = vec![
        format!("  mục · entries: {}", report.entries),
        format!("  đã đối chiếu với dòng thay đổi · compared with the change feed: {}", report.compared),
        format!("  niêm phong · seals: {}", report.seals.len()),
        format!("  có dấu thời gian · with a time stamp: {}", verdict.stamped),
        format!("  tệp niêm phong · files of seals: {}", verdict.files),
        format!("  mục chưa niêm phong · entries not sealed yet: {}", verdict.unsealed),
    ];
    lines.extend(verdict.keys.iter().map(|key| format!("  khoá · key: {key}")));
    if keys.is_empty() && !verdict.keys.is_empty() {
        lines.push("Chưa đối chiếu với khoá nào từ nơi khác; hãy nêu bằng --key.".to_owned());
        lines.push("Not compared with a key from elsewhere; give one with --key.".to_owned());
    }
    for found in &verdict.faults {
        let words = fault(found);
        lines.extend([format!("✗ {}", words.vi), format!("  {}", words.en)]);
    }
    let untold = report.break_count.saturating_sub(report.breaks.len() as u64);
    if untold > 0 {
        lines.push(format!("  … và {untold} chỗ nữa · and {untold} more"));
    }
    lines.push(if verdict.is_clean() {
        "✓ Nhật ký kiểm toán nguyên vẹn · the audit is sound.".to_owned()
    } else {
        "✗ Nhật ký kiểm toán đã bị thay đổi · the audit was altered.".to_owned()
    });
    lines
}
