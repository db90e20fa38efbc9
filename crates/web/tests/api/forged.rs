//! Requests forged across sites: a page of another site makes somebody's browser ask.

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use http::Method;
use serde_json::json;

use crate::house::{Ask, ENTITIES, House, KEY};

const ENTITY: &str = "/ngsi-ld/v1/entities/urn:x:a";

fn entity() -> serde_json::Value {
    json!({"id": "urn:x:a", "type": "Gauge"})
}

#[tokio::test]
async fn nothing_is_changed_for_another_sites_page_whoever_sends_it() {
    let house = House::open().await;
    let forgeries = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
    ];
    for (name, value) in forgeries {
        for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            let ask = || {
                Ask::new(method.clone(), ENTITY)
                    .json(&json!({}))
                    .header("host", "dinh.example")
                    .header(name, value)
            };
            for ask in [ask(), ask().from_here(), ask().header("authorization", &format!("Bearer {KEY}"))] {
                let (kind, detail) = house.send(ask).await.problem(403);
                assert_eq!(kind, "about:blank");
                assert!(detail.contains("another site"), "{method} {name}: {detail}");
            }
        }
        let ask = Ask::post(ENTITIES).json(&entity()).header("host", "dinh.example").header(name, value);
        house.send(ask).await.problem(403);
        house.get(ENTITY).await.problem(404);
        let read =
            Ask::get(&format!("{ENTITIES}?type=Gauge")).header("host", "dinh.example").header(name, value);
        house.send(read).await.expect(200);
    }
}

#[tokio::test]
async fn even_where_there_is_nothing_a_forgery_is_refused_first() {
    let house = House::open().await;
    house.send(Ask::post("/ngsi-ld/v1/unheard").header("sec-fetch-site", "cross-site")).await.problem(403);
}

#[tokio::test]
async fn our_own_pages_and_programs_pass() {
    let house = House::open().await;
    for (number, headers) in [
        &[][..],
        &[("host", "dinh.example")],
        &[("host", "dinh.example"), ("origin", "https://dinh.example")],
        &[("host", "dinh.example"), ("origin", "https://dinh.example"), ("sec-fetch-site", "same-origin")],
        &[("host", "dinh.example"), ("sec-fetch-site", "none")],
    ]
    .into_iter()
    .enumerate()
    {
        let mut ask = Ask::post(ENTITIES).json(&json!({"id": format!("urn:x:{number}"), "type": "Gauge"}));
        for (name, value) in headers {
            ask = ask.header(name, value);
        }
        house.send(ask).await.expect(201);
    }
}

#[tokio::test]
async fn the_address_that_browsers_show_is_ours_behind_a_proxy() {
    let settings =
        HttpSettings { public_url: Some("https://dinh.example".into()), ..HttpSettings::default() };
    let house = House::with(OpenWrites::Anywhere, settings).await;
    let from =
        |origin| Ask::post(ENTITIES).json(&entity()).header("host", "inner:8420").header("origin", origin);
    house.send(from("https://evil.example")).await.problem(403);
    house.send(from("https://dinh.example")).await.expect(201);
}

#[tokio::test]
async fn people_are_told_on_a_page_in_their_language() {
    let house = House::open().await;
    for (lang, words) in [("vi", "Yêu cầu đến từ trang khác"), ("en", "The request came from another site")]
    {
        let ask = Ask::post("/thu/sources/test/gauges")
            .body("application/x-www-form-urlencoded", "id=1&record=&do=drop")
            .header("accept-language", lang)
            .header("host", "dinh.example")
            .header("origin", "https://evil.example");
        let page = house.send(ask).await.expect(403);
        assert!(page.header("content-type").starts_with("text/html"), "{}", page.header("content-type"));
        assert!(page.text().contains(words), "{lang}: {}", page.text());
        assert!(page.header("content-security-policy").contains("form-action 'self'"));
    }
}
