//! Dead letters: records that could not become entities, kept until somebody corrects or discards them.

use std::collections::VecDeque;

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::Words;
use crate::formats::Item;
use crate::mapping::{Position, Record, Rejection, Replayed};
use crate::sink::{FeedKey, RecordChange, Sink, SinkError};
use crate::text::excerpt;

use super::delivery::raw;

/// Kind of the records that keep dead letters.
const KIND: &str = "feed-letter";
/// Most dead letters kept for one feed; the oldest go first, and are counted.
pub(super) const MAX_LETTERS: usize = 10_000;
/// Largest raw record kept, in bytes of JSON.
const MAX_RAW: usize = 64 << 10;
/// How many letters are read at once.
const PAGE: usize = 1_000;

/// A record that could not become an entity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeadLetter {
    /// Its number within the feed; later ones are higher.
    pub id: u64,
    /// When it was refused.
    #[serde(with = "text_time")]
    pub at: Timestamp,
    /// Where it came from: file and row, topic, item.
    pub position: String,
    /// The field, the rule and the reason.
    pub rejection: Rejection,
    /// The record as the mapping saw it; a text where it could not even be read.
    pub record: Json,
    /// True if the record was too large to keep whole: it can be read, but not corrected from here.
    #[serde(default)]
    pub cut: bool,
    /// How it was moved to the present, where it was played from a recording: corrected, it belongs there, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replayed: Option<Replayed>,
}

mod text_time {
    use dinh_model::Timestamp;
    use serde::{Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(at)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl DeadLetter {
    /// The record to map again: the corrected one, or the one that was kept.
    pub(super) fn item(&self, corrected: Option<Json>) -> Result<Item, Words> {
        let record = match corrected {
            Some(record) => record,
            None if self.cut => {
                return Err(Words::new(
                    "bản ghi quá lớn nên không được lưu đầy đủ, hãy gửi lại toàn bộ bản ghi đã sửa",
                    "the record was too large to be kept whole; send the whole corrected record",
                ));
            }
            None => self.record.clone(),
        };
        if !record.is_object() {
            return Err(Words::new(
                "bản ghi sửa phải là một đối tượng JSON",
                "a corrected record must be a JSON object",
            ));
        }
        let mut record = Record::of_json(record, Position::place(self.position.as_str()));
        record.replayed = self.replayed;
        Ok(Ok(record))
    }
}

/// The dead letters of one feed: which there are. What they say is in the graph's records.
pub(super) struct Letters {
    ids: VecDeque<u64>,
    next: u64,
    lost: u64,
}

impl Letters {
    /// Finds out which letters there are.
    pub(super) async fn open(feed: &FeedKey, sink: &dyn Sink) -> Result<Self, SinkError> {
        let mut ids = VecDeque::new();
        let prefix = prefix(feed);
        let mut after = prefix.clone();
        // The bound holds when letters are written, too; this loop cannot run away.
        while ids.len() <= MAX_LETTERS {
            let page = sink.records(&feed.tenant, KIND, &after, PAGE).await?;
            let full = page.len() == PAGE;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            let mine = page.iter().filter_map(|(key, _)| key.strip_prefix(&prefix)?.parse::<u64>().ok());
            let before = ids.len();
            ids.extend(mine);
            if !full || ids.len() - before < PAGE {
                break;
            }
        }
        let next = ids.back().map_or(1, |last| last + 1);
        Ok(Self { ids, next, lost: 0 })
    }

    /// How many there are, and how many were thrown away.
    pub(super) fn counts(&self) -> (usize, u64) {
        (self.ids.len(), self.lost)
    }

    /// Adds a letter; the changes include throwing away the oldest where there are too many.
    pub(super) fn add(
        &mut self,
        feed: &FeedKey,
        item: &Item,
        rejection: &Rejection,
        now: Timestamp,
        changes: &mut Vec<RecordChange>,
    ) {
        let (position, replayed) = match item {
            Ok(record) => (&record.position, record.replayed),
            Err(broken) => (&broken.position, None),
        };
        let (record, cut) = bounded(raw(item));
        let id = self.next;
        self.next += 1;
        self.ids.push_back(id);
        let letter = DeadLetter {
            id,
            at: now,
            position: position.to_string(),
            rejection: rejection.clone(),
            record,
            cut,
            replayed,
        };
        let body = serde_json::to_value(&letter).unwrap_or_default();
        changes.push(RecordChange::Put { kind: KIND, key: key(feed, id), body });
        while self.ids.len() > MAX_LETTERS {
            let Some(oldest) = self.ids.pop_front() else { break };
            self.lost += 1;
            changes.push(RecordChange::Delete { kind: KIND, key: key(feed, oldest) });
        }
    }

    /// Takes a letter away, if it is there.
    pub(super) fn remove(&mut self, feed: &FeedKey, id: u64) -> Option<RecordChange> {
        let at = self.ids.binary_search(&id).ok()?;
        self.ids.remove(at);
        Some(RecordChange::Delete { kind: KIND, key: key(feed, id) })
    }
}

/// Letters with numbers after `after`, oldest first.
pub(super) async fn list(
    feed: &FeedKey,
    sink: &dyn Sink,
    after: u64,
    limit: usize,
) -> Result<Vec<DeadLetter>, SinkError> {
    let start = if after == 0 { prefix(feed) } else { key(feed, after) };
    let prefix = prefix(feed);
    let page = sink.records(&feed.tenant, KIND, &start, limit.min(PAGE)).await?;
    let mine = page.into_iter().take_while(|(key, _)| key.starts_with(&prefix));
    Ok(mine.filter_map(|(_, body)| serde_json::from_value(body).ok()).collect())
}

/// One letter.
pub(super) async fn find(feed: &FeedKey, sink: &dyn Sink, id: u64) -> Result<Option<DeadLetter>, SinkError> {
    let body = sink.record(&feed.tenant, KIND, &key(feed, id)).await?;
    Ok(body.and_then(|body| serde_json::from_value(body).ok()))
}

fn prefix(feed: &FeedKey) -> String {
    format!("{}/", feed.name)
}

fn key(feed: &FeedKey, id: u64) -> String {
    format!("{}/{id:020}", feed.name)
}

/// A record small enough to keep, and whether it had to be cut.
fn bounded(record: Json) -> (Json, bool) {
    let text = record.to_string();
    if text.len() <= MAX_RAW { (record, false) } else { (Json::String(excerpt(&text, MAX_RAW / 4)), true) }
}
