//! The audit, for machines.

use axum::Json;
use dinh_context::graph::{Act, AuditOrder, AuditQuery, Entry};
use dinh_model::{EntityId, Timestamp};
use dinh_ngsild::problem::Problem;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters};

/// The audit.
pub(crate) struct Audit;

impl Operation for Audit {
    const PARAMETERS: &'static [Known] = &[
        Known::text("from", "Entries of this instant or later, as in 2026-11-20T00:00:00Z."),
        Known::text("to", "Entries before this instant."),
        Known::text("principal", "By this principal, by its whole name, as in account:0123… or anonymous."),
        Known::text("entity", "About this entity."),
        Known::text("action", "What was done: created, updated, deleted, record, or the name of an act."),
        Known::text(
            "text",
            "Words that stand somewhere in the entry, accents and case aside; at most 200 characters.",
        ),
        Known::text("order", "newest (the default) or oldest first."),
        Known::number("after", "Go on behind the entry of this number."),
        Known::number("limit", "Most entries to return: 100 if not given, at most 1000."),
    ];
}

/// Most entries in one answer.
const MOST: usize = 1_000;
/// Entries in an answer unless told otherwise.
const USUAL: usize = 100;
/// Longest text looked for, in characters.
const MAX_TEXT: usize = 200;
/// What is done to entities and records.
const DEEDS: [&str; 4] = ["created", "updated", "deleted", "record"];

/// Part of the audit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Entries {
    /// The entries, in the order asked for.
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Value>,
    /// The value of `after` that leads on, if there may be more. An answer may hold few entries, even none, and still
    /// lead on: looking is bounded too.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<u64>,
}

/// Entries of the audit
///
/// Answers with who did what, when, from where and why, in this tenant. Needs the right to audit.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/audit", tag = "province",
    extensions(("x-summary-vi" = json!("Các mục của nhật ký kiểm toán"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Audit>),
    responses((status = 200, description = "The entries.", body = Entries), ReadRefusals)
)]
pub(crate) async fn read_audit(
    Hall(visit): Hall,
    parameters: Parameters<Audit>,
) -> Result<Json<Entries>, Refusal> {
    let page = visit.session.audit(query(&parameters)?).await?;
    Ok(Json(Entries { entries: page.entries.iter().map(Entry::to_json).collect(), next: page.next }))
}

fn query(parameters: &Parameters<Audit>) -> Result<AuditQuery, Refusal> {
    let wrong = |name: &str, rule: &str| {
        Refusal::from(Problem::bad_data(format!("The URL parameter {name} must be {rule}.")))
    };
    let instant = |name: &'static str| -> Result<Option<Timestamp>, Refusal> {
        let text = parameters.text(name);
        text.map(str::parse)
            .transpose()
            .map_err(|_not_one| wrong(name, "an instant, as in 2026-11-20T00:00:00Z"))
    };
    let entity = parameters.text("entity").map(EntityId::parse).transpose();
    let action = parameters.text("action").map(str::to_owned);
    let known = |name: &String| DEEDS.contains(&name.as_str()) || Act::from_name(name).is_some();
    if action.as_ref().is_some_and(|action| !known(action)) {
        let names: Vec<&str> = DEEDS.into_iter().chain(Act::ALL.map(Act::name)).collect();
        return Err(wrong("action", &format!("one of {}", names.join(", "))));
    }
    let text = parameters.text("text").map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(wrong("text", &format!("at most {MAX_TEXT} characters long")));
    }
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let after = parameters.text("after").map(str::parse).transpose();
    Ok(AuditQuery {
        from: instant("from")?,
        to: instant("to")?,
        principal: parameters.text("principal").map(str::to_owned),
        entity: entity.map_err(|_not_one| wrong("entity", "a URI"))?,
        action,
        text,
        order: match parameters.text("order") {
            None | Some("newest") => AuditOrder::NewestFirst,
            Some("oldest") => AuditOrder::OldestFirst,
            Some(_) => return Err(wrong("order", "newest or oldest")),
        },
        after: after.map_err(|_not_one| wrong("after", "the number of an entry"))?,
        ..AuditQuery::latest(limit)
    })
}
