//! What a message says, value by value.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::message::flat;

/// Where counterparts put what was filled in on their own form.
pub(super) const DATA: &str = "DuLieu";
/// Names by which members of lists of values are called, and their values.
const NAMES: [&str; 4] = ["Ma", "MaTruong", "Ten", "name"];
const VALUES: [&str; 4] = ["GiaTri", "Value", "value", "NoiDung"];
/// Most values that are looked at, deepest and longest.
const MOST: usize = 500;
const DEEPEST: usize = 6;
const LONGEST: usize = 4_000;

/// Everything that a message says in texts, by where it stands: its own members, the numbers of the applicant by their kind,
/// and what was filled in on the sender's form.
pub fn values(message: &Json) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (name, value) in message.as_object().into_iter().flatten().filter(|(name, _)| *name != DATA) {
        if let Some(text) = flat(value) {
            keep(&mut values, name.clone(), &text);
        }
    }
    let numbers = message["DinhDanhCHS"].as_array().map(Vec::as_slice).unwrap_or_default();
    for one in numbers {
        let said = |name: &str| one.get(name).and_then(flat).unwrap_or_default();
        keep(&mut values, format!("DinhDanhCHS.{}", said("LoaiDinhDanh")), &said("SoDinhDanh"));
    }
    match &message[DATA] {
        // Some systems write the form as JSON within a text.
        Json::String(text) => match serde_json::from_str::<Json>(text) {
            Ok(inner @ (Json::Object(_) | Json::Array(_))) => walk(&mut values, DATA, &inner, 0),
            _ => keep(&mut values, format!("{DATA}.text"), text.trim()),
        },
        data => walk(&mut values, DATA, data, 0),
    }
    values
}

fn keep(values: &mut BTreeMap<String, String>, name: String, value: &str) {
    if values.len() < MOST {
        values.entry(name).or_insert_with(|| value.chars().take(LONGEST).collect());
    }
}

fn walk(values: &mut BTreeMap<String, String>, at: &str, json: &Json, depth: usize) {
    if depth > DEEPEST {
        return;
    }
    match json {
        Json::Object(map) => {
            for (name, value) in map {
                walk(values, &format!("{at}.{name}"), value, depth + 1);
            }
        }
        Json::Array(list) => {
            for (place, one) in list.iter().enumerate() {
                // A list of names and values is what an object says otherwise.
                let member = |names: &[&str]| names.iter().find_map(|name| one.get(*name));
                match (member(&NAMES).and_then(flat), member(&VALUES)) {
                    (Some(name), Some(value)) => walk(values, &format!("{at}.{name}"), value, depth + 1),
                    _ => walk(values, &format!("{at}[{place}]"), one, depth + 1),
                }
            }
        }
        leaf => {
            if let Some(text) = flat(leaf).filter(|text| !text.is_empty()) {
                keep(values, at.to_owned(), &text);
            }
        }
    }
}
