//! `dinh verify`.

use std::path::Path;

use clap::Args;
use dinh_store::{Check, Report};

use super::folder::must_be_there;
use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::{logging, runtime, wiring};

pub(crate) const ABOUT: &str = "\
Kiểm chứng mọi bất biến của một đồ thị: dòng thay đổi không hở, số đếm đúng với thực tế, mọi chỉ mục khớp với thực thể, \
lịch sử nguyên vẹn. Mỗi phép kiểm in một dòng, kèm những chỗ sai nếu có; khi ấy mã kết thúc là 1. Không được có máy chủ \
nào đang dùng thư mục; muốn kiểm chứng đồ thị đang dùng thì sao lưu, phục hồi ra chỗ khác, chép cả thư mục khoá sang cạnh \
đó rồi kiểm chứng ở đó.

Checks every invariant of a graph: the change feed without gaps, counters equal to counts, every index equal to its \
entities, histories whole. Prints one line for each check and what is wrong, if something is; the exit status is 1 \
then. No server may be using the folder; to check a graph that is in use, take a backup, restore it elsewhere, copy \
the folder of keys beside it and verify that.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh verify --data /var/lib/dinh
  dinh verify --data ./data --json | jq '.checks[] | select(.fault_count > 0)'";

/// Width of the column of names.
const NAME_WIDTH: usize = 44;

/// Flags of `dinh verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// In báo cáo dạng JSON · Print the report as JSON
    #[arg(long)]
    json: bool,
}

/// Checks the graph.
pub(crate) fn run(args: &VerifyArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: None };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    must_be_there(&loaded.config.data)?;
    let report = runtime::run(wiring::verify(&loaded.config))?;
    if args.json {
        answer([serde_json::to_string_pretty(&report)?])?;
    } else {
        answer(table(&report))?;
    }
    Ok(if report.is_clean() { Outcome::Done } else { Outcome::Faults })
}

fn table(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("  {:<NAME_WIDTH$} {:>17}", "phép kiểm · check", "đã kiểm · checked")];
    for check in &report.checks {
        lines.push(row(check));
        lines.extend(check.faults.iter().map(|fault| format!("      {fault}")));
        let untold = check.fault_count.saturating_sub(check.faults.len() as u64);
        if untold > 0 {
            lines.push(format!("      … và {untold} chỗ nữa · and {untold} more"));
        }
    }
    let faults: u64 = report.checks.iter().map(|check| check.fault_count).sum();
    lines.push(if faults == 0 {
        "Đồ thị nguyên vẹn · the graph is sound.".to_owned()
    } else {
        format!(
            "Có {faults} lỗi; hãy phục hồi một bản sao lưu, hoặc nhờ trợ giúp kèm báo cáo này.\n\
             {faults} faults; restore a backup, or ask for help with this report."
        )
    });
    lines
}

fn row(check: &Check) -> String {
    let mark = if check.fault_count == 0 { "✓" } else { "✗" };
    let faults = match check.fault_count {
        0 => String::new(),
        wrong => format!(", sai · wrong {wrong}"),
    };
    format!("{mark} {:<NAME_WIDTH$} {:>17}{faults}", label(check.name), check.checked)
}

/// The name of a check in both languages; a check that is new here keeps the name that the store gives it.
fn label(name: &'static str) -> String {
    let vi = match name {
        "database pages" => "các trang của cơ sở dữ liệu",
        "audit" => "nhật ký kiểm toán",
        "entities" => "thực thể",
        "change feed" => "dòng thay đổi",
        "history" => "lịch sử",
        "keys" => "khoá niêm phong",
        "files" => "tệp đính kèm",
        "full text" => "chỉ mục toàn văn",
        "type index" => "chỉ mục kiểu",
        "scope index" => "chỉ mục phạm vi",
        "value index" => "chỉ mục giá trị",
        "point index" => "chỉ mục điểm",
        "shape index" => "chỉ mục hình",
        "link index" => "chỉ mục quan hệ",
        "type counts" => "số đếm theo kiểu",
        "attribute counts" => "số đếm theo thuộc tính",
        "grid counts" => "số đếm theo ô lưới",
        "record counts" => "số đếm bản ghi",
        other => return other.to_owned(),
    };
    format!("{vi} · {name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_below_their_check() {
        let good = Check { name: "change feed", checked: 12, ..Check::default() };
        let bad =
            Check { name: "type counts", checked: 3, fault_count: 2, faults: vec!["One is off.".to_owned()] };
        let told = table(&Report { checks: vec![good, bad] });
        assert_eq!(told.len(), 6, "{told:?}");
        assert!(
            told[1].starts_with("✓ dòng thay đổi · change feed") && told[1].ends_with(" 12"),
            "{}",
            told[1]
        );
        assert!(told[2].ends_with(" 3, sai · wrong 2") && told[3].contains("One is off."), "{told:?}");
        assert!(told[4].contains("1 chỗ nữa · and 1 more"), "{told:?}");
        assert!(told[5].contains("Có 2 lỗi") && told[5].contains("2 faults"), "{}", told[5]);
    }
}
