//! Addresses of real HTTP servers, fetched again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use dinh_feeds::FeedStatus;
use serde_json::json;

use crate::support::{Place, health};

/// What the server has to say, and how often it was asked.
#[derive(Default)]
struct Server {
    round: AtomicUsize,
    asked: AtomicUsize,
    unchanged: AtomicUsize,
}

async fn answer(State(server): State<Arc<Server>>, headers: HeaderMap) -> Response {
    server.asked.fetch_add(1, Ordering::SeqCst);
    if headers.get("x-api-key").is_none_or(|key| key != "s3cret") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let round = server.round.load(Ordering::SeqCst);
    let tag = format!("\"{round}\"");
    if headers.get("if-none-match").is_some_and(|held| held.as_bytes() == tag.as_bytes()) {
        server.unchanged.fetch_add(1, Ordering::SeqCst);
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let body = json!({"data": {"list": [{"id": "kl", "q": round}, {"id": "po", "q": "?"}]}}).to_string();
    ([("etag", tag), ("content-type", "application/json".to_owned())], body).into_response()
}

async fn serve(server: Arc<Server>) -> String {
    let app = Router::new().route("/levels", get(answer)).with_state(server);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}")
}

const FEED: &str = r#"
title = { vi = "a", en = "a" }
[source]
kind = "http-poll"
url = "{setting.server}/levels"
every = "1s"
items = "/data/list"
headers_from = { X-Api-Key = "key" }
[map]
type = "Flow"
id = "urn:ngsi-ld:Flow:{id}"
[[map.attribute]]
name = "flow"
field = "q"
type = "number"
"#;

#[tokio::test]
async fn an_address_is_fetched_again_and_only_news_are_taken() {
    let server = Arc::new(Server::default());
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.values.insert("server".into(), serve(Arc::clone(&server)).await);
    place.settings.secrets.insert("key".into(), "s3cret".into());
    let feeds = place.start(FEED);
    place.sink.until("the first answer", |sink| sink.value("urn:ngsi-ld:Flow:kl", "flow") == json!(0)).await;
    while server.unchanged.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    server.round.store(1, Ordering::SeqCst);
    place.sink.until("the second answer", |sink| sink.value("urn:ngsi-ld:Flow:kl", "flow") == json!(1)).await;
    assert_eq!(health(&feeds).dead_letters, 2);
    feeds.stop().await;
    // After a restart the server is asked whether anything has changed, not for everything anew.
    let unchanged = server.unchanged.load(Ordering::SeqCst);
    let feeds = place.start(FEED);
    while server.unchanged.load(Ordering::SeqCst) == unchanged {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(health(&feeds).received, 0);
    feeds.stop().await;
}

#[tokio::test]
async fn servers_that_refuse_are_reported_and_others_are_not_called() {
    let server = Arc::new(Server::default());
    let mut place = Place::at("2026-11-20T08:00:00Z");
    place.settings.values.insert("server".into(), serve(Arc::clone(&server)).await);
    place.settings.secrets.insert("key".into(), "wrong".into());
    let elsewhere = FEED.replace("{setting.server}", "http://example.org");
    let feeds = place.start_many(&[("f", FEED), ("elsewhere", &elsewhere)]);
    while health(&feeds).status != FeedStatus::Error {
        tokio::task::yield_now().await;
    }
    assert!(health(&feeds).last_error.unwrap().reason.en.contains("403"));
    let all = feeds.health(&crate::support::tenant());
    let elsewhere = all.iter().find(|health| health.feed == "elsewhere").unwrap();
    assert!(elsewhere.last_error.as_ref().unwrap().reason.en.contains("allow-list"));
    feeds.stop().await;
}
