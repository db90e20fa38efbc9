//! One file from its first record to its last.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dinh_model::Ids as _;
use tokio_util::sync::CancellationToken;

use super::books::Books;
use super::journal::{Journal, Note};
use super::mapped::Map;
use super::progress::Progress;
use super::reader::{self, is_standard_input};
use super::rejects::Rejects;
use super::sender::Sender;
use super::tally::Tally;
use super::{fingerprint, pump};
use crate::said::{OrSay as _, place};
use crate::target::Target;
use crate::target::batch::{BatchWriter, Mode};

/// What is to be done with one file.
pub(super) struct Job<'a> {
    pub(super) file: &'a Path,
    pub(super) mode: Mode,
    pub(super) map: Option<&'a Map>,
    pub(super) restart: bool,
    pub(super) target: &'a Target,
    pub(super) stop: &'a CancellationToken,
}

impl Job<'_> {
    /// Loads the file.
    pub(super) async fn run(&self, rejects: Option<&mut Rejects>) -> anyhow::Result<Tally> {
        let journal = Journal::of(self.target, self.fingerprint().await?.as_deref());
        let earlier = if self.restart { None } else { journal.read().await? };
        let note = earlier.unwrap_or_else(|| Note {
            file: self.file.display().to_string(),
            into: format!("{} ({})", self.target.place(), self.target.tenant()),
            run: dinh_context::RandomIds.uuid().simple().to_string(),
            tally: Tally::default(),
            rejects: 0,
        });
        let begun = Instant::now();
        let reading = reader::start(self.file, self.map, note.tally.read)?;
        let total = std::fs::metadata(self.file).ok().filter(std::fs::Metadata::is_file).map(|m| m.len());
        let progress = Progress::new(note.file.clone(), total, Arc::clone(&reading.position), begun);
        let mut books = Books::open(note, journal, rejects, progress, begun)?;
        let writer = BatchWriter { target: self.target, mode: self.mode };
        let sender = Sender { writer, run: self.run_key(&books.note) };
        let read = pump::run(reading, &sender, &mut books, self.stop).await;
        books.close(read).await.map(|tally| Tally { took: Instant::now().duration_since(begun), ..tally })
    }

    /// Beginning of the idempotency keys. Mapped records may hold the present time, so what is sent again after an
    /// interruption may differ from what was sent before it; it must not come under the same key.
    fn run_key(&self, note: &Note) -> String {
        match self.map {
            Some(_) => dinh_context::RandomIds.uuid().simple().to_string(),
            None => note.run.clone(),
        }
    }

    async fn fingerprint(&self) -> anyhow::Result<Option<String>> {
        if is_standard_input(self.file) {
            return Ok(None);
        }
        let circumstances = [
            self.target.place(),
            self.target.tenant().to_string(),
            format!("{:?}", self.mode),
            self.map.map(|map| map.text().to_owned()).unwrap_or_default(),
        ];
        let file = self.file.to_owned();
        let digest = tokio::task::spawn_blocking(move || {
            let circumstances: Vec<&[u8]> = circumstances.iter().map(String::as_bytes).collect();
            fingerprint::of(&file, &circumstances)
        });
        Ok(Some(digest.await?.or_say(|| place("không đọc được", "cannot read", self.file))?))
    }
}
