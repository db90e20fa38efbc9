//! The guard at the entrance: so many requests at once, each for so long.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use tokio::sync::Semaphore;

use crate::api::reply::Refusal;
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
}

/// Refuses at once what there is no place for, and gives up what takes too long. The place is held until the answer
/// begins: bodies that are streamed, such as live events, have their own bounds.
pub(super) async fn pass(guard: &Guard, request: Request, next: Next) -> Response {
    let Ok(_place) = guard.places.try_acquire() else {
        metrics::counter!("dinh_http_refused_total", "why" => "concurrency").increment(1);
        let detail =
            format!("{} requests are being worked on, the most at once. Try again in a second.", guard.most);
        return Refusal::busy(detail).into_response();
    };
    match tokio::time::timeout(guard.patience, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => {
            metrics::counter!("dinh_http_refused_total", "why" => "time").increment(1);
            let seconds = guard.patience.as_secs();
            let detail =
                format!("The request was given up after {seconds} seconds, the most that one may take.");
            Refusal::busy(detail).into_response()
        }
    }
}
