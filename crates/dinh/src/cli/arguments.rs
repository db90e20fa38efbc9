//! The commands, and the flags that several of them share. What a comment says here people read: Vietnamese first, and
//! then English.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    audit, backup, config, demo, doctor, erase, export, help, load, openapi, procedures, query, replay,
    restore, serve, token_agent, verify,
};
use crate::config::Flags;

const ABOUT: &str = "\
Đình – nền tảng đô thị thông minh cho tỉnh, thành phố. Một chương trình duy nhất giữ đồ thị của tỉnh (NGSI-LD), tiếp nhận \
số liệu từ các nguồn, phục vụ bản đồ, các trang và các giao diện lập trình.

Đình is a smart-city platform for provinces and cities. One program keeps a province's graph (NGSI-LD), takes in its \
feeds, and serves its map, pages and APIs.";

const FIRST_STEPS: &str = "\
Bắt đầu · First steps:
  dinh demo      một tỉnh với số liệu ghi sẵn · a province with recorded data
  dinh serve     chạy trên dữ liệu của bạn · the same on your own data
  dinh doctor    máy này còn thiếu gì · what this machine lacks
  dinh config    từng giá trị cấu hình và nguồn của nó · settings, and whence

Mã kết thúc · Exit status:
   0  xong · done
   1  không xong, hoặc tìm thấy lỗi (verify, doctor) · failed, or faults found
   2  xong, có bản ghi bị từ chối (load, replay) · done, some records refused
  64  không hiểu dòng lệnh · the command line was not understood";

/// Đình – nền tảng đô thị thông minh cho tỉnh, thành phố · Đình, a smart-city platform for provinces and cities
#[derive(Debug, Parser)]
#[command(name = "dinh", version, max_term_width = 100, arg_required_else_help = true)]
#[command(disable_help_subcommand = true, long_about = ABOUT, after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    /// Tệp cấu hình (TOML); nếu không nêu thì là dinh.toml trong thư mục hiện tại, khi có · Configuration file (TOML); otherwise dinh.toml in the working directory, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Chạy máy chủ: các trang, bản đồ, NGSI-LD, sự kiện trực tiếp, nguồn dữ liệu · Serve a graph: pages, map, NGSI-LD, live events, feeds
    #[command(long_about = serve::ABOUT, after_help = serve::EXAMPLES)]
    Serve(serve::ServeArgs),
    /// Chạy thử với các tỉnh có số liệu ghi sẵn · Serve the demonstration provinces with their recorded data
    #[command(long_about = demo::ABOUT, after_help = demo::EXAMPLES)]
    Demo(demo::DemoArgs),
    /// Nạp thực thể từ tệp · Load entities from files
    #[command(long_about = load::ABOUT, after_help = load::EXAMPLES)]
    Load(load::LoadArgs),
    /// Phát lại một bản ghi như đang diễn ra · Replay a recording as if it happened now
    #[command(long_about = replay::ABOUT, after_help = replay::EXAMPLES)]
    Replay(replay::ReplayArgs),
    /// Truy vấn thực thể · Ask for entities
    #[command(long_about = query::ABOUT, after_help = query::EXAMPLES)]
    Query(query::QueryArgs),
    /// Xuất mọi thực thể ra tệp hoặc ra màn hình · Write all entities to a file or to standard output
    #[command(long_about = export::ABOUT, after_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// Sao lưu đồ thị, kể cả khi máy chủ đang chạy · Back up the graph, also while a server runs on it
    #[command(long_about = backup::ABOUT, after_help = backup::EXAMPLES)]
    Backup(backup::BackupArgs),
    /// Phục hồi bản sao lưu vào thư mục trống · Restore a backup into an empty folder
    #[command(long_about = restore::ABOUT, after_help = restore::EXAMPLES)]
    Restore(restore::RestoreArgs),
    /// Kiểm tra và nạp danh mục thủ tục hành chính · Check and import the list of administrative procedures
    #[command(long_about = procedures::ABOUT, after_help = procedures::EXAMPLES, disable_help_subcommand = true)]
    Procedures(procedures::ProceduresArgs),
    /// Xoá vĩnh viễn những gì lưu về một người · Erase for good what is kept of somebody
    #[command(long_about = erase::ABOUT, after_help = erase::EXAMPLES)]
    Erase(erase::EraseArgs),
    /// Kiểm chứng, tìm, xuất và niêm phong nhật ký kiểm toán · Verify, search, export and seal the audit
    #[command(long_about = audit::ABOUT, after_help = audit::EXAMPLES, disable_help_subcommand = true)]
    Audit(audit::AuditArgs),
    /// Kiểm chứng mọi bất biến của đồ thị · Verify every invariant of a graph
    #[command(long_about = verify::ABOUT, after_help = verify::EXAMPLES)]
    Verify(verify::VerifyArgs),
    /// Cho biết máy này có gì và thiếu gì để chạy Đình · Say what this machine has and lacks for running Đình
    #[command(long_about = doctor::ABOUT, after_help = doctor::EXAMPLES)]
    Doctor(doctor::DoctorArgs),
    /// Ký bằng USB token cho trang trong trình duyệt của máy này · Sign with a USB token for the page in this machine's browser
    #[command(long_about = token_agent::ABOUT, after_help = token_agent::EXAMPLES)]
    TokenAgent(token_agent::TokenAgentArgs),
    /// In tài liệu OpenAPI · Print the OpenAPI document
    #[command(long_about = openapi::ABOUT, after_help = openapi::EXAMPLES)]
    Openapi,
    /// In cấu hình và nguồn của từng giá trị · Print the configuration and where each value comes from
    #[command(long_about = config::ABOUT, after_help = config::EXAMPLES)]
    Config(config::ConfigArgs),
    /// In trợ giúp của một lệnh · Print the help of a command
    #[command(long_about = help::ABOUT, after_help = help::EXAMPLES)]
    Help(help::HelpArgs),
}

/// The data folder.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// Thư mục chứa đồ thị; nếu không nêu thì theo cấu hình · Folder that holds the graph; otherwise the one of the configuration
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// The packs.
#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// Thư mục các gói, dùng thay cho những gói có sẵn · Folder of packs to use instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
}

/// How to reach a graph: a running server or a folder that no server uses.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// Địa chỉ của máy chủ đang chạy, ví dụ http://127.0.0.1:8420 · Address of a running server
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "packs"])]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    /// Vùng dữ liệu (tenant) của tỉnh · Tenant (province) to work in
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) tenant: String,
    /// Tệp chứa khoá ghi của máy chủ · File that holds the write key of the server
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

impl TargetArgs {
    /// What it says of the configuration.
    pub(crate) fn flags(&self) -> Flags {
        Flags { data: self.data.data.clone(), packs: self.packs.packs.clone(), listen: None }
    }
}
