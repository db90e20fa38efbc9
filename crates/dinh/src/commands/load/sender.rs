//! Sending chunks.

use super::chunk::Chunk;
use super::entry::{Content, Entry};
use crate::target::batch::{BatchWriter, Entity, Written};

/// Sends the chunks of one load.
pub(super) struct Sender<'a> {
    pub(super) writer: BatchWriter<'a>,
    /// Beginning of the idempotency keys.
    pub(super) run: String,
}

/// A chunk whose end is known.
pub(super) struct Sent {
    chunk: Chunk,
    /// For each of its entities, in order.
    written: Vec<Written>,
}

impl Sender<'_> {
    /// Brings a chunk in.
    pub(super) async fn send(&self, chunk: Chunk) -> anyhow::Result<Sent> {
        let entities: Vec<&Entity> = chunk.entities().collect();
        let key = format!("{}-{}", self.run, chunk.first);
        let written = self.writer.write(&entities, chunk.manner, Some(&key)).await?;
        Ok(Sent { chunk, written })
    }
}

impl Sent {
    /// The records, each with the reason why it was refused, if it was.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = (&Entry, Option<&str>)> {
        let mut written = self.written.iter();
        self.chunk.entries.iter().map(move |entry| match &entry.content {
            Content::Refused { reason, .. } => (entry, Some(reason.as_str())),
            Content::Entity(_) => {
                (entry, written.next().and_then(|result| result.as_ref().err()).map(String::as_str))
            }
        })
    }
}
