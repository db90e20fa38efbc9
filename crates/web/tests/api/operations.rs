//! What operators and programmers ask: is it alive, is it ready, what is there.

use dinh_access::OpenWrites;
use dinh_web::HttpSettings;
use http::Method;
use serde_json::Value as Json;

use crate::house::{Ask, House, KEY};

#[tokio::test]
async fn operators_are_answered() {
    let house = House::open().await;
    assert_eq!(house.get("/health").await.expect(200).json()["status"], "ok");
    assert_eq!(house.get("/ready").await.expect(200).json()["status"], "ok");
    let metrics = house.send(Ask::get("/metrics").from_here()).await.expect(200);
    assert!(metrics.header("content-type").starts_with("text/plain"));
    assert_eq!(metrics.text(), "dinh_up 1\n");
}

#[tokio::test]
async fn metrics_are_for_this_machine_its_network_and_the_write_key() {
    let house = House::open().await;
    let told = house.get("/metrics").await;
    assert!(!told.text().contains("dinh_up"));
    told.problem(401);
    let key = format!("Bearer {KEY}");
    house.send(Ask::get("/metrics").header("authorization", &key)).await.expect(200);
    let through = Ask::get("/metrics").from_here().header("x-forwarded-for", "203.0.113.7");
    house.send(through).await.problem(401);
    let metrics_from = vec!["203.0.113.0/24".parse().unwrap()];
    let near = House::with(OpenWrites::Local, HttpSettings { metrics_from, ..HttpSettings::default() }).await;
    near.get("/metrics").await.expect(200);
    house.get("/docs").await.expect(200);
}

/// An operation of the OpenAPI document: its method, its path with something in place of every parameter, and itself.
fn operations(document: &Json) -> Vec<(Method, String, &Json)> {
    let mut all = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let mut filled = String::new();
        for part in path.split_inclusive('/') {
            let end = if part.ends_with('/') { "/" } else { "" };
            let name = part.trim_end_matches('/');
            filled.push_str(match name {
                "{tenant}" => "thu",
                name if name.starts_with('{') => "urn:x:a",
                name => name,
            });
            filled.push_str(end);
        }
        for (method, operation) in methods.as_object().unwrap() {
            all.push((method.to_uppercase().parse().unwrap(), filled.clone(), operation));
        }
    }
    all
}

#[tokio::test]
async fn every_operation_of_the_document_is_served() {
    let house = House::open().await;
    let document: Json = serde_json::from_str(&dinh_web::openapi()).unwrap();
    let operations = operations(&document);
    assert!(operations.len() > 45, "{}", operations.len());
    for (method, path, _operation) in operations {
        let told = house.send(Ask::new(Method::OPTIONS, &path)).await.expect(204);
        let allowed = told.header("allow");
        assert!(allowed.split(',').any(|name| name == method.as_str()), "{method} {path}: {allowed}");
    }
}

#[tokio::test]
async fn nothing_is_served_that_is_not_in_the_document() {
    let house = House::open().await;
    let document: Json = serde_json::from_str(&dinh_web::openapi()).unwrap();
    let operations = operations(&document);
    for (_method, path, _operation) in &operations {
        let told = house.send(Ask::new(Method::OPTIONS, path)).await.expect(204);
        for name in told.header("allow").split(',').filter(|name| !["HEAD", "OPTIONS"].contains(name)) {
            let is_told =
                operations.iter().any(|(method, known, _)| known == path && method.as_str() == name);
            assert!(is_told, "{name} {path} is served but not documented");
        }
    }
    // Only `routes!` puts a handler into the document along with the router.
    for source in sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api")) {
        let text = std::fs::read_to_string(&source).unwrap();
        assert!(!text.contains(".route("), "{} routes by hand", source.display());
    }
}

fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[tokio::test]
async fn operations_are_described_in_both_languages() {
    let house = House::open().await;
    let document = house.get("/openapi.json").await.expect(200).json();
    for (method, path, operation) in operations(&document) {
        for field in ["operationId", "summary", "x-summary-vi"] {
            let text = operation[field].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path} has no {field}");
        }
        let described = operation["description"].as_str().is_some_and(|text| text.ends_with('.'));
        assert!(described || !path.starts_with("/ngsi-ld"), "{method} {path} has no description");
        assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
    }
}

#[tokio::test]
async fn operations_say_who_is_refused_and_how_a_purpose_is_stated() {
    let house = House::open().await;
    let document = house.get("/openapi.json").await.expect(200).json();
    let mut read = 0;
    // Whether it runs and what it can do is told to everybody; what the map asks for names its refusals one by one.
    let ours = |path: &str, operation: &Json| {
        let of_the_map = operation["tags"].as_array().is_some_and(|tags| tags.iter().any(|tag| tag == "map"));
        (path.starts_with("/ngsi-ld") || path.starts_with("/api")) && !of_the_map
    };
    let all = operations(&document).into_iter();
    for (method, path, operation) in all.filter(|(_, path, operation)| ours(path, operation)) {
        for status in ["401", "403", "429"] {
            let problem = &operation["responses"][status];
            assert!(
                problem["description"].as_str().is_some_and(|text| text.len() > 8),
                "{method} {path} {status}"
            );
        }
        let has = |name: &str| {
            let all = operation["parameters"].as_array();
            all.is_some_and(|all| all.iter().any(|one| one["name"] == name && one["in"] == "header"))
        };
        assert!(!has("NGSILD-Tenant") || has("Dinh-Purpose"), "{method} {path}");
        read += usize::from(has("Dinh-Purpose") && has("Dinh-Reveal"));
    }
    assert!(read > 10, "{read}");
}

#[tokio::test]
async fn the_page_of_operations_is_in_the_language_of_the_reader() {
    let house = House::open().await;
    let vi = house.send(Ask::get("/docs").header("accept-language", "vi")).await.expect(200);
    assert!(vi.header("content-type").starts_with("text/html"), "{}", vi.header("content-type"));
    assert!(vi.text().contains("lang=\"vi\"") && vi.text().contains("Liệt kê các tỉnh, thành phố"));
    let en = house.get("/docs?lang=en").await.expect(200);
    assert!(en.text().contains("lang=\"en\"") && en.text().contains("List provinces and towns"));
    for page in [vi.text(), en.text()] {
        assert!(!page.contains("src=\"http") && !page.contains("<script>") && !page.contains("style=\""));
    }
}
