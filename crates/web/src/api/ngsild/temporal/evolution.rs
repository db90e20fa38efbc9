//! The observations of an entity within a time, up to a bound.
//!
//! What is too much for one answer is cut in time, not in attributes: every attribute is told completely up to the same
//! instant, so that the next request can go on from there (CIM 009 clause 6.3.10).

use std::collections::BTreeMap;

use dinh_context::graph::HistoryQuery;
use dinh_model::{Entity, Term, Timestamp};
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::temporal::{TemporalEntity, TemporalInstance, TemporalQuery, TimeProperty, TimeRelation};

use crate::api::reply::Refusal;
use crate::api::request::Visit;

/// Most observations in one answer, all attributes together.
const MOST: usize = 10_000;
/// Most attributes in one answer.
const MOST_ATTRIBUTES: usize = 200;

/// What was observed, and where it was cut.
pub(super) struct Evolution {
    pub(super) entity: TemporalEntity,
    /// There is more, further on in time (or further back, with `lastN`).
    pub(super) cut: bool,
}

/// Reads the observations of `entity` that `query` asks for; `names` are the attributes wanted, or none for all.
pub(super) async fn read(
    visit: &Visit,
    entity: &Entity,
    query: &TemporalQuery,
    names: Option<Vec<Term>>,
) -> Result<Evolution, Refusal> {
    if query.property != TimeProperty::ObservedAt {
        let detail = "timeproperty: history is kept by observedAt alone.";
        return Err(Problem::new(ProblemKind::OperationNotSupported, detail).into());
    }
    let names = names.unwrap_or_else(|| observed(entity));
    if names.len() > MOST_ATTRIBUTES {
        let detail = format!(
            "The entity has {} observed attributes; name at most {MOST_ATTRIBUTES} of them with attrs or pick.",
            names.len()
        );
        return Err(Problem::new(ProblemKind::TooComplexQuery, detail).into());
    }
    let share = MOST / names.len().max(1);
    let mut attributes = BTreeMap::new();
    let mut edge: Option<Timestamp> = None;
    for name in names {
        let (records, cut_at) = series(visit, entity, query, &name, share).await?;
        edge = match (edge, cut_at, query.last) {
            (Some(edge), Some(at), None) => Some(edge.min(at)),
            (Some(edge), Some(at), Some(_)) => Some(edge.max(at)),
            (edge, at, _) => edge.or(at),
        };
        attributes.insert(name, records);
    }
    if let Some(edge) = edge {
        let backwards = query.last.is_some();
        for records in attributes.values_mut() {
            records.retain(|record| {
                let at = record.attribute.observed_at.unwrap_or(edge);
                if backwards { at >= edge } else { at <= edge }
            });
        }
    }
    attributes.retain(|_, records| !records.is_empty());
    let told = TemporalEntity { id: entity.id.clone(), types: entity.types.clone(), attributes };
    Ok(Evolution { entity: told, cut: edge.is_some() })
}

/// The attributes of an entity that carry observations.
fn observed(entity: &Entity) -> Vec<Term> {
    let with_time =
        entity.attributes.iter().filter(|(_, all)| all.iter().any(|one| one.observed_at.is_some()));
    with_time.map(|(name, _)| name.clone()).collect()
}

/// The observations of one attribute, at most `share`, and the last instant that is told completely if there are more.
async fn series(
    visit: &Visit,
    entity: &Entity,
    query: &TemporalQuery,
    name: &Term,
    share: usize,
) -> Result<(Vec<TemporalInstance>, Option<Timestamp>), Refusal> {
    let asked = HistoryQuery {
        attributes: vec![name.clone()],
        from: query.relation.and_then(TimeRelation::from),
        to: query.relation.and_then(TimeRelation::to),
        last: query.last.map(|last| last.min(share)),
        limit: share,
        ..HistoryQuery::of(entity.id.clone())
    };
    let history = visit.session.history(asked).await?;
    let mut records: Vec<TemporalInstance> = history
        .series
        .into_iter()
        .flat_map(|series| series.observations)
        .map(TemporalInstance::new)
        .collect();
    records.sort_by_key(|record| record.attribute.observed_at);
    let cut_at = match query.last {
        Some(last) if last > share && records.len() >= share => records.first(),
        None if history.next.is_some() => records.last(),
        _ => None,
    };
    let cut_at = cut_at.and_then(|record| record.attribute.observed_at);
    Ok((records, cut_at))
}
