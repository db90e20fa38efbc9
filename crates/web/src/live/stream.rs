//! `GET /api/v1/{tenant}/events`: server-sent events.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use dinh_access::Purpose;
use dinh_model::Tenant;
use futures::Stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;

use super::hub::Watcher;
use super::message::GREETING;
use crate::api::reply::Refusal;
use crate::app::App;
use crate::layers::Layer;
use crate::router::Caller;

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

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
                   comment each 15 seconds shows that the connection lives. `Last-Event-ID` resumes.",
    extensions(("x-summary-vi" = json!("Thay đổi trực tiếp của các lớp bản đồ (server-sent events)"))),
    params(
        ("tenant" = String, Path, description = "The province."),
        ("layers" = Option<String>, Query, description = "Names of layers, separated by commas; all of them if not given."),
        ("after" = Option<u64>, Query, description = "Where to go on, for clients that cannot send Last-Event-ID."),
    ),
    responses(
        (status = 200, description = "The stream.", body = String, content_type = "text/event-stream"),
        (status = 404, description = "There is no such province or layer."),
        (status = 503, description = "As many watch as may watch at once."),
    )
)]
pub(super) async fn events(
    State(app): State<App>,
    Caller(caller): Caller,
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
    let sight = app.context.session(caller, tenant.clone(), Purpose::Operations).sight()?;
    let Some(guest) = hub.watch((&tenant, &sight), &layers, last.or(watched.after)).await else {
        let most = hub.most();
        return Err(Refusal::busy(format!("{most} are watching, the most at once. Try again in a minute.")));
    };
    metrics::gauge!("dinh_live_watchers").set(f64::from(u32::try_from(hub.watching()).unwrap_or(u32::MAX)));
    let mut response = Body::from_stream(Messages::new(guest)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(ACCEL_BUFFERING, HeaderValue::from_static("no"));
    Ok(response)
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
