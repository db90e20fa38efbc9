//! Loads the records of one file, in portions; a restart goes on after the last portion that is durable.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Site;
use super::site::both;
use crate::Words;
use crate::definition::{Format, FormatDefinition};
use crate::formats::{self, Broken, FormatError, Items};
use crate::mapping::Position;
use crate::runner::Outlet;
use crate::sink::RecordChange;
use crate::text::excerpt;

/// Kind of the records that keep what was loaded.
const KIND: &str = "feed-file";
/// Records of one portion.
const PORTION: usize = 500;

/// How far the loading of a file has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Progress {
    /// The file's name, for people.
    name: String,
    /// How many records are done with.
    records: u64,
    /// Whether that is all of them.
    done: bool,
    /// When.
    at: String,
}

/// Something that is loaded once.
pub(super) struct Once<'a> {
    /// Its name, for people.
    pub(super) name: &'a str,
    /// Under which name its progress is kept: a hash of its content.
    pub(super) hash: String,
}

impl Once<'_> {
    /// Hands over the items that have not been handed over yet. `items` is asked for only if there are such.
    pub(super) async fn run<F>(&self, site: &Site, outlet: &Outlet, items: F) -> Result<(), Words>
    where
        F: Future<Output = Result<Items, Words>>,
    {
        let key = format!("{}/{}", site.key.name, self.hash);
        let found = site.sink.record(&site.key.tenant, KIND, &key).await.map_err(|reason| {
            both("không đọc được trạng thái đã lưu", "what was remembered cannot be read", &reason)
        })?;
        let progress = found.and_then(|body| serde_json::from_value::<Progress>(body).ok());
        if progress.as_ref().is_some_and(|progress| progress.done) {
            site.health.reached();
            return Ok(());
        }
        let mut records = progress.map_or(0, |progress| progress.records);
        let mut items = items.await?.skip(usize::try_from(records).unwrap_or(usize::MAX));
        loop {
            let portion: Vec<_> = items.by_ref().take(PORTION).collect();
            records += u64::try_from(portion.len()).unwrap_or(0);
            let done = portion.len() < PORTION;
            let at = site.clock.now().to_string();
            let progress = Progress { name: self.name.to_owned(), records, done, at };
            let body = serde_json::to_value(progress).unwrap_or_default();
            let then = RecordChange::Put { kind: KIND, key: key.clone(), body };
            outlet.deliver(portion, vec![then]).await?;
            if done {
                site.health.reached();
                return Ok(());
            }
        }
    }
}

/// A file to load.
pub(super) struct Load<'a> {
    /// Its name, for people and for positions.
    pub(super) name: &'a str,
    /// Under which name its progress is kept: a hash of its content.
    pub(super) hash: String,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
    /// How it is read.
    pub(super) format: Format,
    /// More on how it is read.
    pub(super) how: FormatDefinition,
}

impl Load<'_> {
    /// Loads what has not been loaded yet. A file that cannot be read at all becomes one dead letter.
    pub(super) async fn run(self, site: &Site, outlet: &Outlet) -> Result<(), Words> {
        let once = Once { name: self.name, hash: self.hash.clone() };
        once.run(site, outlet, self.read()).await
    }

    /// Cuts the bytes into records, away from the threads that serve others.
    async fn read(self) -> Result<Items, Words> {
        let place: Arc<str> = self.name.into();
        let (bytes, format, how) = (self.bytes, self.format, self.how);
        let position = Position::place(Arc::clone(&place));
        let read = tokio::task::spawn_blocking(move || {
            let sample = excerpt(&String::from_utf8_lossy(bytes.get(..2048).unwrap_or(&bytes)), 2048);
            formats::records(bytes, &place, format, &how).map_err(|FormatError(reason)| (reason, sample))
        });
        match read.await {
            Ok(Ok(items)) => Ok(items),
            Ok(Err((reason, sample))) => {
                Ok(Box::new(std::iter::once(Err(Box::new(Broken::new(position, reason, &sample))))))
            }
            Err(reason) => Err(both("lỗi khi đọc tệp", "the file could not be read", &reason)),
        }
    }
}
