//! Full text, word by word: what the engine's index holds against what the entities say.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::Scene;
use crate::names::NameId;
use crate::report::Check;
use crate::sqlite::failure::Failed;
use crate::sqlite::writer::{marked, place};
use crate::text::Words;

/// For each entity the sum of the hashes of its words with their places. Words found are taken away again, so what is
/// left is wrong.
#[derive(Default)]
pub(super) struct Tokens {
    sums: HashMap<i64, u64>,
    /// False while a declaration is still being carried out: then nothing can be said.
    pub(super) complete: bool,
}

impl Tokens {
    pub(super) fn add_all(&mut self, tenant: NameId, pk: i64, types: &[NameId], words: &Words) {
        if words.is_empty() {
            return;
        }
        let mut sum = 0u64;
        for (column, text) in [
            ("place", place(tenant, types).as_str()),
            ("name_exact", &marked(&words.name_exact)),
            ("name", &words.name),
            ("rest_exact", &marked(&words.rest_exact)),
            ("rest", &words.rest),
        ] {
            let tokens = text.split(' ').filter(|word| !word.is_empty());
            for (offset, word) in tokens.zip(0i64..).map(|(word, offset)| (offset, word)) {
                sum = sum.wrapping_add(hash(column, offset, word));
            }
        }
        self.sums.insert(pk, sum);
    }
}

fn hash(column: &str, offset: i64, word: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (column, offset, word).hash(&mut hasher);
    hasher.finish()
}

pub(super) fn check(scene: Scene<'_>, mut expected: Tokens) -> Failed<Check> {
    let mut check = Check::new("full text");
    if !expected.complete {
        return Ok(check);
    }
    check.checked = expected.sums.len() as u64;
    let mut statement = scene.connection.prepare("SELECT term, doc, col, offset FROM temp.tokens")?;
    let mut rows = statement.query([])?;
    let text = |row: &rusqlite::Row<'_>, at| -> rusqlite::Result<String> { row.get(at) };
    while let Some(row) = rows.next()? {
        let sum = expected.sums.entry(row.get(1)?).or_default();
        *sum = sum.wrapping_sub(hash(&text(row, 2)?, row.get(3)?, &text(row, 0)?));
    }
    let mut wrong: Vec<i64> =
        expected.sums.into_iter().filter(|(_, sum)| *sum != 0).map(|(pk, _)| pk).collect();
    wrong.sort_unstable();
    for pk in wrong {
        check.fault(|| format!("full text of entity {pk} is not what the entity says"));
    }
    Ok(check)
}
