//! `@context`: in the body, by Link header, hosted here, and remote ones that hang or lie.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use axum::Router;
use axum::routing::get;
use dinh_e2e::{Server, Test};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::vocabulary::{exists, gauge_id, path, value};

const ENTITIES: &str = "/ngsi-ld/v1/entities";
const LD: &str = "application/ld+json";

fn link(url: &str) -> String {
    format!("<{url}>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"")
}

/// `http://127.0.0.1:PORT` of a server of contexts.
async fn context_server(routes: Router) -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { drop(axum::serve(listener, routes).await) });
    Ok(format!("http://{address}"))
}

fn sent(context: &Value) -> Value {
    json!({
        "@context": context, "id": gauge_id("a"), "type": "Tram",
        "mucNuoc": {"type": "Property", "value": 1.5}
    })
}

#[tokio::test]
async fn a_context_in_the_body_names_terms_and_a_link_header_reads_them_back() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let terms =
        json!({"@context": {"Tram": "https://hue.vn/RiverGauge", "mucNuoc": "https://hue.vn/waterLevel"}});
    let body = terms.to_string();
    let route = get(move || async move { ([("content-type", LD)], body) });
    let url = format!("{}/tram.jsonld", context_server(Router::new().route("/tram.jsonld", route)).await?);

    api.post_bytes(ENTITIES, LD, sent(&terms["@context"]).to_string()).await?.expect(201)?;
    let plain = api.json(&path(&gauge_id("a"))).await?;
    ensure!(plain["type"] == "https://hue.vn/RiverGauge", "{plain}");
    ensure!(*value(&plain, "https://hue.vn/waterLevel") == json!(1.5), "{plain}");

    let request =
        api.request(Method::GET, &format!("{ENTITIES}?type=Tram&q=mucNuoc>1")).header("link", link(&url));
    let read = api.send(request).await?.expect(200)?;
    ensure!(read.header("link").contains(&url), "the answer names the context it was written with");
    let read = read.json()?;
    ensure!(read[0]["type"] == "Tram" && *value(&read[0], "mucNuoc") == json!(1.5), "{read}");
    Ok(())
}

#[tokio::test]
async fn a_context_can_be_hosted_here_used_and_removed() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let contexts = "/ngsi-ld/v1/jsonldContexts";
    let terms = json!({"@context": {"mucNuoc": "https://hue.vn/waterLevel"}});
    let added = api.post_bytes(contexts, LD, terms.to_string()).await?.expect(201)?;
    let at = added.header("location").to_owned();
    let at = at.find(contexts).map_or(at.as_str(), |start| at.split_at(start).1);
    ensure!(api.json(at).await?["@context"] == terms["@context"]);
    let url = format!("{}{at}", server.url());
    api.post_bytes(ENTITIES, LD, sent(&json!([url])).to_string()).await?.expect(201)?;
    let plain = api.json(&path(&gauge_id("a"))).await?;
    ensure!(*value(&plain, "https://hue.vn/waterLevel") == json!(1.5), "{plain}");
    api.delete(at).await?.expect(204)?;
    api.get(at).await?.expect_problem(404)?;
    Ok(())
}

#[tokio::test]
async fn content_type_and_context_have_to_agree() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let with = sent(&json!({"mucNuoc": "https://hue.vn/waterLevel"})).to_string();
    api.post_bytes(ENTITIES, "application/json", with.clone()).await?.expect_problem(400)?;
    let without = json!({"id": gauge_id("a"), "type": "Tram"}).to_string();
    api.post_bytes(ENTITIES, LD, without).await?.expect_problem(400)?;
    let both = api
        .request(Method::POST, ENTITIES)
        .header("content-type", LD)
        .header("link", link("http://localhost/c"));
    api.send(both.body(with)).await?.expect_problem(400)?;
    ensure!(!exists(&api, &gauge_id("a")).await?);
    Ok(())
}

#[tokio::test]
async fn remote_contexts_that_hang_lie_or_are_not_allowed_are_refused_in_time() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let routes = Router::new()
        .route("/hangs", get(std::future::pending::<String>))
        .route("/page", get(|| async { ([("content-type", "text/html")], "<html>no context here</html>") }))
        .route("/list", get(|| async { ([("content-type", LD)], "[1,2,3]") }))
        .route(
            "/huge",
            get(|| async {
                ([("content-type", LD)], format!("{{\"@context\":{{\"a\":\"{}\"}}}}", "x".repeat(40 << 20)))
            }),
        )
        .route("/broken", get(|| async { ([("content-type", LD)], "{\"@context\": {\"a\"") }))
        .route("/error", get(|| async { axum::http::StatusCode::INTERNAL_SERVER_ERROR }))
        .route("/itself", get(|| async { ([("content-type", LD)], "{\"@context\": \"./itself\"}") }));
    let liar = context_server(routes).await?;
    let mut urls: Vec<String> = ["hangs", "page", "list", "huge", "broken", "error", "itself"]
        .iter()
        .map(|p| format!("{liar}/{p}"))
        .collect();
    urls.extend(
        ["http://198.51.100.7/context.jsonld", "ftp://127.0.0.1/c", "file:///etc/passwd"].map(str::to_owned),
    );
    for url in urls {
        let begun = Instant::now();
        let reply = api.post_bytes(ENTITIES, LD, sent(&json!([url])).to_string()).await?;
        ensure!(matches!(reply.status, 400 | 503 | 504), "{url}: {} {}", reply.status, reply.text());
        let status = reply.status;
        let problem = reply.expect_problem(status)?;
        ensure!(!problem.to_string().contains("root:"), "{url}: {problem}");
        ensure!(begun.elapsed() < Duration::from_secs(35), "{url} took {:?}", begun.elapsed());
        ensure!(!exists(&api, &gauge_id("a")).await?, "{url}: nothing may be written");
    }
    Ok(())
}
