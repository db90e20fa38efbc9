//! What the reader takes and what it refuses.

use dinh_model::{Entity, OneOrMany, Value};
use serde_json::{Value as Json, json};

use super::made_up::{NOW, term};
use crate::AttributeKind;
use crate::context::{Context, NoLoader};
use crate::problem::{Problem, ProblemKind};
use crate::read::{self, ReadError, Reader};
use crate::write::{Languages, Representation, Writer};

fn entity(json: Json) -> Result<Entity, ReadError> {
    read::entity(&Reader::new(&Context::core(), NOW), json)
}

fn with_probe(probe: &str) -> Result<Entity, ReadError> {
    let probe: Json = serde_json::from_str(probe).unwrap();
    entity(json!({"id": "urn:ngsi-ld:Probe:1", "type": "Probe", "probe": probe}))
}

#[test]
fn attributes_that_break_a_rule_are_refused() {
    for probe in include_str!("data/refused.txt").lines() {
        let error = with_probe(probe).expect_err(probe).to_string();
        assert!(error.starts_with("probe"), "{probe}: {error}");
    }
}

#[test]
fn attributes_that_break_none_are_taken() {
    for probe in include_str!("data/accepted.txt").lines() {
        let entity = with_probe(probe).unwrap_or_else(|error| panic!("{probe}: {error}"));
        assert!(entity.attributes.contains_key(&term("probe")), "{probe}");
    }
}

#[test]
fn concise_attributes_tell_their_kind() {
    for (probe, kind) in [
        ("5", AttributeKind::Property),
        (r#"{"type": "Point", "coordinates": [1, 2]}"#, AttributeKind::GeoProperty),
        (r#"{"value": {"type": "Point", "coordinates": [1, 2]}}"#, AttributeKind::GeoProperty),
        (
            r#"{"type": "Property", "value": {"type": "Point", "coordinates": [1, 2]}}"#,
            AttributeKind::Property,
        ),
        (r#"{"object": "urn:a:b"}"#, AttributeKind::Relationship),
        (r#"{"objectList": ["urn:a:b"]}"#, AttributeKind::ListRelationship),
        (r#"{"languageMap": {"vi": "x"}}"#, AttributeKind::LanguageProperty),
        (r#"{"vocab": "x"}"#, AttributeKind::VocabProperty),
        (r#"{"json": {}}"#, AttributeKind::JsonProperty),
        (r#"{"valueList": []}"#, AttributeKind::ListProperty),
    ] {
        let entity = with_probe(probe).unwrap();
        assert_eq!(AttributeKind::of(&entity.attributes[&term("probe")][0].value), kind, "{probe}");
    }
}

#[test]
fn entities_that_break_a_rule_are_refused() {
    let long = "x".repeat(2_000_000);
    let deep = (0..12).fold(json!(1), |inner, _| json!({"value": 1, "sub": inner}));
    for bad in [
        json!({"type": "T"}),
        json!({"id": "urn:a:b"}),
        json!({"id": "urn:a:b", "type": []}),
        json!({"id": "nothing", "type": "T"}),
        json!({"id": 5, "type": "T"}),
        json!({"id": "urn:ngsi-ld:null", "type": "T"}),
        json!({"id": "urn:a:b", "type": "9T"}),
        json!({"id": "urn:a:b", "type": "type"}),
        json!({"id": "urn:a:b", "type": "T", "scope": "9bad"}),
        json!({"id": "urn:a:b", "type": "T", "scope": "urn:ngsi-ld:null"}),
        json!({"id": "urn:a:b", "type": "T", "scope": ["/ok", "/a//b"]}),
        json!({"id": "urn:a:b", "type": "T", "my attr": 1}),
        json!({"id": "urn:a:b", "type": "T", "datasetId": {"type": "Property", "value": 1}}),
        json!({"id": "urn:a:b", "type": "T", "observedAt": "2026-01-01T00:00:00Z"}),
        json!({"id": "urn:a:b", "type": "T", "https://uri.etsi.org/ngsi-ld/hasValue": 1}),
        json!({"id": "urn:a:b", "type": "T", "location": {"type": "Property", "value": 7}}),
        json!({"id": "urn:a:b", "type": "T", "location": 7}),
        json!({"id": "urn:a:b", "type": "T", "expiresAt": "someday"}),
        json!({"id": "urn:a:b", "type": "T", "title": 1, "http://purl.org/dc/terms/title": 2}),
        json!({"id": "urn:a:b", "type": "T", "text": long}),
        json!({"id": "urn:a:b", "type": "T", "deep": deep}),
    ] {
        let shown: String = bad.to_string().chars().take(100).collect();
        let problem = Problem::from(entity(bad).expect_err(&shown));
        assert!(problem.status() == 400 || problem.status() == 422, "{shown}");
    }
    assert_eq!(Problem::from(entity(json!([])).unwrap_err()).kind, ProblemKind::InvalidRequest);
}

#[test]
fn system_members_and_contexts_are_passed_over() {
    let read = entity(json!({
        "@id": "urn:a:b", "@type": ["T", "T", "U"], "@context": [], "createdAt": "x", "modifiedAt": 1, "deletedAt": null
    }))
    .unwrap();
    assert_eq!((read.types.len(), read.attributes.len(), read.created_at), (2, 0, NOW));
}

#[test]
fn a_user_context_cannot_bend_the_core() {
    let user = json!({"Property": "https://evil.example/P", "value": "https://evil.example/v", "alias": "ngsi-ld:hasValue"});
    let context = Context::parse(&user, &NoLoader).unwrap();
    let reader = Reader::new(&context, NOW);
    let good = json!({"id": "urn:a:b", "type": "T", "x": {"type": "Property", "value": 42}});
    assert_eq!(read::entity(&reader, good).unwrap().attributes[&term("x")][0].number(), Some(42.0));
    assert!(read::entity(&reader, json!({"id": "urn:a:b", "type": "T", "alias": 5})).is_err());
}

#[test]
fn simplified_attributes_follow_the_context() {
    let user = json!({"at": {"@id": "https://example.org/at", "@type": "@id"}});
    let context = Context::parse(&user, &NoLoader).unwrap();
    let reader = Reader::new(&context, NOW).simplified();
    let json = json!({
        "id": "urn:a:b", "type": "T", "at": "urn:a:c", "name": "x", "says": {"languageMap": {"en": "yes"}},
        "speed": {"dataset": {"@none": 1, "urn:a:gps": 2}}, "location": {"type": "Point", "coordinates": [1, 2]},
        "observed": {"value": 5}
    });
    let entity = read::entity(&reader, json).unwrap();
    assert!(matches!(entity.attribute("https://example.org/at").unwrap().value, Value::Relationship { .. }));
    assert!(matches!(entity.attribute(term("says").as_str()).unwrap().value, Value::Language(_)));
    assert_eq!(entity.attributes[&term("speed")].len(), 2);
    assert!(entity.geometry("https://uri.etsi.org/ngsi-ld/location").is_some());
    assert_eq!(
        entity.attribute(term("observed").as_str()).unwrap().value,
        Value::Property(json!({"value": 5}))
    );
}

#[test]
fn fragments_carry_nulls_only_where_they_may() {
    let context = Context::core();
    let reader = Reader::new(&context, NOW);
    let nothing = || json!({"a": "urn:ngsi-ld:null"});
    let inside = || json!({"a": {"type": "Property", "value": {"b": "urn:ngsi-ld:null"}}});
    assert!(read::append_fragment(&reader, nothing()).is_err());
    assert!(read::update_fragment(&reader, nothing()).is_ok());
    assert!(read::update_fragment(&reader, inside()).is_err());
    assert!(read::entity_patch(&reader, nothing()).is_ok());
    assert!(read::entity_patch(&reader, inside()).is_ok());
    assert!(read::attribute_patch(&reader, "a", json!({"value": {"b": "urn:ngsi-ld:null"}})).is_err());
    assert!(read::attribute_patch(&reader, "a", json!({"datasetId": "urn:ngsi-ld:null"})).is_err());
    for empty in [json!({}), json!({"@context": []})] {
        assert!(read::update_fragment(&reader, empty.clone()).is_err());
        assert!(read::attribute_patch(&reader, "a", empty).is_err());
    }
    for name in ["scope", "@invalid", "a b", "observedAt"] {
        assert!(read::attribute(&reader, name, json!({"value": 1})).is_err(), "{name}");
    }
    let with_id = read::entity_patch(&reader, json!({"id": "urn:a:b", "type": "T"})).unwrap();
    assert_eq!(with_id.id.unwrap().as_str(), "urn:a:b");
}

#[test]
fn proofs_and_value_types_stay_bare() {
    let json = json!({
        "id": "urn:a:b", "type": "Vehicle", "speed": {"type": "Property", "value": 1, "valueType": "double"},
        "ngsildproof": {"type": "Property", "entityIdSealed": "urn:a:b", "entityTypeSealed": "Vehicle",
                        "value": {"type": "DataIntegrityProof"}}
    });
    let read = entity(json.clone()).unwrap();
    let mut out = Vec::new();
    Writer::new(&Context::core()).entity(&mut out, &read);
    assert_eq!(serde_json::from_slice::<Json>(&out).unwrap(), json);
    let bad = json!({"id": "urn:a:b", "type": "T", "ngsildproof": {"type": "Property", "value": "x"}});
    assert!(entity(bad).is_err());
}

#[test]
fn a_language_filter_makes_a_property() {
    let json = json!({"id": "urn:a:b", "type": "T", "street": {"languageMap": {"fr": "Grand Place", "nl": "Grote Markt"}}});
    let read = entity(json).unwrap();
    assert!(
        matches!(&read.attributes[&term("street")][0].value, Value::Language(texts) if texts["fr"] == OneOrMany::One("Grand Place".into()))
    );
    let core = Context::core();
    let languages = Languages::parse("nl-BE").unwrap();
    let written = |representation| {
        let mut writer = Writer::new(&core).represented(representation);
        writer.languages = Some(&languages);
        let mut out = Vec::new();
        writer.entity(&mut out, &read);
        serde_json::from_slice::<Json>(&out).unwrap()["street"].clone()
    };
    assert_eq!(
        written(Representation::Normalized),
        json!({"type": "Property", "value": "Grote Markt", "lang": "nl"})
    );
    assert_eq!(written(Representation::Simplified), json!("Grote Markt"));
}
