//! Representations by example (clauses 4.5.1–4.5.17 and 4.21), evolutions, and queries in a body.

use dinh_model::{Attribute, Entity, Iri, Timestamp, Value};
use serde_json::{Value as Json, json};

use super::made_up::{NOW, term};
use crate::context::Context;
use crate::query::{EntityQuery, OrderKey, Projection, compare};
use crate::read::{self, Reader, entity};
use crate::temporal::{
    TemporalEntity, TemporalFormat, TemporalInstance, TemporalQuery, TimeProperty, TimeRelation,
};
use crate::vocabulary;
use crate::write::{Representation, Writer, feature_collection};

fn read(json: Json) -> Entity {
    entity(&Reader::new(&Context::core(), NOW), json).unwrap()
}

fn gauge() -> Entity {
    read(json!({
        "id": "urn:ngsi-ld:Gauge:1", "type": ["Gauge", "Device"], "scope": ["/Hue", "/River"],
        "level": [
            {"value": 3, "datasetId": "urn:a:model"},
            {"value": 2.5, "unitCode": "MTR", "observedAt": "2026-01-01T00:00:00.5Z", "quality": "good"}
        ],
        "name": {"languageMap": {"vi": "Trạm", "en": "Station"}},
        "state": {"vocab": "open"},
        "raw": {"json": {"id": 5}},
        "parts": {"valueList": [1, 2]},
        "of": {"object": "urn:ngsi-ld:River:1", "objectType": "River"},
        "stops": {"objectList": ["urn:ngsi-ld:Stop:1"]},
        "address": {"city": "Huế"},
        "location": {"type": "Point", "coordinates": [107.6, 16.4]}
    }))
}

fn text(writer: &Writer<'_>, entity: &Entity) -> String {
    let mut out = Vec::new();
    writer.entity(&mut out, entity);
    String::from_utf8(out).unwrap()
}

#[test]
fn members_come_in_a_fixed_order() {
    let core = Context::core();
    let concise = text(&Writer::new(&core).represented(Representation::Concise), &gauge());
    assert_eq!(
        concise,
        concat!(
            r#"{"id":"urn:ngsi-ld:Gauge:1","type":["Gauge","Device"],"scope":["/Hue","/River"],"#,
            r#""address":{"city":"Huế"},"#,
            r#""level":[{"value":2.5,"unitCode":"MTR","observedAt":"2026-01-01T00:00:00.500Z","quality":"good"},"#,
            r#"{"value":3,"datasetId":"urn:a:model"}],"#,
            r#""location":{"type":"Point","coordinates":[107.6,16.4]},"#,
            r#""name":{"languageMap":{"en":"Station","vi":"Trạm"}},"#,
            r#""of":{"object":"urn:ngsi-ld:River:1","objectType":"River"},"parts":{"valueList":[1,2]},"#,
            r#""raw":{"json":{"id":5}},"state":{"vocab":"open"},"stops":{"objectList":["urn:ngsi-ld:Stop:1"]}}"#
        )
        .replace(r#"{"type":"Point","coordinates":[107.6,16.4]}"#, &point())
    );
}

/// A geometry as this build of the JSON library writes objects.
fn point() -> String {
    json!({"type": "Point", "coordinates": [107.6, 16.4]}).to_string()
}

#[test]
fn normalized_says_everything_and_simplified_the_values() {
    let core = Context::core();
    let normalized: Json = serde_json::from_str(&text(&Writer::new(&core), &gauge())).unwrap();
    assert_eq!(
        normalized["stops"],
        json!({"type": "ListRelationship", "objectList": [{"object": "urn:ngsi-ld:Stop:1"}]})
    );
    assert_eq!(normalized["level"][0]["quality"], json!({"type": "Property", "value": "good"}));
    let simplified = text(&Writer::new(&core).represented(Representation::Simplified), &gauge());
    assert_eq!(
        serde_json::from_str::<Json>(&simplified).unwrap(),
        json!({
            "id": "urn:ngsi-ld:Gauge:1", "type": ["Gauge", "Device"], "scope": ["/Hue", "/River"],
            "level": {"dataset": {"@none": 2.5, "urn:a:model": 3}},
            "name": {"languageMap": {"vi": "Trạm", "en": "Station"}}, "state": {"vocab": "open"}, "raw": {"json": {"id": 5}},
            "parts": [1, 2], "of": "urn:ngsi-ld:River:1", "stops": ["urn:ngsi-ld:Stop:1"], "address": {"city": "Huế"},
            "location": {"type": "Point", "coordinates": [107.6, 16.4]}
        })
    );
}

#[test]
fn projections_and_filters_leave_what_was_asked() {
    let core = Context::core();
    let parse = |text: &str| Projection::parse("pick", text, &core).unwrap();
    let shown = |change: &dyn Fn(&mut Writer<'_>)| {
        let mut writer = Writer::new(&core).represented(Representation::Simplified);
        change(&mut writer);
        serde_json::from_str::<Json>(&text(&writer, &gauge())).unwrap()
    };
    let (some, id, level) = (parse("id,of"), parse("id"), parse("level"));
    let keys = |json: &Json| {
        let mut keys: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        keys
    };
    let picked = |projection| {
        let mut writer = Writer::new(&core).represented(Representation::Simplified);
        writer.pick = Some(projection);
        serde_json::from_str::<Json>(&text(&writer, &gauge())).unwrap()
    };
    assert_eq!(keys(&picked(&some)), ["id", "of"]);
    assert_eq!(keys(&picked(&id)), ["id"]);
    let mut writer = Writer::new(&core);
    writer.attrs = Some(&level);
    writer.sys_attrs = true;
    let attrs: Json = serde_json::from_str(&text(&writer, &gauge())).unwrap();
    assert_eq!(attrs.as_object().unwrap().len(), 6);
    assert_eq!(attrs["createdAt"], "2026-11-20T14:05:00Z");
    let everything_else = shown(&|writer| writer.sys_attrs = false);
    assert_eq!(everything_else.as_object().unwrap().len(), 12);
    let datasets = [Some(Iri::parse("urn:a:model").unwrap())];
    let mut writer = Writer::new(&core);
    writer.dataset_ids = &datasets;
    writer.omit = Some(&id);
    let one: Json = serde_json::from_str(&text(&writer, &gauge())).unwrap();
    assert_eq!(one["level"], json!({"type": "Property", "value": 3, "datasetId": "urn:a:model"}));
    assert_eq!(keys(&one), ["level", "scope", "type"]);
}

#[test]
fn a_collection_of_features_carries_its_context_once() {
    let core = Context::core();
    let mut writer = Writer::new(&core).represented(Representation::Simplified);
    writer.embed_context = Some("[\"urn:c\"]");
    let bare = read(json!({"id": "urn:a:b", "type": "T", "x": 1}));
    let mut out = Vec::new();
    feature_collection(&writer, &mut out, [&gauge(), &bare], &vocabulary::location());
    let json: Json = serde_json::from_slice(&out).unwrap();
    assert_eq!(json["@context"], json!(["urn:c"]));
    assert_eq!(json["features"][0]["geometry"]["type"], "Point");
    assert_eq!(
        json["features"][1],
        json!({"id": "urn:a:b", "type": "Feature", "geometry": null, "properties": {"type": "T", "x": 1}})
    );
}

fn series(values: &[(i64, i64)]) -> Vec<TemporalInstance> {
    values
        .iter()
        .map(|(second, value)| {
            let at = NOW.plus_micros(second * 1_000_000);
            TemporalInstance::new(Attribute::new(Value::Property(json!(value)), at).observed(at))
        })
        .collect()
}

#[test]
fn evolutions_are_records_or_pairs() {
    let core = Context::core();
    let mut gone = series(&[(9, 9)]).remove(0);
    gone.deleted_at = Some(NOW.plus_micros(10_000_000));
    let mut records = series(&[(0, 1), (2, 3), (1, 2)]);
    records.push(gone);
    let evolution = TemporalEntity {
        id: Iri::parse("urn:ngsi-ld:Gauge:1").unwrap(),
        types: vec![term("Gauge")],
        scopes: Vec::new(),
        created_at: NOW,
        modified_at: NOW,
        deleted_at: None,
        attributes: [(term("level"), records)].into(),
        aggregated: std::collections::BTreeMap::new(),
    };
    let written = |query: &TemporalQuery, format| {
        let mut narrowed = evolution.clone();
        query.narrow(&mut narrowed);
        let mut out = Vec::new();
        Writer::new(&core).evolution(&mut out, &narrowed, query, format);
        serde_json::from_slice::<Json>(&out).unwrap()
    };
    let parse = |relation, last| {
        TemporalQuery::parse(relation, relation.map(|_| "2026-11-20T14:05:01Z"), None, None, last).unwrap()
    };
    assert_eq!(
        written(&parse(None, None), TemporalFormat::Values)["level"],
        json!({"type": "Property", "values": [
            [1, "2026-11-20T14:05:00Z"], [2, "2026-11-20T14:05:01Z"], [3, "2026-11-20T14:05:02Z"],
            ["urn:ngsi-ld:null", "2026-11-20T14:05:10Z"]
        ]})
    );
    let after = written(&parse(Some("after"), Some("1")), TemporalFormat::Records);
    assert_eq!(
        after["level"],
        json!([{"type": "Property", "value": 3, "observedAt": "2026-11-20T14:05:02Z"}])
    );
    let before = written(&parse(Some("before"), None), TemporalFormat::Values);
    assert_eq!(before["level"]["values"].as_array().unwrap().len(), 1);
    let all = written(&parse(None, None), TemporalFormat::Records);
    assert_eq!(
        all["level"][3],
        json!({"type": "Property", "value": "urn:ngsi-ld:null", "deletedAt": "2026-11-20T14:05:10Z"})
    );
}

#[test]
fn temporal_queries_follow_their_grammar() {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let (a, b) = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let parse = |rel, from, to, property, last| TemporalQuery::parse(rel, from, to, property, last);
    let between = parse(Some("between"), Some(a), Some(b), Some("modifiedAt"), Some("5")).unwrap();
    assert_eq!(between.relation, Some(TimeRelation::Between(at(a), at(b))));
    assert_eq!((between.property, between.last), (TimeProperty::ModifiedAt, Some(5)));
    let within = between.relation.unwrap();
    assert!(within.contains(at(a)) && !within.contains(at(b)));
    for (rel, from, to, property, last) in [
        (Some("between"), Some(a), None, None, None),
        (Some("before"), None, None, None, None),
        (Some("before"), Some(a), Some(b), None, None),
        (Some("during"), Some(a), None, None, None),
        (None, Some(a), None, None, None),
        (Some("after"), Some("today"), None, None, None),
        (None, None, None, Some("bornAt"), None),
        (None, None, None, None, Some("0")),
        (None, None, None, None, Some("-1")),
    ] {
        assert!(
            parse(rel, from, to, property, last).is_err(),
            "{rel:?} {from:?} {to:?} {property:?} {last:?}"
        );
    }
}

#[test]
fn a_query_in_a_body_selects_as_it_says() {
    let core = Context::core();
    let query = |json: Json| read::query(json, &core);
    let request = query(json!({
        "type": "Query", "entities": [{"type": "Gauge", "id": "urn:ngsi-ld:Gauge:1", "idPattern": "^x"}], "q": "level>2",
        "geoQ": {"georel": "near;maxDistance==10", "geometry": "Point", "coordinates": "[107.6,16.4]"}, "scopeQ": "/Hue",
        "attrs": ["level"], "lang": "vi", "datasetId": ["@none"],
        "ordering": {"orderBy": ["location;dist-asc", "id"], "coordinates": [107, 16]},
        "temporalQ": {"timerel": "after", "timeAt": "2026-01-01T00:00:00Z", "lastN": 3}
    }))
    .unwrap();
    assert!(request.query.matches(&gauge()));
    assert_eq!(request.query.order.len(), 2);
    assert_eq!(request.temporal.unwrap().last, Some(3));
    let several =
        json!({"type": "Query", "entities": [{"type": "Bus"}, {"type": "Gauge", "idPattern": ":1$"}]});
    let several = query(several).unwrap().query;
    assert!(several.matches(&gauge()));
    assert!(!several.matches(&read(json!({"id": "urn:ngsi-ld:Gauge:2", "type": "Gauge"}))));
    assert!(EntityQuery::default().matches(&gauge()));
    for bad in [
        json!([]),
        json!({"type": "Subscription"}),
        json!({"type": "Query", "entities": []}),
        json!({"type": "Query", "q": "(("}),
        json!({"type": "Query", "attrs": []}),
        json!({"type": "Query", "attrs": ["id"]}),
        json!({"type": "Query", "ordering": {"orderBy": ["location;dist-asc"]}}),
        json!({"type": "Query", "ordering": {"orderBy": ["location;dist-asc"], "coordinates": "8,40"}}),
        json!({"type": "Query", "ordering": {"orderBy": ["id"], "geometry": 5}}),
        json!({"type": "Query", "join": "flat"}),
        json!({"type": "Query", "temporalQ": {"timerel": "after"}}),
    ] {
        assert!(query(bad.clone()).is_err(), "{bad}");
    }
}

#[test]
fn orders_rank_data_types_and_keep_what_is_missing_last() {
    let core = Context::core();
    let sorted = |order: &str, from: Option<&str>| {
        let from = from.map(|text| OrderKey::parse_from(text, None).unwrap());
        let keys = OrderKey::parse_list(order, from.as_ref(), &core).unwrap();
        let mut all: Vec<Entity> = [
            (
                "1",
                json!({"v": "đ", "w": {"city": "B"}, "location": {"type": "Point", "coordinates": [1, 1]}}),
            ),
            ("2", json!({"v": 7, "w": {"city": "A"}, "location": {"type": "Point", "coordinates": [3, 3]}})),
            ("3", json!({"v": "Ê", "location": {"type": "Point", "coordinates": [2, 2]}})),
            ("4", json!({})),
            ("5", json!({"v": true})),
            ("6", json!({"v": "2026-01-01"})),
            ("7", json!({"v": 6.5})),
        ]
        .into_iter()
        .map(|(id, mut json)| {
            json["id"] = format!("urn:a:{id}").into();
            json["type"] = "T".into();
            read(json)
        })
        .collect();
        all.sort_by(|a, b| compare(&keys, a, b));
        all.iter()
            .map(|entity| entity.id.as_str().trim_start_matches("urn:a:").to_owned())
            .collect::<String>()
    };
    assert_eq!(sorted("v", None), "7213564");
    assert_eq!(sorted("v;desc", None), "6531274");
    assert_eq!(sorted("w[city]", None), "2134567");
    assert_eq!(sorted("id;desc", None), "7654321");
    assert_eq!(sorted("type,id", None), "1234567");
    assert_eq!(sorted("location;dist-asc", Some("[0,0]")), "1324567");
    assert_eq!(sorted("location;dist-desc", Some("[0,0]")), "2314567");
    for bad in ["", "v;up", "v,", "v;dist-asc", "v.;asc", "v[", "a,b,c,d,e,f,g,h,i,j,k"] {
        assert!(OrderKey::parse_list(bad, None, &core).is_err(), "{bad}");
    }
}
