//! Registrations: read, written, matched, in conflict with each other.

use dinh_model::{EntityId, Term, Timestamp};
use serde_json::{Value as Json, json};

use crate::context::Context;
use crate::query::{GeoQuery, Q, ScopeExpr, TypeExpr};
use crate::registration::{Calls, Discovery, Mode, Operation, Registration, Types, Wanted};
use crate::temporal::{TimeProperty, TimeRelation};

const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

fn read(json: &Json) -> Result<Registration, String> {
    let fresh = EntityId::trusted("urn:ngsi-ld:ContextSourceRegistration:fresh");
    Registration::read(json, &Context::core(), &fresh, NOW).map_err(|error| error.to_string())
}

fn bench(more: &Json) -> Json {
    let mut json = json!({
        "type": "ContextSourceRegistration", "endpoint": "http://source.example/",
        "information": [{"entities": [{"type": "Bench"}]}],
    });
    let members = json.as_object_mut().expect("an object");
    members.extend(more.as_object().expect("an object").clone());
    json
}

fn made(more: &Json) -> Registration {
    read(&bench(more)).expect("a registration")
}

fn terms(names: &[&str]) -> Vec<Term> {
    names.iter().map(|name| Context::core().expand(name)).collect()
}

#[test]
fn what_is_registered_is_given_back_and_survives_the_store() {
    let asked = bench(&json!({
        "id": "urn:ngsi-ld:ContextSourceRegistration:1", "registrationName": "Ghế đá", "mode": "redirect",
        "information": [{"entities": [{"idPattern": ".*:hue:.*", "type": ["Bench", "Asset"]}, {"id": "urn:x:1", "type": "Bench"}],
            "propertyNames": ["colour"], "relationshipNames": ["standsIn"]}],
        "operations": ["updateOps", "retrieveEntity"], "management": {"timeout": 500, "cacheDuration": "PT5M"},
        "contextSourceInfo": [{"key": "Authorization", "value": "Bearer x"}], "scope": ["/Hue"], "tenant": "other",
        "location": {"type": "Point", "coordinates": [107.5, 16.4]}, "refreshRate": "PT1M",
        "observationInterval": {"startAt": "2026-01-01T00:00:00Z"}, "sourceType": "sensor",
    }));
    let registration = read(&asked).expect("a registration");
    assert_eq!(registration.to_json(&Context::core(), &Calls::default(), None), asked);
    let stored = Registration::from_stored(&registration.to_stored()).expect("readable");
    assert_eq!(stored, registration);
    assert_eq!(registration.mode, Mode::Redirect);
    assert!(
        registration.supports(Operation::ReplaceAttrs) && !registration.supports(Operation::CreateEntity)
    );
}

#[test]
fn calls_are_told_once_there_were_any() {
    let registration = made(&json!({}));
    let mut calls = Calls::default();
    calls.note(NOW, true);
    calls.note(NOW.plus_micros(1), false);
    let told = registration.to_json(&Context::core(), &calls, None);
    assert_eq!(
        (&told["status"], &told["timesSent"], &told["timesFailed"]),
        (&json!("failed"), &json!(2), &json!(1))
    );
    assert!(registration.to_json(&Context::core(), &Calls::default(), None).get("status").is_none());
}

#[test]
fn what_breaks_a_rule_is_refused_by_name() {
    let refused = |more: Json, named: &str| {
        let reason = read(&bench(&more)).expect_err(&more.to_string());
        assert!(reason.contains(named), "{more}: {reason}");
    };
    refused(json!({"type": "Subscription"}), "type");
    refused(json!({"endpoint": "mqtt://x/"}), "endpoint");
    refused(json!({"information": []}), "information");
    refused(json!({"information": [{}]}), "information");
    refused(json!({"information": [{"entities": [{"id": "urn:x:1"}]}]}), "type");
    refused(json!({"mode": "sometimes"}), "mode");
    refused(json!({"operations": ["fly"]}), "operations");
    refused(json!({"mode": "auxiliary", "operations": ["updateOps"]}), "operations");
    refused(json!({"mode": "exclusive"}), "information");
    refused(json!({"expiresAt": "2020-01-01T00:00:00Z"}), "expiresAt");
    refused(json!({"management": {"cooldown": 0}}), "management.cooldown");
    refused(json!({"management": {"cacheDuration": "soon"}}), "management.cacheDuration");
    refused(json!({"contextSourceInfo": [{"key": "X", "value": 1}]}), "contextSourceInfo");
    refused(json!({"contextSourceInfo": [{"key": "X y", "value": "a"}]}), "X y");
    refused(json!({"contextSourceInfo": [{"key": "X", "value": "a\r\nHost: b"}]}), "X");
    refused(json!({"location": {"type": "Point"}}), "location");
    refused(
        json!({"observationInterval": {"startAt": "2026-01-02T00:00:00Z", "endAt": "2026-01-01T00:00:00Z"}}),
        "endAt",
    );
}

#[test]
fn who_is_asked_follows_from_types_identifiers_and_attributes() {
    let source = made(&json!({"information": [
        {"entities": [{"type": "Bench", "idPattern": "^urn:hue:.*"}], "propertyNames": ["colour"]},
        {"entities": [{"type": "Tree"}]}]}));
    let parts = |wanted: Wanted<'_>| wanted.of(&source).map_or(0, |parts| parts.len());
    let selector = |text: &str| TypeExpr::parse(text, &Context::core()).expect("readable").expect("some");
    let (benches, both) = (selector("Bench"), selector("Bench|Tree"));
    assert_eq!(parts(Wanted { types: Types::Selected(&benches), ..Wanted::default() }), 1);
    assert_eq!(parts(Wanted { types: Types::Selected(&both), ..Wanted::default() }), 2);
    let (here, there) = ([EntityId::trusted("urn:hue:1")], [EntityId::trusted("urn:hn:1")]);
    assert_eq!(parts(Wanted { types: Types::Selected(&benches), ids: &here, ..Wanted::default() }), 1);
    assert_eq!(parts(Wanted { types: Types::Selected(&benches), ids: &there, ..Wanted::default() }), 0);
    let (colour, height) = (terms(&["colour"]), terms(&["height"]));
    assert_eq!(
        parts(Wanted { types: Types::Selected(&benches), attributes: &height, ..Wanted::default() }),
        0
    );
    assert_eq!(parts(Wanted { attributes: &colour, ..Wanted::default() }), 2, "a part without names has any");
    let of = terms(&["Bench", "Asset"]);
    assert_eq!(parts(Wanted { types: Types::Of(&of), ..Wanted::default() }), 1);
    let of = terms(&["Asset"]);
    assert_eq!(parts(Wanted { types: Types::Of(&of), ..Wanted::default() }), 0);
}

#[test]
fn sources_are_found_by_place_time_property_and_scope() {
    let core = Context::core();
    let source = made(
        &json!({"location": {"type": "Polygon", "coordinates": [[[107.0,16.0],[108.0,16.0],[108.0,17.0],[107.0,17.0],[107.0,16.0]]]},
        "scope": "/Hue/City", "sourceType": "sensor"}),
    );
    let finds = |search: Discovery<'_>| search.of(&source).is_some();
    let near =
        |place: &str| GeoQuery::parse("near;maxDistance==10", "Point", place, None, &core).expect("readable");
    let (inside, outside) = (near("[107.5,16.5]"), near("[105.8,21.0]"));
    assert!(finds(Discovery { geo: Some(&inside), ..Discovery::default() }));
    assert!(!finds(Discovery { geo: Some(&outside), ..Discovery::default() }));
    let q = |text: &str| Q::parse(text, &core).expect("readable");
    let (sensor, archive, endpoint) = (
        q("sourceType==\"sensor\""),
        q("sourceType==\"archive\""),
        q("endpoint==\"http://source.example/\""),
    );
    assert!(finds(Discovery { csf: Some(&sensor), ..Discovery::default() }));
    assert!(finds(Discovery { csf: Some(&endpoint), ..Discovery::default() }));
    assert!(!finds(Discovery { csf: Some(&archive), ..Discovery::default() }));
    let (hue, hanoi) =
        (ScopeExpr::parse("/Hue/#").expect("readable"), ScopeExpr::parse("/Hanoi/#").expect("readable"));
    assert!(finds(Discovery { scopes: Some(&hue), ..Discovery::default() }));
    assert!(!finds(Discovery { scopes: Some(&hanoi), ..Discovery::default() }));

    let past = made(
        &json!({"observationInterval": {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-02-01T00:00:00Z"}}),
    );
    let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
    let then = |property, relation| {
        Discovery { time: Some((property, relation)), ..Discovery::default() }.of(&past).is_some()
    };
    assert!(!finds(Discovery {
        time: Some((TimeProperty::ObservedAt, TimeRelation::After(NOW))),
        ..Discovery::default()
    }));
    assert!(Discovery::default().of(&past).is_none(), "a source of a past is not one of the present");
    assert!(then(TimeProperty::ObservedAt, TimeRelation::Before(at("2026-01-02T00:00:00Z"))));
    assert!(!then(TimeProperty::ObservedAt, TimeRelation::Before(at("2025-12-01T00:00:00Z"))));
    assert!(!then(TimeProperty::CreatedAt, TimeRelation::Before(at("2026-01-02T00:00:00Z"))));
    let between = TimeRelation::Between(at("2026-01-31T00:00:00Z"), at("2026-03-01T00:00:00Z"));
    assert!(then(TimeProperty::ObservedAt, between));
}

#[test]
fn one_place_alone_is_one_place_alone() {
    let about = |mode: &str, id: &str, name: &str| {
        made(
            &json!({"mode": mode, "information": [{"entities": [{"id": id, "type": "Bench"}], "propertyNames": [name]}]}),
        )
    };
    let first = about("exclusive", "urn:x:1", "colour");
    assert!(about("exclusive", "urn:x:1", "colour").is_in_conflict_with(&first));
    assert!(about("redirect", "urn:x:1", "colour").is_in_conflict_with(&first));
    assert!(!about("exclusive", "urn:x:1", "height").is_in_conflict_with(&first));
    assert!(!about("exclusive", "urn:x:2", "colour").is_in_conflict_with(&first));
    assert!(!about("inclusive", "urn:x:1", "colour").is_in_conflict_with(&first));
    let redirect = about("redirect", "urn:x:1", "colour");
    assert!(
        !about("redirect", "urn:x:1", "colour").is_in_conflict_with(&redirect),
        "several places may be named"
    );
    let all = made(&json!({"mode": "redirect"}));
    assert!(all.is_in_conflict_with(&first));
}
