//! What every request passes on its way in, and every answer on its way out.
//!
//! It stands around the routes as one service rather than as a stack of layers on each of them: a layer on a route is
//! cloned with everything beneath it for every request and at every level, and a stack of eight of them cost more than
//! most answers. Which route a request takes is found out within; see [`noted`].

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use futures::FutureExt as _;
use http::HeaderValue;
use http::header::{ACCEPT_ENCODING, VARY};
use tower::{Layer as _, Service, ServiceExt as _};
use tower_http::catch_panic::{CatchPanic, CatchPanicLayer};
use tower_http::compression::{Compression, CompressionLayer};
use tracing::Instrument as _;

use super::guard::Guard;
use super::headers::{Asked, answer_for_methods, protect};
use super::path::trim;
use super::refusals::Refusals;
use super::whence::Whence;
use super::{sites, trace};
use crate::app::App;

type Panicked = fn(Box<dyn std::any::Any + Send + 'static>) -> Response;

/// The way in. Cheap to clone.
#[derive(Clone)]
pub(super) struct Front(Arc<Inner>);

struct Inner {
    app: App,
    guard: Guard,
    seen: trace::Seen,
    routes: CatchPanic<Router, Panicked>,
    compressing: Compression<CatchPanic<Router, Panicked>>,
}

impl Front {
    /// Around the routes, with the guard that stands before most of them.
    pub(super) fn around(routes: Router, guard: Guard, app: App) -> Self {
        let routes = CatchPanicLayer::custom(super::panicked as Panicked).layer(routes);
        let compressing = CompressionLayer::new().layer(routes.clone());
        Self(Arc::new(Inner { app, guard, seen: trace::Seen::new(Refusals::default()), routes, compressing }))
    }

    /// Answers one request.
    pub(super) async fn answer(self, request: Request) -> Response {
        let Inner { app, seen, guard, .. } = &*self.0;
        if let Some(mut refused) = guard.turn_away(&request).await {
            let whence = Whence::of(request.extensions(), request.headers(), &app.settings.trusted_proxies);
            seen.turned_away(request.method().clone(), whence, app.context.clock().now());
            protect(app, &mut refused);
            return refused;
        }
        let asked = Asked::of(&request);
        let request = trim(request);
        let followed = trace::Followed::begin(app, &request);
        let mut response = self.within(request).instrument(followed.span.clone()).await;
        protect(app, &mut response);
        followed.end(app, seen, &mut response);
        answer_for_methods(&asked, response)
    }

    /// In a box: what a route needs differs, and whoever waits need not have room for all of it.
    fn within(&self, request: Request) -> Pin<Box<dyn Future<Output = Response> + Send>> {
        if request.headers().contains_key(ACCEPT_ENCODING) {
            let routed = self.0.compressing.clone().oneshot(request);
            return Box::pin(routed.map(|answered| match answered {
                Ok(response) => response.map(Body::new),
                Err(never) => match never {},
            }));
        }
        let routed = self.0.routes.clone().oneshot(request);
        Box::pin(routed.map(|answered| match answered {
            Ok(response) => varied(response.map(Body::new)),
            Err(never) => match never {},
        }))
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let front = self.clone();
        Box::pin(async move { Ok(front.answer(request).await) })
    }
}

/// Says that somebody else may be answered in another encoding, as answers that could have been compressed do.
fn varied(mut response: Response) -> Response {
    response.headers_mut().append(VARY, HeaderValue::from_static("accept-encoding"));
    response
}

/// Notes which route a request takes, where no more stands before it than that other sites' pages are refused.
pub(super) async fn noted(State(app): State<App>, request: Request, next: Next) -> Response {
    let route = taken(&request);
    match sites::guard(&app, &request) {
        Some(refused) => tell(route, refused),
        None => tell(route, next.run(request).await),
    }
}

/// The route that a request takes.
pub(super) fn taken(request: &Request) -> Option<MatchedPath> {
    request.extensions().get().cloned()
}

/// The answer of a route, which says so to those around it.
pub(super) fn tell(route: Option<MatchedPath>, mut response: Response) -> Response {
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}
