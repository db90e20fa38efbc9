//! Answers with evolutions: whole, or as far as there is room (CIM 009 clause 6.3.10).

use axum::response::Response;
use dinh_context::graph::EvolutionPage;
use dinh_model::Timestamp;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::temporal::{TemporalEntity, TemporalQuery, TimeRelation};
use dinh_ngsild::vocabulary::{self, SCOPE};
use dinh_ngsild::write::instant_text;
use http::StatusCode;
use http::header::CONTENT_RANGE;

use super::asked::{Asked, unsuited};
use crate::api::ngsild::form::Form;
use crate::api::reply;

/// The answer with one evolution.
pub(super) fn one(page: &EvolutionPage, entity: &TemporalEntity, asked: &Asked, form: &Form) -> Response {
    let response = form.written(|writer, out| writer.evolution(out, entity, &asked.time, asked.format));
    partial(response, page, asked)
}

/// The answer with a list of evolutions.
pub(super) fn list(page: &EvolutionPage, asked: &Asked, form: &Form) -> Response {
    let response =
        form.written(|writer, out| writer.evolutions(out, &page.entities, &asked.time, asked.format));
    partial(response, page, asked)
}

/// True if something of an evolution is shown; of attributes that are asked for by name, one must be there.
pub(super) fn shows(told: &TemporalEntity, form: &Form) -> bool {
    let shown = form.shown();
    let mut names = told.attributes.keys().chain(told.aggregated.keys());
    if let Some(attrs) = &form.attrs {
        return names.any(|name| attrs.has(name.as_str()));
    }
    shown.has(vocabulary::ID)
        || shown.has(vocabulary::TYPE)
        || (!told.scopes.is_empty() && shown.has(SCOPE))
        || names.any(|name| shown.has(name.as_str()))
}

fn partial(mut response: Response, page: &EvolutionPage, asked: &Asked) -> Response {
    if page.cut {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        reply::put(&mut response, CONTENT_RANGE, &range(&page.entities, &asked.time));
    }
    response
}

/// How far a partial answer reaches.
fn range(told: &[TemporalEntity], query: &TemporalQuery) -> String {
    let records =
        told.iter().flat_map(|entity| &entity.attributes).filter(|(name, _)| name.as_str() != SCOPE);
    let (mut first, mut last): (Option<Timestamp>, Option<Timestamp>) = (None, None);
    for at in records.flat_map(|(_, records)| records).map(|record| record.moment(query.property)) {
        first = Some(first.map_or(at, |first| first.min(at)));
        last = Some(last.map_or(at, |last| last.max(at)));
    }
    let first = first.unwrap_or(Timestamp::from_micros(0));
    let last = last.unwrap_or(first);
    let (start, end, size) = match (query.last, query.relation) {
        (Some(n), Some(TimeRelation::Before(to) | TimeRelation::Between(_, to))) => {
            (to, first, n.to_string())
        }
        (Some(n), _) => (last, first, n.to_string()),
        (None, Some(TimeRelation::After(from) | TimeRelation::Between(from, _))) => {
            (from, last, "*".to_owned())
        }
        (None, _) => (first, last, "*".to_owned()),
    };
    format!("DateTime {}-{}/{size}", instant_text(start), instant_text(end))
}

/// Refuses methods that do not suit what the attributes named say. Where none are named, what does not suit is left out.
pub(super) fn check_aggregated(page: &mut EvolutionPage, form: &Form) -> Result<(), Problem> {
    let named = form.attrs.as_ref().or(form.pick.as_ref());
    let mut wrong = Vec::new();
    for entity in &mut page.entities {
        for (name, told) in &mut entity.aggregated {
            let is_named = named.is_some_and(|named| named.has(name.as_str()));
            if is_named && told.iter().any(|one| !one.unsuited.is_empty()) {
                wrong.push(form.context.compact(name).into_owned());
            }
            told.retain(|one| !one.methods.is_empty());
        }
        entity.aggregated.retain(|_, told| !told.is_empty());
    }
    wrong.sort_unstable();
    wrong.dedup();
    if wrong.is_empty() { Ok(()) } else { Err(unsuited(&wrong)) }
}
