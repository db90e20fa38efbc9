//! What is measured, and how much of it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, ValueEnum};

/// Measures the bars of Đình on a release build: the binary beside this one, or `DINH_BIN`.
#[derive(Debug, Parser)]
#[command(name = "dinh-bench")]
pub(crate) struct Options {
    /// Entities in the large graph
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    pub(crate) entities: u32,
    /// Dossiers of the one-stop shop
    #[arg(long, default_value_t = 1_000_000, value_name = "N")]
    pub(crate) dossiers: u32,
    /// Minutes for which people work while memory is watched
    #[arg(long, default_value_t = 10, value_name = "N")]
    pub(crate) soak: u64,
    /// Only these parts, e.g. --only batch,read
    #[arg(long, value_enum, value_delimiter = ',', value_name = "PARTS")]
    pub(crate) only: Vec<Part>,
    /// Seconds of each measurement of throughput
    #[arg(long, default_value_t = 15, value_name = "N")]
    pub(crate) seconds: u64,
    /// Requests of each measurement of latency
    #[arg(long, default_value_t = 2_000, value_name = "N")]
    pub(crate) requests: u32,
    /// Browsers that follow live
    #[arg(long, default_value_t = 1_000, value_name = "N")]
    pub(crate) watchers: usize,
    /// kill -9 rounds
    #[arg(long, default_value_t = 50, value_name = "N")]
    pub(crate) rounds: usize,
    /// Folder for the large graph; on the disk that is to be measured. A graph found there is used again
    #[arg(long, default_value = "target/bench", value_name = "DIR")]
    pub(crate) work: PathBuf,
    /// Exit with 1 when a bar is not met
    #[arg(long)]
    pub(crate) strict: bool,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Loading the large graph
    Load,
    /// Starting on it, and memory
    Start,
    /// Retrieve, query, box, count, tile
    Read,
    /// Feed to browser
    Live,
    /// Durable updates through HTTP batch
    Batch,
    /// What deciding costs
    Access,
    /// The one-stop shop: a million dossiers
    Cases,
    /// Papers: a receipt from click to PDF, a register of two hundred pages
    Papers,
    /// Signing: a batch of a thousand documents
    Signs,
    /// Other brokers: a question that 34 of 1,000 registrations concern
    Federation,
    /// Durable upserts of five attributes through HTTP batch
    Upserts,
    /// Ten million points of history
    History,
    /// Two batches of the same thousand entities at once
    Rivals,
    /// More load than there is capacity
    Overload,
    /// Statements: ten thousand lines
    Money,
    /// The demo's start
    Demo,
    /// kill -9 under load
    Kill,
}

impl Options {
    /// Whether a part was asked for; none named means all.
    pub(crate) fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }

    /// The working folder, created.
    pub(crate) fn work_folder(&self) -> Result<PathBuf> {
        std::fs::create_dir_all(&self.work).context("the working folder")?;
        self.work.canonicalize().context("the working folder")
    }
}
