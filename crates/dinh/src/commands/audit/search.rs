//! `dinh audit search`.

use std::path::Path;

use clap::Args;
use dinh_context::audit::table::{about, details};
use dinh_model::Timestamp;
use dinh_store::{AuditOrder, Entry};

use super::filter::Filter;
use super::words::action;
use crate::outcome::{Outcome, answer, remark};
use crate::said::both;

/// Where clocks stand as people read them.
const ZONE: &str = "Asia/Ho_Chi_Minh";
/// Most entries printed.
const MOST: usize = 100_000;

pub(crate) const ABOUT: &str = "\
Tìm mục trong nhật ký kiểm toán và in mỗi mục một dòng, mục mới nhất đứng trước: số, thời điểm (giờ Việt Nam), vùng dữ \
liệu, ai, mục đích, việc đã làm, về thực thể nào, từ đâu. Chỉ đọc, nên chạy được cả khi máy chủ đang dùng thư mục.

Searches the audit and prints one line for each entry, the latest first: number, time (in Vietnam), tenant, who, \
purpose, what was done, to which entities, from where. It only reads, so it also works while a server uses the folder.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit search --data /var/lib/dinh --by account:an --from 2026-11-20
  dinh audit search --entity urn:ngsi-ld:Person:an --action reveal   # ai đã xem · who looked
  dinh audit search --text 'dang nhap' --limit 10";

/// Flags of `dinh audit search`.
#[derive(Debug, Args)]
pub(crate) struct SearchArgs {
    #[command(flatten)]
    filter: Filter,
    /// In nhiều nhất bao nhiêu mục · Most entries to print
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// In mỗi mục một dòng JSON · Print one line of JSON for each entry
    #[arg(long)]
    json: bool,
}

/// Searches and prints.
pub(crate) fn run(args: &SearchArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut entries = args.filter.open(file, AuditOrder::NewestFirst)?;
    let mut left = args.limit.min(MOST);
    while left > 0 {
        let Some(page) = entries.next()? else { break };
        let page = page.get(..left.min(page.len())).unwrap_or_default();
        left -= page.len();
        answer(page.iter().map(|entry| if args.json { entry.to_json().to_string() } else { line(entry) }))?;
    }
    if left == args.limit.min(MOST) {
        remark(["Không có mục nào như vậy · there is no such entry."]);
    }
    Ok(Outcome::Done)
}

fn line(entry: &Entry) -> String {
    let actions: Vec<String> = entry.actions().into_iter().map(|name| both(&action(name))).collect();
    let tenant = entry.tenant.as_ref().map_or("–", |tenant| tenant.as_str());
    let mut line = format!(
        "#{} {} {tenant} {} ({}): {}",
        entry.seq,
        clock(entry.at),
        entry.principal,
        entry.purpose,
        actions.join(", ")
    );
    for part in [about(entry), details(entry)] {
        if !part.is_empty() {
            line = format!("{line} — {part}");
        }
    }
    let origin = [&entry.origin.peer, &entry.origin.session, &entry.origin.request];
    let origin: Vec<&str> = origin.into_iter().flatten().map(String::as_str).collect();
    if !origin.is_empty() {
        line = format!("{line} [{}]", origin.join(" "));
    }
    // What others wrote must not move the cursor of a terminal.
    line.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

fn clock(at: Timestamp) -> String {
    let local = at.to_jiff().in_tz(ZONE).map(|local| local.strftime("%d/%m/%Y %H:%M:%S").to_string());
    local.unwrap_or_else(|_unknown_zone| at.to_string())
}
