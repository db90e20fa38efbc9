//! The router: every route of the house behind one stack of middleware, and the server that runs it.

mod caller;
mod cookie;
mod front;
mod guard;
pub(crate) mod headers;
mod path;
mod rate;
mod refusals;
mod serve;
mod sites;
mod tls;
mod trace;
mod whence;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::middleware;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;

use self::front::Front;
pub(crate) use caller::{Caller, Guest};
pub(crate) use cookie::{cookie, end_session, set_session, set_taste, taste_cookie};
pub(crate) use rate::Spender;
pub use serve::serve;
pub use tls::{Acme, Tls, TlsError};

use crate::api;
use crate::api::reply::Refusal;
use crate::app::App;

/// Every route, ready to serve.
pub fn router(app: App) -> Router {
    Router::new().fallback_service(front(app))
}

/// The same, without a router around it.
fn front(app: App) -> Front {
    let (api, _document) = api::routes().split_for_parts();
    let (live, _document) = crate::live::routes().split_for_parts();
    let (operations, _document) = api::operations::routes().split_for_parts();
    let guard = guard::Guard::new(&app.settings);
    let entrance = Entrance::new(&app, guard.clone());
    let guarded = api
        .merge(live)
        .merge(crate::pages::routes())
        .fallback(nothing_here)
        .layer(middleware::from_fn_with_state(entrance, rate::pass));
    // What operators ask must be answered under load too, so it passes neither guard nor rate.
    let all = guarded
        .merge(operations.layer(middleware::from_fn_with_state(app.clone(), front::noted)))
        .with_state(app.clone());
    Front::around(all, guard, app)
}

/// What the innermost layer goes by. Cheap to clone.
#[derive(Clone)]
struct Entrance(Arc<EntranceInner>);

struct EntranceInner {
    app: App,
    book: rate::Book,
    guard: guard::Guard,
}

impl Entrance {
    fn new(app: &App, guard: guard::Guard) -> Self {
        Self(Arc::new(EntranceInner { app: app.clone(), book: rate::Book::new(app.settings.rate), guard }))
    }
}

/// What is not there: problem details for machines, a page for people.
async fn nothing_here(request: Request) -> Response {
    let path = request.uri().path();
    if api::is_for_machines(path) {
        Refusal::http(StatusCode::NOT_FOUND, format!("There is nothing at {path}.")).into_response()
    } else {
        crate::pages::not_found(request).await
    }
}

/// A handler has panicked: the client learns that much, the log has the rest.
#[expect(clippy::needless_pass_by_value, reason = "the signature that the panic layer calls")]
fn panicked(cause: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let text =
        cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    tracing::error!(cause = text.unwrap_or("unknown"), "a handler panicked");
    metrics::counter!("dinh_http_panics_total").increment(1);
    let detail = "Something broke on our side while answering. What was acknowledged before is kept.";
    Refusal::from(dinh_ngsild::problem::Problem::new(
        dinh_ngsild::problem::ProblemKind::InternalError,
        detail,
    ))
    .into_response()
}
