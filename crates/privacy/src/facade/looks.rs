//! Who looked at what is kept of somebody, and who changed it.

use dinh_context::graph::{Entry, What};
use dinh_context::{AboutOneself, Session};
use dinh_model::{EntityId, Term, Timestamp};
use serde_json::Value as Json;

use super::Privacy;
use crate::Error;

/// Most looks of one page.
const MOST_A_PAGE: usize = 100;

/// Somebody looked at what is kept of a person, or changed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Number of the entry of the audit.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: Who,
    /// For what purpose.
    pub purpose: String,
    /// What was done, in the words of the audit: `reveal`, `export`, `updated` …
    pub actions: Vec<&'static str>,
    /// Why, in the words of whoever did it.
    pub reason: Option<String>,
    /// Which of the entities asked about.
    pub entities: Vec<EntityId>,
    /// Which attributes.
    pub attributes: Vec<Term>,
}

/// Who did something, told to the person that it was done to: what they acted as, and not who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Whoever asks.
    Oneself,
    /// Somebody with an account: their roles and units at that time, where the audit has them.
    Somebody {
        /// Codes of roles.
        roles: Vec<String>,
        /// URIs of units.
        units: Vec<String>,
    },
    /// A part of the program: a feed, the command line.
    Program(String),
    /// Somebody without an account.
    Anonymous,
}

/// A page of looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LooksPage {
    /// The latest first.
    pub looks: Vec<Look>,
    /// Where to go on, if there may be more.
    pub next: Option<u64>,
}

impl Privacy {
    /// Who saw, took out or changed what is kept of somebody for whom the session speaks, the latest first. One's own
    /// looks are among them.
    ///
    /// # Errors
    /// [`Error::NotYours`] for anybody else.
    pub async fn looks(
        &self,
        session: &Session,
        subject: &EntityId,
        which: AboutOneself,
        after: Option<u64>,
        limit: usize,
    ) -> Result<LooksPage, Error> {
        let (mut ids, _more) = self.owned(session, subject).await?;
        ids.push(subject.clone());
        let page = session.looks_at_own(&ids, which, after, limit.min(MOST_A_PAGE)).await?;
        let oneself = session.principal().to_string();
        let looks = page.entries.iter().map(|entry| look(entry, &ids, &oneself)).collect();
        Ok(LooksPage { looks, next: page.next })
    }
}

fn look(entry: &Entry, ids: &[EntityId], oneself: &str) -> Look {
    let (entities, attributes, reason, details): (Vec<&EntityId>, Vec<&Term>, _, _) = match &entry.what {
        What::Noted(note) => (
            note.entities.iter().collect(),
            note.attributes.iter().collect(),
            note.reason.clone(),
            note.details.clone(),
        ),
        What::Did(did) => {
            let own = did.entities.iter().filter_map(|touched| match &touched.subject {
                dinh_context::graph::Subject::Named(id) => Some((id, &touched.attributes)),
                dinh_context::graph::Subject::At(_) => None,
            });
            let own: Vec<_> = own.filter(|(id, _)| ids.contains(id)).collect();
            let attributes = own.iter().flat_map(|(_, attributes)| attributes.iter()).collect();
            (own.iter().map(|(id, _)| *id).collect(), attributes, None, Json::Null)
        }
    };
    Look {
        seq: entry.seq,
        at: entry.at,
        who: who(&entry.principal, oneself, &details),
        purpose: entry.purpose.clone(),
        actions: entry.actions(),
        reason,
        // An official who looks at a list of people is not told of to each of them with the others.
        entities: entities.into_iter().filter(|id| ids.contains(id)).cloned().collect(),
        attributes: attributes.into_iter().cloned().collect(),
    }
}

fn who(principal: &str, oneself: &str, details: &Json) -> Who {
    let texts = |name: &str| -> Vec<String> {
        let all = details.get(name).and_then(Json::as_array).into_iter().flatten();
        all.filter_map(Json::as_str).map(str::to_owned).collect()
    };
    if principal == oneself {
        return Who::Oneself;
    }
    match principal.split_once(':') {
        Some(("account", _)) => Who::Somebody { roles: texts("roles"), units: texts("units") },
        Some(("system" | "operator", part)) => Who::Program(part.to_owned()),
        _ => Who::Anonymous,
    }
}
