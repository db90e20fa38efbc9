//! An HTTP endpoint that receives notifications, in any mood.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, routing::post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::until;

/// How the endpoint answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// 200 at once.
    Well,
    /// 500, and what was sent is not counted as received.
    Broken,
    /// Never answers.
    Hanging,
}

/// One notification as it arrived.
#[derive(Clone, Debug)]
pub struct Notification {
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Value,
}

impl Notification {
    /// The entities it tells of.
    pub fn entities(&self) -> &[Value] {
        self.body["data"].as_array().map_or(&[], Vec::as_slice)
    }
}

#[derive(Debug)]
struct Shared {
    mood: Mutex<Mood>,
    received: Mutex<Vec<Notification>>,
}

/// A receiver on a free port, gone when dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Starts listening.
    pub async fn start() -> Result<Self> {
        let shared = Arc::new(Shared { mood: Mutex::new(Mood::Well), received: Mutex::new(Vec::new()) });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().route("/notify", post(receive)).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, shared, task })
    }

    /// The endpoint's address.
    pub fn url(&self) -> String {
        format!("http://{}/notify", self.address)
    }

    /// Changes how it answers from now on.
    pub fn set(&self, mood: Mood) {
        *self.shared.mood.lock().unwrap_or_else(PoisonError::into_inner) = mood;
    }

    /// What has arrived so far.
    pub fn received(&self) -> Vec<Notification> {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what has arrived so far.
    pub fn clear(&self) {
        self.shared.received.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Waits until what has arrived satisfies `enough`, and returns it.
    pub async fn wait_for(
        &self,
        what: &str,
        limit: Duration,
        enough: impl Fn(&[Notification]) -> bool,
    ) -> Result<Vec<Notification>> {
        until(what, limit, || async {
            let received = self.received();
            Ok(enough(&received).then_some(received))
        })
        .await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> StatusCode {
    let mood = *shared.mood.lock().unwrap_or_else(PoisonError::into_inner);
    match mood {
        Mood::Well => {
            let mut received = shared.received.lock().unwrap_or_else(PoisonError::into_inner);
            received.push(Notification { headers, body });
            StatusCode::OK
        }
        Mood::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        Mood::Hanging => std::future::pending().await,
    }
}
