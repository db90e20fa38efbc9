//! The command line: the commands and the flags that several of them share. Each command's own flags stand beside it,
//! in `commands`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands::{
    backup, config, demo, doctor, export, load, openapi, query, replay, restore, serve, verify,
};
use crate::config::Flags;

const FIRST_STEPS: &str = "\
Bắt đầu · First steps:
  dinh demo      một tỉnh với số liệu ghi sẵn · a province with recorded data
  dinh serve     chạy trên dữ liệu của bạn · the same program on your own data
  dinh doctor    máy này còn thiếu gì · what this machine lacks
  dinh config    cấu hình và nguồn của từng giá trị · every setting and where it comes from

Exit status:
   0  done
   1  failed, or faults were found (verify, doctor)
   2  done, but some records were refused (load)
  64  the command line was not understood";

/// Đình – nền tảng đô thị thông minh cho tỉnh, thành phố.
///
/// One program keeps a province's graph (NGSI-LD), takes in its feeds, and serves its map, pages and APIs.
#[derive(Debug, Parser)]
#[command(name = "dinh", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = FIRST_STEPS)]
pub(crate) struct Cli {
    /// Configuration file (TOML); by default dinh.toml in the working directory, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a graph: pages, map, NGSI-LD, live events, feeds
    #[command(long_about = serve::ABOUT, after_help = serve::EXAMPLES)]
    Serve(serve::ServeArgs),
    /// Serve the demonstration provinces with their recorded data
    #[command(long_about = demo::ABOUT, after_help = demo::EXAMPLES)]
    Demo(demo::DemoArgs),
    /// Load entities from files (NGSI-LD JSON or NDJSON; CSV, GeoJSON, XLSX with a feed definition)
    #[command(long_about = load::ABOUT, after_help = load::EXAMPLES)]
    Load(load::LoadArgs),
    /// Replay a recording with its times shifted to now
    #[command(long_about = replay::ABOUT, after_help = replay::EXAMPLES)]
    Replay(replay::ReplayArgs),
    /// Ask for entities
    #[command(long_about = query::ABOUT, after_help = query::EXAMPLES)]
    Query(query::QueryArgs),
    /// Write all entities of a tenant to a file or to standard output
    #[command(long_about = export::ABOUT, after_help = export::EXAMPLES)]
    Export(export::ExportArgs),
    /// Copy the graph, consistently, also while a server runs on it
    #[command(long_about = backup::ABOUT, after_help = backup::EXAMPLES)]
    Backup(backup::BackupArgs),
    /// Put a backup into an empty data folder
    #[command(long_about = restore::ABOUT, after_help = restore::EXAMPLES)]
    Restore(restore::RestoreArgs),
    /// Check every invariant of a graph
    #[command(long_about = verify::ABOUT, after_help = verify::EXAMPLES)]
    Verify(verify::VerifyArgs),
    /// Say what this machine has and lacks for running Đình
    #[command(long_about = doctor::ABOUT, after_help = doctor::EXAMPLES)]
    Doctor(doctor::DoctorArgs),
    /// Print the OpenAPI document
    #[command(long_about = openapi::ABOUT, after_help = openapi::EXAMPLES)]
    Openapi,
    /// Print the configuration and where each value comes from
    #[command(long_about = config::ABOUT, after_help = config::EXAMPLES)]
    Config(config::ConfigArgs),
}

/// The data folder.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// Folder that holds the graph; otherwise the one of the configuration
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

/// The packs.
#[derive(Debug, Args)]
pub(crate) struct PackArgs {
    /// Folder of packs to use instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
}

/// How to reach a graph: a running server or a folder that no server uses.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// Address of a running server, e.g. http://127.0.0.1:8420
    #[arg(long, value_name = "URL", conflicts_with_all = ["data", "packs"])]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) packs: PackArgs,
    /// Tenant (province) to work in
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) tenant: String,
    /// File that holds the write key of the server
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

impl TargetArgs {
    /// What it says of the configuration.
    pub(crate) fn flags(&self) -> Flags {
        Flags { data: self.data.data.clone(), packs: self.packs.packs.clone(), listen: None }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_says_what_it_does_in_both_languages_and_gives_examples() {
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            let long = command.get_long_about().map(ToString::to_string).unwrap_or_default();
            assert!(!long.is_ascii(), "{name} has no Vietnamese in its help: {long}");
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains(&format!("dinh {name}")), "{name} has no example: {after}");
        }
    }
}
