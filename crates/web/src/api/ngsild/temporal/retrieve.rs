//! Retrieve the evolution of an entity (CIM 009 clauses 4.5.6–4.5.9, 4.5.19, 5.7.3 and 6.19.3.1).

use axum::response::Response;
use dinh_federation::HERE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;

use super::answer;
use super::asked::Asked;
use crate::api::ngsild::federated::{evolution, warned};
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{
    AGGR_METHODS, AGGR_PERIOD, ATTRS, DATASET_ID, END_TIME_AT, ENTITY_MAP, ENTITY_MAP_LIFETIME,
    FORMAT_TEMPORAL, LANG, LAST_N, LOCAL, OMIT, OPTIONS_TEMPORAL, PICK, TIME_AT, TIMEPROPERTY, TIMEREL,
    TYPE_OF_ONE,
};
use crate::api::ngsild::maps::{MAP, Wish, of_one};
use crate::api::ngsild::write::types;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{JSON, Known, Media, Operation, Parameters, Segments, Visit, entity_id};

/// Retrieve the evolution of an entity.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[
        ATTRS,
        PICK,
        OMIT,
        TIMEREL,
        TIME_AT,
        END_TIME_AT,
        TIMEPROPERTY,
        LAST_N,
        DATASET_ID,
        LANG,
        FORMAT_TEMPORAL,
        OPTIONS_TEMPORAL,
        TYPE_OF_ONE,
        LOCAL,
        AGGR_METHODS,
        AGGR_PERIOD,
        ENTITY_MAP,
        ENTITY_MAP_LIFETIME,
    ];
}

/// Retrieve the evolution of an entity
///
/// Answers with what an entity said over time, also if it is gone: each record, pairs of value and time, or what the
/// values of each period come to. What is too much for one answer is cut in time: the status is then 206 and
/// Content-Range tells how far it reaches.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/temporal/entities/{entityId}", tag = "temporal",
    extensions(("x-summary-vi" = json!("Đọc diễn biến của một thực thể"))),
    params(("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Retrieve>, ReadHeaders),
    responses(
        (status = 200, description = "The evolution.", body = Object),
        (status = 206, description = "Part of the evolution.", body = Object),
        ReadRefusals
    )
)]
pub(crate) async fn retrieve_evolution(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let id = entity_id(&id)?;
    let context = visit.ld_context().await?;
    let asked = Asked::read(&parameters)?;
    let mut form = Form::members(&parameters, media, context, &visit.headers)?;
    form.sys_attrs = asked.sys_attrs;
    let query = asked.query(&visit, EntityQuery::default(), &form);
    let local = parameters.flag("local")?;
    let (mut page, warnings) = Box::pin(evolution(&visit, &id, &query, &form, local)).await?;
    answer::check_aggregated(&mut page, &form)?;
    let Some(told) = page.entities.first() else { return Err(Problem::not_found(id.as_str()).into()) };
    if types(&parameters, &form.context)?.is_some_and(|types| !types.matches(&told.types)) {
        return Err(Problem::not_found(id.as_str()).into());
    }
    if !answer::shows(told, &form) {
        let detail = format!("{id} has nothing of what attrs, pick and omit leave.");
        return Err(Problem::new(ProblemKind::ResourceNotFound, detail).about(id.as_str()).into());
    }
    let mut response = warned(answer::one(&page, told, &asked, &form), &warnings);
    let wish = Wish::read(&parameters, &visit.headers)?;
    if wish.is_wanted() {
        reply::put(&mut response, MAP, &of_one(&visit, &wish, &id, vec![HERE.to_owned()]));
    }
    Ok(response)
}
