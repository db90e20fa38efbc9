//! The guard at the entrance: so many requests at once, each for so long.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::extract::{ConnectInfo, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::HeaderMap;
use lru::LruCache;
use tokio::sync::Semaphore;

use crate::api;
use crate::api::reply::Refusal;
use crate::pages;
use crate::settings::HttpSettings;

/// When whoever is refused is told to come again.
const SOON: Duration = Duration::from_secs(1);
/// Connections that are remembered; those refused longest ago are forgotten first.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(16_384).expect("not zero");

/// When connections were refused last. Cheap to clone.
#[derive(Clone, Debug)]
struct Impatient(Arc<Mutex<LruCache<SocketAddr, Instant>>>);

impl Default for Impatient {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(LruCache::new(REMEMBERED))))
    }
}

impl Impatient {
    /// Notes that a connection is refused; tells how much too soon it came, if it was refused before.
    fn note(&self, request: &Request, now: Instant) -> Option<Duration> {
        let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = last.get(peer).and_then(|at| (*at + SOON).checked_duration_since(now));
        let left = left.filter(|left| !left.is_zero());
        last.put(*peer, now + left.unwrap_or_default());
        left
    }
}

/// Lets requests in.
#[derive(Clone, Debug)]
pub(super) struct Guard {
    places: Arc<Semaphore>,
    impatient: Impatient,
    most: usize,
    patience: Duration,
}

impl Guard {
    pub(super) fn new(settings: &HttpSettings) -> Self {
        let most = settings.max_concurrent.min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(most)),
            impatient: Impatient::default(),
            most,
            patience: settings.timeout,
        }
    }

    /// The refusal of what a machine asks while there is no place. It is asked before anything else is done: whoever
    /// is refused early costs those who are let in little, however many they are. Whoever comes again by the same
    /// connection sooner than they were told to waits here for the rest of that time, and is let in if there is a place then.
    pub(super) fn turn_away(
        &self,
        request: &Request,
    ) -> impl Future<Output = Option<Response>> + Send + use<'_> {
        let refused = self.is_full() && api::is_for_machines(request.uri().path());
        let too_soon = if refused { self.impatient.note(request, Instant::now()) } else { None };
        async move {
            if let Some(too_soon) = too_soon {
                tokio::time::sleep(too_soon).await;
            }
            (refused && self.is_full()).then(|| self.no_place(&Told::Machine))
        }
    }

    fn is_full(&self) -> bool {
        self.places.available_permits() == 0
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

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn by(port: u16) -> Request {
        let mut request = Request::new(Body::empty());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([203, 0, 113, 7], port))));
        request
    }

    #[test]
    fn who_comes_again_too_soon_waits_for_the_rest_of_the_second() {
        let (impatient, begun) = (Impatient::default(), Instant::now());
        let after = |ms: u64| begun + Duration::from_millis(ms);
        assert_eq!(impatient.note(&by(1), after(0)), None, "the first time");
        assert_eq!(impatient.note(&by(1), after(300)), Some(Duration::from_millis(700)));
        assert_eq!(
            impatient.note(&by(1), after(1_050)),
            Some(Duration::from_millis(950)),
            "refused at 1,000"
        );
        assert_eq!(impatient.note(&by(1), after(3_000)), None, "patient");
        assert_eq!(impatient.note(&by(2), after(3_000)), None, "another connection");
        assert_eq!(impatient.note(&Request::new(Body::empty()), after(0)), None, "within the process");
    }
}
