//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Đình – nền tảng đô thị thông minh cho tỉnh, thành phố.
///
/// One program keeps a province's graph (NGSI-LD), takes in its feeds, and serves its map, pages and APIs.
#[derive(Debug, Parser)]
#[command(name = "dinh", version, max_term_width = 100, arg_required_else_help = true)]
#[command(after_help = "First steps:  dinh demo            a province with recorded data, in a temporary folder
              dinh serve           the same program on your own data
              dinh config          what is configured, and where each value comes from")]
pub(crate) struct Cli {
    /// Configuration file (TOML); by default dinh.toml in the working directory, if there is one
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Where the graph is kept.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// Folder that holds the graph (created if absent)
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Folder of packs to use instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
}

/// How to reach a graph: a running server or a folder that no server uses.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// Address of a running server, e.g. http://127.0.0.1:8420
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    pub(crate) url: Option<String>,
    /// Folder that holds the graph, when no server runs on it
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Tenant (province) to work in
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) tenant: String,
    /// File that holds the write key of the server
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve a graph: pages, map, NGSI-LD, live events, feeds
    Serve(ServeArgs),
    /// Serve the demonstration provinces with their recorded data
    Demo(ServeArgs),
    /// Load entities from files (NGSI-LD JSON or NDJSON; CSV, GeoJSON and XLSX with a feed definition)
    Load(LoadArgs),
    /// Replay a recording with its times shifted to now
    Replay(ReplayArgs),
    /// Ask for entities
    Query(QueryArgs),
    /// Write all entities of a tenant to a file or to standard output
    Export(ExportArgs),
    /// Copy the graph, consistently, also while a server runs on it
    Backup(BackupArgs),
    /// Put a backup in place of an empty data folder
    Restore(RestoreArgs),
    /// Check every invariant of a graph; exits with 1 if one is broken
    Verify(DataArgs),
    /// Say what this machine has and lacks for running Đình
    Doctor(DataArgs),
    /// Print the OpenAPI document
    Openapi,
    /// Print the configuration and where each value comes from
    Config(ServeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Address to listen on; port 0 takes a free one and prints it
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Files to load; `-` is standard input
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Feed definition (TOML) whose [map] turns records into entities
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Where refused records are written with their reasons (NDJSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
    /// Start over although an earlier load of the same file was interrupted
    #[arg(long)]
    pub(crate) restart: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Feed to replay, as pack/feed
    pub(crate) feed: String,
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Folder of packs to use instead of those built in
    #[arg(long, value_name = "DIR")]
    pub(crate) packs: Option<PathBuf>,
    /// How many times faster than it was recorded
    #[arg(long, value_name = "FACTOR")]
    pub(crate) speed: Option<f64>,
    /// Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    pub(crate) seconds: Option<u64>,
}

#[derive(Debug, Args)]
pub(crate) struct QueryArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Entity type, or an expression such as RainGauge|RiverGauge
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) entity_type: Option<String>,
    /// Condition in NGSI-LD's query language, e.g. 'waterLevel>2;status=="ok"'
    #[arg(long, value_name = "Q")]
    pub(crate) q: Option<String>,
    /// One entity by its identifier
    #[arg(long, value_name = "URN")]
    pub(crate) id: Option<String>,
    /// Words to look for, with or without accents
    #[arg(long, value_name = "WORDS")]
    pub(crate) text: Option<String>,
    /// Most entities to answer with
    #[arg(long, default_value_t = 20)]
    pub(crate) limit: usize,
    /// Print only how many there are
    #[arg(long)]
    pub(crate) count: bool,
    /// Short form: values only
    #[arg(long)]
    pub(crate) simplified: bool,
}

/// Forms in which entities are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// One NGSI-LD entity a line
    Ndjson,
    /// A GeoJSON feature collection
    Geojson,
    /// A table of values
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
    /// Only entities of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) entity_type: Option<String>,
    /// Form of the output
    #[arg(long, value_enum, default_value_t = Form::Ndjson)]
    pub(crate) form: Form,
    /// File to write; standard output if absent
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// File to write
    #[arg(long, value_name = "FILE")]
    pub(crate) to: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Backup to restore
    #[arg(long, value_name = "FILE")]
    pub(crate) from: PathBuf,
}
