//! What a citizen needs first, in short sentences: who, where, how long, how much, what to bring, what one gets.
//!
//! The frame is Vietnamese or English; what the record says stays Vietnamese, and is told apart so that pages can mark it.

mod en;
mod say;
mod vi;

pub use say::{Piece, Sentence, Tongue};

use std::collections::BTreeMap;

use crate::{ChannelKind, Duration, Procedure};
use say::Say;

/// Most documents and results that are named; more are counted.
const NAMED: usize = 8;
/// Longest name of a document or result in a summary, in characters.
const SHORT: usize = 160;

/// The answers. Each is a list of sentences; an empty one means that the record does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// Who may ask for it.
    pub who: Vec<Sentence>,
    /// Where, and how one may file.
    pub place: Vec<Sentence>,
    /// How long it takes.
    pub time: Vec<Sentence>,
    /// What it costs.
    pub cost: Vec<Sentence>,
    /// What to bring.
    pub bring: Vec<Sentence>,
    /// What one gets.
    pub get: Vec<Sentence>,
}

/// Tells a procedure plainly.
pub fn plain(procedure: &Procedure, tongue: Tongue) -> Plain {
    let say = tongue.say();
    Plain {
        who: who(procedure, say),
        place: place(procedure, say),
        time: time(procedure, say),
        cost: cost(procedure, say),
        bring: bring(procedure, say),
        get: get(procedure, say),
    }
}

fn who(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let mut told: Vec<Sentence> = Vec::new();
    for applicant in &procedure.applicants {
        let named = say.applicant(applicant).map_or_else(|| Sentence::data(applicant), Sentence::words);
        if !told.contains(&named) {
            told.push(named);
        }
    }
    told
}

fn place(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let mut told = vec![say.levels(&procedure.levels)];
    let doers = procedure.doers();
    if !doers.is_empty() {
        told.push(say.agencies(&short(&doers.join("; "))));
    }
    if let Some(reception) = procedure.reception.as_deref() {
        told.push(say.reception(&short(reception)));
    }
    let mut ways: Vec<ChannelKind> = procedure.channels.iter().map(|way| way.kind).collect();
    ways.sort_unstable();
    ways.dedup();
    if !ways.is_empty() {
        told.push(say.ways(&ways));
    }
    told
}

/// One sentence for all ways, or one for each where they differ.
fn time(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let mut by_way: BTreeMap<ChannelKind, Vec<Duration>> = BTreeMap::new();
    for way in &procedure.channels {
        if let Some(time) = way.time {
            by_way.entry(way.kind).or_default().push(time);
        }
    }
    for times in by_way.values_mut() {
        times.sort_unstable_by_key(|time| (time.hours(), time.unit));
        times.dedup_by_key(|time| (time.hours(), time.unit));
    }
    let mut told: Vec<(Vec<ChannelKind>, Vec<Duration>)> = Vec::new();
    for (way, times) in by_way {
        match told.iter_mut().find(|(_, known)| same(known, &times)) {
            Some((ways, _)) => ways.push(way),
            None => told.push((vec![way], times)),
        }
    }
    let alone = told.len() == 1;
    told.iter().map(|(ways, times)| say.time(times, (!alone).then_some(ways.as_slice()))).collect()
}

fn same(one: &[Duration], other: &[Duration]) -> bool {
    let bare = |time: &Duration| (time.unit, time.hundredths);
    one.iter().map(bare).eq(other.iter().map(bare))
}

fn cost(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let fees: Vec<_> = procedure.channels.iter().flat_map(|way| &way.fees).collect();
    let mut amounts: Vec<u64> = fees.iter().filter_map(|fee| fee.amount).collect();
    amounts.sort_unstable();
    amounts.dedup();
    let mut told = Vec::new();
    match &amounts[..] {
        [] => {}
        [0] if procedure.is_free() => told.push(say.free()),
        [0] => told.push(say.said_free()),
        [one] => told.push(say.amount(*one)),
        [first, .., last] => told.push(say.amounts(*first, *last)),
    }
    let mut notes: Vec<&str> = fees.iter().filter_map(|fee| fee.note.as_deref()).collect();
    let others = procedure.channels.iter().filter(|way| way.fees.is_empty());
    if amounts.is_empty() {
        notes.extend(others.filter_map(|way| way.note.as_deref()).filter(|note| is_about_fees(note)));
    }
    notes.sort_unstable();
    notes.dedup();
    if let Some(note) = notes.first() {
        told.push(say.about_fees(&short(note)));
    }
    told
}

fn is_about_fees(note: &str) -> bool {
    let folded = dinh_model::fold::fold(note);
    ["le phi", "phi tham dinh", "muc phi", "muc thu"].iter().any(|words| folded.contains(words))
}

/// What everybody brings comes before what depends on the case.
fn bring(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let sets = procedure.documents.iter();
    let mut documents: Vec<_> = sets
        .flat_map(|set| set.documents.iter().map(|document| (document, set.case.as_deref())))
        .filter(|(document, _)| !document.is_remark())
        .collect();
    documents.sort_by_key(|(document, _)| depends(&document.name));
    let named = documents.iter().take(NAMED);
    let mut told: Vec<Sentence> = named
        .map(|(document, case)| say.document(document, &short(&document.name), case.map(short).as_deref()))
        .collect();
    if documents.len() > NAMED {
        told.push(say.more_documents(documents.len() - NAMED));
    }
    told
}

/// True for a document that only some bring, as its name says.
fn depends(name: &str) -> bool {
    let folded = dinh_model::fold::fold(name);
    let begins = ["truong hop", "doi voi", "neu ", "van ban uy quyen", "giay uy quyen"];
    begins.iter().any(|words| folded.starts_with(words)) || folded.ends_with("(neu co)")
}

fn get(procedure: &Procedure, say: &dyn Say) -> Vec<Sentence> {
    let results = &procedure.results;
    let mut told: Vec<Sentence> =
        results.iter().take(NAMED).map(|result| Sentence::data(&short(&result.name))).collect();
    if results.len() > NAMED {
        told.push(say.more_results(results.len() - NAMED));
    }
    told
}

/// A text on one line, cut at a word where it is long.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= SHORT {
        return line;
    }
    let mut cut: String = line.chars().take(SHORT).collect();
    if let Some((whole, _)) = cut.rsplit_once(' ') {
        cut = whole.to_owned();
    }
    let cut = cut.trim_end_matches([',', ';', ':', '(', ' ', '-', '.']);
    format!("{cut}…")
}
