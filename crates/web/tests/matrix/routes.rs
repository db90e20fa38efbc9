//! Every route of the house, read from the program itself: the OpenAPI document for machines, the sources for people.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value as Json;

/// A method and the path that it is good for.
pub(crate) type Route = (String, String);

/// Every route.
pub(crate) fn routes() -> BTreeSet<Route> {
    let mut all = for_machines();
    for_people(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

fn for_machines() -> BTreeSet<Route> {
    let document: Json = serde_json::from_str(&dinh_web::openapi()).expect("a document");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods");
        methods.keys().map(|method| (method.to_uppercase(), path.clone()))
    });
    operations.collect()
}

/// The routes that sources below `folder` give to a router: `.route("path", get(…).post(…))`.
fn for_people(folder: &Path, all: &mut BTreeSet<Route>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            for_people(&path, all);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            in_source(&std::fs::read_to_string(&path).expect("a source"), all);
        }
    }
}

fn in_source(text: &str, all: &mut BTreeSet<Route>) {
    for part in text.split(".route(").skip(1) {
        let rest = part.trim_start().strip_prefix('"').expect("a route has its path as a literal");
        let (path, rest) = rest.split_once('"').expect("the path ends");
        let handlers = until_closed(rest);
        let mut found = false;
        for method in ["get", "post", "put", "patch", "delete"] {
            let is_there = handlers.match_indices(&format!("{method}(")).any(|(at, _)| {
                handlers
                    .get(..at)
                    .is_none_or(|before| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            if is_there {
                found = true;
                all.insert((method.to_uppercase(), path.to_owned()));
            }
        }
        assert!(found, "{path} has handlers that this test can read");
    }
}

/// The text up to the bracket that closes the one before it.
fn until_closed(text: &str) -> &str {
    let mut open = 1_i32;
    for (at, c) in text.char_indices() {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if open == 0 {
            return text.get(..at).unwrap_or_default();
        }
    }
    text
}

#[test]
fn routes_are_read_from_sources() {
    let mut all = BTreeSet::new();
    in_source(
        "Router::new().route(\"/a\", get(one).post(two)).route(\n  \"/b/{id}\",\n  put(x::forget(1)))",
        &mut all,
    );
    let named: Vec<String> = all.iter().map(|(method, path)| format!("{method} {path}")).collect();
    assert_eq!(named, ["GET /a", "POST /a", "PUT /b/{id}"]);
}
