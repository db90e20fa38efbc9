//! Aggregation, names of records, and evolutions as they are read.

use dinh_model::{OneOrMany, Scope, Timestamp, Value};
use serde_json::{Value as Json, json};

use super::*;
use crate::context::Context;
use crate::read::{self, Reader};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn aggregated(methods: &str, period: Option<&str>, values: &[(&str, Json)]) -> Vec<(String, Vec<Json>)> {
    let asked = Aggregation::parse(Some(methods), period).unwrap();
    let mut aggregator = Aggregator::new(&asked, (None, None));
    for (instant, value) in values {
        aggregator.value(at(instant), &Value::Property(value.clone()));
    }
    let told = aggregator.finish().unwrap();
    let triple =
        |(value, from, to): &(Json, Timestamp, Timestamp)| json!([value, from.to_string(), to.to_string()]);
    let of =
        |(method, all): &(Method, Vec<_>)| (method.as_str().to_owned(), all.iter().map(triple).collect());
    told.methods.iter().map(of).collect()
}

#[test]
fn numbers_come_to_what_the_methods_say() {
    let values = [
        ("2026-01-01T00:00:00Z", json!(2)),
        ("2026-01-01T00:30:00Z", json!(4)),
        ("2026-01-01T00:40:00Z", json!(4)),
        ("2026-01-01T05:10:00Z", json!(6)),
    ];
    let all = "avg,distinctCount,max,min,stddev,sum,sumsq,totalCount";
    let told = aggregated(all, Some("PT1H"), &values);
    let first: Vec<&Json> = told.iter().map(|(_, periods)| &periods[0][0]).collect();
    let stddev = (36.0f64 / 3.0 - (10.0f64 / 3.0).powi(2)).sqrt();
    assert_eq!(
        first,
        [
            &json!(10.0 / 3.0),
            &json!(2),
            &json!(4.0),
            &json!(2.0),
            &json!(stddev),
            &json!(10.0),
            &json!(36.0),
            &json!(3)
        ]
    );
    let (_, avg) = &told[0];
    assert_eq!(
        avg[1],
        json!([6.0, "2026-01-01T05:00:00Z", "2026-01-01T06:00:00Z"]),
        "empty periods are left out"
    );
    let whole = aggregated("sum", None, &values);
    assert_eq!(whole[0].1, [json!([16.0, "2026-01-01T00:00:00Z", "2026-01-01T05:10:00Z"])]);
}

#[test]
fn months_differ_in_length_and_kinds_in_methods() {
    let values = [("2026-01-31T00:00:00Z", json!("b")), ("2026-03-01T00:00:00Z", json!("a"))];
    let told = aggregated("max,min,avg,totalCount", Some("P1M"), &values);
    let names: Vec<&str> = told.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["max", "min", "totalCount"], "texts have no mean");
    assert_eq!(told[0].1[0], json!(["b", "2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"]));
    assert_eq!(told[0].1[1][0], "a");
    let sizes = aggregated("avg,sum", None, &[("2026-01-01T00:00:00Z", json!([1, 2, 3]))]);
    assert_eq!(sizes[0].1[0][0], 3.0);
    let truth = aggregated("sum", None, &[("2026-01-01T00:00:00Z", json!(true))]);
    assert_eq!(truth[0].1[0][0], 1.0);
}

#[test]
fn what_is_no_method_or_duration_is_refused() {
    for (methods, period) in [
        (None, None),
        (Some(""), None),
        (Some("median"), None),
        (Some("avg"), Some("1h")),
        (Some("avg"), Some("-PT1H")),
        (Some("avg"), Some("PT1.5H")),
        (Some("avg"), Some("P")),
    ] {
        assert!(Aggregation::parse(methods, period).is_err(), "{methods:?} {period:?}");
    }
    for whole in ["PT0S", "P0D"] {
        let asked = Aggregation::parse(Some("avg,avg"), Some(whole)).unwrap();
        assert!(matches!(asked.period, Period::Whole) && asked.methods.len() == 1);
    }
}

#[test]
fn names_of_records_say_whose_and_when() {
    let owner = InstanceName::owner("urn:x:1", "level", None);
    let name = InstanceName::of(owner, 1, at("2026-01-01T00:00:00.000001Z"));
    assert_eq!(InstanceName::parse(&name.to_string()), Some(name));
    let before = InstanceName::of(owner, 0, Timestamp::from_micros(-5));
    assert_eq!(InstanceName::parse(&before.to_string()), Some(before));
    assert_ne!(owner, InstanceName::owner("urn:x:1l", "evel", None));
    for wrong in
        ["urn:x:1", "urn:ngsi-ld:Instance:1", "urn:ngsi-ld:Instance:1-0-g", "urn:ngsi-ld:Instance:1-0-1-1"]
    {
        assert_eq!(InstanceName::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn scopes_hold_until_the_next_one() {
    let record = |text: &str, instant: &str| {
        TemporalInstance::new(scope_instance(&[Scope::parse(text).unwrap()], at(instant)))
    };
    let (first, second) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let records = [record("/A", first), record("/B", second)];
    let is =
        |wanted: &'static str| move |scopes: &[Scope]| scopes.iter().any(|scope| scope.as_str() == wanted);
    assert_eq!(scopes_in(&records, is("/A")), [(at(first), Some(at(second)))]);
    assert_eq!(scopes_in(&records, is("/B")), [(at(second), None)]);
    assert!(scopes_in(&records, is("/C")).is_empty());
}

fn read(json: Json) -> Result<read::EvolutionRequest, read::ReadError> {
    let core = Context::core();
    read::evolution(&Reader::new(&core, at("2026-01-05T00:00:00Z")), json)
}

#[test]
fn evolutions_have_many_instances_and_tell_of_deletions() {
    let told = read(json!({
        "id": "urn:x:1", "type": ["Gauge", "Thing"],
        "level": [
            {"type": "Property", "value": 1, "observedAt": "2026-01-01T00:00:00Z", "instanceId": "urn:x:i"},
            {"type": "Property", "value": 2, "observedAt": "2026-01-02T00:00:00Z"},
            {"type": "Property", "value": "urn:ngsi-ld:null", "observedAt": "2026-01-03T00:00:00Z"}
        ],
        "owner": {"type": "Relationship", "object": "urn:ngsi-ld:null", "deletedAt": "2026-01-04T00:00:00Z"},
        "scope": [{"type": "Property", "value": ["/A", "/B"], "observedAt": "2026-01-01T00:00:00Z"}]
    }))
    .unwrap();
    assert_eq!(told.types.len(), 2);
    let level = told.records.iter().find(|(name, _)| name.as_str().ends_with("level")).unwrap().1;
    assert_eq!(level.len(), 3);
    assert!(level[2].says_nothing() && level[2].deleted_at.is_none());
    let owner = told.records.iter().find(|(name, _)| name.as_str().ends_with("owner")).unwrap().1;
    assert_eq!(owner[0].deleted_at, Some(at("2026-01-04T00:00:00Z")));
    assert!(matches!(&owner[0].attribute.value, Value::Relationship { object: OneOrMany::One(_), .. }));
    let scope = &told.records[crate::vocabulary::SCOPE][0];
    assert_eq!(scopes_of(&scope.attribute).len(), 2);
    assert_eq!(read(json!({"scope": "/A"})).unwrap().scopes.map(|scopes| scopes.len()), Some(1));
}

#[test]
fn what_is_no_evolution_is_refused() {
    for wrong in [
        json!({}),
        json!([]),
        json!({"@context": []}),
        json!({"expiresAt": "urn:ngsi-ld:null"}),
        json!({"level": [{"type": "Property"}]}),
        json!({"level": [{"type": "Property", "value": 1, "observedAt": "yesterday"}]}),
        json!({"scope": [{"type": "Property", "value": "no scope", "observedAt": "2026-01-01T00:00:00Z"}]}),
        json!({"invalid(Name": [{"type": "Property", "value": 1}]}),
    ] {
        assert!(read(wrong.clone()).is_err(), "{wrong}");
    }
}
