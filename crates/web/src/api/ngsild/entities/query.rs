//! Query entities (CIM 009 clauses 5.7.2 and 6.4.3.2).

use axum::response::Response;

use crate::api::ngsild::answer;
use crate::api::ngsild::conditions::entity_query;
use crate::api::ngsild::federated::Beyond;
use crate::api::ngsild::form::Form;
use crate::api::ngsild::known::{
    AFTER, ATTRS, COLLATION, CONTAINED_BY, COORDINATES, COUNT, CSF, DATASET_ID, ENTITY_MAP,
    ENTITY_MAP_LIFETIME, EXPAND_VALUES, FORMAT, GEOMETRY, GEOMETRY_PROPERTY, GEOPROPERTY, GEOREL, ID,
    ID_PATTERN, JOIN, JOIN_LEVEL, JSON_KEYS, LANG, LIMIT, LOCAL, OFFSET, OMIT, OPTIONS_READ, ORDER_BY,
    ORDER_FROM, ORDER_GEOMETRY, PICK, Q, SCOPE_Q, SPLIT_ENTITIES, TYPE,
};
use crate::api::ngsild::maps::{Wish, mapped};
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{JSON_OR_GEO, Known, Media, Operation, Parameters, Visit, Window};

/// Query entities.
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
        GEOMETRY_PROPERTY,
        SCOPE_Q,
        DATASET_ID,
        LANG,
        ORDER_BY,
        ORDER_FROM,
        ORDER_GEOMETRY,
        COLLATION,
        LIMIT,
        OFFSET,
        COUNT,
        AFTER,
        FORMAT,
        OPTIONS_READ,
        LOCAL,
        EXPAND_VALUES,
        JSON_KEYS,
        CSF,
        SPLIT_ENTITIES,
        JOIN,
        JOIN_LEVEL,
        CONTAINED_BY,
        ENTITY_MAP,
        ENTITY_MAP_LIFETIME,
    ];
}

/// Query entities
///
/// Answers with the entities that meet all conditions, page by page. At least one of type, attrs, pick, q and georel
/// is needed, or local=true.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/entities", tag = "entities",
    extensions(("x-summary-vi" = json!("Truy vấn các thực thể"))),
    params(Parameters<Query>, ReadHeaders),
    responses(
        (status = 200, description = "A page of entities; Link leads to the pages around it.", content(
            (Vec<Object> = "application/json"), (Vec<Object> = "application/ld+json"), (Object = "application/geo+json"))),
        ReadRefusals
    )
)]
pub(crate) async fn query_entities(visit: Visit, parameters: Parameters<Query>) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON_OR_GEO)?;
    let context = visit.ld_context().await?;
    let form = Form::read(&parameters, media, context, &visit.headers)?;
    let window = Window::read(&parameters)?;
    let query = entity_query(&parameters, &form)?;
    let mut beyond = Beyond::read(&parameters, &form)?;
    beyond.local |= parameters.text("type") == Some("*");
    let wish = Wish::read(&parameters, &visit.headers)?;
    if wish.is_wanted() {
        let mapped = Box::pin(mapped(&visit, &query, window, &form, (&beyond, &wish))).await?;
        return Box::pin(answer::mapped(&visit, mapped, window, &form, &parameters)).await;
    }
    answer::page(&visit, query, window, &form, (Some(&parameters), &beyond)).await
}
