//! What brokers and documents elsewhere are used here: registrations with what became of the calls, and `@context` documents
//! with how often they were asked for.

use std::time::Duration;

use axum::Json;
use dinh_ngsild::write::instant_text;
use serde::Serialize;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::ngsild::context_entries;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};

/// What is used from elsewhere.
pub(crate) struct Used;

impl Operation for Used {
    const PARAMETERS: &'static [Known] = &[];
}

/// Registrations.
pub(crate) struct Registered;

impl Operation for Registered {
    const PARAMETERS: &'static [Known] = &[
        Known::number("limit", "Most registrations to return: 100 if not given, at most 1000."),
        Known::number("offset", "So many are left out at the beginning."),
    ];
}

/// Most registrations in one answer, and how many unless told otherwise.
const MOST: usize = 1_000;
const USUAL: usize = 100;
/// Furthest that a page may begin.
const FURTHEST: usize = 1_000_000;

/// A registration, and what became of the calls to its source.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationBody {
    /// The registration as NGSI-LD writes it, in the names of the core context, with its counters.
    #[schema(value_type = Object)]
    registration: serde_json::Value,
    /// Whether the source is left in peace now, after a failure.
    rests: bool,
}

/// List registrations
///
/// Answers with all registrations of other sources that hold now, each with its counters.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/registrations", tag = "registrations",
    extensions(("x-summary-vi" = json!("Mọi nguồn dữ liệu đã đăng ký, kèm tình trạng gọi"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Registered>),
    responses((status = 200, description = "The registrations.", body = Vec<RegistrationBody>), ReadRefusals)
)]
pub(crate) async fn list_all_registrations(
    Hall(visit): Hall,
    parameters: Parameters<Registered>,
) -> Result<Json<Vec<RegistrationBody>>, Refusal> {
    let offset = parameters.number("offset", FURTHEST)?.unwrap_or(0);
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let registrations = visit.app.context.registrations();
    let now = visit.app.context.clock().now();
    let core = visit.contexts().core();
    let all = registrations.all(&visit.session)?;
    let shown = all.iter().skip(offset).take(limit).map(|one| {
        let mut registration = one.registration.to_json(&core, &one.calls(), None);
        if !registrations.shows_all(&visit.session, &one.registration)
            && let Some(members) = registration.as_object_mut()
        {
            members.remove("contextSourceInfo");
        }
        RegistrationBody { registration, rests: one.rests(now) }
    });
    Ok(Json(shown.collect()))
}

/// An `@context` document.
#[derive(Serialize, ToSchema)]
pub(crate) struct ContextBody {
    /// Where it can be had.
    url: String,
    /// How it is called here.
    local_id: String,
    /// `Hosted`, `Cached` or `ImplicitlyCreated`.
    kind: &'static str,
    /// Since when it is here.
    created_at: String,
    /// Requests that named it since the program started.
    used: u64,
    /// When the last one did.
    last_used: Option<String>,
}

/// List @context documents and their use
///
/// Answers with the documents that are hosted or cached here, and how often requests have named them since the program
/// started.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/contexts", tag = "contexts",
    extensions(("x-summary-vi" = json!("Các tài liệu @context và mức sử dụng"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Used>),
    responses((status = 200, description = "The documents.", body = Vec<ContextBody>), ReadRefusals)
)]
pub(crate) async fn list_context_use(
    Hall(visit): Hall,
    _parameters: Parameters<Used>,
) -> Result<Json<Vec<ContextBody>>, Refusal> {
    let now = visit.app.context.clock().now();
    let ago = |ago: Duration| now.plus_micros(-i64::try_from(ago.as_micros()).unwrap_or(i64::MAX));
    let entries = context_entries(&visit).await?;
    let shown = entries.into_iter().map(|entry| {
        let used = visit.contexts().used(&entry.url);
        ContextBody {
            kind: entry.kind.name(),
            created_at: instant_text(entry.created_at),
            used: used.map_or(0, |used| used.times),
            last_used: used.map(|used| instant_text(ago(used.ago))),
            url: entry.url,
            local_id: entry.local_id,
        }
    });
    Ok(Json(shown.collect()))
}
