//! Bodies that are cut short, too large, mislabelled, too deep, wrongly encoded or plainly wrong. Each is refused with a
//! clear error, nothing of it is kept, and the server goes on.

use anyhow::{Result, ensure};
use bytes::Bytes;
use dinh_e2e::{Api, PATIENCE, Server, Test};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::vocabulary::{exists, gauge, gauge_id, path, value};

const ENTITIES: &str = "/ngsi-ld/v1/entities";
const JSON: &str = "application/json";

/// The server still answers and knows nothing of the gauge `a`.
async fn unharmed(api: &Api) -> Test {
    ensure!(!exists(api, &gauge_id("a")).await?, "something of a refused body was kept");
    api.get("/health").await?.expect(200)?;
    Ok(())
}

#[tokio::test]
async fn a_truncated_body_is_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let whole = gauge("a", 1.0).to_string();
    let nothing = api.post_bytes(ENTITIES, JSON, Vec::new()).await?;
    ensure!(matches!(nothing.status, 400 | 411), "an empty body: {}", nothing.status);
    for length in [1, 2, whole.len() / 2, whole.len() - 1] {
        let part = whole.as_bytes().get(..length).unwrap_or_default().to_vec();
        api.post_bytes(ENTITIES, JSON, part).await?.expect_problem(400)?;
    }
    unharmed(&api).await
}

#[tokio::test]
async fn a_connection_cut_in_the_middle_of_a_body_writes_nothing() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let whole = gauge("a", 1.0).to_string();
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).await?;
    let head = format!(
        "POST {ENTITIES} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {JSON}\r\nContent-Length: {}\r\n\r\n",
        whole.len()
    );
    connection.write_all(head.as_bytes()).await?;
    connection.write_all(whole.as_bytes().get(..whole.len() / 2).unwrap_or_default()).await?;
    connection.shutdown().await?;
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await?;
    unharmed(&api).await
}

/// Sends a head and the beginning of a body, and reads what the server says before it has seen the rest.
async fn answer_to_the_beginning(server: &Server, head: &str, beginning: &[u8]) -> Result<String> {
    let address = server.url().trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).await?;
    connection
        .write_all(format!("POST {ENTITIES} HTTP/1.1\r\nHost: {address}\r\n{head}\r\n\r\n").as_bytes())
        .await?;
    connection.write_all(beginning).await?;
    let mut answer = vec![0; 4096];
    let read = tokio::time::timeout(PATIENCE, connection.read(&mut answer)).await??;
    answer.truncate(read);
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[tokio::test]
async fn an_oversized_body_is_refused_before_it_is_sent_and_the_bound_is_named() -> Test {
    let server = Server::start().await?;
    let head = format!("Content-Type: {JSON}\r\nContent-Length: {}", 40 << 20);
    let answer = answer_to_the_beginning(&server, &head, b"{\"id\":").await?;
    ensure!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let detail = answer.split_once("detail").map(|(_, detail)| detail).unwrap_or_default();
    ensure!(detail.chars().any(|c| c.is_ascii_digit()), "the bound is not named: {answer}");
    unharmed(&server.api()?).await
}

#[tokio::test]
async fn an_oversized_body_that_is_sent_all_the_same_is_refused_with_the_reason() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let body = Bytes::from(vec![b' '; 40 << 20]);
    let told = api.post_bytes(ENTITIES, JSON, body).await?;
    told.expect_problem(413)?;
    unharmed(&api).await
}

#[tokio::test]
async fn a_body_of_untold_length_is_refused() -> Test {
    let server = Server::start().await?;
    let head = format!("Content-Type: {JSON}\r\nTransfer-Encoding: chunked");
    let answer = answer_to_the_beginning(&server, &head, b"2\r\n{}\r\n0\r\n\r\n").await?;
    ensure!(answer.starts_with("HTTP/1.1 411 "), "{answer}");
    unharmed(&server.api()?).await
}

#[tokio::test]
async fn a_wrong_content_type_and_an_unknown_accept_are_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let body = gauge("a", 1.0).to_string();
    for kind in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "nonsense"] {
        api.post_bytes(ENTITIES, kind, body.clone()).await?.expect_problem(415)?;
    }
    let nameless = api.request(Method::POST, ENTITIES).body(body);
    api.send(nameless).await?.expect_problem(415)?;
    let request =
        api.request(Method::GET, &format!("{ENTITIES}?type=RiverGauge")).header("accept", "image/png");
    api.send(request).await?.expect_problem(406)?;
    unharmed(&api).await
}

#[tokio::test]
async fn json_that_is_not_an_entity_is_refused_with_the_reason() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let id = gauge_id("a");
    let property = json!({"type": "Property", "value": 1});
    let bodies = [
        json!(null),
        json!(42),
        json!([]),
        json!({}),
        json!({"id": id}),
        json!({"type": "RiverGauge"}),
        json!({"id": "not a uri", "type": "RiverGauge"}),
        json!({"id": 7, "type": "RiverGauge"}),
        json!({"id": id, "type": 7}),
        json!({"id": id, "type": []}),
        json!({"id": id, "type": "RiverGauge", "waterLevel": {"type": "Property"}}),
        json!({"id": id, "type": "RiverGauge", "waterLevel": {"type": "Property", "value": null}}),
        json!({"id": id, "type": "RiverGauge", "waterLevel": {"type": "Unheard", "value": 1}}),
        json!({"id": id, "type": "RiverGauge", "near": {"type": "Relationship", "object": "not a uri"}}),
        json!({"id": id, "type": "RiverGauge", "near": {"type": "Relationship", "value": 1}}),
        json!({"id": id, "type": "RiverGauge", "waterLevel": {"type": "Property", "value": 1, "observedAt": "yesterday"}}),
        json!({"id": id, "type": "RiverGauge", "waterLevel": [property, property]}),
        json!({"id": id, "type": "RiverGauge", "bad name": property}),
        json!({"id": id, "type": "RiverGauge", "name": {"type": "LanguageProperty", "languageMap": {"vi": 7}}}),
        json!({"id": id, "type": "RiverGauge", "scope": "no slash"}),
    ];
    for body in bodies {
        let reply = api.post(ENTITIES, &body).await?;
        reply.expect_problem(400).map_err(|e| e.context(body.to_string()))?;
    }
    unharmed(&api).await
}

#[tokio::test]
async fn deep_json_is_refused_without_harm() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    for depth in [1_000, 100_000, 1_000_000] {
        let deep = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let body = format!(
            "{{\"id\":\"{}\",\"type\":\"RiverGauge\",\"a\":{{\"type\":\"Property\",\"value\":{deep}}}}}",
            gauge_id("a")
        );
        api.post_bytes(ENTITIES, JSON, body).await?.expect_problem(400)?;
        let nested = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        api.post_bytes(ENTITIES, JSON, nested).await?.expect_problem(400)?;
    }
    unharmed(&api).await
}

#[tokio::test]
async fn other_encodings_than_utf_8_are_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let text = gauge("a", 1.0).to_string();
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let latin1 = b"{\"id\":\"urn:ngsi-ld:RiverGauge:a\",\"type\":\"RiverGauge\",\"n\":{\"type\":\"Property\",\"value\":\"Hu\xea\"}}";
    for body in [Bytes::from(utf16), Bytes::from_static(latin1)] {
        api.post_bytes(ENTITIES, JSON, body).await?.expect_problem(400)?;
    }
    unharmed(&api).await
}

fn polygon(ring: &[[f64; 2]]) -> Value {
    json!({
        "id": gauge_id("a"), "type": "RiverGauge",
        "location": {"type": "GeoProperty", "value": {"type": "Polygon", "coordinates": [ring]}}
    })
}

#[tokio::test]
async fn impossible_geometries_are_refused_with_the_reason() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let bow_tie = polygon(&[[107.0, 16.0], [108.0, 17.0], [108.0, 16.0], [107.0, 17.0], [107.0, 16.0]]);
    let open = polygon(&[[107.0, 16.0], [108.0, 16.0], [108.0, 17.0], [107.0, 17.0]]);
    let off_the_earth = polygon(&[[107.0, 96.0], [108.0, 96.0], [108.0, 97.0], [107.0, 96.0]]);
    let too_few = polygon(&[[107.0, 16.0], [108.0, 16.0], [107.0, 16.0]]);
    let many: Vec<[f64; 2]> = (0..=1_000_000)
        .map(|i| std::f64::consts::TAU * f64::from(i % 1_000_000) / 1_000_000.0)
        .map(|angle| [107.0 + angle.cos() / 10.0, 16.0 + angle.sin() / 10.0])
        .collect();
    for (name, entity) in
        [("bow tie", bow_tie), ("open", open), ("latitude", off_the_earth), ("few", too_few)]
    {
        api.post(ENTITIES, &entity).await?.expect_problem(400).map_err(|e| e.context(name))?;
    }
    let million = api.post(ENTITIES, &polygon(&many)).await?;
    ensure!(matches!(million.status, 400 | 413), "a million vertices: {} {}", million.status, million.text());
    unharmed(&api).await
}

#[tokio::test]
async fn one_bad_entity_in_a_batch_harms_no_other() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    let bad = polygon(&[[107.0, 16.0], [108.0, 17.0], [108.0, 16.0], [107.0, 17.0], [107.0, 16.0]]);
    let batch = json!([gauge("b", 1.0), bad, "not an entity", gauge("c", 2.0)]);
    let told = api.post("/ngsi-ld/v1/entityOperations/upsert", &batch).await?.expect(207)?.json()?;
    ensure!(told["success"] == json!([gauge_id("b"), gauge_id("c")]), "{told}");
    ensure!(told["errors"].as_array().is_some_and(|e| e.len() == 2), "{told}");
    ensure!(*value(&api.json(&path(&gauge_id("c"))).await?, "waterLevel") == json!(2.0));
    unharmed(&api).await
}

#[tokio::test]
async fn unknown_methods_paths_and_enormous_heads_are_refused() -> Test {
    let server = Server::start().await?;
    let api = server.api()?;
    api.get("/ngsi-ld/v1/unheard-of").await?.expect_problem(404)?;
    api.put(ENTITIES, &gauge("a", 1.0)).await?.expect(405)?;
    for path in
        ["/assets/../../../../etc/passwd", "/assets/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd"]
    {
        let reply = api.get(path).await?;
        ensure!(
            matches!(reply.status, 400 | 404) && !reply.text().contains("root:"),
            "{path}: {}",
            reply.status
        );
    }
    let long = format!("{ENTITIES}?type={}", "x".repeat(200_000));
    let refused: Result<_> = api.get(&long).await;
    if let Ok(reply) = refused {
        ensure!((400..500).contains(&reply.status), "{}", reply.status);
    }
    unharmed(&api).await
}
