//! Query the evolutions of entities (CIM 009 clauses 5.7.4 and 6.18.3.2).

use axum::response::Response;
use dinh_context::graph::EvolutionQuery;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::query::EntityQuery;
use http::HeaderValue;
use http::header::LINK;

use super::asked::{Asked, needs_time, only_by_id};
use super::map::by_map;
use super::{EVOLUTIONS, answer};
use crate::api::ngsild::answer::counted;
use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::federated::{Beyond, PastPage, evolutions, warned};
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{
    AGGR_METHODS, AGGR_PERIOD, ATTRS, COLLATION, COORDINATES, COUNT, CSF, DATASET_ID, END_TIME_AT,
    ENTITY_MAP, ENTITY_MAP_LIFETIME, EXPAND_VALUES, FORMAT_TEMPORAL, GEOMETRY, GEOPROPERTY, GEOREL, ID,
    ID_PATTERN, JSON_KEYS, LANG, LAST_N, LIMIT, LOCAL, OFFSET, OMIT, OPTIONS_TEMPORAL, ORDER_BY, PICK, Q,
    SCOPE_Q, SPLIT_ENTITIES, TIME_AT, TIMEPROPERTY, TIMEREL, TYPE,
};
use crate::api::ngsild::maps::Wish;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Given, JSON, Known, Media, Operation, Parameters, Visit, Window};

/// Query evolutions.
pub(crate) struct Query;

impl Operation for Query {
    const PARAMETERS: &'static [Known] = &[
        TYPE,
        ID,
        ID_PATTERN,
        ATTRS,
        PICK,
        OMIT,
        Q,
        GEOREL,
        GEOMETRY,
        COORDINATES,
        GEOPROPERTY,
        SCOPE_Q,
        TIMEREL,
        TIME_AT,
        END_TIME_AT,
        TIMEPROPERTY,
        LAST_N,
        DATASET_ID,
        LANG,
        ORDER_BY,
        COLLATION,
        LIMIT,
        OFFSET,
        COUNT,
        FORMAT_TEMPORAL,
        OPTIONS_TEMPORAL,
        AGGR_METHODS,
        AGGR_PERIOD,
        LOCAL,
        EXPAND_VALUES,
        JSON_KEYS,
        CSF,
        SPLIT_ENTITIES,
        ENTITY_MAP,
        ENTITY_MAP_LIFETIME,
    ];
}

/// Query the evolutions of entities
///
/// Answers with what entities said over time that meet all conditions in that time, page by page, also if they are gone.
/// What is too much for one answer is cut in time: the status is then 206 and Content-Range tells how far it reaches.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/temporal/entities", tag = "temporal",
    extensions(("x-summary-vi" = json!("Truy vấn diễn biến của các thực thể"))),
    params(Parameters<Query>, ReadHeaders),
    responses(
        (status = 200, description = "A page of evolutions; Link leads to the pages around it.", body = Vec<Object>),
        (status = 201, description = "The same, by a new map.", body = Vec<Object>),
        (status = 206, description = "Part of the evolutions.", body = Vec<Object>),
        ReadRefusals
    )
)]
pub(crate) async fn query_evolutions(
    visit: Visit,
    parameters: Parameters<Query>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let context = visit.ld_context().await?;
    let asked = Asked::read(&parameters)?;
    let mut form = Form::members(&parameters, media, context, &visit.headers)?;
    form.sys_attrs = asked.sys_attrs;
    let window = Window::read(&parameters)?;
    let query = entity_query(&parameters, &form)?;
    needs_time(&asked.time)?;
    let wish = Wish::read(&parameters, &visit.headers)?;
    let mut beyond = Beyond::read(&parameters, &form)?;
    beyond.local |= parameters.text("type") == Some("*");
    if wish.is_wanted() {
        let how = (&asked, &form, &beyond);
        return Box::pin(by_map(&visit, query, window, how, (&parameters, &wish))).await;
    }
    page(&visit, (query, window), &asked, &form, (&parameters, &beyond)).await
}

/// Asks for the part of the answer that is wanted, and writes it.
pub(super) async fn page(
    visit: &Visit,
    (mut query, window): (EntityQuery, Window),
    asked: &Asked,
    form: &Form,
    (given, beyond): (&Given, &Beyond),
) -> Result<Response, Refusal> {
    only_by_id(&query)?;
    query.limit = window.limit.min(PAGE);
    query.offset = window.offset;
    query.count = window.count;
    let query: EvolutionQuery = asked.query(visit, query, form);
    let (mut page, warnings) = match Box::pin(evolutions(visit, &query, window, form, beyond)).await? {
        Some(PastPage { page, warnings, .. }) => (page, warnings),
        None => (visit.session.evolutions(&query).await?, Vec::new()),
    };
    answer::check_aggregated(&mut page, form)?;
    let mut response = warned(answer::list(&page, asked, form), &warnings);
    for link in window.links(EVOLUTIONS, given, form.media.name(), page.more) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(LINK, link);
        }
    }
    Ok(match page.total {
        Some(total) => counted(response, total),
        None => response,
    })
}
