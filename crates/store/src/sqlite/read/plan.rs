//! Choosing the way to the matches of a query.
//!
//! Every source holds all matches, so any will do; the cheapest is taken. A list of keys from an index costs a little
//! for each key and a look at each entity until the page is full; walking the entities of the types in order costs a
//! look at as many as it takes to find so many matches. Costs are in looks; an index key costs a twentieth of one.

use dinh_ngsild::query::EntityQuery;

use super::fetch::Scene;
use super::query::after;
use super::sieve::Sieve;
use super::source::{ESTIMATE, Source};
use super::walk::Walk;
use crate::names::NameId;
use crate::sqlite::failure::Failed;

/// Keys to look at, in order.
pub(super) enum Candidates<'a> {
    /// These, but for those that another index knows not to match.
    Listed(std::vec::IntoIter<i64>, Sieve<'a>),
    /// All of some types, or all that point at something.
    Walked(Walk<'a>),
}

impl Candidates<'_> {
    pub(super) fn next(&mut self) -> Failed<Option<i64>> {
        match self {
            Self::Listed(keys, sieve) => {
                for key in keys.by_ref() {
                    if sieve.lets_through(key)? {
                        return Ok(Some(key));
                    }
                }
                Ok(None)
            }
            Self::Walked(walk) => walk.next(),
        }
    }
}

/// The way chosen.
pub(super) struct Plan<'a> {
    pub(super) candidates: Candidates<'a>,
    /// Another way, should this one turn out to be too long: walking may have to pass over very many entities before
    /// the first match, where an index would have led to it.
    pub(super) spare: Option<Way<'a>>,
}

/// A way by an index.
pub(super) struct Way<'a> {
    /// Where candidates come from.
    source: Source,
    /// What the other sources know of them.
    sieve: Sieve<'a>,
}

/// Keys in an index for the price of one look at an entity.
const KEYS_PER_LOOK: usize = 20;

impl<'a> Scene<'a> {
    /// The way to the matches of a query of which `needed` are wanted; `None` if all are.
    pub(super) fn plan(
        &self,
        query: &EntityQuery,
        types: &[NameId],
        needed: Option<usize>,
    ) -> Failed<Plan<'a>> {
        let sources = self.sources(query, types)?;
        if let ([Source::Linked(at)], Some(_)) = (sources.as_slice(), needed) {
            // These come in order by themselves, so that no more of them are read than are looked at.
            let walk = Walk::linked(*self, at, after(query))?;
            return Ok(Plan { candidates: Candidates::Walked(walk), spare: None });
        }
        let mut total = 0usize;
        for entity_type in types {
            let count = self.type_count(*entity_type)?;
            total = total.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
        }
        let Some((estimate, way)) = self.best(sources)? else {
            return Ok(Plan { candidates: self.walk(query, types), spare: None });
        };
        // An estimate that was cut off may stand for everything.
        let keys = if estimate < ESTIMATE { estimate } else { total.max(estimate) };
        let looks = needed.map_or(estimate, |needed| needed.min(estimate));
        let walking = match needed {
            None => total,
            Some(needed) => total.min(needed.saturating_mul(total / estimate.max(1))),
        };
        if keys / KEYS_PER_LOOK + looks <= walking {
            tracing::trace!(source = ?way.source, plan.estimate = estimate, "query goes by an index");
            return Ok(Plan { candidates: self.listed(query, way)?, spare: None });
        }
        tracing::trace!(plan.total = total, "query walks over its types");
        Ok(Plan { candidates: self.walk(query, types), spare: Some(way) })
    }

    /// The source with the fewest candidates and how many they are about; the others sift them.
    fn best(&self, mut sources: Vec<Source>) -> Failed<Option<(usize, Way<'a>)>> {
        let mut best: Option<(usize, usize)> = None;
        for (at, source) in sources.iter().enumerate() {
            let estimate = self.estimate(source)?;
            if best.is_none_or(|(fewest, _)| estimate < fewest) {
                best = Some((estimate, at));
            }
        }
        Ok(best.map(|(estimate, at)| {
            let source = sources.swap_remove(at);
            (estimate, Way { source, sieve: Sieve::of(*self, sources) })
        }))
    }

    fn walk(&self, query: &EntityQuery, types: &[NameId]) -> Candidates<'a> {
        Candidates::Walked(Walk::new(*self, types, after(query)))
    }

    /// The keys that a way gives.
    pub(super) fn listed(&self, query: &EntityQuery, way: Way<'a>) -> Failed<Candidates<'a>> {
        let mut keys = self.candidates(&way.source)?;
        let begin = keys.partition_point(|pk| *pk <= after(query));
        keys.drain(..begin);
        Ok(Candidates::Listed(keys.into_iter(), way.sieve))
    }
}
