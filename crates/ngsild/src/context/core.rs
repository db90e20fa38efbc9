//! The core context (annex B), built in.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use serde_json::Value as Json;

use super::terms::Definition;
use crate::vocabulary::{CORE_NAMESPACE, DEFAULT_VOCABULARY};

/// The core context as a JSON-LD document: the terms of annex B.
pub const CORE_DOCUMENT: &str = include_str!("core.jsonld");

/// The URL under which the core context is named in responses.
pub const CORE_URL: &str = "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld";

/// The published core contexts, without their scheme: they have long been named with `http:` too. Compared whole: a
/// URL that only looks like one of these is not one.
const PUBLISHED: [&str; 8] = [
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.4.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.5.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.7.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.8.jsonld",
    "uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.9.jsonld",
];

/// True for the URL of a published core context.
pub fn is_core_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| PUBLISHED.contains(&rest))
}

/// Definitions of the core terms.
pub(super) static CORE: LazyLock<HashMap<Box<str>, Definition>> = LazyLock::new(read_core);

/// Core terms by IRI.
pub(super) static CORE_SHORT: LazyLock<HashMap<Arc<str>, Arc<str>>> =
    LazyLock::new(|| super::terms::by_iri(&CORE));

fn read_core() -> HashMap<Box<str>, Definition> {
    let document: Json = serde_json::from_str(CORE_DOCUMENT).unwrap_or(Json::Null);
    let Some(entries) = document.get("@context").and_then(Json::as_object) else { return HashMap::new() };
    entries
        .iter()
        .filter(|(name, _)| !name.starts_with('@'))
        .filter_map(|(name, entry)| {
            let (id, coercion) = match entry {
                Json::String(id) => (id.as_str(), None),
                entry => (entry.get("@id")?.as_str()?, entry.get("@type").and_then(Json::as_str)),
            };
            let iri = core_iri(id);
            let prefix = iri.ends_with(['/', '#']);
            let coercion = coercion.map(|name| super::terms::coercion(name, core_iri));
            Some((name.as_str().into(), Definition { iri: iri.into(), coercion, prefix }))
        })
        .collect()
}

fn core_iri(id: &str) -> String {
    if let Some(rest) = id.strip_prefix("ngsi-ld:") {
        format!("{CORE_NAMESPACE}{rest}")
    } else if let Some(rest) = id.strip_prefix("geojson:") {
        format!("https://purl.org/geojson/vocab#{rest}")
    } else if id.starts_with('@') || id.contains(':') {
        id.to_owned()
    } else if matches!(id, "Date" | "DateTime" | "Time") {
        format!("{CORE_NAMESPACE}{id}")
    } else {
        format!("{DEFAULT_VOCABULARY}{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_published_core_contexts_are_core() {
        assert!(is_core_url("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.6.jsonld"));
        assert!(is_core_url("http://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-v1.3.jsonld"));
        for other in [
            "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-non-existing.jsonld",
            "https://uri.etsi.org/ngsi-ld/v1/",
            "http://",
            "",
        ] {
            assert!(!is_core_url(other), "{other}");
        }
    }

    #[test]
    fn annex_b_is_complete() {
        assert_eq!(CORE.len(), 203);
        assert!(CORE.values().all(|d| d.iri.as_str().starts_with('@') || d.iri.as_str().contains("://")));
        assert_eq!(CORE_SHORT.get("https://uri.etsi.org/ngsi-ld/location").map(|s| &**s), Some("location"));
    }
}
