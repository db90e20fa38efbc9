//! `dinh audit export`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use dinh_context::audit::table::{COLUMNS, row};
use dinh_store::AuditOrder;

use super::filter::Filter;
use crate::commands::export::Output;
use crate::outcome::Outcome;

pub(crate) const ABOUT: &str = "\
Xuất các mục của nhật ký kiểm toán, mục cũ nhất đứng trước, đọc đến đâu ghi đến đó. NDJSON là đầy đủ, mỗi dòng một mục; \
CSV dành cho bảng tính, ô nào mở đầu như công thức thì được thêm dấu nháy đơn để không bao giờ bị tính. Chỉ đọc, nên chạy \
được cả khi máy chủ đang dùng thư mục.

Writes entries of the audit, the earliest first, as they are read. NDJSON is complete, one entry a line; CSV is for \
spreadsheets, and a cell that begins like a formula gets an apostrophe so that it is never computed. It only reads, so \
it also works while a server uses the folder.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit export --data /var/lib/dinh --out audit.ndjson
  dinh audit export --from 2026-11-01 --to 2026-12-01 --form csv --out audit.csv";

/// Flags of `dinh audit export`.
#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    filter: Filter,
    /// Dạng kết quả · Form of the output
    #[arg(long, value_enum, default_value_t = Form::Ndjson)]
    form: Form,
    /// Tệp cần ghi, thay cho tệp cùng tên nếu có; không nêu thì ghi ra luồng ra chuẩn · File to write, in the place of one of that name; standard output if absent
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Forms in which entries are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Mỗi dòng một mục JSON · One entry in JSON a line
    Ndjson,
    /// Một bảng, mỗi hàng một mục · A table, one entry a row
    Csv,
}

/// Exports.
pub(crate) fn run(args: &ExportArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let mut entries = args.filter.open(file, AuditOrder::OldestFirst)?;
    let mut output = Output::open(args.out.as_deref())?;
    if args.form == Form::Csv {
        table(output.writer(), [COLUMNS.map(str::to_owned)])?;
    }
    while let Some(page) = entries.next()? {
        match args.form {
            Form::Csv => table(output.writer(), page.iter().map(row))?,
            Form::Ndjson => {
                for entry in &page {
                    writeln!(output.writer(), "{}", entry.to_json())?;
                }
            }
        }
        output.count(page.len(), "mục · entries");
    }
    output.finish()?;
    Ok(Outcome::Done)
}

fn table(out: &mut dyn Write, rows: impl IntoIterator<Item = [String; 14]>) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    for row in rows {
        table.write_record(&row).map_err(std::io::Error::from)?;
    }
    table.flush()?;
    Ok(())
}
