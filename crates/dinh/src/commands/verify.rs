//! `dinh verify`.

use std::path::Path;

use clap::Args;
use dinh_store::{Check, Report};

use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::{logging, runtime, wiring};

pub(crate) const ABOUT: &str = "\
Kiểm chứng mọi bất biến của một đồ thị: dòng thay đổi không hở, số đếm đúng với thực tế, mọi chỉ mục khớp với thực thể, \
lịch sử nguyên vẹn. Mỗi phép kiểm in một dòng, kèm những chỗ sai nếu có; khi ấy mã kết thúc là 1. Không được có máy chủ \
nào đang dùng thư mục; muốn kiểm chứng đồ thị đang dùng thì sao lưu, phục hồi ra chỗ khác rồi kiểm chứng ở đó.

Checks every invariant of a graph: the change feed without gaps, counters equal to counts, every index equal to its \
entities, histories whole. Prints one line for each check and what is wrong, if something is; the exit status is 1 \
then. No server may be using the folder; to check a graph that is in use, take a backup, restore it elsewhere and \
verify that.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh verify --data /var/lib/dinh
  dinh verify --data ./data --json | jq '.checks[] | select(.fault_count > 0)'";

/// Width of the column of names.
const NAME_WIDTH: usize = 34;

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
    let data = &loaded.config.data;
    anyhow::ensure!(data.is_dir(), "there is no folder {}; name the data folder with --data", data.display());
    let report = runtime::run(wiring::verify(&loaded.config))?;
    if args.json {
        answer([serde_json::to_string_pretty(&report)?])?;
    } else {
        answer(table(&report))?;
    }
    Ok(if report.is_clean() { Outcome::Done } else { Outcome::Faults })
}

fn table(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    for check in &report.checks {
        lines.push(row(check));
        lines.extend(check.faults.iter().map(|fault| format!("      {fault}")));
        let untold = check.fault_count.saturating_sub(check.faults.len() as u64);
        if untold > 0 {
            lines.push(format!("      … and {untold} more"));
        }
    }
    let faults: u64 = report.checks.iter().map(|check| check.fault_count).sum();
    lines.push(if faults == 0 {
        "Đồ thị nguyên vẹn · the graph is sound.".to_owned()
    } else {
        format!("Có {faults} lỗi · {faults} faults. Restore a backup, or ask for help with this report.")
    });
    lines
}

fn row(check: &Check) -> String {
    let mark = if check.fault_count == 0 { "✓" } else { "✗" };
    let faults =
        if check.fault_count == 0 { String::new() } else { format!(", {} wrong", check.fault_count) };
    format!("{mark} {:<NAME_WIDTH$} {:>12} checked{faults}", check.name, check.checked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_told_below_their_check() {
        let good = Check { name: "feed without gaps", checked: 12, ..Check::default() };
        let bad =
            Check { name: "counters", checked: 3, fault_count: 2, faults: vec!["One is off.".to_owned()] };
        let told = table(&Report { checks: vec![good, bad] });
        assert_eq!(told.len(), 5, "{told:?}");
        assert!(told[0].starts_with("✓ feed without gaps") && told[0].ends_with("12 checked"), "{}", told[0]);
        assert!(
            told[1].ends_with("2 wrong") && told[2].contains("One is off.") && told[3].contains("1 more"),
            "{told:?}"
        );
        assert!(told[4].contains("2 faults"), "{}", told[4]);
    }
}
