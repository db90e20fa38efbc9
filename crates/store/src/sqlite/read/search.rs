//! Full-text search.
//!
//! Every word of the question must be the beginning of a word of the entity. Questions are asked best first until there
//! are hits enough: as typed in a name, as typed anywhere, folded in a name, folded anywhere; and each of these with
//! whole words, then with the last word as a beginning, then with every word as one. Within a question the shorter
//! text comes first. That is what bm25 comes to here, as every hit has every word; the engine's own bm25 counts
//! each word in the whole index for every question, which at a million entities takes a fifth of a second.
//!
//! What people type never becomes query syntax: only letters and digits are left of it, in quotes.

use std::collections::HashSet;
use std::sync::Arc;

use dinh_model::Term;
use rusqlite::params;

use super::fetch::Scene;
use crate::sqlite::failure::Failed;
use crate::sqlite::writer::EXACT;
use crate::text::{exact_words, folded_words};
use crate::{Hit, Stored};

/// Most words of a question that count.
const MAX_WORDS: usize = 16;

/// Matches of one question that are compared by length. More are not told apart: a single letter finds half of
/// everything.
const MAX_RANKED: i64 = 4_000;

/// Most hits of one search.
const MAX_HITS: usize = 1_000;

/// Where words are looked for, and in which form.
struct Tier<'a> {
    columns: &'static str,
    words: &'a [String],
    exact: bool,
    in_name: bool,
}

/// Which words may be only the beginnings of words.
#[derive(Clone, Copy, PartialEq)]
enum Beginnings {
    None,
    Last,
    All,
}

impl Scene<'_> {
    pub(in crate::sqlite) fn search(&self, text: &str, types: &[Term], limit: usize) -> Failed<Vec<Hit>> {
        crate::plan::check("hits of a search", limit, MAX_HITS)?;
        let (mut exact, mut folded) = (exact_words(text), folded_words(text));
        exact.truncate(MAX_WORDS);
        folded.truncate(MAX_WORDS);
        let Some(place) = self.place(types) else { return Ok(Vec::new()) };
        let tier = |columns, words, exact, in_name| Tier { columns, words, exact, in_name };
        let tiers = [
            tier("{name_exact}", &exact, true, true),
            tier("{name_exact rest_exact}", &exact, true, false),
            tier("{name}", &folded, false, true),
            tier("{name rest}", &folded, false, false),
        ];
        let (mut seen, mut hits) = (HashSet::new(), Vec::new());
        let mut fetch = self.fetch()?;
        for tier in tiers.iter().filter(|tier| !tier.words.is_empty()) {
            for beginnings in [Beginnings::None, Beginnings::Last, Beginnings::All] {
                let repeats = beginnings == Beginnings::All && tier.words.len() == 1;
                if hits.len() >= limit || repeats {
                    continue;
                }
                for pk in self.ask(tier, beginnings, &place)? {
                    if hits.len() >= limit || !seen.insert(pk) {
                        continue;
                    }
                    let raw = fetch.raw(pk)?;
                    let Some(found) = self.seen(&raw) else { continue };
                    // What is hidden must not be found by its words either.
                    if Arc::ptr_eq(&found.entity, &raw.entity) || self.shows(&found, &folded) {
                        hits.push(Hit { found, exact: tier.exact, in_name: tier.in_name });
                    }
                }
            }
        }
        Ok(hits)
    }

    /// True if every folded word begins a word of what is searched in an entity.
    fn shows(&self, found: &Stored, words: &[String]) -> bool {
        let shown = self.shared.words_of(&found.entity, &self.shared.specs.get());
        let begins = |word: &String| {
            [&shown.name, &shown.rest]
                .into_iter()
                .any(|text| text.split(' ').any(|other| other.starts_with(word.as_str())))
        };
        words.iter().all(begins)
    }

    /// The condition on tenant and types; `None` if no entity ever had any of the types.
    fn place(&self, types: &[Term]) -> Option<String> {
        let tenant = format!("place : \"§t{}\"", self.tenant);
        if types.is_empty() {
            return Some(tenant);
        }
        let known: Vec<String> =
            types.iter().filter_map(|term| self.name(term)).map(|id| format!("\"§y{id}\"")).collect();
        (!known.is_empty()).then(|| format!("{tenant} AND place : ({})", known.join(" OR ")))
    }

    /// The keys of what matches, the shortest text first.
    fn ask(&self, tier: &Tier<'_>, beginnings: Beginnings, place: &str) -> Failed<Vec<i64>> {
        let last = tier.words.len() - 1;
        let word = |(at, word): (usize, &String)| {
            let begins = beginnings == Beginnings::All || (beginnings == Beginnings::Last && at == last);
            let mark = if tier.exact { EXACT } else { "" };
            format!("\"{mark}{word}\"{}", if begins { " *" } else { "" })
        };
        let words: Vec<String> = tier.words.iter().enumerate().map(word).collect();
        let matching = format!("{} : ({}) AND {place}", tier.columns, words.join(" AND "));
        let mut statement = self.connection.prepare_cached(
            "SELECT m.pk, d.sz FROM (SELECT rowid AS pk FROM words WHERE words MATCH ?1 LIMIT ?2) AS m \
             JOIN words_docsize AS d ON d.id = m.pk",
        )?;
        let mut rows = statement.query(params![matching, MAX_RANKED])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let sizes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            found.push((length(sizes, tier.in_name), row.get::<_, i64>(0)?));
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, pk)| pk).collect())
    }
}

/// How many words there are in the name, or in all: from the engine's numbers of words in each column, which are
/// big-endian groups of seven bits. The columns are place, name as typed, name, rest as typed, rest.
fn length(sizes: &[u8], in_name: bool) -> u64 {
    let (mut columns, mut number) = (Vec::with_capacity(5), 0u64);
    for byte in sizes {
        number = (number << 7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            columns.push(std::mem::take(&mut number));
        }
    }
    let of = |at: usize| columns.get(at).copied().unwrap_or(0);
    if in_name { of(2) } else { of(2) + of(4) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_from_the_engine() {
        assert_eq!(length(&[3, 2, 0x81, 0x00, 9, 1], true), 128);
        assert_eq!(length(&[3, 2, 5, 9, 1], false), 6);
        assert_eq!(length(&[], false), 0);
    }
}
