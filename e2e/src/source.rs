//! Another broker as tests play it: it answers what it was told to answer, after a while if it should, and keeps what it was asked.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Result;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::until;

/// One question as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// HTTP method.
    pub method: String,
    /// Path with the parameters.
    pub path: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body; null if there was none.
    pub body: Value,
}

/// What is answered to questions of a method whose path begins so.
#[derive(Clone, Debug)]
struct Line {
    method: String,
    path: String,
    status: StatusCode,
    body: Option<Bytes>,
}

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<Vec<Line>>,
    asked: Mutex<Vec<Asked>>,
    /// How long each answer takes.
    after: Duration,
}

/// A broker on a free port, gone when dropped.
#[derive(Debug)]
pub struct Source {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Source {
    /// Starts one that answers at once. What it was not told about it has not (404).
    pub async fn start() -> Result<Self> {
        Self::slow(Duration::ZERO).await
    }

    /// Starts one that takes a while for each answer.
    pub async fn slow(after: Duration) -> Result<Self> {
        let shared = Arc::new(Shared { after, ..Shared::default() });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { drop(axum::serve(listener, router).await) });
        Ok(Self { address, shared, task })
    }

    /// Its address, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers questions of a method whose path begins so from now on; what was said last is looked at first.
    pub fn say(&self, method: &Method, path: &str, status: u16, body: Option<&Value>) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = body.map(|body| Bytes::from(body.to_string()));
        let line = Line { method: method.to_string(), path: path.to_owned(), status, body };
        self.shared.lines.lock().unwrap_or_else(PoisonError::into_inner).insert(0, line);
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until what it was asked satisfies `enough`, and returns it.
    pub async fn wait_for(
        &self,
        what: &str,
        limit: Duration,
        enough: impl Fn(&[Asked]) -> bool,
    ) -> Result<Vec<Asked>> {
        until(what, limit, || async {
            let asked = self.asked();
            Ok(enough(&asked).then_some(asked))
        })
        .await
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = uri.to_string();
    let line = {
        let lines = shared.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.iter().find(|line| line.method == method.as_str() && path.starts_with(&line.path)).cloned()
    };
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let asked = Asked { method: method.to_string(), path, headers, body };
    shared.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
    tokio::time::sleep(shared.after).await;
    let json = [(CONTENT_TYPE, "application/json")];
    match line {
        Some(Line { status, body: Some(body), .. }) => (status, json, body).into_response(),
        Some(Line { status, body: None, .. }) => status.into_response(),
        None => {
            let problem =
                json!({"type": "https://uri.etsi.org/ngsi-ld/errors/ResourceNotFound", "title": "Nothing"});
            (StatusCode::NOT_FOUND, json, problem.to_string()).into_response()
        }
    }
}
