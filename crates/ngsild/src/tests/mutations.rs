//! Writes by the examples of the standard, and the changes they make replayed.

use std::collections::BTreeMap;

use dinh_model::{Attribute, AttributeChange, ChangeKind, Entity, Iri, Term, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value as Json, json};

use super::made_up::{NOW, attribute_maps, attributes, entities, iris, term, terms};
use crate::context::Context;
use crate::mutation::{
    Applied, AttributePatch, EntityPatch, Fragment, Mutation, MutationError, ValuePatch, created_changes,
};
use crate::read::{self, Reader};
use crate::write::Writer;

const LATER: Timestamp = NOW.plus_micros(60_000_000);

fn reader(context: &Context) -> Reader<'_> {
    Reader::new(context, LATER)
}

fn station(attributes: Json) -> Entity {
    let Json::Object(mut json) = attributes else { panic!("an object") };
    json.insert("id".into(), json!("urn:ngsi-ld:Station:1"));
    json.insert("type".into(), json!("Station"));
    read::entity(&Reader::new(&Context::core(), NOW), Json::Object(json)).unwrap()
}

/// Applies and answers what the entity says now, without `id` and `type`.
fn after(entity: &mut Entity, mutation: &Mutation) -> (Json, Applied) {
    let applied = mutation.apply(entity, LATER).unwrap();
    let mut out = Vec::new();
    Writer::new(&Context::core()).entity(&mut out, entity);
    let mut json: Json = serde_json::from_slice(&out).unwrap();
    json.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "type");
    (json, applied)
}

fn update(json: Json) -> Mutation {
    Mutation::Update { fragment: read::update_fragment(&reader(&Context::core()), json).unwrap().content }
}

fn append(json: Json, overwrite: bool) -> Mutation {
    let fragment = read::append_fragment(&reader(&Context::core()), json).unwrap().content;
    Mutation::Append { fragment, overwrite }
}

fn merge(json: Json) -> Mutation {
    let patch = read::entity_patch(&reader(&Context::core()), json).unwrap().content;
    Mutation::Merge { patch, observed_at: None, lang: None }
}

fn patch(name: &str, json: Json) -> Mutation {
    let context = Context::core();
    let patch = read::attribute_patch(&reader(&context), name, json).unwrap();
    Mutation::PatchAttribute { name: term(name), patch: Box::new(patch) }
}

fn temperature() -> Entity {
    station(json!({"temperature": {
        "type": "Property", "value": 25, "unitCode": "CEL", "observedAt": "2022-03-14T01:59:26.535Z"
    }}))
}

#[test]
fn examples_of_partial_updates() {
    // Clause 5.5.8, examples 1 to 3.
    let new = json!({"type": "Property", "value": 100, "observedAt": "2022-03-14T13:00:00.000Z"});
    let (json, applied) = after(&mut temperature(), &patch("temperature", new.clone()));
    assert_eq!(json["temperature"]["unitCode"], "CEL");
    assert_eq!(json["temperature"]["value"], 100);
    assert_eq!(applied.changes[0].kind, ChangeKind::Updated);
    assert_eq!(applied.changes[0].after.as_ref().unwrap().created_at, NOW);
    assert_eq!(applied.changes[0].after.as_ref().unwrap().modified_at, LATER);
    let (json, _) = after(&mut temperature(), &update(json!({"temperature": new})));
    assert_eq!(
        json,
        json!({"temperature": {"type": "Property", "value": 100, "observedAt": "2022-03-14T13:00:00Z"}})
    );
    for nothing in [json!("urn:ngsi-ld:null"), json!({"type": "Property", "value": "urn:ngsi-ld:null"})] {
        let (json, applied) = after(&mut temperature(), &update(json!({"temperature": nothing})));
        assert_eq!(json, json!({}));
        assert_eq!(applied.changes[0].kind, ChangeKind::Deleted);
    }
}

#[test]
fn examples_of_merging() {
    // Clause 5.5.12, examples 1 and 2.
    let new =
        json!({"temperature": {"type": "Property", "value": 100, "observedAt": "2022-03-14T13:00:00.000Z"}});
    let (json, _) = after(&mut temperature(), &merge(new));
    assert_eq!(json["temperature"]["unitCode"], "CEL");
    let address = json!({"street": "Straße des 17. Juni", "city": "Berlin", "country": "Germany"});
    let mut entity = station(json!({"address": address}));
    let new = json!({"address": {"type": "Property", "value": {"street": "Pariser Platz", "country": "urn:ngsi-ld:null"}}});
    let (json, _) = after(&mut entity, &merge(new.clone()));
    assert_eq!(json["address"]["value"], json!({"street": "Pariser Platz", "city": "Berlin"}));
    // Where nothing was, what is marked for removal is not written.
    let (json, _) = after(&mut station(json!({})), &merge(new));
    assert_eq!(json["address"]["value"], json!({"street": "Pariser Platz"}));
}

#[test]
fn merging_keeps_kinds_and_reaches_into_members() {
    let mut entity = station(json!({
        "name": {"languageMap": {"vi": "Cầu", "en": "Bridge"}},
        "of": {"object": "urn:ngsi-ld:River:1"},
        "state": {"vocab": "open"},
        "level": {"value": 3, "unitCode": "MTR", "observedAt": "2026-01-01T00:00:00Z", "quality": 1, "by": 2},
        "note": "x"
    }));
    let patch = read::entity_patch(
        &reader(&Context::core()).simplified(),
        json!({"name": "Cầu mới", "of": "urn:ngsi-ld:River:2", "state": "closed", "level": 4, "new": true}),
    );
    let mutation =
        Mutation::Merge { patch: patch.unwrap().content, observed_at: Some(LATER), lang: Some("vi".into()) };
    let (json, _) = after(&mut entity, &mutation);
    assert_eq!(json["name"]["languageMap"], json!({"vi": "Cầu mới", "en": "Bridge"}));
    assert_eq!(json["of"], json!({"type": "Relationship", "object": "urn:ngsi-ld:River:2"}));
    assert_eq!(json["state"], json!({"type": "VocabProperty", "vocab": "closed"}));
    assert_eq!(json["level"]["value"], 4);
    assert_eq!(json["level"]["observedAt"], "2026-11-20T14:06:00Z");
    assert_eq!(json["new"], json!({"type": "Property", "value": true}));
    let inner = json!({
        "level": {"unitCode": "urn:ngsi-ld:null", "by": "urn:ngsi-ld:null", "quality": {"value": 5}},
        "name": {"languageMap": {"en": "urn:ngsi-ld:null"}},
        "note": "urn:ngsi-ld:null",
        "gone": "urn:ngsi-ld:null",
        "type": "Gauge"
    });
    let (json, applied) = after(&mut entity, &merge(inner));
    assert_eq!(json["level"].get("unitCode"), None);
    assert_eq!(json["level"].get("by"), None);
    assert_eq!(json["level"]["quality"]["value"], 5);
    assert_eq!(json["name"]["languageMap"], json!({"vi": "Cầu mới"}));
    assert_eq!(json.get("note"), None);
    assert!(applied.not_updated.is_empty());
    assert_eq!(entity.types.len(), 2);
}

#[test]
fn a_merge_without_a_value_needs_an_attribute() {
    let fragment = json!({"level": {"unitCode": "MTR"}});
    let (json, applied) = after(&mut station(json!({})), &merge(fragment));
    assert_eq!(json, json!({}));
    assert_eq!(applied.not_updated.len(), 1);
    assert!(!applied.touched);
}

#[test]
fn appending_respects_instances_and_scopes() {
    let gps = json!({"value": 2, "datasetId": "urn:ngsi-ld:Dataset:gps"});
    let mut entity = station(json!({"speed": 1, "scope": "/Hue"}));
    let (json, _) = after(&mut entity, &append(json!({"speed": gps, "scope": "/DaNang"}), false));
    assert_eq!(json["speed"].as_array().unwrap().len(), 2);
    assert_eq!(json["scope"], json!(["/Hue", "/DaNang"]));
    let again = append(json!({"speed": 9, "brand": "x"}), false);
    let (json, applied) = after(&mut entity, &again);
    assert_eq!(json["speed"][0]["value"], 1);
    assert_eq!(applied.not_updated[0].name, term("speed"));
    assert_eq!(applied.updated, vec![term("brand")]);
    let (json, _) = after(&mut entity, &append(json!({"speed": 9, "scope": "/DaNang"}), true));
    assert_eq!(json["speed"][0]["value"], 9);
    assert_eq!(json["scope"], "/DaNang");
}

#[test]
fn an_update_replaces_scopes_only_where_there_are_some() {
    let scopes = || update(json!({"scope": "/Hue"}));
    let (json, applied) = after(&mut station(json!({"scope": "/x"})), &scopes());
    assert_eq!((json["scope"].as_str(), applied.not_updated.len()), (Some("/Hue"), 0));
    let (json, applied) = after(&mut station(json!({})), &scopes());
    assert_eq!((json.get("scope"), applied.not_updated.len(), applied.touched), (None, 1, false));
}

#[test]
fn partial_updates_keep_the_kind_and_delete_instances() {
    let mut entity = station(json!({"speed": [1, {"value": 2, "datasetId": "urn:a:gps"}]}));
    assert_eq!(entity.attributes[&term("speed")].len(), 1, "an array of mixed items is one bare value");
    entity = station(json!({"speed": [{"value": 1}, {"value": 2, "datasetId": "urn:a:gps"}]}));
    let other = patch("speed", json!({"object": "urn:a:b"}));
    assert!(matches!(other.apply(&mut entity, LATER), Err(MutationError::OtherKind { .. })));
    let missing = patch("speed", json!({"value": 3, "datasetId": "urn:a:none"}));
    assert!(matches!(missing.apply(&mut entity, LATER), Err(MutationError::NoAttribute { .. })));
    let gone =
        patch("speed", json!({"type": "Property", "value": "urn:ngsi-ld:null", "datasetId": "urn:a:gps"}));
    let (json, _) = after(&mut entity, &gone);
    assert_eq!(json["speed"]["value"], 1);
}

#[test]
fn nothing_new_is_no_change_but_a_new_observation_is() {
    let mut entity = temperature();
    let before = entity.clone();
    let same =
        json!({"temperature": {"value": 25, "unitCode": "CEL", "observedAt": "2022-03-14T01:59:26.535Z"}});
    let (_, applied) = after(&mut entity, &update(same));
    assert_eq!((applied.touched, applied.changes.len(), applied.updated.len()), (false, 0, 1));
    assert_eq!(entity, before);
    let (_, applied) =
        after(&mut entity, &patch("temperature", json!({"observedAt": "2022-03-14T02:00:00Z"})));
    assert!(applied.touched);
    assert_eq!(entity.modified_at, LATER);
}

#[test]
fn deleting_takes_one_instance_or_all() {
    let two =
        || station(json!({"speed": [{"value": 1}, {"value": 2, "datasetId": "urn:a:gps"}], "scope": "/x"}));
    let delete = |name: &str, dataset_id: Option<&str>, all| Mutation::DeleteAttribute {
        name: if name == "scope" { crate::vocabulary::SCOPE.into() } else { term(name) },
        dataset_id: dataset_id.map(|id| Iri::parse(id).unwrap()),
        all,
    };
    let (json, _) = after(&mut two(), &delete("speed", None, false));
    assert_eq!(json["speed"]["value"], 2);
    let (json, _) = after(&mut two(), &delete("speed", Some("urn:a:gps"), false));
    assert_eq!(json["speed"]["value"], 1);
    let (json, applied) = after(&mut two(), &delete("speed", None, true));
    assert_eq!((json.get("speed"), applied.changes.len()), (None, 2));
    let (json, _) = after(&mut two(), &delete("scope", None, false));
    assert_eq!(json.get("scope"), None);
    assert!(delete("wings", None, true).apply(&mut two(), LATER).is_err());
    assert!(delete("speed", Some("urn:a:x"), false).apply(&mut two(), LATER).is_err());
}

#[test]
fn replacing_keeps_the_birthday() {
    let mut entity = temperature();
    let context = Context::core();
    let json = json!({"id": "urn:ngsi-ld:Station:1", "type": "Gauge", "level": 1});
    let new = read::entity(&reader(&context), json).unwrap();
    let (json, applied) = after(&mut entity, &Mutation::Replace(Box::new(new.clone())));
    assert_eq!(json, json!({"level": {"type": "Property", "value": 1}}));
    assert_eq!(entity.created_at, NOW);
    assert_eq!(entity.types, vec![term("Gauge")]);
    assert_eq!(applied.changes.len(), 2);
    let mut other = new;
    other.id = Iri::parse("urn:a:b").unwrap();
    assert!(matches!(
        Mutation::Replace(Box::new(other)).apply(&mut entity, LATER),
        Err(MutationError::OtherEntity { .. })
    ));
}

/// Instances by name and dataset.
type Instances = BTreeMap<(Term, Option<Iri>), Attribute>;

fn instances(entity: &Entity) -> Instances {
    let all = entity.attributes.iter();
    all.flat_map(|(name, instances)| {
        instances.iter().map(|i| ((name.clone(), i.dataset_id.clone()), i.clone()))
    })
    .collect()
}

fn replay(mut state: Instances, changes: &[AttributeChange]) -> Instances {
    for change in changes {
        let key = (change.name.clone(), change.dataset_id.clone());
        assert_eq!(state.remove(&key), change.before, "before of {key:?}");
        if let Some(after) = &change.after {
            state.insert(key, after.clone());
        }
        let kind = match (&change.before, &change.after) {
            (None, Some(_)) => ChangeKind::Created,
            (Some(_), Some(_)) => ChangeKind::Updated,
            _ => ChangeKind::Deleted,
        };
        assert_eq!(kind, change.kind);
    }
    state
}

fn mutations() -> impl Strategy<Value = Mutation> {
    let patches = attribute_maps().prop_map(|all| EntityPatch {
        expires_at: None,
        attributes: all
            .into_iter()
            .map(|(name, instances)| (name, instances.into_iter().map(as_patch).collect()))
            .collect(),
        ..EntityPatch::default()
    });
    prop_oneof![
        (attribute_maps(), any::<bool>())
            .prop_map(|(all, overwrite)| Mutation::Append { fragment: Fragment::from(all), overwrite }),
        attribute_maps().prop_map(|all| Mutation::Update { fragment: Fragment::from(all) }),
        (patches, select(vec![None, Some(LATER)])).prop_map(|(patch, observed_at)| Mutation::Merge {
            patch,
            observed_at,
            lang: None
        }),
        (terms(), attributes()).prop_map(|(name, attribute)| Mutation::ReplaceAttribute {
            name,
            attribute: Box::new(attribute)
        }),
        (terms(), attributes())
            .prop_map(|(name, a)| Mutation::PatchAttribute { name, patch: Box::new(as_patch(a)) }),
        (terms(), proptest::option::of(iris()), any::<bool>())
            .prop_map(|(name, dataset_id, all)| Mutation::DeleteAttribute { name, dataset_id, all }),
        entities().prop_map(|entity| Mutation::Replace(Box::new(entity))),
    ]
}

fn as_patch(attribute: Attribute) -> AttributePatch {
    let mut patch = AttributePatch::of(ValuePatch::Set(attribute.value));
    patch.dataset_id = attribute.dataset_id;
    patch.observed_at = attribute.observed_at.map(crate::mutation::Edit::Set);
    patch.sub = attribute
        .sub
        .into_iter()
        .map(|(name, instances)| (name, instances.into_iter().map(as_patch).collect()))
        .collect();
    patch
}

proptest! {
    #[test]
    fn changes_replayed_over_before_give_after(before in entities(), mut mutation in mutations()) {
        if let Mutation::Replace(new) = &mut mutation {
            new.id = before.id.clone();
        }
        let mut entity = before.clone();
        match mutation.apply(&mut entity, LATER) {
            Err(_) => prop_assert_eq!(entity, before),
            Ok(applied) => {
                prop_assert_eq!(replay(instances(&before), &applied.changes), instances(&entity));
                if applied.touched {
                    prop_assert_eq!(entity.modified_at, LATER);
                } else {
                    prop_assert_eq!(&entity, &before);
                }
                let mut again = entity.clone();
                if let Ok(second) = mutation.apply(&mut again, LATER.plus_micros(1)) {
                    prop_assert!(second.changes.is_empty(), "twice is once: {:?}", second.changes);
                }
            }
        }
    }

    #[test]
    fn an_entity_is_the_sum_of_its_creation(entity in entities()) {
        prop_assert_eq!(replay(Instances::new(), &created_changes(&entity)), instances(&entity));
    }
}
