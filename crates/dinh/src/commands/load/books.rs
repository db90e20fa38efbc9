//! What is known of a load: counted, kept and noted, in the order of the file.

use std::time::{Duration, Instant};

use super::entry::Content;
use super::journal::{Journal, Note};
use super::progress::Progress;
use super::rejects::{Reject, Rejects};
use super::sender::Sent;
use super::tally::Tally;
use crate::said::{Said, Words};

/// How often it is noted how far the load has come.
const NOTE_EVERY: Duration = Duration::from_millis(500);

/// What is known of the load: counted, kept and noted.
pub(super) struct Books<'a> {
    pub(super) note: Note,
    journal: Journal,
    rejects: Option<&'a mut Rejects>,
    progress: Progress,
    noted: Instant,
}

impl<'a> Books<'a> {
    pub(super) fn open(
        mut note: Note,
        journal: Journal,
        mut rejects: Option<&'a mut Rejects>,
        progress: Progress,
        begun: Instant,
    ) -> anyhow::Result<Self> {
        note.tally.earlier = note.tally.read;
        if let Some(rejects) = &mut rejects {
            rejects.go_on_after(note.rejects)?;
        }
        Ok(Self { note, journal, rejects, progress, noted: begun })
    }

    /// Enters what became of a chunk.
    pub(super) async fn enter(&mut self, sent: &Sent) -> anyhow::Result<()> {
        let mut kept = Vec::new();
        for (entry, refusal) in sent.outcomes() {
            let Some(reason) = refusal else {
                self.note.tally.accept();
                continue;
            };
            self.note.tally.refuse(entry.place, reason);
            let record = match &entry.content {
                Content::Entity(entity) => &entity.json,
                Content::Refused { record, .. } => record,
            };
            kept.push(Reject { file: &self.note.file, line: entry.place, reason, record });
        }
        if let Some(rejects) = &mut self.rejects {
            rejects.add(&kept)?;
            self.note.rejects = rejects.length();
        }
        self.progress.tell(&self.note.tally, Instant::now());
        if Instant::now().duration_since(self.noted) >= NOTE_EVERY {
            self.journal.write(&self.note).await?;
            self.noted = Instant::now();
        }
        Ok(())
    }

    /// Closes the books: a load that is complete is forgotten, another is noted to go on.
    pub(super) async fn close(self, read: anyhow::Result<()>) -> anyhow::Result<Tally> {
        self.progress.finish();
        let Err(error) = read else {
            self.journal.clear().await?;
            return Ok(self.note.tally);
        };
        let tally = &self.note.tally;
        if tally.read == 0 || !self.journal.lasts() {
            return Err(error);
        }
        self.journal.write(&self.note).await?;
        let Tally { read, refused, .. } = tally;
        let words = Words::new(
            format!(
                "đã xong {read} bản ghi ({refused} bị từ chối); hãy gõ lại đúng lệnh này để nạp tiếp phần còn lại"
            ),
            format!(
                "{read} records are done ({refused} refused); give the same command again to go on with the rest"
            ),
        );
        Err(Said::because(words, error))
    }
}
