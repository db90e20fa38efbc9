//! Live events.

use std::time::Duration;

use axum::body::Body;
use dinh_web::HttpSettings;
use futures::StreamExt as _;
use http::Request;

use crate::house::{House, tenant};

/// Reads a stream until `part` has come, for at most ten seconds.
async fn until(body: &mut axum::body::BodyDataStream, part: &str) -> String {
    let mut text = String::new();
    let read = async {
        while let Some(Ok(bytes)) = body.next().await {
            text.push_str(std::str::from_utf8(&bytes).expect("is text"));
            if text.contains(part) {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(10), read).await;
    assert!(in_time.is_ok(), "{part} did not come: {text}");
    text
}

fn events(query: &str) -> http::request::Builder {
    Request::get(format!("/api/v1/thu/events{query}"))
}

fn watch(response: http::Response<Body>) -> axum::body::BodyDataStream {
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    response.into_body().into_data_stream()
}

#[tokio::test]
async fn a_change_is_told_to_those_who_watch_its_layer() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 1.0, 0, 107.56).await;
    let mut gauges = watch(house.stream(events("?layers=gauges")).await);
    let mut quiet = watch(house.stream(events("?layers=quiet")).await);
    until(&mut gauges, "retry").await;
    until(&mut quiet, "retry").await;
    house.gauge("a", "Kim Long", 2.7, 0, 107.56).await;
    let told = until(&mut gauges, "\"v\":2.7").await;
    assert!(
        told.contains("event: change") && told.contains("\"layer\":\"gauges\"") && told.contains("\"c\":0")
    );
    let nothing = tokio::time::timeout(Duration::from_millis(300), quiet.next()).await;
    assert!(nothing.is_err(), "who watches another layer hears nothing");
    house.session().delete(dinh_model::EntityId::trusted("urn:ngsi-ld:Gauge:a")).await.unwrap();
    until(&mut gauges, "\"gone\":1").await;
}

#[tokio::test]
async fn who_comes_back_hears_what_was_missed() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 1.0, 0, 107.56).await;
    let mut first = watch(house.stream(events("?layers=gauges")).await);
    house.gauge("a", "Kim Long", 1.5, 0, 107.56).await;
    let mut told = until(&mut first, "\"v\":1.5").await;
    while told.rfind("\nid: ") < told.find("\"v\":1.5") {
        told.push_str(&until(&mut first, "\n\n").await);
    }
    let seen = told.rsplit("id: ").next().map(str::trim).unwrap_or_default().to_owned();
    drop(first);
    house.gauge("b", "Phú Ốc", 0.5, 0, 107.47).await;
    // Wait until the hub has told it to whoever was there.
    let mut other = watch(house.stream(events("?layers=gauges")).await);
    house.gauge("c", "Đập Đá", 0.6, 0, 107.6).await;
    until(&mut other, "Gauge:c").await;
    let mut back = watch(house.stream(events("?layers=gauges").header("last-event-id", &seen)).await);
    let missed = until(&mut back, "Gauge:b").await;
    assert!(!missed.contains("\"v\":1.5"), "what was seen is not told again");
}

#[tokio::test]
async fn places_are_bounded_and_given_back() {
    let house = House::with(HttpSettings { max_live: 1, ..HttpSettings::default() }).await;
    let first = house.stream(events("")).await;
    assert_eq!(first.status(), 200);
    let second = house.stream(events("")).await;
    assert_eq!(second.status(), 503);
    assert!(second.headers().contains_key("retry-after"));
    drop(first);
    assert_eq!(house.stream(events("")).await.status(), 200);
    assert_eq!(house.stream(events("?layers=nothing")).await.status(), 404);
    assert_eq!(tenant().as_str(), "thu");
}
