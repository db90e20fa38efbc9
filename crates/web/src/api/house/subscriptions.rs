//! How subscriptions stand with their notifications, and sending again.

use axum::Json;
use axum::extract::Request;
use dinh_context::subscriptions::{Again, Standing, Waiting};
use dinh_model::Timestamp;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_ngsild::subscription::Status;
use dinh_ngsild::write::instant_text;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::hall::Hall;
use crate::api::reply::{self, ReadRefusals, Refusal, WriteRefusals, sentence};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit, read_bytes, subscription_id};

/// Largest body, in bytes.
const MAX_BODY: usize = 4 << 10;

/// Subscriptions.
pub(crate) struct Standings;

impl Operation for Standings {
    const PARAMETERS: &'static [Known] = &[
        Known::flag("troubled", "Whether only those are wanted that fail or have something waiting."),
        Known::number("limit", "Most subscriptions to return: 100 if not given, at most 1000."),
        Known::number("offset", "So many are left out at the beginning."),
    ];
}

/// One of them.
pub(crate) struct One;

impl Operation for One {
    const PARAMETERS: &'static [Known] = &[];
}

/// Most subscriptions in one answer, and how many unless told otherwise.
const MOST: usize = 1_000;
const USUAL: usize = 100;
/// Furthest that a page may begin.
const FURTHEST: usize = 1_000_000;

/// A subscription, and how it stands with its notifications.
#[derive(Serialize, ToSchema)]
pub(crate) struct StandingBody {
    /// Its URI.
    id: String,
    /// `active`, `paused` or `expired`.
    status: &'static str,
    /// Why it tells nothing although nobody has paused it.
    status_reason: Option<String>,
    /// Whether it is one's own. Of others' the host of the endpoint is told alone, and no headers.
    own: bool,
    /// The subscription as NGSI-LD writes it, in the names of the core context.
    #[schema(value_type = Object)]
    subscription: serde_json::Value,
    /// Why the last attempt failed; none after a success.
    last_error: Option<String>,
    /// Failures since the last success.
    failures_in_a_row: u32,
    /// Changes that wait and may concern it, if they can be counted.
    waiting: Option<u64>,
    /// More waits than its queue holds: so many changes of the feed are still to be looked through.
    to_read: Option<u64>,
    /// When the next attempt is made, after one that has failed.
    next_try: Option<String>,
    /// So many changes of the feed are still to be looked through of what was asked for again.
    again: Option<u64>,
}

fn shown(standing: &Standing, visit: &Visit) -> StandingBody {
    let now = visit.app.context.clock().now();
    let deliveries = &standing.counters.deliveries;
    let status = match standing.halted {
        Some(_) => Status::Paused,
        None => standing.subscription.status(now),
    };
    let (waiting, to_read) = match standing.waiting {
        Waiting::Nothing => (Some(0), None),
        Waiting::Changes(waiting) => (u64::try_from(waiting).ok(), None),
        Waiting::ToRead(changes) => (None, Some(changes)),
    };
    StandingBody {
        id: standing.subscription.id.to_string(),
        status: status.as_str(),
        status_reason: standing.halted.map(|why| sentence(&why.to_string())),
        own: standing.own,
        subscription: standing.subscription.to_json(&visit.contexts().core(), deliveries, now),
        last_error: standing.counters.last_error.clone(),
        failures_in_a_row: standing.counters.failures_in_a_row,
        waiting,
        to_read,
        next_try: standing.next_try.map(instant_text),
        again: standing.again,
    }
}

/// List how subscriptions stand
///
/// Answers with one's own subscriptions and what becomes of their notifications: counters, what waits, the next attempt.
/// Administrators see those of everybody, without what is secret in them.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/subscriptions", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Tình trạng gửi tin của các đăng ký"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Standings>),
    responses((status = 200, description = "The subscriptions.", body = Vec<StandingBody>), ReadRefusals)
)]
pub(crate) async fn list_standings(
    Hall(visit): Hall,
    parameters: Parameters<Standings>,
) -> Result<Json<Vec<StandingBody>>, Refusal> {
    let troubled = parameters.flag("troubled")?;
    let offset = parameters.number("offset", FURTHEST)?.unwrap_or(0);
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let subscriptions = visit.app.context.subscriptions();
    let (page, _) = subscriptions.standings(&visit.session, troubled, (offset, limit)).await?;
    Ok(Json(page.iter().map(|one| shown(one, &visit)).collect()))
}

/// How one subscription stands
///
/// Answers with a subscription and what becomes of its notifications.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/subscriptions/{subscriptionId}", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Tình trạng gửi tin của một đăng ký"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<One>
    ),
    responses((status = 200, description = "The subscription.", body = StandingBody), ReadRefusals)
)]
pub(crate) async fn one_standing(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<One>,
) -> Result<Json<StandingBody>, Refusal> {
    let (_, id) = path.0;
    let id = subscription_id(&id)?;
    let standing = visit.app.context.subscriptions().standing(&visit.session, id.as_str()).await?;
    Ok(Json(shown(&standing, &visit)))
}

/// What is to be sent again.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgainAsked {
    /// Everything since then, as far as the change feed goes back; only what waits if it is left out.
    from: Option<String>,
}

/// What is sent again.
#[derive(Serialize, ToSchema)]
pub(crate) struct AgainBody {
    /// `nothing`: all was taken. `waiting`: what waits is tried at once. `now`: what is told by time is told now. `changes`:
    /// the feed is gone over again.
    again: &'static str,
    /// How many changes of the feed are gone over again, whatever of them matches.
    changes: Option<u64>,
}

/// Send notifications again
///
/// Without a body, or without `from`: what waits after failures is tried at once. With `from`: everything since then is told
/// again, in order, for a receiver that has lost it; at most 200 000 changes of the feed, and as far as it goes back. What
/// was asked for survives a restart. Owners may, and administrators; the audit notes it.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/subscriptions/{subscriptionId}/send-again", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Gửi lại các tin của một đăng ký"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("subscriptionId" = String, Path, description = "Identifier of the subscription, a URI."), Parameters<One>
    ),
    request_body(content = AgainAsked, description = "Since when; nothing for what waits.", content_type = "application/json"),
    responses(
        (status = 200, description = "It is on its way.", body = AgainBody),
        (status = 409, description = "It tells of nothing now, or is being sent again already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn send_again(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<One>,
    request: Request,
) -> Result<Json<AgainBody>, Refusal> {
    let (_, id) = path.0;
    let id = subscription_id(&id)?;
    let bytes = read_bytes(request, MAX_BODY).await?;
    let asked: AgainAsked = if bytes.is_empty() {
        AgainAsked::default()
    } else {
        let json = read::json(&bytes).map_err(Problem::from)?;
        let wrong = |error: serde_json::Error| Problem::bad_data(sentence(&format!("the body: {error}")));
        serde_json::from_value(json).map_err(wrong)?
    };
    let from = asked.from.map(|text| {
        text.parse::<Timestamp>().map_err(|_not_one| {
            Problem::bad_data(format!(
                "The member from is {text:?}; it must be a time such as 2026-11-20T07:05:00Z."
            ))
        })
    });
    let from = from.transpose()?;
    let sent = visit.app.context.subscriptions().send_again(&visit.session, id.as_str(), from).await?;
    let (again, changes) = match sent {
        Again::Nothing => ("nothing", None),
        Again::Waiting => ("waiting", None),
        Again::Now => ("now", None),
        Again::Changes(changes) => ("changes", Some(changes)),
    };
    Ok(Json(AgainBody { again, changes }))
}
