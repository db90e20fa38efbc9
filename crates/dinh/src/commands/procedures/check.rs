//! `dinh procedures check`: reads a file, and says what an import would refuse or doubt.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::words;
use crate::outcome::{Outcome, answer};

pub(crate) const ABOUT: &str = "\
Đọc tệp và cho biết bao nhiêu thủ tục đọc được, bản ghi nào bị từ chối vì trường nào, và phần nào chưa đọc được chắc chắn. \
Không ghi gì.

Reads a file and says how many procedures can be read, which records are refused for which field, and what could not be read \
with certainty. Nothing is written.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh procedures check thu-tuc.jsonl.gz";

/// Flags of `dinh procedures check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Tệp JSON hoặc JSON Lines, nén gzip hay không · File of JSON or JSON lines, packed with gzip or not
    file: PathBuf,
}

/// Checks.
pub(super) fn run(args: &CheckArgs) -> anyhow::Result<Outcome> {
    let reading = words::read_file(&args.file)?;
    let (good, bad) = (reading.records.len(), reading.refused.len());
    let mut lines = vec![
        format!("Đọc được {good} thủ tục; từ chối {bad} bản ghi"),
        format!("{good} procedures can be read; {bad} records are refused"),
    ];
    let mut doubts = BTreeMap::new();
    for doubt in reading.records.iter().flat_map(|record| &record.procedure.doubts) {
        *doubts.entry(*doubt).or_insert(0_usize) += 1;
    }
    lines.extend(doubts.into_iter().map(|(doubt, count)| format!("! {count}: {}", words::doubt(doubt))));
    lines.extend(words::refused(&reading));
    answer(lines)?;
    Ok(if bad == 0 { Outcome::Done } else { Outcome::Refused })
}
