//! The explorer: what the API tells, with the command that asks it; subscriptions that are sent again.

use http::Request;
use serde_json::json;

use crate::account::{get, post};
use crate::admin::Desk;
use crate::house::{Answered, House};

const SUBSCRIPTION: &str = "urn:ngsi-ld:Subscription:truc";

/// Sends JSON to the API as nobody in particular.
async fn tell(house: &House, tenant: &str, path: &str, body: serde_json::Value) -> Answered {
    let body = body.to_string();
    let request = Request::post(path)
        .header("ngsild-tenant", tenant)
        .header("content-type", "application/json")
        .header("content-length", body.len());
    house.send(request, body).await
}

/// Makes a subscription with secrets in it.
async fn subscribe(house: &House, tenant: &str) {
    let body = json!({"id": SUBSCRIPTION, "type": "Subscription", "subscriptionName": "Báo mực nước",
        "entities": [{"type": "Gauge"}], "watchedAttributes": ["level"],
        "notification": {"endpoint": {"uri": "http://localhost:9/hook/s3cret-path", "accept": "application/json",
            "receiverInfo": [{"key": "Authorization", "value": "Bearer s3cret-word"}]}}});
    let made = tell(house, tenant, "/ngsi-ld/v1/subscriptions", body).await;
    assert_eq!(made.status, 201, "{}", made.text());
}

fn subscription_page(tenant: &str) -> String {
    format!("/{tenant}/explore/subscriptions/{SUBSCRIPTION}")
}

#[tokio::test]
async fn what_there_is_is_browsed() {
    let house = House::open().await;
    house.gauge("kl", "Trạm Kim Long", 1.5, 1, 107.55).await;
    house.gauge("pb", "Trạm Phú Bài", 2.5, 1, 107.69).await;
    for (path, parts) in [
        ("", &["/thu/explore/types/Gauge", "/thu/explore/query"][..]),
        ("/types", &["<code>Gauge</code>", "type=Gauge"]),
        ("/types/Gauge", &["<code>level</code>", "Property", "/thu/explore/attributes/level", "(100%)"]),
        ("/attributes?q=LEV", &["<code>level</code>", "/thu/explore/types/Gauge"]),
        ("/attributes/level", &["<code>level</code>", "type=Gauge&amp;attrs=level"]),
        ("/entities?type=Gauge", &["Trạm Kim Long", "Trạm Phú Bài", "1–2 trong 2"]),
        ("/entities?type=Gauge&q=level%3E2", &["Trạm Phú Bài", "1–1 trong 1"]),
        ("/entities?type=Gauge&lon=107.55&lat=16.46&radius=500", &["Trạm Kim Long", "1–1 trong 1"]),
        ("/entities?type=Gauge&q=level%3E%3E", &["API không trả lời"]),
        ("/entities?type=Nothing", &["Không có thực thể nào khớp"]),
        ("/entities", &["Chọn một loại"]),
        ("/subscriptions", &["Anh/chị chưa có đăng ký nhận tin nào"]),
        ("/registrations", &["Chưa đăng ký nguồn nào"]),
        ("/contexts", &["ngsi-ld-core-context", "Bản sao"]),
    ] {
        let page = house.get(&format!("/thu/explore{path}")).await;
        assert_eq!(page.status, 200, "{path}: {}", page.text());
        for part in parts {
            assert!(page.text().contains(part), "{path} has no {part}: {}", page.text());
        }
    }
    assert!(!house.get("/thu/explore/entities?type=Gauge&q=level%3E2").await.text().contains("Kim Long"));
    for missing in ["/types/Nothing", "/attributes/nothing", "/entities/urn:ngsi-ld:Gauge:none"] {
        assert_eq!(house.get(&format!("/thu/explore{missing}")).await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn an_entity_is_shown_whole_with_its_history() {
    let house = House::open().await;
    for (level, hours) in [(1.0, 3), (1.5, 2), (2.0, 1)] {
        house.gauge("kl", "Trạm <Kim> Long", level, hours, 107.55).await;
    }
    let page = house.get("/thu/explore/entities/urn:ngsi-ld:Gauge:kl?attr=level").await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    for part in
        ["Trạm &lt;Kim&gt; Long", "Diễn biến của level", "<svg", "urn:ngsi-ld:Gauge:kl", "GeoProperty"]
    {
        assert!(text.contains(part), "no {part}: {text}");
    }
    assert!(!text.contains("<Kim>"), "what is in the graph is no markup");
    assert!(text.contains("/ngsi-ld/v1/temporal/entities/urn:ngsi-ld:Gauge:kl?attrs=level"), "{text}");
    let none = house.get("/thu/explore/entities/urn:ngsi-ld:Gauge:kl?attr=nothing").await;
    assert_eq!(none.status, 200, "{}", none.text());
}

#[tokio::test]
async fn a_question_is_put_together_asked_and_copied() {
    let house = House::open().await;
    house.gauge("kl", "Trạm Kim Long", 1.5, 1, 107.55).await;
    let blank = house.get("/thu/explore/query").await;
    assert_eq!(blank.status, 200, "{}", blank.text());
    assert!(blank.text().contains("Chưa chạy"));
    let run = "/thu/explore/query?run=1&type=Gauge&q=level%3E1&as=keyValues&count=1";
    let request = Request::get(run)
        .header("accept-language", "vi")
        .header("host", "hue.example:8080")
        .header("cookie", "session=s3cret-cookie");
    let answered = house.ask(request).await.text();
    for part in [
        "200 OK",
        "ngsild-results-count",
        "1.5",
        "<a href=\"/thu/explore/entities/urn:ngsi-ld:Gauge:kl\">",
        "curl",
        "NGSILD-Tenant: thu",
        "$DINH_KEY",
        "http://hue.example:8080/ngsi-ld/v1/entities?type=Gauge&amp;q=level%3E1&amp;limit=10&amp;options=keyValues&amp;count=true",
    ] {
        assert!(answered.contains(part), "no {part}: {answered}");
    }
    assert!(!answered.contains("s3cret-cookie"), "a command never holds what lets somebody in");
    let bad = house.get("/thu/explore/query?run=1&q=level%3E1").await;
    assert_eq!(bad.status, 200, "the page is there, whatever the API says: {}", bad.text());
    let over_time =
        "/thu/explore/query?run=1&what=temporal&type=Gauge&timerel=after&timeAt=2020-01-01T00:00:00Z";
    assert!(house.get(over_time).await.text().contains("200 OK"));
}

#[tokio::test]
async fn a_subscription_is_paused_goes_on_and_is_sent_again() {
    let house = House::open().await;
    subscribe(&house, "thu").await;
    let page = house.get(&subscription_page("thu")).await;
    assert_eq!(page.status, 200, "{}", page.text());
    for part in ["Báo mực nước", "Gauge: level", "s3cret-path", "send-again", "Chưa có tin"] {
        assert!(page.text().contains(part), "the owner sees {part}: {}", page.text());
    }
    let send = |form: &'static [(&'static str, &'static str)]| {
        post(&house, "/thu/explore/subscriptions/urn:ngsi-ld:Subscription:truc", "", form)
    };
    assert!(send(&[("do", "send")]).await.text().contains("Không có gì để gửi lại"));
    house.gauge("kl", "Trạm Kim Long", 1.5, 0, 107.55).await;
    let again = send(&[("do", "again"), ("minutes", "60")]).await;
    assert_eq!(again.status, 200, "{}", again.text());
    assert!(again.text().contains("Đang gửi lại: xét 1 thay đổi"), "{}", again.text());
    assert_eq!(send(&[("do", "again"), ("minutes", "60")]).await.status, 409, "it is on its way");
    assert_eq!(send(&[("do", "again"), ("minutes", "7")]).await.status, 400);
    assert!(send(&[("do", "pause")]).await.text().contains("Đã tạm dừng"));
    let rests = send(&[("do", "send")]).await;
    assert_eq!(rests.status, 409, "{}", rests.text());
    assert!(send(&[("do", "resume")]).await.text().contains("Đã gửi tiếp"));
    let list = house.get("/thu/explore/subscriptions").await.text();
    assert!(list.contains("Báo mực nước") && list.contains("1–1 trong 1"), "{list}");
}

#[tokio::test]
async fn administrators_see_the_subscriptions_of_others_without_their_secrets() {
    let desk = Desk::open().await;
    subscribe(&desk.house, "hue").await;
    desk.official("Đỗ Trực", "truc@hue.gov.vn", "operator").await;
    let operator = desk.enter_stepped_up("truc@hue.gov.vn").await;
    let path = subscription_page("hue");
    let page = desk.get(&path).await.text();
    assert!(page.contains("Báo mực nước") && page.contains("http://localhost:9/…"), "{page}");
    assert!(page.contains("Đăng ký của tài khoản khác"), "{page}");
    for secret in ["s3cret", "Authorization\"", "value=\"pause\""] {
        assert!(!page.contains(secret), "it shows {secret}: {page}");
    }
    let list = desk.get("/hue/explore/subscriptions").await.text();
    assert!(list.contains("Báo mực nước") && !list.contains("s3cret"), "{list}");
    let api = desk.get(&format!("/api/v1/hue/subscriptions/{SUBSCRIPTION}")).await.text();
    assert!(api.contains("\"own\":false") && !api.contains("s3cret"), "{api}");
    let sent = desk.post(&path, &[("do", "send")]).await;
    assert_eq!(sent.status, 200, "{}", sent.text());
    let paused = desk.post(&path, &[("do", "pause")]).await;
    assert_eq!(paused.status, 409, "only its owner changes it: {}", paused.text());
    assert_eq!(get(&desk.house, &path, &operator).await.status, 404);
    assert_eq!(post(&desk.house, &path, &operator, &[("do", "send")]).await.status, 404);
    let start = get(&desk.house, "/hue/list", &operator).await.text();
    assert!(start.contains("/hue/explore\""), "whoever works with data finds the explorer: {start}");
    assert!(!get(&desk.house, "/hue/list", "").await.text().contains("/hue/explore\""));
}

#[tokio::test]
async fn contexts_are_listed_with_their_use_and_deleted() {
    let house = House::open().await;
    let made = tell(
        &house,
        "thu",
        "/ngsi-ld/v1/jsonldContexts",
        json!({"@context": {"muc": "https://thu.test/muc"}}),
    )
    .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.header(http::header::LOCATION).rsplit('/').next().unwrap_or_default().to_owned();
    let page = house.get("/thu/explore/contexts").await.text();
    assert!(page.contains(&id) && page.contains("Lưu tại đây"), "{page}");
    let form = [("do", "delete"), ("id", id.as_str())];
    let gone = post(&house, "/thu/explore/contexts", "", &form).await;
    assert_eq!(gone.status, 200, "{}", gone.text());
    assert!(
        gone.text().contains("Đã xoá tài liệu") && !gone.text().contains(&format!("jsonldContexts/{id}"))
    );
    let twice = post(&house, "/thu/explore/contexts", "", &form).await;
    assert_eq!(twice.status, 422, "{}", twice.text());
}
