//! Evolutions of entities (CIM 009 clauses 5.7.3 and 5.7.4): who is meant, what they said in the time asked for, and
//! where an answer that would be too large is cut.

mod candidates;
mod conditions;
mod cut;
mod series;

use std::collections::BTreeMap;

use dinh_model::{EntityId, Term};
use dinh_ngsild::query::{Direction, OrderSubject};
use dinh_ngsild::temporal::TemporalEntity;
use dinh_ngsild::vocabulary::SCOPE;

use self::candidates::Candidate;
use self::cut::Cut;
use super::fetch::Scene;
use crate::sqlite::failure::Failed;
use crate::{Error, EvolutionPage, EvolutionQuery};

impl Scene<'_> {
    /// The evolution of one entity, whether it is still there or not; none if nobody knows it.
    pub(in crate::sqlite) fn evolution(
        &self,
        id: &EntityId,
        query: &EvolutionQuery,
    ) -> Failed<Option<EvolutionPage>> {
        let Some(candidate) = self.candidate(id)? else { return Ok(None) };
        if candidate.gone.is_some() && !self.evolves(query, &candidate)? {
            return Ok(None);
        }
        self.told(&[candidate], query).map(Some)
    }

    /// The evolutions that a query asks for.
    pub(in crate::sqlite) fn evolutions(&self, query: &EvolutionQuery) -> Failed<EvolutionPage> {
        let asked = &query.entities;
        let limit = self.page(asked.limit)?;
        let bound = self.shared.options.max_offset;
        if asked.offset > bound {
            return Err(Error::TooComplex { what: "the offset", bound });
        }
        let by_id = match asked.order.as_slice() {
            [] => None,
            keys if keys.iter().all(|key| key.subject == OrderSubject::Id) => {
                keys.first().map(|key| key.direction)
            }
            _ => return Err(Error::Invalid("evolutions are ordered by their id alone".to_owned())),
        };
        let all = asked.count || by_id.is_some();
        let needed = (!all).then(|| asked.offset + limit + 1);
        let mut page: Vec<Candidate> = Vec::new();
        let mut matched = 0usize;
        self.each_candidate(query, needed, &mut |candidate| {
            if !self.evolves(query, &candidate)? {
                return Ok(true);
            }
            matched += 1;
            // What is ordered is ordered as a whole; of all others only the page is kept.
            if by_id.is_some() || (matched > asked.offset && page.len() < limit) {
                page.push(candidate);
            }
            Ok(needed.is_none_or(|needed| matched < needed))
        })?;
        if let Some(direction) = by_id {
            page.sort_by(|a, b| a.entity.id.as_str().cmp(b.entity.id.as_str()));
            if direction == Direction::Descending {
                page.reverse();
            }
            page = page.into_iter().skip(asked.offset).take(limit).collect();
        }
        let mut told = self.told(&page, query)?;
        told.total = asked.count.then_some(matched as u64);
        told.more = matched > asked.offset.saturating_add(limit);
        Ok(told)
    }

    /// What is told of entities.
    fn told(&self, candidates: &[Candidate], query: &EvolutionQuery) -> Failed<EvolutionPage> {
        let mut cut = Cut::new(query);
        let mut entities = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            let mut told = TemporalEntity {
                id: candidate.entity.id.clone(),
                types: candidate.entity.types.clone(),
                scopes: Vec::new(),
                created_at: candidate.entity.created_at,
                modified_at: candidate.entity.modified_at,
                deleted_at: candidate.gone,
                attributes: BTreeMap::new(),
                aggregated: BTreeMap::new(),
            };
            let scope = self.scope_records(candidate)?;
            let spans = conditions::spans(query, candidate, &scope);
            for name in self.attributes_of(candidate, &query.attributes)? {
                if let Some(aggregation) = &query.aggregation {
                    let aggregated = self.aggregated(candidate, &name, query, aggregation)?;
                    if !aggregated.is_empty() {
                        told.aggregated.insert(name, aggregated);
                    }
                    continue;
                }
                let mut records = self.records_of(candidate, &name, query, cut.reading())?;
                records.retain(|record| spans.as_ref().is_none_or(|spans| spans.contain(record)));
                // That there is more of an attribute further on is told as well.
                let beyond =
                    records.is_empty() && cut.is_cut() && self.says_something(candidate, &name, query)?;
                cut.take(&mut told.attributes, name, records, beyond);
            }
            let scope = conditions::scope_told(scope, &query.time);
            if scope.is_empty() {
                told.scopes.clone_from(&candidate.entity.scopes);
            } else if query.aggregation.is_none() {
                told.attributes.insert(Term::from(SCOPE), scope);
            }
            entities.push(told);
        }
        cut.apply(&mut entities);
        Ok(EvolutionPage { entities, total: None, more: false, cut: cut.is_cut() })
    }
}
