//! Queries for entities.

use std::sync::Arc;

use dinh_access::Sight;
use dinh_model::Term;
use dinh_ngsild::query::{EntityQuery, TypeExpr};

use super::fetch::Scene;
use super::linked::Judge;
use super::plan::Candidates;
use super::walk::Walk;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::sqlite::pages::{MOST_ON_A_PAGE, PageKey};
use crate::sqlite::shared::TenantId;
use crate::{Error, Page};

impl Scene<'_> {
    /// Answers a query.
    pub(in crate::sqlite) fn query(&self, query: &EntityQuery) -> Failed<Page> {
        let limit = self.page(query.limit)?;
        let bound = self.shared.options.max_offset;
        if query.offset > bound {
            return Err(Error::TooComplex { what: "the offset", bound });
        }
        let reads_on = query.after.is_some();
        if reads_on && (query.offset > 0 || query.count || !query.order.is_empty()) {
            let rule = "reading on after a place goes with neither an order nor an offset nor a count";
            return Err(Error::Invalid(rule.to_owned()));
        }
        let types = self.any_of_types(query)?;
        let mut page = Page::default();
        if types.is_empty() {
            page.total = query.count.then_some(0);
            return Ok(page);
        }
        if query.count {
            page.total = self.known_total(query, &types)?;
        }
        let count_all = query.count && page.total.is_none();
        if !query.order.is_empty() {
            return self.ordered(query, &types, count_all, page);
        }
        if limit == 0 && !count_all {
            return Ok(page);
        }
        if is_only_types(query) && !count_all && self.counters_hold(&types)? {
            return self.walked(query, &types, page);
        }
        let needed = (!count_all).then(|| query.offset + limit);
        let mut plan = self.plan(query, &types, needed)?;
        match (self.collect(query, &types, &mut plan.candidates, count_all, page.clone()), plan.spare) {
            (Err(Error::TooComplex { .. }), Some(way)) => {
                self.collect(query, &types, &mut self.listed(query, way)?, count_all, page)
            }
            (answer, _) => answer,
        }
    }

    /// Every candidate is a match: passes over the offset without a look.
    fn walked(&self, query: &EntityQuery, types: &[u32], mut page: Page) -> Failed<Page> {
        let mut walk = Walk::new(*self, types, after(query));
        walk.skip(query.offset)?;
        let mut fetch = self.fetch()?;
        while page.entities.len() < query.limit {
            let Some(pk) = walk.next()? else { break };
            page.entities.extend(fetch.get(pk)?);
        }
        if query.limit <= MOST_ON_A_PAGE {
            let key = page_key(self.sight, self.tenant, types.to_vec(), query);
            let keys = page.entities.iter().map(|stored| stored.place.cast_signed()).collect();
            self.shared.recall.keep_page(key, keys, self.since);
        }
        Ok(page)
    }

    fn collect(
        &self,
        query: &EntityQuery,
        types: &[NameId],
        candidates: &mut Candidates<'_>,
        count_all: bool,
        mut page: Page,
    ) -> Failed<Page> {
        let (mut fetch, mut judge) = (self.fetch()?, Judge::new(*self, query));
        let (mut matched, mut looked) = (0usize, 0usize);
        while let Some(pk) = candidates.next()? {
            looked += 1;
            let stored = fetch.get(pk).inspect_err(|_| self.note_walk(query, types, candidates, looked))?;
            // What is compared is what is seen: a question cannot find out what an answer would not show.
            let Some(stored) = stored else { continue };
            if !judge.finds(&stored.entity)? {
                continue;
            }
            matched += 1;
            if matched > query.offset && page.entities.len() < query.limit {
                page.entities.push(stored);
            }
            if !count_all && page.entities.len() >= query.limit {
                break;
            }
        }
        if count_all {
            page.total = Some(matched as u64);
        }
        self.note_walk(query, types, candidates, looked.saturating_sub(matched));
        Ok(page)
    }

    /// Notes at how many entities a query has looked in vain that an index would have passed over.
    fn note_walk(&self, query: &EntityQuery, types: &[NameId], candidates: &Candidates<'_>, in_vain: usize) {
        if let (Candidates::Walked(_), Some(q)) = (candidates, &query.q) {
            self.shared.wanted.note(self.missing_indexes(q, types).into_iter(), in_vain);
        }
    }
}

/// By what a page of entities of some types is known.
pub(in crate::sqlite) fn page_key(
    sight: &Arc<Sight>,
    tenant: TenantId,
    types: Vec<NameId>,
    query: &EntityQuery,
) -> PageKey {
    let (offset, limit) = (query.offset, query.limit);
    PageKey { sight: Arc::clone(sight), tenant, types, after: after(query), offset, limit }
}

/// The types of a query for which they alone decide, if it wants nothing but a page of such entities.
pub(in crate::sqlite) fn listed_types(
    query: &EntityQuery,
    name: impl Fn(&Term) -> Option<NameId>,
) -> Option<Vec<NameId>> {
    let plain = is_only_types(query) && !query.count && query.order.is_empty();
    if !plain || query.limit == 0 || query.limit > MOST_ON_A_PAGE {
        return None;
    }
    let mut ids = match &query.types {
        None => vec![0],
        Some(TypeExpr::Is(term)) => vec![name(term)?],
        Some(TypeExpr::Any(parts)) => parts
            .iter()
            .map(|part| match part {
                TypeExpr::Is(term) => name(term),
                _ => None,
            })
            .collect::<Option<_>>()?,
        Some(TypeExpr::All(_)) => return None,
    };
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
}

/// The key that a query wants to read on after; 0 if it begins at the beginning.
pub(super) fn after(query: &EntityQuery) -> i64 {
    query.after.map_or(0, |place| i64::try_from(place).unwrap_or(i64::MAX))
}

/// True if the types alone decide, and one of the listed types suffices.
fn is_only_types(query: &EntityQuery) -> bool {
    let simple = match &query.types {
        None | Some(TypeExpr::Is(_)) => true,
        Some(TypeExpr::Any(parts)) => parts.iter().all(|part| matches!(part, TypeExpr::Is(_))),
        Some(TypeExpr::All(_)) => false,
    };
    simple
        && query.ids.is_empty()
        && query.id_pattern.is_none()
        && query.selectors.is_empty()
        && query.attrs.is_empty()
        && query.q.is_none()
        && query.scopes.is_none()
        && query.geo.is_none()
}
