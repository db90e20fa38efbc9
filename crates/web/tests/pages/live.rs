//! Live events.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use dinh_identity::domain::Handle;
use dinh_identity::{FirstAdministrator, Origin};
use dinh_web::{HttpSettings, RateSettings};
use futures::StreamExt as _;
use http::Request;

use crate::house::{House, tenant};

/// Reads a stream until `part` has come, for at most ten seconds.
pub(crate) async fn until(body: &mut axum::body::BodyDataStream, part: &str) -> String {
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

pub(crate) fn events(query: &str) -> http::request::Builder {
    Request::get(format!("/api/v1/thu/events{query}"))
}

pub(crate) fn watch(response: http::Response<Body>) -> axum::body::BodyDataStream {
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

#[tokio::test]
async fn one_caller_follows_so_many_streams() {
    let rate = RateSettings { live: NonZeroU32::MIN, ..RateSettings::default() };
    let house = House::with(HttpSettings { rate, ..HttpSettings::default() }).await;
    let from = |address: &str| {
        let peer: SocketAddr = format!("{address}:4711").parse().expect("an address");
        events("").extension(ConnectInfo(peer))
    };
    let first = watch(house.stream(from("203.0.113.7")).await);
    let second = house.stream(from("203.0.113.8")).await;
    assert_eq!(second.status(), 429, "the same network");
    assert!(second.headers().contains_key("retry-after"));
    let elsewhere = watch(house.stream(from("198.51.100.7")).await);
    drop(first);
    drop(watch(house.stream(from("203.0.113.7")).await));
    drop(elsewhere);
}

#[tokio::test]
async fn a_stream_ends_with_the_session_that_opened_it() {
    let house = House::open().await;
    let token = administrator(&house).await;
    let mut own = watch(house.stream(events("").header("cookie", format!("dinh-session={token}"))).await);
    let mut anybodys = watch(house.stream(events("")).await);
    until(&mut own, "retry").await;
    until(&mut anybodys, "retry").await;
    let present = house.identity.session(&token, &tenant()).await.expect("asked").expect("signed in");
    house.identity.sign_out(&present, &Origin::default()).await.expect("signed out");
    let to_the_end = async {
        while let Some(message) = own.next().await {
            message.expect("a message");
        }
    };
    // Well before anybody would look by the clock.
    tokio::time::timeout(Duration::from_secs(5), to_the_end).await.expect("it ends at once");
    // Streams that nobody has signed in for go on.
    house.gauge("b", "Phú Ốc", 1.0, 0, 107.5).await;
    until(&mut anybodys, "Phú Ốc").await;
}

/// The token of the first administrator.
async fn administrator(house: &House) -> String {
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let first = FirstAdministrator {
        name: "Trần An".to_owned(),
        email: Handle::email("an@hue.gov.vn").expect("an address"),
        password: "sông Hương chảy qua thành phố".to_owned(),
        tenants: vec![tenant()],
    };
    house.identity.set_up(&code, &first, &Origin::default()).await.expect("set up").token
}
