//! Entities that proptest makes up.

use std::collections::BTreeMap;

use dinh_model::{Attribute, Attributes, Entity, GeoValue, Iri, OneOrMany, Scope, Term, Timestamp, Value};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// 2026-11-20T14:05:00Z.
pub(super) const NOW: Timestamp = Timestamp::from_micros(1_795_183_500_000_000);

pub(super) const VOCABULARY: &str = "https://uri.etsi.org/ngsi-ld/default-context/";

pub(super) fn term(name: &str) -> Term {
    format!("{VOCABULARY}{name}").into()
}

pub(super) fn terms() -> impl Strategy<Value = Term> {
    prop_oneof![
        proptest::sample::select(vec!["a", "b", "mựcNước", "speed"]).prop_map(term),
        proptest::sample::select(vec![
            "http://purl.org/dc/terms/title",
            "https://uri.etsi.org/ngsi-ld/status",
            "https://example.org/onto#far",
        ])
        .prop_map(Term::from),
    ]
}

pub(super) fn iris() -> impl Strategy<Value = Iri> {
    "urn:ngsi-ld:[A-Z][a-z]{0,5}:[0-9]{1,3}".prop_map(|text| Iri::parse(&text).unwrap())
}

pub(super) fn instants() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_000_000_i64).prop_map(Timestamp::from_micros)
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9 \"\\\\<đĐệ;|()]{0,12}", Just("2026-11-20T14:05:00Z".to_owned())]
}

pub(super) fn jsons() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Json::from),
        any::<i32>().prop_map(Json::from),
        (-1e6..1e6_f64).prop_map(Json::from),
        texts().prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Json::from),
            btree_map("[a-z]{1,3}|type|value|object|unitCode|coordinates", inner, 0..4)
                .prop_map(|map| Json::Object(map.into_iter().collect())),
        ]
    })
}

fn geometries() -> impl Strategy<Value = GeoValue> {
    prop_oneof![
        (-180.0..180.0_f64, -90.0..90.0_f64).prop_map(|(lon, lat)| GeoValue::point(lon, lat)),
        Just(
            GeoValue::parse(json!({"type": "LineString", "coordinates": [[107, 16], [108, 16.5]]})).unwrap()
        ),
    ]
}

fn one_or_many<T: Clone + std::fmt::Debug>(
    item: impl Strategy<Value = T> + Clone + 'static,
) -> impl Strategy<Value = OneOrMany<T>> {
    prop_oneof![item.clone().prop_map(OneOrMany::One), vec(item, 1..3).prop_map(OneOrMany::Many)]
}

pub(super) fn values() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => jsons().prop_map(Value::Property),
        1 => geometries().prop_map(Value::Geo),
        1 => btree_map("vi|en|fr-CH|@none", one_or_many(texts().boxed()), 1..3).prop_map(Value::Language),
        1 => one_or_many(terms().boxed()).prop_map(Value::Vocab),
        1 => btree_map("[a-z]{1,3}", jsons(), 0..3)
            .prop_map(|map| Value::Json(Json::Object(map.into_iter().collect()))),
        1 => vec(jsons(), 0..3).prop_map(Value::List),
        1 => (one_or_many(iris().boxed()), vec(terms(), 0..3))
            .prop_map(|(object, object_type)| Value::Relationship { object, object_type }),
        1 => (vec(iris(), 0..3), vec(terms(), 0..3))
            .prop_map(|(objects, object_type)| Value::ListRelationship { objects, object_type }),
    ]
}

fn has_unit(value: &Value) -> bool {
    matches!(value, Value::Property(_) | Value::Geo(_) | Value::List(_))
}

fn bare_attributes() -> impl Strategy<Value = Attribute> {
    (values(), option::of(instants()), option::of("[A-Z]{2,3}")).prop_map(|(value, observed_at, unit)| {
        let mut attribute = Attribute::new(value, NOW);
        attribute.observed_at = observed_at;
        attribute.unit_code = unit.filter(|_| has_unit(&attribute.value)).map(Into::into);
        attribute
    })
}

/// Several instances with different datasets.
fn with_datasets(one: impl Strategy<Value = Attribute> + 'static) -> impl Strategy<Value = Vec<Attribute>> {
    vec((one, option::of(iris())), 1..3).prop_map(|instances| {
        let mut seen = BTreeMap::new();
        for (mut attribute, dataset) in instances {
            attribute.dataset_id.clone_from(&dataset);
            seen.entry(dataset).or_insert(attribute);
        }
        seen.into_values().collect()
    })
}

pub(super) fn attributes() -> impl Strategy<Value = Attribute> {
    let inner = btree_map(terms(), with_datasets(bare_attributes().boxed()), 0..2);
    (bare_attributes(), inner).prop_map(|(mut attribute, sub)| {
        attribute.sub = sub;
        attribute
    })
}

pub(super) fn attribute_maps() -> impl Strategy<Value = Attributes> {
    btree_map(terms(), with_datasets(attributes().boxed()), 0..4)
}

pub(super) fn entities() -> impl Strategy<Value = Entity> {
    let scopes = vec("/[A-Z][a-z]{1,3}(/[A-Z][a-z]{1,3})?", 0..3);
    (iris(), vec(terms(), 1..3), scopes, attribute_maps()).prop_map(|(id, types, scopes, attributes)| {
        let mut unique: Vec<Term> = Vec::new();
        for term in types {
            if !unique.contains(&term) {
                unique.push(term);
            }
        }
        let mut places: Vec<Scope> = Vec::new();
        for scope in scopes {
            let scope = Scope::parse(&scope).unwrap();
            if !places.contains(&scope) {
                places.push(scope);
            }
        }
        Entity {
            id,
            types: unique,
            scopes: places,
            created_at: NOW,
            modified_at: NOW,
            expires_at: None,
            attributes,
        }
    })
}
