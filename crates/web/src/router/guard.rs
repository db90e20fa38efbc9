//! The guard at the entrance: so many requests at once, each for so long.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use tokio::sync::Semaphore;

use crate::api;
use crate::api::reply::Refusal;
use crate::pages;
use crate::settings::HttpSettings;

/// Lets requests in.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    places: Arc<Semaphore>,
    most: usize,
    patience: Duration,
}

impl Guard {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        let most = settings.max_concurrent.min(Semaphore::MAX_PERMITS);
        Self { places: Arc::new(Semaphore::new(most)), most, patience: settings.timeout }
    }

    /// The refusal of what a machine asks while there is no place. It is asked before anything else is done: whoever
    /// is refused early costs those who are let in little, however many they are.
    pub(super) fn turn_away(&self, request: &Request) -> Option<Response> {
        let full = self.places.available_permits() == 0;
        (full && api::is_for_machines(request.uri().path())).then(|| self.no_place(&Told::Machine))
    }

    fn no_place(&self, asker: &Told) -> Response {
        metrics::counter!("dinh_http_refused_total", "why" => "concurrency").increment(1);
        let most = self.most;
        let mut refused = asker
            .busy(format!("{most} requests are being worked on, the most at once. Try again in a second."));
        refused.extensions_mut().insert(Crowded);
        refused
    }
}

/// An answer says with it that there was no place: a refusal like others, not a failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crowded;

/// Refuses at once what there is no place for, and gives up what takes too long. The place is held until the answer
/// begins: bodies that are streamed, such as live events, have their own bounds.
pub(super) async fn pass(guard: &Guard, request: Request, next: Next) -> Response {
    let Ok(_place) = guard.places.try_acquire() else {
        return guard.no_place(&Told::of(&request));
    };
    let asker = Told::of(&request);
    match tokio::time::timeout(guard.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            metrics::counter!("dinh_http_refused_total", "why" => "time").increment(1);
            let seconds = guard.patience.as_secs();
            asker.busy(format!(
                "The request was given up after {seconds} seconds, the most that one may take."
            ))
        }
    }
}

/// Who is told that there is too much to do.
enum Told {
    /// By problem details.
    Machine,
    /// By a page, in the language and the look that these headers ask for.
    Person(HeaderMap),
}

impl Told {
    fn of(request: &Request) -> Self {
        if api::is_for_machines(request.uri().path()) {
            Self::Machine
        } else {
            Self::Person(request.headers().clone())
        }
    }

    fn busy(&self, detail: String) -> Response {
        match self {
            Self::Machine => Refusal::busy(detail).into_response(),
            Self::Person(headers) => pages::busy(headers),
        }
    }
}
