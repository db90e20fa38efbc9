//! Questions for the audit.

use dinh_model::fold::fold;
use dinh_model::{EntityId, Term, Timestamp};

use super::{Entry, Subject, What};

/// In which order entries come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AuditOrder {
    /// The latest first: for people.
    #[default]
    NewestFirst,
    /// The earliest first: for exports.
    OldestFirst,
}

/// A question for the audit. What is absent matches everything.
#[derive(Clone, Debug)]
pub struct AuditQuery {
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// By this principal, by its whole name (`account:…`).
    pub principal: Option<String>,
    /// About this entity.
    pub entity: Option<EntityId>,
    /// About one of these entities; about any if there are none.
    pub among: Vec<EntityId>,
    /// What was done: a word of [`Entry::actions`].
    pub action: Option<String>,
    /// Notes alone: what changes no entity. Those about entities are found without looking at others.
    pub noted: bool,
    /// Words that stand somewhere in the entry, accents and case aside.
    pub text: Option<String>,
    /// In which order.
    pub order: AuditOrder,
    /// Go on behind the entry of this number.
    pub after: Option<u64>,
    /// Most entries to return.
    pub limit: usize,
}

impl AuditQuery {
    /// The entities asked for by name; none for all.
    pub(crate) fn entities(&self) -> impl Iterator<Item = &EntityId> {
        self.entity.iter().chain(&self.among)
    }

    /// The latest entries.
    pub fn latest(limit: usize) -> Self {
        Self {
            from: None,
            to: None,
            principal: None,
            entity: None,
            among: Vec::new(),
            action: None,
            noted: false,
            text: None,
            order: AuditOrder::default(),
            after: None,
            limit,
        }
    }
}

/// Part of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AuditPage {
    /// The entries, in the order asked for.
    pub entries: Vec<Entry>,
    /// Where to go on ([`AuditQuery::after`]), if there may be more. A page may hold fewer entries than asked for, even
    /// none, and still lead on: looking is bounded too.
    pub next: Option<u64>,
}

/// A question made ready to be compared with many entries.
pub(crate) struct Wanted<'a> {
    query: &'a AuditQuery,
    text: Option<String>,
    /// The places in the store of the entities asked for.
    places: Vec<u64>,
}

impl<'a> Wanted<'a> {
    pub(crate) fn new(query: &'a AuditQuery, places: Vec<u64>) -> Self {
        Self { query, text: query.text.as_deref().map(fold).filter(|text| !text.is_empty()), places }
    }

    /// True for an entry that was asked for, its time aside.
    pub(crate) fn matches(&self, entry: &Entry) -> bool {
        let query = self.query;
        query.principal.as_ref().is_none_or(|principal| *principal == entry.principal)
            && query.action.as_ref().is_none_or(|action| entry.actions().contains(&action.as_str()))
            && (!query.noted || matches!(entry.what, What::Noted(_)))
            && query.entity.as_ref().is_none_or(|id| self.is_about(entry, std::slice::from_ref(id)))
            && (query.among.is_empty() || self.is_about(entry, &query.among))
            && self.text.as_ref().is_none_or(|text| says(entry, text))
    }

    fn is_about(&self, entry: &Entry, ids: &[EntityId]) -> bool {
        match &entry.what {
            What::Noted(note) => note.entities.iter().any(|id| ids.contains(id)),
            What::Did(did) => did.entities.iter().any(|touched| match &touched.subject {
                Subject::Named(named) => ids.contains(named),
                Subject::At(place) => self.places.contains(place),
            }),
        }
    }
}

/// True if a folded text stands in one of the texts of an entry.
fn says(entry: &Entry, text: &str) -> bool {
    let within = |part: &str| fold(part).contains(text);
    let terms = |terms: &[Term]| terms.iter().any(|term| within(term.as_str()));
    within(&entry.principal)
        || within(&entry.purpose)
        || entry.origin.parts().into_iter().flatten().any(within)
        || entry.actions().into_iter().any(within)
        || match &entry.what {
            What::Noted(note) => {
                note.entities.iter().any(|id| within(id.as_str()))
                    || terms(&note.attributes)
                    || note.reason.as_deref().is_some_and(within)
                    || (!note.details.is_null() && within(&note.details.to_string()))
            }
            What::Did(did) => {
                did.records.iter().any(|record| within(&record.of) || within(&record.key))
                    || did.entities.iter().any(|touched| {
                        terms(&touched.attributes)
                            || matches!(&touched.subject, Subject::Named(id) if within(id.as_str()))
                    })
            }
        }
}
