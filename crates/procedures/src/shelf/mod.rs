//! The whole list in memory: search, filters, counts. Some thousand entries; a question takes a millisecond or two.

mod entry;
mod rank;

pub use entry::Entry;

use std::collections::BTreeMap;

use serde::Serialize;

use rank::{Care, Question, Words};

use crate::{Audience, Code, Level, LifeEvents};

/// Entries with what makes them found.
#[derive(Debug, Default)]
pub struct Shelf {
    entries: Vec<(Entry, Words)>,
    by_code: BTreeMap<Code, usize>,
    synonyms: Vec<(Vec<String>, Vec<String>)>,
}

/// What somebody looks for. Everything that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words, with or without accents.
    pub words: String,
    /// A life event.
    pub life_event: Option<String>,
    /// A field of administration.
    pub field: Option<String>,
    /// An agency.
    pub agency: Option<String>,
    /// Who files.
    pub audience: Option<Audience>,
    /// At which level.
    pub level: Option<Level>,
}

/// What was found.
#[derive(Debug)]
pub struct Found<'s> {
    /// The entries, the best first.
    pub entries: Vec<&'s Entry>,
    /// True if nothing has all the words, and what has most of them is shown instead.
    pub partly: bool,
    /// How many there are in each group, under all other conditions.
    pub groups: Groups,
}

/// A group and how many are in it.
pub type Group<T> = BTreeMap<T, usize>;

/// How many there are in each group.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Groups {
    /// By life event.
    pub life_events: Group<String>,
    /// By field.
    pub fields: Group<String>,
    /// By agency.
    pub agencies: Group<String>,
    /// By who files.
    pub audiences: Group<Audience>,
    /// By level.
    pub levels: Group<Level>,
}

impl Shelf {
    /// Entries under these ways of saying things.
    pub fn new(entries: Vec<Entry>, events: &LifeEvents) -> Self {
        let mut entries: Vec<(Entry, Words)> = entries
            .into_iter()
            .map(|entry| {
                let words = Words::of(&entry, events);
                (entry, words)
            })
            .collect();
        // Without a question: the nearest level first, what people need before what offices need, short names first.
        let is_for_others = |entry: &Entry| !entry.audiences.contains(&Audience::Person);
        entries.sort_by(|(a, x), (b, y)| {
            (a.nearest(), is_for_others(a), &x.sorted, &a.code).cmp(&(
                b.nearest(),
                is_for_others(b),
                &y.sorted,
                &b.code,
            ))
        });
        let by_code = entries.iter().enumerate().map(|(at, (entry, _))| (entry.code.clone(), at)).collect();
        Self { entries, by_code, synonyms: events.synonyms().collect() }
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().map(|(entry, _)| entry)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// One entry.
    pub fn get(&self, code: &Code) -> Option<&Entry> {
        self.by_code.get(code).and_then(|at| self.entries.get(*at)).map(|(entry, _)| entry)
    }

    /// Finds.
    pub fn find(&self, query: &Query) -> Found<'_> {
        let mut found = Found { entries: Vec::new(), partly: false, groups: Groups::default() };
        for care in Care::ALL {
            let question = Question::new(&query.words, &self.synonyms, care);
            found = self.ask(query, &question);
            if found.groups != Groups::default() || question.is_empty() {
                break;
            }
        }
        found
    }

    fn ask(&self, query: &Query, question: &Question) -> Found<'_> {
        let mut groups = Groups::default();
        let mut ranked = Vec::new();
        for (at, (entry, words)) in self.entries.iter().enumerate() {
            let Some(cost) = question.cost(entry, words) else { continue };
            let holds = Holds::new(query, entry);
            holds.count(entry, &mut groups);
            if holds.all() {
                ranked.push((cost, at));
            }
        }
        ranked.sort_unstable();
        let entries = ranked.iter().filter_map(|(_, at)| self.entries.get(*at)).map(|(entry, _)| entry);
        Found { entries: entries.collect(), partly: question.care == Care::Partly, groups }
    }
}

/// Which conditions an entry fulfils.
struct Holds([bool; 5]);

impl Holds {
    fn new(query: &Query, entry: &Entry) -> Self {
        let among = |wanted: &Option<String>, items: &[String]| {
            wanted.as_ref().is_none_or(|wanted| items.contains(wanted))
        };
        Self([
            among(&query.life_event, &entry.life_events),
            among(&query.field, &entry.fields),
            among(&query.agency, &entry.agencies),
            query.audience.is_none_or(|wanted| entry.audiences.contains(&wanted)),
            query.level.is_none_or(|wanted| entry.levels.contains(&wanted)),
        ])
    }

    fn all(&self) -> bool {
        self.0.iter().all(|holds| *holds)
    }

    /// True if all conditions but the one at `place` hold: the entry counts in the groups of that one.
    fn all_but(&self, place: usize) -> bool {
        self.0.iter().enumerate().all(|(at, holds)| *holds || at == place)
    }

    fn count(&self, entry: &Entry, groups: &mut Groups) {
        if self.all_but(0) {
            count(&entry.life_events, &mut groups.life_events);
        }
        if self.all_but(1) {
            count(&entry.fields, &mut groups.fields);
        }
        if self.all_but(2) {
            count(&entry.agencies, &mut groups.agencies);
        }
        if self.all_but(3) {
            count(&entry.audiences, &mut groups.audiences);
        }
        if self.all_but(4) {
            count(&entry.levels, &mut groups.levels);
        }
    }
}

fn count<T: Clone + Ord>(items: &[T], group: &mut Group<T>) {
    for item in items {
        *group.entry(item.clone()).or_default() += 1;
    }
}
