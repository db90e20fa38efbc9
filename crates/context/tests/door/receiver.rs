//! An HTTP endpoint that takes notifications, or refuses them for a while.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::Value as Json;

#[derive(Clone, Default)]
pub(crate) struct Receiver {
    taken: Arc<Mutex<Vec<Json>>>,
    refusing: Arc<AtomicBool>,
    pub(crate) url: String,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self { url: format!("http://{}/", listener.local_addr().unwrap()), ..Self::default() };
        let app = Router::new().route("/", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        receiver
    }

    pub(crate) fn refuse(&self, refusing: bool) {
        self.refusing.store(refusing, Ordering::SeqCst);
    }

    pub(crate) fn taken(&self) -> Vec<Json> {
        self.taken.lock().unwrap().clone()
    }

    /// The levels told of, in order.
    pub(crate) fn levels(&self) -> Vec<f64> {
        let taken = self.taken();
        let data = taken.iter().flat_map(|n| n["data"].as_array().unwrap());
        data.filter_map(|entity| entity["waterLevel"]["value"].as_f64()).collect()
    }

    /// Waits until `done` holds of what was taken.
    pub(crate) async fn until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        for _ in 0..600 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!(
            "not within 30 s: {what}; taken: {:#?}",
            self.taken().iter().rev().take(3).collect::<Vec<_>>()
        );
    }
}

async fn take(State(receiver): State<Receiver>, body: String) -> StatusCode {
    if receiver.refusing.load(Ordering::SeqCst) {
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    receiver.taken.lock().unwrap().push(serde_json::from_str(&body).unwrap());
    StatusCode::NO_CONTENT
}
