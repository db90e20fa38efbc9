//! `dinh load`: many entities from files.
//!
//! A thread reads and cuts a file into chunks ([`reader`], [`chunk`]); several chunks at a time are sent as batches
//! ([`sender`]); what came of them is counted ([`tally`]), kept ([`rejects`]) and noted ([`journal`]) in the order of
//! the file, so that an interrupted load goes on where everything before is known. Only the chunks on their way are in
//! memory.

mod arguments;
mod books;
mod chunk;
mod entry;
mod fingerprint;
mod journal;
mod mapped;
mod progress;
mod pump;
mod reader;
mod rejects;
mod run;
mod sender;
mod tally;

pub(crate) use arguments::{ABOUT, EXAMPLES, LoadArgs};

use std::path::Path;

use crate::config::{self, Config};
use crate::outcome::{Outcome, answer};
use crate::said::{OrSay as _, place};
use crate::target::Target;
use crate::{logging, runtime, shutdown};
use mapped::Map;
use rejects::Rejects;

/// Loads the files one after the other.
pub(crate) fn run(args: &LoadArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.target.flags(), Config::default())?;
    logging::start_quietly(&loaded)?;
    let map = args.map.as_deref().map(Map::read).transpose()?;
    let refused = runtime::run(async {
        let target = Target::open(&args.target, &loaded).await?;
        let loaded = files(args, &target, map.as_ref()).await;
        target.close().await?;
        loaded
    })?;
    Ok(if refused == 0 { Outcome::Done } else { Outcome::Refused })
}

/// Loads the files; tells how many records were refused.
async fn files(args: &LoadArgs, target: &Target, map: Option<&Map>) -> anyhow::Result<u64> {
    let stop = shutdown::on_signal()?;
    let mut rejects = args.rejects.as_deref().map(Rejects::open).transpose()?;
    let mut refused = 0;
    for file in &args.files {
        let job = run::Job { file, mode: args.mode, map, restart: args.restart, target, stop: &stop };
        let tally = job.run(rejects.as_mut()).await.or_say(|| place("khi nạp", "loading", file))?;
        answer(tally.summary(&file.display().to_string()))?;
        refused += tally.refused;
    }
    Ok(refused)
}
