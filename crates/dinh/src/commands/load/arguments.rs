//! Flags of `dinh load`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::TargetArgs;
use crate::target::batch::Mode;

pub(crate) const ABOUT: &str = "\
Nạp nhiều thực thể từ tệp vào đồ thị.

Loads entities from files: NGSI-LD as a JSON array, a single document or one entity a line (NDJSON), with or without \
@context; and any CSV, JSON, GeoJSON or XLSX file whose records a feed definition (--map) turns into entities.

Large files are read as they are sent; memory stays small. A load that was interrupted goes on where it stopped when the \
same command is given again; a file is known by its content, not by its name. What is refused is counted by reason, with \
the first lines where it happened; --rejects keeps every refused record. The exit status is 2 if there were some.

Without --url the entities go straight into the data folder, which no server may be using.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  dinh load gauges.ndjson --url http://127.0.0.1:8420 --tenant hue
  dinh load stations.csv --map packs/hydromet/feeds/stations.toml --data ./data --tenant hue
  dinh load *.json --rejects refused.ndjson
  curl -s https://example.vn/all.ndjson | dinh load - --url http://127.0.0.1:8420";

/// Flags of `dinh load`.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Files to load; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) target: TargetArgs,
    /// Feed definition (TOML) whose [map] turns records into entities
    #[arg(long, value_name = "FILE", conflicts_with = "mode")]
    pub(super) map: Option<PathBuf>,
    /// What happens to entities that exist already
    #[arg(long, value_enum, default_value_t = Mode::Update)]
    pub(super) mode: Mode,
    /// File where refused records are kept with their reasons (NDJSON)
    #[arg(long, value_name = "FILE")]
    pub(super) rejects: Option<PathBuf>,
    /// Start over although an earlier load of the same file was interrupted
    #[arg(long)]
    pub(super) restart: bool,
}
