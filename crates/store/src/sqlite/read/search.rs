//! Full-text search.
//!
//! Every word of the question must be the beginning of a word of the entity. Four questions are asked, best first: as
//! typed in a name, as typed anywhere, folded in a name, folded anywhere; within each the engine's own ranking (bm25)
//! decides. What people type never becomes query syntax: only letters and digits are left of it, in quotes.

use std::collections::HashSet;

use dinh_model::Term;
use rusqlite::params;

use super::fetch::Scene;
use crate::Hit;
use crate::sqlite::failure::Failed;
use crate::text::{exact_words, folded_words};

/// Most words of a question that count.
const MAX_WORDS: usize = 16;

/// Matches that one question ranks. More matches than this are not told apart: a single letter finds half of everything.
const MAX_RANKED: i64 = 20_000;

/// Most hits of one search.
const MAX_HITS: usize = 1_000;

struct Question {
    columns: &'static str,
    words: Vec<String>,
    exact: bool,
    in_name: bool,
}

impl Scene<'_> {
    pub(in crate::sqlite) fn search(&self, text: &str, types: &[Term], limit: usize) -> Failed<Vec<Hit>> {
        crate::plan::check("hits of a search", limit, MAX_HITS)?;
        let (exact, folded) = (exact_words(text), folded_words(text));
        if folded.is_empty() {
            return Ok(Vec::new());
        }
        let Some(place) = self.place(types) else { return Ok(Vec::new()) };
        let question = |columns, words: &[String], exact, in_name| Question {
            columns,
            words: words.iter().take(MAX_WORDS).cloned().collect(),
            exact,
            in_name,
        };
        let questions = [
            question("{name_exact}", &exact, true, true),
            question("{name_exact rest_exact}", &exact, true, false),
            question("{name}", &folded, false, true),
            question("{name rest}", &folded, false, false),
        ];
        let (mut seen, mut hits) = (HashSet::new(), Vec::new());
        let mut fetch = self.fetch()?;
        for question in &questions {
            if hits.len() >= limit || question.words.is_empty() {
                continue;
            }
            for pk in self.ask(question, &place, limit)? {
                if hits.len() < limit && seen.insert(pk) {
                    hits.push(Hit {
                        found: fetch.get(pk)?,
                        exact: question.exact,
                        in_name: question.in_name,
                    });
                }
            }
        }
        Ok(hits)
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

    fn ask(&self, question: &Question, place: &str, limit: usize) -> Failed<Vec<i64>> {
        let words: Vec<String> = question.words.iter().map(|word| format!("\"{word}\" *")).collect();
        let matching = format!("{} : ({}) AND {place}", question.columns, words.join(" AND "));
        let mut statement = self.connection.prepare_cached(
            "SELECT pk FROM (SELECT rowid AS pk, bm25(words, 0.0, 8.0, 8.0, 1.0, 1.0) AS rank \
             FROM words WHERE words MATCH ?1 LIMIT ?2) ORDER BY rank, pk LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let keys = statement.query_map(params![matching, MAX_RANKED, limit], |row| row.get(0))?;
        Ok(keys.collect::<Result<_, _>>()?)
    }
}
