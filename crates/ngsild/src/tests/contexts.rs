//! Contexts built from documents: terms, prefixes, arrays, remote documents, and what is refused.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::made_up::terms;
use crate::context::{CORE_URL, Coercion, Context, ContextError, NoLoader, remote_urls};
use crate::problem::Problem;

type Documents = HashMap<String, Arc<Json>>;

fn documents(all: &[(&str, Json)]) -> Documents {
    all.iter().map(|(url, json)| ((*url).to_owned(), Arc::new(json.clone()))).collect()
}

fn parse(context: &Json) -> Result<Context, ContextError> {
    Context::parse(context, &NoLoader)
}

#[test]
fn terms_may_be_built_on_one_another_in_any_order() {
    let context = parse(&json!({
        "speed": "auto:speed",
        "auto": "vn:auto#",
        "vn": "https://example.vn/",
        "brand": {"@id": "auto:brand", "@type": "@vocab"},
        "parked": {"@id": "https://example.vn/parked", "@type": "@id"},
        "bought": {"@id": "auto:bought", "@type": "xsd:date"},
        "schema:name": {"@type": "@id"},
        "schema": "https://schema.org/"
    }))
    .unwrap();
    for (short, iri) in [
        ("speed", "https://example.vn/auto#speed"),
        ("auto:other", "https://example.vn/auto#other"),
        ("schema:name", "https://schema.org/name"),
        ("unknown", "https://uri.etsi.org/ngsi-ld/default-context/unknown"),
        ("nope:x", "nope:x"),
    ] {
        assert_eq!(context.expand(short).as_str(), iri);
        assert_eq!(context.compact(&iri.into()), short);
    }
    assert_eq!(context.coercion("brand"), Some(&Coercion::Vocab));
    assert_eq!(context.coercion("parked"), Some(&Coercion::Id));
    assert!(matches!(context.coercion("bought"), Some(Coercion::Other(_))));
    assert_eq!(context.coercion("speed"), None);
}

#[test]
fn the_core_wins_and_its_vocabulary_is_the_last_resort() {
    let context = parse(&json!([
        {"location": "https://evil.example/l", "@vocab": "https://example.org/v#", "own": {"@type": "@id"}, "x": "y"},
        CORE_URL
    ]))
    .unwrap();
    assert_eq!(context.expand("location").as_str(), "https://uri.etsi.org/ngsi-ld/location");
    assert_eq!(context.expand("own").as_str(), "https://example.org/v#own");
    assert_eq!(context.expand("x").as_str(), "https://example.org/v#y");
    assert_eq!(context.expand("other").as_str(), "https://uri.etsi.org/ngsi-ld/default-context/other");
}

#[test]
fn a_name_that_is_taken_is_written_behind_a_prefix() {
    let context = parse(&json!({"name": "https://schema.org/name", "n": "https://schema.org/name"})).unwrap();
    let default = "https://uri.etsi.org/ngsi-ld/default-context/name".into();
    assert_eq!(context.compact(&default), "ngsi-ld:default-context/name");
    assert_eq!(context.expand("ngsi-ld:default-context/name"), default);
    assert_eq!(context.compact(&"https://schema.org/name".into()), "n", "the shortest term wins");
}

#[test]
fn remote_documents_are_drawn_in() {
    let documents = documents(&[
        ("https://a.vn/one", json!({"@context": ["two", {"a": "https://a.vn/#a"}]})),
        ("https://a.vn/two", json!({"@context": {"b": "https://a.vn/#b", "a": "https://other.vn/#a"}})),
    ]);
    let context =
        Context::parse(&json!(["https://a.vn/one", {"c": "https://a.vn/#c"}, CORE_URL]), &documents).unwrap();
    for name in ["a", "b", "c"] {
        assert_eq!(context.expand(name).as_str(), format!("https://a.vn/#{name}"));
    }
    assert_eq!(context.source(), Some(&json!(["https://a.vn/one", {"c": "https://a.vn/#c"}, CORE_URL])));
    assert_eq!(remote_urls(context.source().unwrap()), ["https://a.vn/one"]);
    let whole = Context::parse_document(&json!({"@context": "https://a.vn/two"}), &documents).unwrap();
    assert_eq!(whole.expand("b").as_str(), "https://a.vn/#b");
    let imported =
        Context::parse(&json!({"@import": "https://a.vn/two", "b": "https://x.vn/"}), &documents).unwrap();
    assert_eq!(imported.expand("b").as_str(), "https://x.vn/");
    assert_eq!(imported.expand("a").as_str(), "https://other.vn/#a");
}

#[test]
fn what_cannot_be_had_is_told_from_what_is_wrong() {
    let status = |context: &Json, documents: &Documents| {
        Problem::from(Context::parse(context, documents).unwrap_err()).status()
    };
    let all = documents(&[
        ("https://a.vn/not", json!({"a": 1})),
        ("https://a.vn/list", json!([])),
        ("https://a.vn/ring", json!({"@context": "https://a.vn/ring2"})),
        ("https://a.vn/ring2", json!({"@context": ["https://a.vn/ring"]})),
    ]);
    let none = Documents::new();
    assert_eq!(status(&json!("https://a.vn/missing"), &none), 504);
    assert_eq!(
        status(&json!("https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context-non-existing.jsonld"), &none),
        504
    );
    for bad in [json!("https://a.vn/not"), json!("https://a.vn/list"), json!("https://a.vn/ring")] {
        assert_eq!(status(&bad, &all), 400, "{bad}");
    }
    for bad in [
        json!(5),
        json!(true),
        json!("relative"),
        json!([[{}]]),
        json!({"a": 5}),
        json!({"a": {"@id": 5}}),
        json!({"a": {"@id": "https://a.vn/", "@context": {"b": "https://b.vn/"}}}),
        json!({"a": {"@reverse": "https://a.vn/"}}),
        json!({"a": {"@id": "https://a.vn/", "@type": 5}}),
        json!({"@vocab": 5}),
        json!({"@graph": []}),
        json!({"@import": 5}),
        json!({"": "https://a.vn/"}),
        json!({"a": "b:x", "b": "a:x"}),
    ] {
        assert_eq!(status(&bad, &none), 400, "{bad}");
    }
}

#[test]
fn contexts_are_bounded() {
    let chain: Vec<(String, Json)> = (0..20)
        .map(|n| (format!("https://a.vn/{n}"), json!({"@context": format!("https://a.vn/{}", n + 1)})))
        .collect();
    let documents: Documents = chain.into_iter().map(|(url, json)| (url, Arc::new(json))).collect();
    assert_eq!(Context::parse(&json!("https://a.vn/0"), &documents), Err(ContextError::TooDeep));
    let wide = vec![json!({}); 100];
    assert_eq!(parse(&wide.into()), Err(ContextError::TooManyDocuments));
    let many: serde_json::Map<String, Json> =
        (0..60_000).map(|n| (format!("t{n}"), Json::from("https://a.vn/"))).collect();
    assert_eq!(parse(&Json::Object(many)), Err(ContextError::TooManyTerms));
    let long: serde_json::Map<String, Json> = (0..5_000)
        .map(|n| (format!("t{n}"), json!({"@id": format!("t{}", n + 1), "@type": format!("t{}", n + 1)})))
        .collect();
    assert!(parse(&Json::Object(long)).is_err(), "a long chain is refused at once");
}

#[test]
fn null_takes_terms_out_of_use() {
    let context = parse(&json!([{"a": "https://a.vn/", "b": "https://b.vn/"}, {"a": null}])).unwrap();
    assert!(!context.knows("a") && context.knows("b"));
    let cleared = parse(&json!([{"a": "https://a.vn/"}, null])).unwrap();
    assert!(!cleared.knows("a"));
}

proptest! {
    #[test]
    fn compacting_undoes_expanding(
        term in terms(),
        names in proptest::collection::btree_map(
            "[a-z]{1,3}",
            proptest::sample::select(vec![
                "https://example.org/onto#", "https://example.org/onto#far", "http://purl.org/dc/terms/",
                "https://uri.etsi.org/ngsi-ld/default-context/a", "https://uri.etsi.org/ngsi-ld/default-context/",
            ]),
            0..6,
        ),
    ) {
        let context = parse(&json!(names)).unwrap();
        let short = context.compact(&term).into_owned();
        prop_assert_eq!(context.expand(&short), term, "{}", short);
    }

    #[test]
    fn the_builder_never_panics(text in "[\\[\\]{}\",:@a-c ]{0,60}") {
        if let Ok(json) = serde_json::from_str::<Json>(&text) {
            let _answer = parse(&json);
        }
    }
}
