//! Telling others to delete what meets conditions (clause 5.6.21): each within what it is registered for.

use std::collections::BTreeSet;

use dinh_context::graph::{Act, Note};
use dinh_context::registrations::Match;
use dinh_model::Term;
use dinh_ngsild::query::{EntityQuery, Q};
use dinh_ngsild::registration::{Information, Mode, Operation};
use futures::{StreamExt as _, stream};
use http::Method;
use serde_json::json;

use crate::call::call;
use crate::question::{conditions, names, narrowed};
use crate::{Answer, Asker, Call, Failure, Fate, QueryTexts, Tongue};

/// Calls on their way at once for one request.
const AT_ONCE: usize = 64;

/// What becomes of the entities found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purging {
    /// They go.
    Whole,
    /// They lose these attributes.
    Without(Vec<Term>),
    /// They lose all attributes but these.
    But(Vec<Term>),
}

/// Whom a purge concerns.
#[derive(Debug, Default)]
pub struct PurgePlan {
    /// Sources that are told.
    pub told: Vec<Match>,
    /// Sources that keep such entities, and take no such operation.
    pub refused: Vec<Match>,
}

impl PurgePlan {
    /// The types of what goes elsewhere; an empty name where a source is about entities of any type.
    pub fn types(&self) -> Vec<Term> {
        let parts: Vec<&Information> = self.told.iter().flat_map(Match::information).collect();
        let any = parts.iter().any(|part| part.entities.is_empty()).then(|| Term::from(""));
        let named =
            parts.iter().flat_map(|part| &part.entities).flat_map(|entity| entity.types.iter().cloned());
        named.chain(any).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Asker {
    /// Works out whom a purge concerns. Nothing is written to sources that only add; an equal that takes no purge is left alone, as
    /// with every other write (clause 5.6.21.4 asks those that support it).
    pub fn purge_plan(&self, query: &EntityQuery, csf: Option<&Q>) -> PurgePlan {
        let mut sources = self.sources_of(query, csf, Operation::ALL);
        sources.retain(|source| source.registered.registration.mode != Mode::Auxiliary);
        let takes = |source: &Match| source.registered.registration.supports(Operation::PurgeEntity);
        let (told, mut refused): (Vec<Match>, Vec<Match>) = sources.into_iter().partition(takes);
        refused.retain(|source| source.registered.registration.mode.is_proxied());
        PurgePlan { told, refused }
    }

    /// Tells the sources of a plan, beside one another. The audit notes first what leaves the house.
    ///
    /// # Errors
    /// The audit cannot be written: then nothing leaves.
    pub async fn purge(
        &self,
        plan: &PurgePlan,
        query: &EntityQuery,
        texts: &QueryTexts,
        purging: &Purging,
    ) -> Result<Vec<Fate>, dinh_context::Error> {
        if plan.told.is_empty() {
            return Ok(Vec::new());
        }
        let to: Vec<&str> = plan.told.iter().map(|one| one.registered.registration.id.as_str()).collect();
        let details = json!({"operation": Operation::PurgeEntity.as_str(), "registrations": to});
        self.session.note(Note { entities: query.ids.clone(), details, ..Note::of(Act::Forward) }).await?;
        let parts = plan.told.iter().flat_map(|source| source.information().map(move |part| (source, part)));
        let calls: Vec<_> =
            parts.map(|(source, part)| self.purge_one(source, part, query, texts, purging)).collect();
        Ok(stream::iter(calls).buffered(AT_ONCE).filter_map(async |fate| fate).collect().await)
    }

    async fn purge_one(
        &self,
        source: &Match,
        part: &Information,
        query: &EntityQuery,
        texts: &QueryTexts,
        purging: &Purging,
    ) -> Option<Fate> {
        let purging = within(purging, part)?;
        let tongue = Tongue::of(self, &source.registered.registration).await;
        // Which attributes they must have is a condition of the question alone: what the source keeps of them is what goes.
        let mut narrowed = narrowed(query, part, &tongue.context);
        narrowed.attributes.retain(|name| query.attrs.contains(name));
        let mut pairs = conditions(&narrowed, query, texts, &tongue.context);
        match &purging {
            Purging::Whole => {}
            Purging::Without(all) => pairs.push(("drop", names(all, &tongue.context).join(","))),
            Purging::But(all) => pairs.push(("keep", names(all, &tongue.context).join(","))),
        }
        let call_of = Call { method: Method::DELETE, path: "/entities".to_owned(), query: pairs, body: None };
        let result = match call(self, source, &tongue, call_of).await {
            // There is nothing: so nothing is left.
            Err(Failure::Refused { status: 404, .. }) => {
                Ok(Answer { status: 204, body: None, warnings: Vec::new() })
            }
            result => result,
        };
        Some(Fate { source: source.clone(), result })
    }
}

/// What a source is told of a purge: no more than it is registered for. None if that is nothing.
fn within(purging: &Purging, part: &Information) -> Option<Purging> {
    if !part.names_attributes() {
        return Some(purging.clone());
    }
    let own = part.attributes();
    let mine: Vec<Term> = match purging {
        Purging::Whole => own.cloned().collect(),
        Purging::Without(all) => own.filter(|name| all.contains(name)).cloned().collect(),
        Purging::But(all) => own.filter(|name| !all.contains(name)).cloned().collect(),
    };
    (!mine.is_empty()).then_some(Purging::Without(mine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_loses_no_more_than_it_is_registered_for() {
        let terms = |names: &[&str]| names.iter().map(|name| Term::from(*name)).collect::<Vec<_>>();
        let part = |names: &[&str]| Information {
            entities: Vec::new(),
            properties: terms(names),
            relationships: Vec::new(),
        };
        let drop = |names: &[&str]| Some(Purging::Without(terms(names)));
        assert_eq!(within(&Purging::Whole, &part(&[])), Some(Purging::Whole));
        assert_eq!(within(&Purging::Whole, &part(&["speed"])), drop(&["speed"]));
        assert_eq!(within(&Purging::Without(terms(&["a", "b"])), &part(&["b", "c"])), drop(&["b"]));
        assert_eq!(within(&Purging::But(terms(&["a", "b"])), &part(&["b", "c"])), drop(&["c"]));
        assert_eq!(within(&Purging::But(terms(&["a"])), &part(&["a"])), None);
    }
}
