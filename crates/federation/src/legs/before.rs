//! What attributes said before, as a source tells it with `showChanges` (CIM 009 clauses 5.2.14.1 and 4.5.2 to 4.5.4).

use serde_json::{Map, Value as Json, json};

/// Where a former value stands, where it stood, and the type of an attribute that has it there.
const MEMBERS: [(&str, &str, &str); 7] = [
    ("previousValue", "value", "Property"),
    ("previousObject", "object", "Relationship"),
    ("previousLanguageMap", "languageMap", "LanguageProperty"),
    ("previousVocab", "vocab", "VocabProperty"),
    ("previousJson", "json", "JsonProperty"),
    ("previousValueList", "valueList", "ListProperty"),
    ("previousObjectList", "objectList", "ListRelationship"),
];

/// Takes former values out of an entity that is told of: the entity as it was, as far as that is told; none if nothing is.
pub(super) fn take_before(told: &mut Json) -> Option<Json> {
    let told = told.as_object_mut()?;
    let mut entity = Map::new();
    for (name, attribute) in told.iter_mut() {
        let former: Vec<Json> = match attribute {
            Json::Array(instances) => instances.iter_mut().filter_map(take_instance).collect(),
            one => take_instance(one).into_iter().collect(),
        };
        if !former.is_empty() {
            entity.insert(name.clone(), former.into());
        }
    }
    if entity.is_empty() {
        return None;
    }
    for name in ["id", "type"] {
        entity.insert(name.to_owned(), told.get(name)?.clone());
    }
    Some(entity.into())
}

/// An instance as it was.
fn take_instance(told: &mut Json) -> Option<Json> {
    let members = told.as_object_mut()?;
    let (value, member, kind) = MEMBERS
        .iter()
        .find_map(|(previous, member, kind)| Some((members.remove(*previous)?, member, kind)))?;
    // Places are told like other values.
    let kind = if told.get("type") == Some(&json!("GeoProperty")) { &"GeoProperty" } else { kind };
    let mut former = json!({"type": kind, *member: value});
    if let Some(dataset) = told.get("datasetId") {
        former["datasetId"] = dataset.clone();
    }
    Some(former)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn former_values_are_told_in_the_place_of_values() {
        let mut told = json!({
            "id": "urn:x:1", "type": "Gauge", "name": {"type": "Property", "value": "a"},
            "level": [
                {"type": "Property", "value": 5, "previousValue": 3, "datasetId": "urn:x:d"},
                {"type": "Property", "value": 6},
            ],
            "of": {"type": "Relationship", "object": "urn:ngsi-ld:null", "previousObject": "urn:x:2"},
            "location": {"type": "GeoProperty", "value": {}, "previousValue": {"type": "Point", "coordinates": [107, 16]}},
        });
        let former = json!({
            "id": "urn:x:1", "type": "Gauge",
            "level": [{"type": "Property", "value": 3, "datasetId": "urn:x:d"}],
            "of": [{"type": "Relationship", "object": "urn:x:2"}],
            "location": [{"type": "GeoProperty", "value": {"type": "Point", "coordinates": [107, 16]}}],
        });
        assert_eq!(take_before(&mut told), Some(former));
        assert_eq!(take_before(&mut told), None, "they are taken out: {told}");
    }
}
