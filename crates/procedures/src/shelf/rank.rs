//! Which entries fit a question, and how well: the least cost comes first.
//!
//! Every word must begin a word of the entry: of its name, or else of its results, keywords, field, agency and life
//! events. Names cost by how far in the words stand, by how much else they say, and by how far away the office is. The
//! words with which most names begin (`Thủ tục đăng ký …`, `Cấp …`) say little and are passed over on both sides.

use std::collections::HashSet;

use dinh_model::fold::exact;

use super::Entry;
use crate::{Audience, Level, LifeEvents};

/// Phrases at the beginning of a name that say little.
const LEAD: [&[&str]; 6] =
    [&["thu", "tuc"], &["dang", "ky"], &["cap"], &["thanh", "lap"], &["giai", "quyet"], &["thuc", "hien"]];
/// Words that people put around what they look for, as typed.
const AROUND: [&str; 9] = ["thủ", "tục", "làm", "xin", "muốn", "muon", "cách", "tôi", "nào"];
/// Most words of a question that count.
const MAX_WORDS: usize = 16;
/// More words than this before what is looked for make no difference.
const MAX_BEFORE: usize = 14;
/// More other words than this make no difference.
const MAX_EXTRA: usize = 8;

/// How closely words must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Care {
    /// All of them, with the accents that were typed.
    Exact,
    /// All of them, whatever their accents.
    Folded,
    /// Most of them.
    Partly,
}

impl Care {
    /// From the most careful on.
    pub(super) const ALL: [Self; 3] = [Self::Exact, Self::Folded, Self::Partly];
}

/// The words of an entry.
#[derive(Debug)]
pub(super) struct Words {
    /// Of its name, folded and as typed, with the lead.
    name: Vec<(String, String)>,
    /// How many of them are lead.
    lead: usize,
    /// Of everything else, folded and as typed.
    rest: HashSet<String>,
    /// For lists without a question: short names first.
    pub(super) sorted: (usize, String),
}

impl Words {
    pub(super) fn of(entry: &Entry, events: &LifeEvents) -> Self {
        let name = pairs(&entry.name);
        let lead = lead(&name);
        let titles = entry.life_events.iter().filter_map(|id| events.event(id)).map(|event| &event.title.vi);
        let others = entry.results.iter().chain(&entry.keywords).chain(&entry.fields).chain(&entry.agencies);
        let rest =
            others.chain(titles).flat_map(|text| pairs(text)).flat_map(|(folded, typed)| [folded, typed]);
        let rest = rest.collect();
        let lead = if lead == name.len() { 0 } else { lead };
        let body: Vec<&str> = name.iter().skip(lead).map(|(word, _)| word.as_str()).collect();
        let sorted = (body.len(), body.join(" "));
        Self { name, lead, rest, sorted }
    }
}

/// How many words at the beginning are lead.
fn lead<T>(words: &[(String, T)]) -> usize {
    let mut count = 0;
    while let Some(phrase) = LEAD.iter().find(|phrase| {
        let here = words.iter().skip(count).map(|(word, _)| word.as_str());
        here.take(phrase.len()).eq(phrase.iter().copied())
    }) {
        count += phrase.len();
    }
    count
}

/// Words of a text, folded and as typed.
fn pairs(text: &str) -> Vec<(String, String)> {
    exact(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| (dinh_model::fold::fold(word), word.to_owned()))
        .collect()
}

/// A word that was typed: folded, and as typed if that has accents.
type Typed = (String, Option<String>);

/// What is looked for.
#[derive(Debug)]
pub(super) struct Question {
    /// Folded, and as typed if it was typed with accents.
    words: Vec<Typed>,
    /// Lead words that were typed.
    lead: Vec<String>,
    /// A code or the beginning of one.
    code: Option<String>,
    /// How closely they must fit.
    pub(super) care: Care,
}

impl Question {
    pub(super) fn new(text: &str, synonyms: &[(Vec<String>, Vec<String>)], care: Care) -> Self {
        let text = text.trim();
        let is_code =
            text.len() >= 3 && text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let mut typed: Vec<Typed> = pairs(text)
            .into_iter()
            .take(MAX_WORDS)
            .map(|(folded, exact)| (folded.clone(), Some(exact).filter(|exact| *exact != folded)))
            .collect();
        for (said, means) in synonyms {
            replace(&mut typed, said, means);
        }
        let (typed, _) = leave_out(typed, |_, (folded, typed)| {
            AROUND.contains(&typed.as_deref().unwrap_or(folded.as_str()))
        });
        let leading = lead(&typed);
        let (typed, lead) = leave_out(typed, |at, _| at < leading);
        let lead = lead.into_iter().map(|(word, _)| word).collect();
        Self { words: typed, lead, code: is_code.then(|| text.to_owned()), care }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.code.is_none()
    }

    /// What an entry costs; none if it does not fit.
    pub(super) fn cost(&self, entry: &Entry, words: &Words) -> Option<usize> {
        if let Some(code) = &self.code {
            return entry.code.as_str().starts_with(code.as_str()).then_some(0);
        }
        if self.words.is_empty() {
            return Some(0);
        }
        let (mut cost, mut missing, mut elsewhere) = (0, 0, 0);
        let mut places = Vec::with_capacity(self.words.len());
        let last = self.words.len() - 1;
        for (at, word) in self.words.iter().enumerate() {
            let exact = word.1.as_ref().filter(|_| self.care == Care::Exact);
            match place(words, word, at == last, places.last().copied()) {
                Some(found) if found.exact || exact.is_none() => {
                    places.push(found.at);
                    cost += if found.exact { 0 } else { 15 } + if found.whole { 0 } else { 8 };
                }
                _ if words.rest.contains(exact.unwrap_or(&word.0)) => elsewhere += 1,
                _ => missing += 1,
            }
        }
        if missing > 0 && (self.care != Care::Partly || missing * 2 > self.words.len()) {
            return None;
        }
        cost += missing * 40;
        cost += elsewhere * 12;
        cost += self.shape(words, &places);
        cost += match entry.nearest() {
            Level::Commune => 0,
            Level::Province => 6,
            Level::Ministry => 16,
            Level::Other => 12,
        };
        cost += if entry.audiences.contains(&Audience::Person) { 0 } else { 6 };
        Some(cost)
    }

    /// What the places of the words in the name cost.
    fn shape(&self, words: &Words, places: &[usize]) -> usize {
        let Some(first) = places.iter().min() else { return 30 };
        let before = first.saturating_sub(words.lead);
        let body = words.name.len() - words.lead;
        let extra = body.saturating_sub(places.len()).min(MAX_EXTRA);
        let gaps =
            places.windows(2).filter(|pair| pair.first().map(|a| a + 1) != pair.last().copied()).count();
        let lead_missing =
            self.lead.iter().filter(|word| !words.name.iter().any(|(named, _)| named == *word)).count();
        before.min(MAX_BEFORE) * 4 + extra + gaps * 5 + lead_missing
    }
}

/// Where a word stands in a name.
struct Place {
    at: usize,
    /// With the accents that were typed.
    exact: bool,
    /// As a whole word, not as the beginning of one.
    whole: bool,
}

/// The best place of a word: with its accents, whole, right after the word before it, or else the first.
fn place(words: &Words, (folded, typed): &Typed, last: bool, before: Option<usize>) -> Option<Place> {
    let begins =
        |named: &str, word: &str| named == word || (last && word.len() > 1 && named.starts_with(word));
    let fitting = words.name.iter().enumerate().filter(|(_, (named, _))| begins(named, folded));
    let places = fitting.map(|(at, (named, as_named))| Place {
        at,
        exact: typed.as_ref().is_none_or(|typed| begins(as_named, typed)),
        whole: named == folded,
    });
    let next = before.map(|before| before + 1);
    places.min_by_key(|found| (!found.exact, !found.whole, Some(found.at) != next, found.at))
}

/// Leaves words out as long as something stays.
fn leave_out(words: Vec<Typed>, is_out: impl Fn(usize, &Typed) -> bool) -> (Vec<Typed>, Vec<Typed>) {
    let judged: Vec<bool> = words.iter().enumerate().map(|(at, word)| is_out(at, word)).collect();
    if judged.iter().all(|out| *out) {
        return (words, Vec::new());
    }
    let mut judged = judged.into_iter();
    let (out, kept) = words.into_iter().partition(|_| judged.next().unwrap_or(false));
    (kept, out)
}

/// Puts what the list says in the place of what people say.
fn replace(typed: &mut Vec<Typed>, said: &[String], means: &[String]) {
    let length = said.len();
    let found = typed.windows(length).position(|window| window.iter().map(|(word, _)| word).eq(said));
    if let Some(at) = found {
        typed.splice(at..at + length, means.iter().map(|word| (word.clone(), None)));
    }
}
