//! `@context` documents: hosted, fetched within limits, or refused.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::routing::get;
use dinh_access::Principal;
use dinh_context::ldcontext::{HostedContext, HostedError};
use dinh_model::Tenant;
use dinh_ngsild::context::ContextError;
use serde_json::{Value as Json, json};

use crate::house::House;

#[tokio::test]
async fn a_hosted_context_is_used_by_its_url_until_it_is_removed() {
    let house = House::new().await;
    let contexts = house.context.ld_contexts();
    let document = hosted(&house, json!({"@context": {"mucNuoc": "https://hue.test/terms/waterLevel"}}));
    contexts.host(&Principal::Local, &document).await.unwrap();
    let url = json!("http://here.test/ngsi-ld/v1/jsonldContexts/song");
    let context = contexts.resolve(&url).await.unwrap();
    assert_eq!(context.expand("mucNuoc").as_str(), "https://hue.test/terms/waterLevel");
    contexts.resolve(&url).await.unwrap();
    assert_eq!(contexts.used(url.as_str().unwrap()).map(|used| used.times), Some(2));
    assert!(contexts.used("http://here.test/never").is_none());
    let stranger = Tenant::parse("la").unwrap();
    assert!(contexts.hosted().get(&stranger, "song").await.unwrap().is_none());
    assert!(!contexts.unhost(&Principal::Local, &stranger, "song").await.unwrap());
    assert!(contexts.unhost(&Principal::Local, &document.tenant, "song").await.unwrap());
    assert!(matches!(contexts.resolve(&url).await, Err(ContextError::NotAvailable { .. })));
}

#[tokio::test]
async fn what_is_no_context_is_not_hosted() {
    let house = House::new().await;
    for wrong in [json!({}), json!({"@context": 7}), json!({"@context": ["http://elsewhere.test/c", 7]})] {
        let refused =
            house.context.ld_contexts().host(&Principal::Local, &hosted(&house, wrong.clone())).await;
        assert!(matches!(refused, Err(HostedError::Invalid(ContextError::Invalid(_)))), "{wrong}");
    }
}

fn hosted(house: &House, body: Json) -> HostedContext {
    HostedContext {
        id: "song".to_owned(),
        tenant: Tenant::default_tenant(),
        created_at: house.context.clock().now(),
        implicit: false,
        body: Arc::new(body),
    }
}

#[tokio::test]
async fn remote_contexts_that_hang_lie_or_are_not_allowed_are_not_available() {
    let house = House::new().await;
    let app = Router::new()
        .route("/good", get(|| async { r#"{"@context": {"a": "https://x.test/a"}}"# }))
        .route("/lie", get(|| async { "<html>not a context</html>" }))
        .route("/large", get(|| async { vec![b' '; 2 << 20] }))
        .route("/hang", get(std::future::pending::<String>));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let contexts = house.context.ld_contexts();
    let good = contexts.resolve(&json!([format!("{base}/good"), {"b": "https://x.test/b"}])).await.unwrap();
    assert_eq!(good.expand("a").as_str(), "https://x.test/a");
    for (url, part) in [
        (format!("{base}/lie"), "not JSON"),
        (format!("{base}/large"), "larger than"),
        (format!("{base}/hang"), "timed out"),
        (format!("{base}/absent"), "status 404"),
        ("http://elsewhere.test/c".to_owned(), "allow-list"),
    ] {
        let started = Instant::now();
        let error = contexts.resolve(&json!(url)).await.unwrap_err();
        let is_had = matches!(error, ContextError::Invalid(_));
        assert_eq!(is_had, part == "not JSON", "{error}");
        assert!(error.to_string().contains(part), "{error}");
        assert!(started.elapsed() < Duration::from_secs(9), "{url}");
    }
}
