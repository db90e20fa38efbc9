//! `GET /api/v1/{tenant}/events`: server-sent events.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use dinh_access::{Audience, Principal, Purpose, Sight};
use dinh_model::Tenant;
use futures::{Stream, StreamExt as _};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;

use super::hub::{Full, Watcher};
use super::message::GREETING;
use crate::api::reply::Refusal;
use crate::app::App;
use crate::layers::Layer;
use crate::router::{Guest, Spender};

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// Time between looks whether somebody may still watch, where nothing of their account changes: rights have dates.
const LOOK: Duration = Duration::from_secs(10);
/// Seconds until it is worth trying again.
const SOON: u64 = 10;

/// Which layers to watch.
#[derive(Debug, Deserialize)]
pub(super) struct Watched {
    /// Names of layers, separated by commas; all layers of the province if not told.
    #[serde(default)]
    layers: Option<String>,
    /// Where to go on, for clients that cannot send the header `Last-Event-ID`.
    #[serde(default)]
    after: Option<u64>,
}

/// Streams what changes in layers of a province.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/events", tag = "map", summary = "Live changes of map layers, as server-sent events",
    description = "Events: `change` with {seq, items: [{eid, layer, name, lon, lat, v, t, c, stale, replay, at, gone}]}; \
                   `reset`: too much was missed, fetch everything again; `health`: a source has changed its state. A \
                   comment each 15 seconds shows that the connection lives. `Last-Event-ID` resumes. The stream ends \
                   at once when the session or the key ends, and within 10 seconds when a right does, that it was \
                   opened with.",
    extensions(("x-summary-vi" = json!("Thay đổi trực tiếp của các lớp bản đồ (server-sent events)"))),
    params(
        ("tenant" = String, Path, description = "The province."),
        ("layers" = Option<String>, Query, description = "Names of layers, separated by commas; all of them if not given."),
        ("after" = Option<u64>, Query, description = "Where to go on, for clients that cannot send Last-Event-ID."),
    ),
    responses(
        (status = 200, description = "The stream.", body = String, content_type = "text/event-stream"),
        (status = 404, description = "There is no such province or layer."),
        (status = 401, description = "The key is refused."),
        (status = 429, description = "This caller follows as many streams as one may."),
        (status = 503, description = "As many watch as may watch at once."),
    )
)]
pub(super) async fn events(
    State(app): State<App>,
    guest: Guest,
    Path(tenant): Path<String>,
    Query(watched): Query<Watched>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let nothing = |what: String| Refusal::http(StatusCode::NOT_FOUND, what);
    let province = app.context.packs().province(&tenant);
    let tenant = province.ok_or_else(|| nothing(format!("There is no province {tenant:?}.")))?.tenant.clone();
    let layers = chosen(&app, &tenant, watched.layers.as_deref())
        .map_err(|name| nothing(format!("There is no layer {name:?}.")))?;
    let last = headers.get(LAST_EVENT_ID).and_then(|v| v.to_str().ok()).and_then(|v| v.parse().ok());
    let hub = &app.display().hub;
    let sight = sight(&app, guest.principal.clone(), &tenant)?;
    let seats = seats(&app, &guest);
    let found = hub.watch((&tenant, &sight), &layers, last.or(watched.after), seats).await;
    let follower = found.map_err(|full| match full {
        Full::House => {
            Refusal::busy(format!("{} are watching, the most at once. Try again in a minute.", hub.most()))
        }
        Full::Caller(most) => {
            Refusal::too_many(format!("One caller may follow {most} streams of live events at once."), SOON)
        }
    })?;
    metrics::gauge!("dinh_live_watchers").set(f64::from(u32::try_from(hub.watching()).unwrap_or(u32::MAX)));
    let ended = ended(app.clone(), guest, tenant, sight.audience());
    let messages = Messages::new(follower).take_until(Box::pin(ended));
    let mut response = Body::from_stream(messages).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
}

fn sight(app: &App, principal: Principal, tenant: &Tenant) -> Result<Arc<Sight>, Refusal> {
    Ok(app.context.session(principal, tenant.clone(), Purpose::Operations).sight()?)
}

/// Whose places a stream takes and how many there are; none for this machine, unless it is counted like others.
fn seats(app: &App, guest: &Guest) -> Option<(Spender, u32)> {
    let rate = &app.settings.rate;
    let sender = guest.from.address?;
    if guest.principal == Principal::Local && !rate.this_machine {
        return None;
    }
    let caller = Spender::of(Some(&guest.principal), sender);
    let most = if caller.is_known() { rate.live.saturating_mul(rate.known_times) } else { rate.live };
    Some((caller, most.get()))
}

/// Waits until whoever watches may no longer see what they saw at first: they have signed out, their session or key has
/// ended, or a role has. A browser then comes back by itself, as whoever it is by then.
async fn ended(app: App, guest: Guest, tenant: Tenant, audience: Audience) {
    let mut changes = app.identity.changes();
    loop {
        let Some(principal) = guest.still(&app, &tenant).await else { return };
        if sight(&app, principal, &tenant).ok().is_none_or(|sight| sight.audience() != audience) {
            return;
        }
        match &guest.principal {
            Principal::Account(account) => tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = changes.of(&account.id) => {}
            },
            _ => tokio::time::sleep(LOOK).await,
        }
    }
}

/// The layers named, or the name that there is no layer for.
fn chosen<'a>(app: &'a App, tenant: &Tenant, names: Option<&str>) -> Result<Vec<&'a Layer>, String> {
    let layers = &app.display().layers;
    let Some(names) = names else { return Ok(layers.of(tenant).collect()) };
    let wanted = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    wanted.map(|name| layers.find(tenant, name).ok_or_else(|| name.to_owned())).collect()
}

/// The body: greeting, what was missed, what comes.
struct Messages {
    first: std::vec::IntoIter<Bytes>,
    watcher: Watcher,
}

impl Messages {
    fn new(mut watcher: Watcher) -> Self {
        let mut first = vec![GREETING];
        first.append(&mut watcher.missed);
        Self { first: first.into_iter(), watcher }
    }
}

impl Stream for Messages {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        if let Some(message) = self.first.next() {
            return Poll::Ready(Some(Ok(message)));
        }
        self.watcher.messages.poll_recv(task).map(|message| message.map(Ok))
    }
}
