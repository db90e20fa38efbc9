//! Conditions on what was said in the time asked for (CIM 009 clause 5.7.4.4): values, places and scopes.

use dinh_model::{Entity, Timestamp};
use dinh_ngsild::temporal::{TemporalInstance, TemporalQuery, TimeProperty, TimeRelation, scopes_in};
use dinh_ngsild::vocabulary::SCOPE;

use super::super::fetch::Scene;
use super::candidates::Candidate;
use super::cut::Reading;
use crate::sqlite::failure::Failed;
use crate::{Error, EvolutionQuery};

/// Most records of one entity that conditions are compared with.
const COMPARED: usize = 100_000;

/// The times within which an entity had the scopes asked for.
pub(super) struct Spans {
    spans: Vec<(Timestamp, Option<Timestamp>)>,
    property: TimeProperty,
}

impl Spans {
    /// True for a record within one of them.
    pub(super) fn contain(&self, record: &TemporalInstance) -> bool {
        let at = record.moment(self.property);
        self.spans.iter().any(|(from, to)| at >= *from && to.is_none_or(|to| at < to))
    }
}

/// When an entity had the scopes asked for, within the time asked for; none if the scope is no condition.
pub(super) fn spans(
    query: &EvolutionQuery,
    candidate: &Candidate,
    scope: &[TemporalInstance],
) -> Option<Spans> {
    let wanted = query.entities.scopes.as_ref()?;
    let relation = query.time.relation;
    let (from, to) = (relation.and_then(TimeRelation::from), relation.and_then(TimeRelation::to));
    let mut spans = if scope.is_empty() {
        // A scope that never changed was always the same.
        let always = (Timestamp::from_micros(i64::MIN), None);
        if wanted.matches(&candidate.entity.scopes) { vec![always] } else { Vec::new() }
    } else {
        scopes_in(scope, |scopes| wanted.matches(scopes))
    };
    spans.retain(|(begin, end)| {
        to.is_none_or(|to| *begin < to) && end.is_none_or(|end| from.is_none_or(|from| end > from))
    });
    Some(Spans { spans, property: query.time.property })
}

/// The records of the scope that are told: those in the time asked for, and the one that held when it began.
pub(super) fn scope_told(records: Vec<TemporalInstance>, time: &TemporalQuery) -> Vec<TemporalInstance> {
    let begin = time.relation.and_then(TimeRelation::from);
    let held = begin
        .filter(|_| time.property == TimeProperty::ObservedAt)
        .and_then(|begin| records.iter().rposition(|record| record.moment(TimeProperty::ObservedAt) < begin));
    let told = records.into_iter().enumerate();
    told.filter(|(at, record)| time.selects(record) || held == Some(*at)).map(|(_, record)| record).collect()
}

impl Scene<'_> {
    /// True if somebody said something in the time asked for, and what meets the conditions.
    pub(super) fn evolves(&self, query: &EvolutionQuery, candidate: &Candidate) -> Failed<bool> {
        let asked = &query.entities;
        let names = self.attributes_of(candidate, &asked.attrs)?;
        let mut says = query.time.relation.is_none() && !query.time.stated && asked.attrs.is_empty();
        for name in &names {
            if says {
                break;
            }
            says = self.says_something(candidate, name, query)?;
        }
        if !says {
            return Ok(false);
        }
        if asked.scopes.is_some() {
            let scope = self.scope_records(candidate)?;
            let spans = spans(query, candidate, &scope);
            if spans.is_none_or(|spans| spans.spans.is_empty()) {
                return Ok(false);
            }
        }
        if asked.q.is_none() && asked.geo.is_none() {
            return Ok(true);
        }
        let said = self.said(query, candidate)?;
        Ok(asked.q.as_ref().is_none_or(|q| q.matches(&said))
            && asked.geo.as_ref().is_none_or(|geo| geo.matches(&said)))
    }

    /// All that an entity said in the time asked for, as an entity with as many instances.
    fn said(&self, query: &EvolutionQuery, candidate: &Candidate) -> Failed<Entity> {
        let mut said = Entity::clone(&candidate.entity);
        said.attributes.clear();
        let whole =
            EvolutionQuery { time: TemporalQuery { last: None, ..query.time }, ..EvolutionQuery::default() };
        let mut compared = 0usize;
        for name in self.attributes_of(candidate, &[])? {
            let records = self.records_of(candidate, &name, &whole, Reading::up_to(COMPARED + 1))?;
            compared += records.len();
            if compared > COMPARED {
                let what = "comparing what one entity said in that time";
                return Err(Error::TooComplex { what, bound: COMPARED });
            }
            let lives = |record: &TemporalInstance| record.deleted_at.is_none() && !record.says_nothing();
            let instances: Vec<_> =
                records.into_iter().filter(lives).map(|record| record.attribute).collect();
            if !instances.is_empty() && name.as_str() != SCOPE {
                said.attributes.insert(name, instances);
            }
        }
        Ok(said)
    }
}
