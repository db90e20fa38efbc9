//! What goes in comes out, and damage is an error.

use std::collections::BTreeMap;

use dinh_model::{
    Attribute, AttributeChange, Change, ChangeKind, Entity, EntityId, GeoValue, Iri, OneOrMany, Scope,
    Tenant, Term, Timestamp, Value,
};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::names::SharedNames;

fn json_value() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_filter("JSON has finite numbers only", |f| f.is_finite()).prop_map(Json::from),
        (-100_000i32..100_000, 0..6i32).prop_map(|(n, e)| Json::from(f64::from(n) / 10f64.powi(e))),
        "\\PC{0,12}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

fn term() -> impl Strategy<Value = Term> {
    "[a-e]{1,2}".prop_map(|name| Term::from(format!("https://example.org/{name}")))
}

fn iri() -> impl Strategy<Value = Iri> {
    "[a-z]{1,8}".prop_map(|name| Iri::trusted(format!("urn:x:{name}")))
}

fn few<T: std::fmt::Debug + 'static>(item: impl Strategy<Value = T> + 'static) -> BoxedStrategy<Vec<T>> {
    prop::collection::vec(item, 0..3).boxed()
}

fn one_or_many<T: Clone + std::fmt::Debug + 'static>(
    item: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<OneOrMany<T>> {
    let item = item.boxed();
    prop_oneof![item.clone().prop_map(OneOrMany::One), few(item).prop_map(OneOrMany::Many)].boxed()
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => json_value().prop_map(Value::Property),
        1 => (one_or_many(iri()), few(term()))
            .prop_map(|(object, object_type)| Value::Relationship { object, object_type }),
        1 => (any::<i16>(), any::<i16>())
            .prop_map(|(x, y)| Value::Geo(GeoValue::point(f64::from(x) / 200.0, f64::from(y) / 500.0))),
        1 => Just(Value::Geo(GeoValue::trusted(json!({"type": "Point", "coordinates": [107, 16, 3.5]})))),
        1 => Just(Value::Geo(GeoValue::trusted(json!({"type": "LineString", "coordinates": [[0, 0.5], [1, 1]]})))),
        1 => prop::collection::btree_map("[a-z]{2}", one_or_many("\\PC{0,9}"), 0..3).prop_map(Value::Language),
        1 => one_or_many(term()).prop_map(Value::Vocab),
        1 => json_value().prop_map(Value::Json),
        1 => few(json_value()).prop_map(Value::List),
        1 => (few(iri()), few(term()))
            .prop_map(|(objects, object_type)| Value::ListRelationship { objects, object_type }),
    ]
}

fn instance(depth: u32) -> BoxedStrategy<Attribute> {
    let sub = if depth == 0 {
        Just(BTreeMap::new()).boxed()
    } else {
        prop::collection::btree_map(term(), prop::collection::vec(instance(depth - 1), 1..2), 0..2).boxed()
    };
    let times = (any::<i64>(), any::<i64>(), prop::option::of(any::<i64>()), expiry());
    (value(), prop::option::of(iri()), times, prop::option::of("[A-Z]{3}"), sub)
        .prop_map(|(value, dataset_id, (created, modified, observed, expires_at), unit, sub)| Attribute {
            value,
            dataset_id,
            observed_at: observed.map(Timestamp::from_micros),
            unit_code: unit.map(Into::into),
            created_at: Timestamp::from_micros(created),
            modified_at: Timestamp::from_micros(modified),
            expires_at,
            sub,
        })
        .boxed()
}

fn expiry() -> impl Strategy<Value = Option<Timestamp>> {
    prop::option::weighted(0.2, any::<i64>().prop_map(Timestamp::from_micros))
}

fn entity() -> impl Strategy<Value = Entity> {
    let attributes = prop::collection::btree_map(term(), prop::collection::vec(instance(2), 1..3), 0..4);
    let scopes = few("/[a-z]{1,5}".prop_map(Scope::trusted));
    (iri(), few(term()), scopes, any::<i64>(), any::<i64>(), expiry(), attributes).prop_map(
        |(id, types, scopes, created, modified, expires_at, attributes)| Entity {
            id,
            types,
            scopes,
            created_at: Timestamp::from_micros(created),
            modified_at: Timestamp::from_micros(modified),
            expires_at,
            attributes,
        },
    )
}

fn spot(at: Timestamp) -> Spot<'static> {
    Spot { entity: "urn:x:1", attribute: "n", base: at }
}

proptest! {
    #[test]
    fn entities_come_back_as_they_were(entity in entity()) {
        let names = SharedNames::default();
        let bytes = encode_entity(&entity, &names, None).unwrap();
        let back = decode_entity(entity.id.clone(), &bytes, &names.read(), &Onlooker::default()).unwrap();
        prop_assert_eq!(back, entity);
    }

    #[test]
    fn instances_and_changes_come_back_as_they_were(before in instance(1), after in instance(1), at in any::<i64>()) {
        let names = SharedNames::default();
        let at = Timestamp::from_micros(at);
        let bytes = encode_instance(&Term::from("n"), &after, at, &names, None).unwrap();
        prop_assert_eq!(&decode_instance(&bytes, &spot(at), &names.read(), &Onlooker::default()).unwrap(), &Some(after.clone()));
        let change = AttributeChange {
            name: Term::from("n"),
            dataset_id: after.dataset_id.clone(),
            kind: ChangeKind::Updated,
            before: Some(before),
            after: Some(after),
        };
        let whole = Change {
            seq: 1,
            tenant: Tenant::default_tenant(),
            entity: EntityId::trusted("urn:x:1"),
            types: vec![Term::from("T")],
            kind: ChangeKind::Updated,
            at,
            version: 7,
            by: String::new(),
            attributes: vec![change],
        };
        let bytes = encode_changes(&whole, &names, &Sides::default()).unwrap();
        let read = decode_changes(&bytes, ("urn:x:1", at), &names.read(), &Onlooker::default()).unwrap();
        prop_assert_eq!(read, (7, whole.types, whole.attributes));
    }

    #[test]
    fn damage_is_an_error_and_never_a_panic(
        entity in entity(), cut in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>(), bit in 0..8u8,
    ) {
        let names = SharedNames::default();
        let bytes = encode_entity(&entity, &names, None).unwrap();
        let short = &bytes[..cut.index(bytes.len())];
        prop_assert!(decode_entity(entity.id.clone(), short, &names.read(), &Onlooker::default()).is_err());
        let mut flipped = bytes.clone();
        flipped[flip.index(bytes.len())] ^= 1 << bit;
        drop(decode_entity(entity.id, &flipped, &names.read(), &Onlooker::default()));
    }
}

#[test]
fn a_sensor_is_small_and_keeps_its_number_kinds() {
    let at = Timestamp::from_micros(1_790_000_000_000_000);
    let names = SharedNames::default();
    let reading = Attribute::new(Value::Property(json!(23.5)), at).observed(at).unit("CEL");
    assert!(encode_instance(&Term::from("n"), &reading, at, &names, None).unwrap().len() <= 8);
    for number in ["1", "1.0", "-0.0", "0.1", "18446744073709551615", "1e300", "16.463713"] {
        let json: Json = serde_json::from_str(number).unwrap();
        let instance = Attribute::new(Value::Property(json), at);
        let bytes = encode_instance(&Term::from("n"), &instance, at, &names, None).unwrap();
        let back = decode_instance(&bytes, &spot(at), &names.read(), &Onlooker::default()).unwrap().unwrap();
        assert_eq!(
            serde_json::to_string(&back.value).unwrap(),
            serde_json::to_string(&instance.value).unwrap()
        );
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let instance = Attribute::new(Value::Property(deep), Timestamp::from_micros(0));
    let encoded = encode_instance(
        &Term::from("n"),
        &instance,
        Timestamp::from_micros(0),
        &SharedNames::default(),
        None,
    );
    assert_eq!(encoded, Err(EncodeError::TooDeep));
}
