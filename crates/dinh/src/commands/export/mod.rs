//! `dinh export`: all entities of a tenant, read page by page and written as they come.

mod csv;
mod geojson;
mod ndjson;
mod output;

pub(super) use output::Output;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use dinh_context::graph::{Act, Note};
use serde_json::{Value as Json, json};

use crate::cli::TargetArgs;
use crate::config::{self, Config};
use crate::outcome::Outcome;
use crate::target::{Answer, LOCAL, Pages, Target, path};
use crate::{logging, runtime};

/// Entities asked for at once.
const PAGE: &str = "1000";
/// Most characters of a condition that the audit keeps.
const MOST_NOTED: usize = 2000;

pub(crate) const ABOUT: &str = "\
Xuất mọi thực thể của một vùng dữ liệu, hoặc những thực thể thuộc một kiểu, đọc đến đâu ghi đến đó: cả đồ thị lẫn kết \
quả đều không cần nằm gọn trong bộ nhớ. NDJSON là đầy đủ, nạp lại được bằng `dinh load`; GeoJSON và CSV dành cho chương \
trình khác. Thực thể thay đổi trong lúc xuất được ghi như lúc đến lượt nó; cần toàn bộ đồ thị tại đúng một thời điểm thì \
hãy sao lưu.

Writes all entities of a tenant, or those of one type, as they come: neither the graph nor the output has to fit into \
memory. NDJSON is complete and can be loaded again with `dinh load`; GeoJSON and CSV are for other programs. Entities \
that change while the export runs are written as they are when their turn comes; for one instant of the whole graph, \
take a backup.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh export --url http://127.0.0.1:8420 --tenant hue --to hue.ndjson
  dinh export --type RainGauge --form geojson --to rain.geojson
  dinh export --type RiverGauge --form csv | column -s, -t | less -S";

/// Flags of `dinh export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    target: TargetArgs,
    /// Chỉ những thực thể thuộc kiểu này, hoặc biểu thức như RainGauge|RiverGauge · Only entities of this type, or of an expression such as RainGauge|RiverGauge
    #[arg(long = "type", value_name = "TYPE")]
    entity_type: Option<String>,
    /// Chỉ những thực thể thỏa điều kiện theo ngôn ngữ truy vấn NGSI-LD · Only entities that fulfil a condition in NGSI-LD's query language
    #[arg(long, value_name = "Q")]
    q: Option<String>,
    /// Dạng kết quả · Form of the output
    #[arg(long, value_enum, default_value_t = Form::Ndjson)]
    form: Form,
    /// Tệp cần ghi, thay cho tệp cùng tên nếu có; không nêu thì ghi ra luồng ra chuẩn · File to write, in the place of one of that name; standard output if absent
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// Forms in which entities are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Mỗi dòng một thực thể NGSI-LD · One NGSI-LD entity a line
    Ndjson,
    /// Một tập đối tượng địa lý GeoJSON · A GeoJSON feature collection
    Geojson,
    /// Một bảng giá trị · A table of values
    Csv,
}

/// Writes entities in one form.
trait Writer {
    /// The media type in which pages are asked for.
    fn accept(&self) -> &'static str;

    /// Options of the question.
    fn options(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Before the first page.
    fn begin(&mut self, out: &mut dyn Write) -> anyhow::Result<()>;

    /// One page; tells how many entities it held.
    fn page(&mut self, page: &Answer, out: &mut dyn Write) -> anyhow::Result<usize>;

    /// After the last page.
    fn end(&mut self, out: &mut dyn Write) -> anyhow::Result<()>;
}

/// Exports.
pub(crate) fn run(args: &ExportArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.target.flags(), Config::default())?;
    logging::start_quietly(&loaded)?;
    runtime::run(async {
        let target = Target::open(&args.target, &loaded).await?;
        let exported = export(&target, args).await;
        target.close().await?;
        exported
    })?;
    Ok(Outcome::Done)
}

async fn export(target: &Target, args: &ExportArgs) -> anyhow::Result<()> {
    let mut writer: Box<dyn Writer> = match args.form {
        Form::Ndjson => Box::new(ndjson::Lines),
        Form::Geojson => Box::new(geojson::Features::default()),
        Form::Csv => Box::new(csv::Table::new(csv::columns(target, args.entity_type.as_deref()).await?)),
    };
    let mut output = Output::open(args.to.as_deref())?;
    note(target, asked(args)).await?;
    writer.begin(output.writer())?;
    let mut entities = 0;
    let mut pages = Pages::from(target, question(args, writer.options()), writer.accept());
    while let Some(page) = pages.next().await? {
        let written = writer.page(&page, output.writer())?;
        output.count(written, "thực thể · entities");
        entities += written;
    }
    writer.end(output.writer())?;
    let mut details = asked(args);
    details["entities"] = entities.into();
    note(target, details).await?;
    output.finish()
}

/// What is exported, for the audit.
fn asked(args: &ExportArgs) -> Json {
    let form = args.form.to_possible_value().map(|form| form.get_name().to_owned());
    let shortened =
        |text: &Option<String>| text.as_ref().map(|t| t.chars().take(MOST_NOTED).collect::<String>());
    json!({"what": "entities", "form": form, "type": shortened(&args.entity_type), "q": shortened(&args.q)})
}

/// Notes it in the audit of the folder: before the first entity is written, for an export that breaks off has taken
/// something along, too; and at the end, with how many they were. A server keeps its own audit of what it is asked.
async fn note(target: &Target, details: Json) -> anyhow::Result<()> {
    let Some(folder) = target.folder() else { return Ok(()) };
    let note = Note { details, ..Note::of(Act::Export) };
    Ok(folder.session("export", target.tenant()).note(note).await?)
}

fn question(args: &ExportArgs, options: &[(&str, &str)]) -> String {
    let mut parameters = vec![LOCAL, ("limit", PAGE), ("after", "0")];
    parameters.extend(args.entity_type.as_deref().map(|t| ("type", t)));
    parameters.extend(args.q.as_deref().map(|q| ("q", q)));
    parameters.extend(options);
    path("/ngsi-ld/v1/entities", &parameters)
}
