//! Maps of the entities whose evolutions a query finds (CIM 009 clauses 5.14.5, 5.7.3.4, 5.7.4.4 and 6.35).

use axum::response::Response;
use dinh_context::graph::EvolutionQuery;
use dinh_federation::{HERE, MOST_ENTITIES, SourceMaps};
use dinh_model::EntityId;
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::temporal::{TemporalFormat, TemporalQuery};
use http::StatusCode;
use indexmap::IndexMap;

use super::asked::{Asked, needs_time, only_by_id};
use super::query::{Query, page};
use crate::api::ngsild::body_query::BodyQuery;
use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::federated::{Beyond, evolutions, past_mapped_elsewhere};
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::LOCAL;
use crate::api::ngsild::maps::{Wish, keep_found, known, of, shown, with_map};
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal, WriteHeaders};
use crate::api::request::{Given, JSON, Known, Media, Operation, Parameters, Visit, Window, Written};

/// Make a map of evolutions by a body.
pub(crate) struct ByBody;

impl Operation for ByBody {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Make a map of the evolutions that a query finds
///
/// Finds the entities that said something in the time asked for, up to 10,000, and keeps which they are, for an hour unless
/// entityMapLifetime says otherwise. Whoever names the map in NGSILD-EntityMap gets pages that hang together.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/temporal/entityMaps", tag = "temporal",
    extensions(("x-summary-vi" = json!("Lập danh sách thực thể có diễn biến tìm được"))),
    params(Parameters<Query>, ReadHeaders),
    responses((status = 201, description = "The map; NGSILD-EntityMap tells where.", body = Object), ReadRefusals)
)]
pub(crate) async fn create_temporal_entity_map(
    visit: Visit,
    parameters: Parameters<Query>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON)?;
    let context = visit.ld_context().await?;
    let asked = Asked::read(&parameters)?;
    let form = Form::members(&parameters, media, context, &visit.headers)?;
    let query = entity_query(&parameters, &form)?;
    needs_time(&asked.time)?;
    only_by_id(&query)?;
    let wish = Wish::read(&parameters, &visit.headers)?.anew();
    let beyond = Beyond::read(&parameters, &form)?;
    made(&visit, &query, (&asked, &form, &beyond), &wish).await
}

/// Make a map of the evolutions that a query in a body finds
///
/// Answers like GET on these maps, for queries that are too long for a URL.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/temporal/entityMaps", tag = "temporal",
    extensions(("x-summary-vi" = json!("Lập danh sách thực thể có diễn biến bằng thân yêu cầu"))),
    params(Parameters<ByBody>, WriteHeaders),
    request_body(content = Object, description = "A Query object with temporalQ (clause 5.2.23).", content_type = "application/json"),
    responses((status = 201, description = "The map; NGSILD-EntityMap tells where.", body = Object), ReadRefusals)
)]
pub(crate) async fn create_temporal_entity_map_by_body(
    visit: Visit,
    parameters: Parameters<ByBody>,
    written: Written,
) -> Result<Response, Refusal> {
    Media::wanted(&visit.headers, JSON)?;
    let document = written.document(visit.contexts()).await?;
    let wish = Wish::of_body(&document.json)?;
    let local = parameters.flag("local")?;
    let BodyQuery { query, form, time, beyond } =
        BodyQuery::read(document.json, &document.context, &visit.headers, local)?;
    let time = time.ok_or_else(|| Problem::bad_data("temporalQ: a query for evolutions needs it."))?;
    needs_time(&time)?;
    only_by_id(&query)?;
    let asked = Asked { format: TemporalFormat::Records, sys_attrs: false, time, aggregation: None };
    made(&visit, &query, (&asked, &form, &beyond), &wish).await
}

/// In which form evolutions are asked for, and of whom.
type How<'a> = (&'a Asked, &'a Form, &'a Beyond);

/// Finds them, keeps which they are, and shows it.
async fn made(visit: &Visit, query: &EntityQuery, how: How<'_>, wish: &Wish) -> Result<Response, Refusal> {
    let (entities, elsewhere) = found(visit, query, how).await?;
    let trace = keep_found(visit, wish, entities, elsewhere);
    let map =
        of(visit, &trace).ok_or_else(|| Problem::bad_data("entityMapLifetime: the map ended at once."))?;
    Ok(with_map(reply::json_body(StatusCode::CREATED, &shown(&map)), &trace))
}

/// Answers by the map that is named, or by a new one: 201 if it is new.
pub(super) async fn by_map(
    visit: &Visit,
    mut query: EntityQuery,
    window: Window,
    how: How<'_>,
    (given, wish): (&Given, &Wish),
) -> Result<Response, Refusal> {
    only_by_id(&query)?;
    let (ids, linked, trace) = if let Some(known) = known(visit, wish) {
        known
    } else {
        let (entities, elsewhere) = found(visit, &query, how).await?;
        let (ids, linked) = (entities.keys().cloned().collect(), elsewhere.linked.clone());
        (ids, linked, keep_found(visit, wish, entities, elsewhere))
    };
    let wanted = std::mem::take(&mut query.ids);
    query.ids = ids.into_iter().filter(|id| wanted.is_empty() || wanted.contains(id)).collect();
    if query.ids.is_empty() {
        // No identifier would mean any: this one nobody has.
        query.ids.push(EntityId::trusted("urn:ngsi-ld:Nothing:of-an-empty-map"));
    }
    let (asked, form, beyond) = how;
    let beyond = Beyond { maps: linked, ..beyond.clone() };
    let mut response = page(visit, (query, window), asked, form, (given, &beyond)).await?;
    if trace.new && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(with_map(response, &trace))
}

/// The entities that said something in the time asked for, as far as a map reaches.
async fn found(
    visit: &Visit,
    query: &EntityQuery,
    (asked, form, beyond): How<'_>,
) -> Result<(IndexMap<EntityId, Vec<String>>, SourceMaps), Refusal> {
    let entities = EntityQuery { limit: PAGE, offset: 0, count: false, ..query.clone() };
    let mut query: EvolutionQuery = asked.query(visit, entities, form);
    // Which they are is all that is asked; one record of each tells it.
    query.time = TemporalQuery { last: Some(1), ..query.time };
    query.aggregation = None;
    let here = || vec![HERE.to_owned()];
    let elsewhere = past_mapped_elsewhere(visit, &query, form, beyond).await;
    let beyond = &Beyond { maps: elsewhere.linked.clone(), ..beyond.clone() };
    let whole = Window { limit: PAGE - 1, offset: 0, count: false, after: None };
    if let Some(past) = Box::pin(evolutions(visit, &query, whole, form, beyond)).await? {
        if past.page.more {
            return Err(too_many(whole.limit));
        }
        let ids = past.page.entities.into_iter().map(|told| told.id);
        let told = ids.map(|id| (id.clone(), past.told.get(&id).cloned().unwrap_or_else(here)));
        return Ok((told.collect(), elsewhere));
    }
    let mut found = IndexMap::new();
    loop {
        let page = visit.session.evolutions(&query).await?;
        let more = page.more && !page.entities.is_empty();
        found.extend(page.entities.into_iter().map(|told| (told.id, here())));
        if found.len() > MOST_ENTITIES || (more && found.len() == MOST_ENTITIES) {
            return Err(too_many(MOST_ENTITIES));
        }
        if !more {
            return Ok((found, elsewhere));
        }
        query.entities.offset = found.len();
    }
}

fn too_many(most: usize) -> Refusal {
    let detail = format!("The query finds more than {most} entities, the most that such a map holds.");
    Problem::new(ProblemKind::TooManyResults, detail).into()
}
