//! Types: titles in both languages, units, kinds, required attributes.

use serde_json::Value as Json;

use crate::house::{packs, registry};

const KINDS: [&str; 5] = ["Property", "GeoProperty", "Relationship", "LanguageProperty", "JsonProperty"];
const PRIVACY: [&str; 4] = ["open", "internal", "personal", "sensitive"];

#[test]
fn types_are_read_and_speak_both_languages() {
    assert!(registry().types().len() >= 20);
    for entity_type in registry().types() {
        let name = &entity_type.name;
        for titles in [&entity_type.title, &entity_type.plural, &entity_type.description] {
            assert!(!titles.vi.is_empty() && !titles.en.is_empty(), "{name}: {titles:?}");
        }
        assert!(entity_type.attributes.iter().any(|a| a.name == entity_type.label), "{name}: label");
        for attribute in &entity_type.attributes {
            let title = &attribute.title;
            assert!(!title.vi.is_empty() && !title.en.is_empty(), "{name}.{}: title", attribute.name);
            if let Some(unit) = &attribute.unit {
                assert!(dinh_feeds::mapping::find_unit(&unit.code).is_some(), "{name}.{}", attribute.name);
                assert!(!unit.symbol.is_empty(), "{name}.{}", attribute.name);
            }
        }
        for required in &entity_type.required {
            assert!(entity_type.attribute(required.as_str()).is_some(), "{name} requires {required}");
        }
    }
}

#[test]
fn the_files_of_types_are_named_after_them_and_constrain_values() {
    for pack in packs().packs() {
        for file in packs().files(&pack.name, "types", ".json").unwrap() {
            let schema: Json = file.json().unwrap();
            assert_eq!(schema["title"].as_str(), Some(file.stem()), "{}", file.path);
            for (name, property) in schema["properties"].as_object().unwrap() {
                let at = format!("{}: {name}", file.path);
                let marks = &property["x-dinh"];
                let kind = marks["kind"].as_str().unwrap_or("Property");
                assert!(KINDS.contains(&kind), "{at}: {kind}");
                assert!(PRIVACY.contains(&marks["privacy"].as_str().unwrap_or_default()), "{at}: privacy");
                let number = matches!(property["type"].as_str(), Some("number" | "integer"));
                assert_eq!(number, property.get("minimum").is_some(), "{at}: numbers have limits");
                assert_eq!(number, property.get("maximum").is_some(), "{at}: numbers have limits");
                assert!(number || marks.get("unit").is_none(), "{at}: only numbers have units");
                let rules = property.as_object().unwrap().len();
                assert!(rules >= 2, "{at}: says nothing of its values");
            }
        }
    }
}
