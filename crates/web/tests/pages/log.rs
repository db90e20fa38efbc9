//! What the log says of requests.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use http::{Request, header};
use serde_json::Value as Json;

use crate::account::{PASSWORD, post};
use crate::house::House;

/// Where the log of a test goes.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Kept {
    /// Everything that this thread logs from now on, as long as the guard lives.
    fn start() -> (Self, tracing::subscriber::DefaultGuard) {
        let kept = Self::default();
        let to = kept.clone();
        let log = tracing_subscriber::fmt().json().flatten_event(true).with_writer(move || to.clone());
        let guard = tracing::subscriber::set_default(log.with_max_level(tracing::Level::INFO).finish());
        (kept, guard)
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("is text")
    }

    /// The events with this message.
    fn events(&self, message: &str) -> Vec<Json> {
        let lines = self.text();
        let all = lines.lines().map(|line| serde_json::from_str::<Json>(line).expect("a line is an event"));
        all.filter(|event| event["message"] == message).collect()
    }
}

#[tokio::test]
async fn refusals_are_logged_with_who_where_and_why_and_nothing_that_was_typed() {
    let house = House::as_shipped().await;
    let (kept, _guard) = Kept::start();
    let peer = |last: u8| axum::extract::ConnectInfo(std::net::SocketAddr::from(([203, 0, 113, last], 4711)));
    let typed = "số-bí-mật-9988";
    let entity = format!("{{\"id\": \"urn:x:{typed}\", \"type\": \"RiverGauge\"}}");
    let write = || {
        Request::post("/ngsi-ld/v1/entities")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_LENGTH, entity.len())
            .header("ngsild-tenant", "hue")
            .header("x-request-id", "yeu-cau-1")
            .extension(peer(7))
    };
    assert_eq!(house.send(write(), entity.clone()).await.status, 401, "nobody in particular");
    let forged = write().header("sec-fetch-site", "cross-site").extension(peer(8));
    assert_eq!(house.send(forged, entity.clone()).await.status, 403);
    let key = write().header(header::AUTHORIZATION, "Bearer dinh_sai_khoa").extension(peer(9));
    assert_eq!(house.send(key, entity.clone()).await.status, 401);
    let nonsense = Request::get(format!("/ngsi-ld/v1/entities?limt={typed}")).extension(peer(10));
    assert_eq!(house.ask(nonsense).await.status, 400);
    let events = kept.events("refused");
    let told = |name: &str| events.iter().map(|event| event[name].clone()).collect::<Vec<_>>();
    assert_eq!(told("status"), [401, 403, 401, 400], "{events:#?}");
    assert_eq!(told("from"), ["203.0.113.7", "203.0.113.8", "203.0.113.9", "203.0.113.10"]);
    assert_eq!(told("who"), ["anonymous", "unknown", "unknown", "anonymous"]);
    assert_eq!(events[0]["span"]["request"], "yeu-cau-1");
    assert_eq!(events[0]["span"]["route"], "/ngsi-ld/v1/entities");
    assert!(!kept.text().contains(typed), "{}", kept.text());
    // Once a minute from one place: nobody fills the log.
    for _ in 0..50 {
        house.send(write(), entity.clone()).await;
    }
    assert_eq!(kept.events("refused").len(), 4);
}

#[tokio::test]
async fn what_fails_on_our_side_is_logged_and_told_to_nobody() {
    let house = House::open().await;
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let form = [("code", &*code), ("name", "Trần An"), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
    assert_eq!(post(&house, "/thu/set-up", "", &form).await.status, 303);
    house.context.close().await.expect("closed");
    let (kept, _guard) = Kept::start();
    let entity = r#"{"id": "urn:x:a", "type": "Bench"}"#;
    let write = Request::post("/ngsi-ld/v1/entities")
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, entity.len());
    let answer = house.send(write, entity.to_owned()).await;
    assert!(answer.status >= 500, "{}", answer.status);
    let failed = kept.events("answered");
    assert_eq!(failed.len(), 1, "{}", kept.text());
    assert_eq!((&failed[0]["status"], &failed[0]["level"]), (&answer.status.into(), &"WARN".into()));
    assert_eq!(failed[0]["span"]["request"], answer.headers["x-request-id"].to_str().expect("text"));

    let given = [("name", "an@hue.gov.vn"), ("password", PASSWORD)];
    let refused = post(&house, "/thu/sign-in", "", &given).await;
    assert_ne!(refused.status, 303);
    let failed = kept.events("an account could not be used");
    let why = failed.first().and_then(|event| event["error"].as_str()).unwrap_or_default();
    assert!(!why.is_empty(), "{}", kept.text());
    assert!(!refused.text().contains(why), "what is wrong inside is nobody's business");
    assert!(!kept.text().contains(PASSWORD) && !kept.text().contains("an@hue.gov.vn"), "{}", kept.text());
}
