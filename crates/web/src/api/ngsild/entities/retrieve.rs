//! Retrieve an entity (CIM 009 clauses 5.7.1 and 6.5.3.1).

use axum::response::{IntoResponse as _, Response};
use dinh_ngsild::problem::{Problem, ProblemKind};
use http::StatusCode;

use crate::api::ngsild::answer;
use crate::api::ngsild::federated::{self, One};
use crate::api::ngsild::form::{Form, Item};
use crate::api::ngsild::known::{
    ATTRS, CONTAINED_BY, DATASET_ID, ENTITY_MAP, ENTITY_MAP_LIFETIME, FORMAT, GEOMETRY_PROPERTY, JOIN,
    JOIN_LEVEL, LANG, LOCAL, OMIT, OPTIONS_READ, PICK, TYPE_OF_ONE,
};
use crate::api::ngsild::maps::{MAP, Wish, of_one};
use crate::api::ngsild::write::types;
use crate::api::reply::{self, ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{
    JSON_OR_GEO, Known, Media, Operation, Parameters, Segments, Visit, entity_id, is_known,
};

/// Retrieve an entity.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[
        ATTRS,
        PICK,
        OMIT,
        TYPE_OF_ONE,
        DATASET_ID,
        LANG,
        GEOMETRY_PROPERTY,
        FORMAT,
        OPTIONS_READ,
        LOCAL,
        JOIN,
        JOIN_LEVEL,
        CONTAINED_BY,
        ENTITY_MAP,
        ENTITY_MAP_LIFETIME,
    ];
}

/// Retrieve an entity
///
/// Answers with one entity, in the representation asked for.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/entities/{entityId}", tag = "entities",
    extensions(("x-summary-vi" = json!("Đọc một thực thể"))),
    params(
        ("entityId" = String, Path, description = "Identifier of the entity, a URI."), Parameters<Retrieve>, ReadHeaders,
        ("If-None-Match" = Option<String>, Header, description = "An ETag that the client holds; 304 if it is the newest."),
    ),
    responses(
        (status = 200, description = "The entity; ETag tells its version.", content(
            (Object = "application/json"), (Object = "application/ld+json"), (Object = "application/geo+json"))),
        (status = 304, description = "The client holds this version."),
        ReadRefusals
    )
)]
pub(crate) async fn retrieve_entity(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let media = Media::wanted(&visit.headers, JSON_OR_GEO)?;
    let id = entity_id(&id)?;
    let context = visit.ld_context().await?;
    let form = Form::read(&parameters, media, context, &visit.headers)?;
    let wish = Wish::read(&parameters, &visit.headers)?;
    let types = types(&parameters, &form.context)?;
    let local = parameters.flag("local")?;
    let One { entity, written, version, sources, warnings } =
        federated::entity(&visit, &id, types.as_ref(), &form, local).await?;
    if types.is_some_and(|types| !types.matches(&entity.types)) {
        return Err(Problem::not_found(id.as_str()).into());
    }
    if !form.finds_attributes(&entity) {
        let detail = format!("{id} has none of the attributes that attrs names.");
        return Err(Problem::new(ProblemKind::ResourceNotFound, detail).about(id.as_str()).into());
    }
    if !form.shows(&entity) {
        let detail = format!("{id} has none of the members that pick and omit leave.");
        return Err(Problem::new(ProblemKind::ResourceNotFound, detail).about(id.as_str()).into());
    }
    let response = if version.is_some_and(|version| is_known(&visit.headers, version)) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        answer::one(&visit, Item { entity: &entity, written: Some(&written) }, &form).await?
    };
    let mut response = federated::warned(response, &warnings);
    if wish.is_wanted() {
        reply::put(&mut response, MAP, &of_one(&visit, &wish, &id, sources));
    }
    Ok(match version {
        Some(version) => reply::with_version(response, version),
        None => response,
    })
}
