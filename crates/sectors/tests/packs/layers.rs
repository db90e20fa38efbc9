//! Layers: types and attributes exist, titles in both languages, classes fit values that occur.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::house::{expand, packs, registry};

fn both(table: &Table, key: &str, at: &str) {
    let text =
        |lang: &str| table.get(key).and_then(|t| t.get(lang)).and_then(Value::as_str).unwrap_or_default();
    assert!(!text("vi").is_empty() && !text("en").is_empty(), "{at}: {key} in both languages");
}

#[test]
fn layers_show_what_the_types_have() {
    let mut ids = BTreeSet::new();
    for pack in packs().packs() {
        for file in packs().files(&pack.name, "layers", ".toml").unwrap() {
            let layer: Table = file.toml().unwrap();
            assert!(ids.insert(file.stem().to_owned()), "{}: the layer exists in another pack", file.path);
            both(&layer, "title", &file.path);
            both(&layer, "group", &file.path);
            for type_name in layer["types"].as_array().unwrap() {
                check_type(&file.path, &pack.name, &layer, type_name.as_str().unwrap());
            }
            for part in ["class", "column"] {
                for one in layer.get(part).and_then(Value::as_array).into_iter().flatten() {
                    both(one.as_table().unwrap(), "title", &file.path);
                }
            }
        }
    }
    assert!(ids.len() >= 20, "{ids:?}");
}

/// Attributes named by a layer must be known to every type it shows, but for columns and values of mixed layers.
fn check_type(path: &str, pack: &str, layer: &Table, type_name: &str) {
    let term = expand(type_name);
    let Some(entity_type) = registry().entity_type(term.as_str()) else {
        panic!("{path}: no pack describes the type {type_name}")
    };
    let own = packs().pack(pack).unwrap();
    assert!(entity_type.pack == pack || own.depends.contains(&entity_type.pack), "{path}: {type_name}");
    let knows = |name: &str| entity_type.attribute(expand(name).as_str());
    let geometry = layer.get("geometry").and_then(Value::as_str).unwrap_or("location");
    assert!(knows(geometry).is_some(), "{path}: {type_name} has no {geometry}");
    let label = layer.get("label").and_then(Value::as_str).unwrap_or("name");
    assert!(knows(label).is_some(), "{path}: {type_name} has no {label}");
    let mut named: Vec<&str> = Vec::new();
    for part in ["class", "column"] {
        let tables = layer.get(part).and_then(Value::as_array).into_iter().flatten();
        named.extend(tables.filter_map(|t| t.get("attribute").and_then(Value::as_str)));
    }
    if let Some(value) = layer.get("value") {
        let name = value["attribute"].as_str().unwrap();
        named.push(name);
        let shown = value.get("unit").and_then(Value::as_str);
        let kept = knows(name).and_then(|a| a.unit.as_ref()).map(|u| u.symbol.as_str());
        assert_eq!(shown, kept, "{path}: unit of {name}");
    }
    for name in named {
        assert!(knows(name).is_some(), "{path}: {type_name} has no {name}");
    }
}
