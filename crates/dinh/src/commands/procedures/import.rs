//! `dinh procedures import`: records into the graph of a folder.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use super::words;
use crate::catalogue::{Imported, Taken};
use crate::cli::{DataArgs, PackArgs};
use crate::config::{self, Config, Flags};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, Words};
use crate::{logging, runtime, wiring};

pub(crate) const ABOUT: &str = "\
Nạp các bản ghi vào đồ thị của một tỉnh, hoặc của mọi tỉnh dùng gói procedures nếu không nêu --tenant, và cho biết thủ tục \
nào mới, đã đổi, không đổi, bị từ chối. Thủ tục đã đổi được thêm một bản mới; bản cũ vẫn giữ. Danh mục lấy trước \
không thay được danh mục lấy sau. Không được có máy chủ nào đang dùng thư mục.

Imports records into the graph of a province, or of every province that uses the pack procedures if --tenant is not given, \
and says what was new, changed, unchanged and refused. A changed procedure gets a new edition; the old one stays. A list \
taken earlier does not replace one taken later. No server may be using the folder.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh procedures import thu-tuc.jsonl.gz --data /var/lib/dinh
  dinh procedures import thu-tuc.json --tenant hue --taken 2026-11-20 --valid-from 2026-12-01";

/// Flags of `dinh procedures import`.
#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    #[command(flatten)]
    data: DataArgs,
    #[command(flatten)]
    packs: PackArgs,
    /// Tệp JSON hoặc JSON Lines, nén gzip hay không · File of JSON or JSON lines, packed with gzip or not
    file: PathBuf,
    /// Vùng dữ liệu (tenant) của tỉnh; nếu không nêu thì mọi tỉnh dùng gói · Tenant (province); otherwise every province that uses the pack
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// Ngày lấy danh mục; nếu không nêu thì hôm nay · Day on which the list was taken; otherwise today
    #[arg(long, value_name = "DATE")]
    taken: Option<String>,
    /// Ngày các bản mới có hiệu lực, nếu biết · Day from which new editions are in force, if known
    #[arg(long, value_name = "DATE")]
    valid_from: Option<String>,
}

/// Imports.
pub(super) fn run(args: &ImportArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let flags = Flags { data: args.data.data.clone(), packs: args.packs.packs.clone(), listen: None };
    let loaded = config::load(file, &flags, Config::default())?;
    logging::start_quietly(&loaded)?;
    let (on, valid_from) = (day(args.taken.as_deref())?, day(args.valid_from.as_deref())?);
    let reading = words::read_file(&args.file)?;
    let told = runtime::run(wiring::import_procedures(
        &loaded.config,
        args.tenant.as_deref(),
        &reading.records,
        |today| Taken { on: on.unwrap_or(today), valid_from },
    ))?;
    let mut lines: Vec<String> = told.iter().flat_map(|(tenant, imported)| tell(tenant, imported)).collect();
    let refused = reading.refused.len();
    if refused > 0 {
        lines.push(format!("Từ chối {refused} bản ghi · {refused} records refused"));
        lines.extend(words::refused(&reading));
    }
    answer(lines)?;
    Ok(if refused == 0 { Outcome::Done } else { Outcome::Refused })
}

fn day(text: Option<&str>) -> anyhow::Result<Option<Date>> {
    let parse = |text: &str| {
        text.parse::<Date>().or_say(|| {
            Words::new(
                format!("{text:?} không phải là một ngày, như 2026-11-20"),
                format!("{text:?} is not a day such as 2026-11-20"),
            )
        })
    };
    text.map(parse).transpose()
}

fn tell(tenant: &str, imported: &Imported) -> [String; 2] {
    let Imported { new, changed, read_anew, unchanged, older } = imported;
    [
        format!(
            "{tenant}: {new} mới, {changed} đã đổi, {read_anew} đọc lại, {unchanged} không đổi, {older} cũ hơn bản đang giữ"
        ),
        format!(
            "{tenant}: {new} new, {changed} changed, {read_anew} read anew, {unchanged} unchanged, {older} older than what is kept"
        ),
    ]
}
