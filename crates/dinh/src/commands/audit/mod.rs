//! `dinh audit`: what was done by whom, checked, searched, carried away and sealed.

mod export;
mod filter;
mod key;
mod seal;
mod search;
mod verify;
mod words;

use std::path::Path;

use clap::{Args, Subcommand};

use crate::outcome::Outcome;

pub(crate) const ABOUT: &str = "\
Nhật ký kiểm toán ghi lại mọi lần ghi, mọi lần xem dữ liệu cá nhân, mọi lần đăng nhập và thay đổi quyền: ai, lúc nào, từ \
đâu, vì sao, làm gì. Các mục nối với nhau thành chuỗi băm, mỗi ngày được niêm phong bằng một chữ ký, nên không ai sửa được \
mà không lộ. Các lệnh verify, search và export chỉ đọc, chạy được cả khi máy chủ đang dùng thư mục, và trên bản sao lưu.

The audit records every write, every look at personal data, every sign-in and change of rights: who, when, from where, \
why and what. Its entries form a chain of hashes and each day is sealed with a signature, so that nobody can alter it \
unseen. verify, search and export only read; they work while a server uses the folder, and on backups.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh audit verify --data /var/lib/dinh
  dinh audit search --data /var/lib/dinh --action reveal --entity urn:ngsi-ld:Person:an
  dinh audit export --data /var/lib/dinh --from 2026-11-01 --form csv --out audit.csv";

/// Commands of `dinh audit`.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Kiểm chứng chuỗi băm, các niêm phong và chữ ký · Verify the chain, the seals and their signatures
    #[command(long_about = verify::ABOUT, after_help = verify::EXAMPLES)]
    Verify(verify::VerifyArgs),
    /// Tìm mục trong nhật ký, mục mới nhất đứng trước · Search for entries, the latest first
    #[command(long_about = search::ABOUT, after_help = search::EXAMPLES)]
    Search(search::SearchArgs),
    /// Xuất nhật ký ra tệp hoặc ra màn hình · Write entries to a file or to standard output
    #[command(long_about = export::ABOUT, after_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// Niêm phong nhật ký đến thời điểm này · Seal the audit up to now
    #[command(long_about = seal::ABOUT, after_help = seal::EXAMPLES)]
    Seal(seal::SealArgs),
    /// In khoá công khai để kiểm chứng niêm phong · Print the public key that checks seals
    #[command(long_about = key::ABOUT, after_help = key::EXAMPLES)]
    Key(key::KeyArgs),
}

/// Does what the command line says.
pub(crate) fn run(args: &AuditArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    match &args.command {
        AuditCommand::Verify(args) => verify::run(args, file),
        AuditCommand::Search(args) => search::run(args, file),
        AuditCommand::Export(args) => export::run(args, file),
        AuditCommand::Seal(args) => seal::run(args, file),
        AuditCommand::Key(args) => key::run(args, file),
    }
}
