//! Sources: one module for each kind. A source reads the outside world and hands records to the outlet; it knows
//! nothing of mapping, quality or the graph.

mod file;
mod folder;
mod gtfs;
mod gtfs_rt;
mod load;
mod mqtt;
mod poll;
mod replay;
mod site;
mod timetable;

use std::sync::Arc;

use crate::Words;
use crate::definition::SourceDefinition;
use crate::runner::{Outlet, Stopped};

pub(crate) use site::Site;

/// Runs the source of a feed until the feed stops or the source has nothing more to say. `Err` says why it failed; it
/// is then run again after a while.
pub(crate) async fn run(site: Arc<Site>, outlet: Outlet) -> Result<(), Words> {
    let site = site.as_ref();
    match &site.definition.source {
        SourceDefinition::File(file) => file::run(site, file, &outlet).await,
        SourceDefinition::Folder(folder) => folder::run(site, folder, &outlet).await,
        SourceDefinition::HttpPoll(poll) => poll::run(site, poll, &outlet).await,
        SourceDefinition::Mqtt(mqtt) => mqtt::run(site, mqtt, &outlet).await,
        SourceDefinition::HttpPush(_) => {
            // Somebody else pushes; see `Feeds::push`.
            site.stop.cancelled().await;
            Ok(())
        }
        SourceDefinition::Replay(replay) => replay::run(site, replay, &outlet).await,
        SourceDefinition::Gtfs(gtfs) => gtfs::run(site, gtfs, &outlet).await,
        SourceDefinition::GtfsRt(realtime) => gtfs_rt::run(site, realtime, &outlet).await,
        SourceDefinition::GtfsTimetable(timetable) => timetable::run(site, timetable, &outlet).await,
    }
}

impl From<Stopped> for Words {
    /// What a source says whose pump has fallen; where the whole feed stops, nobody asks.
    fn from(_stopped: Stopped) -> Self {
        Self::new("việc ghi bị gián đoạn, sẽ gửi lại", "writing was interrupted; it will be tried again")
    }
}
