//! Taking the words of what was erased out of full text.
//!
//! The index of words only marks what is deleted and drops it when it merges its parts, which may be years later. After
//! an erasure the parts are merged into one, some pages at a time; where it stands is kept, so that a restart goes on.

use super::Writer;
use crate::sqlite::failure::Failed;

/// Pages of the index merged by one step: a few milliseconds.
const PAGES: i64 = 200;

/// Fewer changes than this mean that there was nothing left to merge (see the command `merge` of FTS5).
const WORTH: u64 = 2;

impl Writer {
    /// One step; true if nothing is left to do.
    pub(super) fn wash_words(&mut self) -> Failed<bool> {
        if self.shared.vault.is_none() {
            return Ok(true);
        }
        let stage: i64 = self
            .connection
            .prepare_cached("SELECT words_to_wash FROM vault")?
            .query_row([], |row| row.get(0))?;
        // A negative number begins to merge everything into one part; a positive one goes on with it.
        let pages = match stage {
            0 => return Ok(true),
            1 => -PAGES,
            _ => PAGES,
        };
        self.overwriting(|writer| {
            writer.transaction(|writer| {
                let before = writer.connection.total_changes();
                writer
                    .connection
                    .prepare_cached("INSERT INTO words (words, rank) VALUES ('merge', ?1)")?
                    .execute([pages])?;
                let merged = writer.connection.total_changes() - before;
                let next = if stage > 1 && merged < WORTH { 0 } else { 2 };
                writer.connection.prepare_cached("UPDATE vault SET words_to_wash = ?1")?.execute([next])?;
                Ok(next == 0)
            })
        })
    }
}
