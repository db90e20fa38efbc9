//! `dinh procedures`: records of the national list of administrative procedures, checked and imported.

mod check;
mod import;
mod words;

use std::path::Path;

use clap::{Args, Subcommand};

use crate::outcome::Outcome;

pub(crate) const ABOUT: &str = "\
Danh mục thủ tục hành chính quốc gia: kiểm tra và nạp các bản ghi, ở dạng của API quốc gia (LayThuTuc) hoặc của Cổng Dịch \
vụ công quốc gia, nén gzip hay không. Thủ tục đã đổi nội dung được thêm một bản mới; bản cũ vẫn giữ.

The national list of administrative procedures: checks and imports records in the form of the national API (LayThuTuc) or of \
the National Public Service Portal, packed with gzip or not. A procedure whose content changed gets a new edition; the \
old one stays.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh procedures check thu-tuc.jsonl.gz
  dinh procedures import thu-tuc.jsonl.gz --tenant hue --taken 2026-11-20";

/// Commands of `dinh procedures`.
#[derive(Debug, Args)]
pub(crate) struct ProceduresArgs {
    #[command(subcommand)]
    command: ProceduresCommand,
}

#[derive(Debug, Subcommand)]
enum ProceduresCommand {
    /// Kiểm tra tệp bản ghi, không ghi gì · Check a file of records, writing nothing
    #[command(long_about = check::ABOUT, after_help = check::EXAMPLES)]
    Check(check::CheckArgs),
    /// Nạp tệp bản ghi vào đồ thị · Import a file of records into a graph
    #[command(long_about = import::ABOUT, after_help = import::EXAMPLES)]
    Import(import::ImportArgs),
}

/// Does what the command line says.
pub(crate) fn run(args: &ProceduresArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    match &args.command {
        ProceduresCommand::Check(args) => check::run(args),
        ProceduresCommand::Import(args) => import::run(args, file),
    }
}
