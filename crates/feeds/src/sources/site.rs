//! The place where a source works: everything it may use.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::Clock;
use serde_json::Value as Json;
use tokio_util::sync::CancellationToken;

use crate::Words;
use crate::definition::FeedDefinition;
use crate::fetch::Fetch;
use crate::files::PackFiles;
use crate::runner::Health;
use crate::settings::FeedSettings;
use crate::sink::{FeedKey, RecordChange, Sink};

/// Kind of the records that keep how far a source has come.
const STATE_KIND: &str = "feed-state";

/// Everything that a source may use.
pub(crate) struct Site {
    pub(crate) key: FeedKey,
    pub(crate) definition: Arc<FeedDefinition>,
    pub(crate) files: Arc<dyn PackFiles>,
    pub(crate) settings: Arc<FeedSettings>,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) sink: Arc<dyn Sink>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) health: Arc<Health>,
    pub(crate) stop: CancellationToken,
}

impl Site {
    /// What was remembered under `name`.
    pub(super) async fn recall(&self, name: &str) -> Result<Option<Json>, Words> {
        let key = format!("{}/{name}", self.key.name);
        let found = self.sink.record(&self.key.tenant, STATE_KIND, &key).await;
        found.map_err(|reason| {
            both("không đọc được trạng thái đã lưu", "what was remembered cannot be read", &reason)
        })
    }

    /// The change that remembers `body` under `name`.
    pub(super) fn remember(&self, name: &str, body: Json) -> RecordChange {
        RecordChange::Put { kind: STATE_KIND, key: format!("{}/{name}", self.key.name), body }
    }

    /// A path of a definition with its places filled in; it must be absolute then.
    pub(super) fn path(&self, text: &str) -> Result<PathBuf, Words> {
        let path = PathBuf::from(self.settings.fill(text)?);
        if path.is_absolute() {
            return Ok(path);
        }
        Err(Words::new(
            format!("{} không phải là đường dẫn tuyệt đối", path.display()),
            format!("{} is not an absolute path", path.display()),
        ))
    }

    /// A file of the pack.
    pub(super) fn pack_file(&self, path: &str) -> Result<Vec<u8>, Words> {
        let bytes = self.files.read(path);
        bytes.map(std::borrow::Cow::into_owned).map_err(|reason| {
            both("không đọc được tệp của gói", "a file of the pack cannot be read", &reason)
        })
    }

    /// Waits for `span`; false if the feed stops meanwhile.
    pub(super) async fn wait(&self, span: Duration) -> bool {
        tokio::select! {
            () = self.stop.cancelled() => false,
            () = tokio::time::sleep(span) => true,
        }
    }
}

/// A reason in both languages for something that went wrong in another place.
pub(super) fn both(vi: &str, en: &str, reason: &dyn std::fmt::Display) -> Words {
    Words::new(format!("{vi}: {reason}"), format!("{en}: {reason}"))
}
