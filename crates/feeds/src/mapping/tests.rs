//! Mapping by example, and against anything.

use std::sync::LazyLock;

use dinh_model::{Attribute, OneOrMany, Term, Timestamp, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{Mapped, Mapper, Mapping, Position, Record, Vocabulary};
use crate::definition::{FeedDefinition, FeedName};

const HEAD: &str = "title = { vi = \"Nguồn\", en = \"Source\" }\n[source]\nkind = \"http-push\"\n\
                    [map]\ntype = \"T\"\nid = \"urn:ngsi-ld:T:{id}\"\n";

fn now() -> Timestamp {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn mapper(text: &str) -> Mapper {
    let vocabulary = Vocabulary::new(|name| Term::new(format!("v:{name}")));
    let definition = FeedDefinition::parse(FeedName::new("p", "f"), "f.toml", text).unwrap();
    Mapper::new(&definition, &vocabulary).unwrap()
}

/// Maps one record with one attribute, written in the lines of `attribute`.
fn map(attribute: &str, record: Json) -> Mapping {
    let text = format!("{HEAD}[[map.attribute]]\nname = \"a\"\n{attribute}\n");
    mapper(&text).map(&Record::of_json(record, Position::default()), now())
}

fn attribute(attribute: &str, record: Json) -> Option<Attribute> {
    let mapping = map(attribute, record);
    assert_eq!(mapping.rejections, []);
    let fragment: &Mapped = &mapping.fragments[0];
    fragment.attributes.get("v:a").map(|instances| instances[0].clone())
}

fn value(definition: &str, raw: &Json) -> Json {
    match attribute(definition, json!({"id": 1, "x": raw})).map(|a| a.value) {
        None => Json::Null,
        Some(Value::Property(value) | Value::Json(value)) => value,
        Some(Value::List(items)) => json!({ "list": items }),
        Some(Value::Geo(geometry)) => geometry.as_json()["coordinates"].clone(),
        Some(other) => serde_json::to_value(other).unwrap(),
    }
}

/// The rule and the field of the only rejection.
fn refusal(definition: &str, raw: &Json) -> (String, String) {
    let mapping = map(definition, json!({"id": 1, "x": raw}));
    assert!(mapping.fragments.is_empty(), "{definition}");
    let rejection = &mapping.rejections[0];
    assert!(!rejection.reason.vi.is_empty() && !rejection.reason.en.is_empty());
    (rejection.rule.clone(), rejection.field.clone())
}

#[test]
fn values_become_what_the_definition_says() {
    let cases = [
        ("field = \"x\"", json!(" Huế "), json!("Huế")),
        ("field = \"x\"", json!("Hue\u{302}\u{301}"), json!("Huế")),
        ("field = \"x\"", json!(12.5), json!("12.5")),
        ("field = \"x\"\ntype = \"number\"", json!("12"), json!(12)),
        ("field = \"x\"\ntype = \"number\"", json!(12.0), json!(12)),
        ("field = \"x\"\ntype = \"number\"\ndecimal = \",\"", json!("1.234,5"), json!(1234.5)),
        ("field = \"x\"\ntype = \"number\"\nunit = \"MTR\"\nfrom_unit = \"cm\"", json!("45"), json!(0.45)),
        ("field = \"x\"\ntype = \"number\"\nunit = \"CEL\"\nfrom_unit = \"K\"", json!(300), json!(26.85)),
        ("field = \"x\"\ntype = \"number\"\nunit = \"CEL\"\nfrom_unit = \"°F\"", json!(212), json!(100)),
        ("field = \"x\"\ntype = \"number\"\nfactor = 0.1\noffset = -40", json!(523), json!(12.3)),
        ("field = \"x\"\ntype = \"number\"\ndigits = 1", json!(1.26), json!(1.3)),
        ("field = \"x\"\ntype = \"integer\"", json!("7"), json!(7)),
        ("field = \"x\"\ntype = \"bool\"", json!("Có"), json!(true)),
        ("field = \"x\"\ntype = \"bool\"", json!(0), json!(false)),
        ("field = \"x\"\ntype = \"date\"\nformat = \"%d/%m/%Y\"", json!("20/11/2026"), json!("2026-11-20")),
        ("field = \"x\"\ntype = \"time\"", json!("2026-11-20T07:00:00+07:00"), json!("2026-11-20T00:00:00Z")),
        ("field = \"x\"\ntype = \"json\"", json!({"a": [1, null]}), json!({"a": [1, null]})),
        ("field = \"x\"\nkind = \"json\"", json!([1, 2]), json!([1, 2])),
        ("field = \"x\"\nkind = \"list\"\nsplit = \";\"", json!("a; b;;c"), json!({"list": ["a", "b", "c"]})),
        ("field = \"x\"\nsplit = \"|\"", json!("rain|wind"), json!(["rain", "wind"])),
        ("field = \"x\"\ntype = \"number\"", json!([1, "2"]), json!([1, 2])),
        ("field = \"x\"\ncodes = { 1 = \"open\", 2 = \"closed\" }", json!(2), json!("closed")),
        ("field = \"x\"\ncodes = { 1 = \"open\" }\ncodes_else = \"unknown\"", json!("9"), json!("unknown")),
        ("field = \"x\"\nmissing = [\"-\", \"NA\", -99.9]", json!("NA"), json!(null)),
        ("field = \"x\"\ntype = \"number\"\nmissing = [-99.9]", json!("-99.90"), json!(null)),
        ("field = \"x\"", json!("  "), json!(null)),
        ("field = \"x\"", json!(null), json!(null)),
        ("value = \"constant\"", json!(null), json!("constant")),
        ("template = \"Trạm {x|upper}\"", json!("a1"), json!("Trạm A1")),
        ("template = \"Trạm {y}\"", json!("a1"), json!(null)),
        ("field = \"/x/deep/0\"", json!({"deep": ["found"]}), json!("found")),
        ("field = \"x\"\nwhen = { field = \"id\", equals = 2 }", json!("a"), json!(null)),
        (
            "field = \"x\"\nkind = \"geo\"",
            json!({"type": "Point", "coordinates": [107.6, 16.4]}),
            json!([107.6, 16.4]),
        ),
        ("field = \"x\"\nkind = \"vocab\"", json!("Pluviometer"), json!({"v": "v:Pluviometer"})),
    ];
    for (definition, raw, expected) in cases {
        assert_eq!(value(definition, &raw), expected, "{definition}: {raw}");
    }
}

#[test]
fn refusals_name_the_field_and_the_rule() {
    let cases = [
        ("field = \"x\"\ntype = \"number\"", json!("cao"), "number"),
        ("field = \"x\"\ntype = \"number\"", json!("0,5"), "number"),
        ("field = \"x\"\ntype = \"number\"", json!("1e400"), "number"),
        ("field = \"x\"\ntype = \"number\"", json!({"a": 1}), "number"),
        ("field = \"x\"\ntype = \"integer\"", json!("7.5"), "integer"),
        ("field = \"x\"\ntype = \"bool\"", json!("có lẽ"), "bool"),
        ("field = \"x\"\ntype = \"date\"", json!("hôm qua"), "date"),
        ("field = \"x\"\ntype = \"time\"", json!("2026-11-20"), "time"),
        ("field = \"x\"", json!({"a": 1}), "text"),
        ("field = \"x\"", json!("a".repeat(70_000)), "length"),
        ("field = \"x\"\ncodes = { 1 = \"open\" }", json!("9"), "code"),
        ("field = \"x\"\nkind = \"geo\"", json!("POINT(1 2)"), "geometry"),
        ("field = \"x\"\nkind = \"geo\"", json!({"type": "Point", "coordinates": [16.4, 107.6]}), "geometry"),
        ("field = \"x\"\nkind = \"relationship\"", json!("not a uri"), "uri"),
        ("field = \"x\"\nkind = \"language\"", json!("văn bản"), "language"),
        ("field = \"x\"\nrequired = true", json!(""), "missing"),
        ("field = \"x\"\ntype = \"number\"\nsplit = \",\"", json!("1,hai,3"), "number"),
    ];
    for (definition, raw, rule) in cases {
        assert_eq!(refusal(definition, &raw), (rule.to_owned(), "x".to_owned()), "{definition}");
    }
    let mapping = map("value = 1", json!({"name": "no id"}));
    assert_eq!(
        (mapping.rejections[0].rule.as_str(), mapping.rejections[0].field.as_str()),
        ("missing", "id")
    );
    let mapping = map("value = 1", json!({"id": "a b"}));
    assert_eq!(mapping.rejections[0].rule, "uri");
}

#[test]
fn detection_limits_keep_value_and_qualifier() {
    let limit = "type = \"number\"\nunit = \"M1\"\nfrom_unit_field = \"unit\"\nfrom_unit = \"mg/L\"\n";
    let inside = format!("field = \"x\"\n{limit}detection_limit = {{}}");
    let below = attribute(&inside, json!({"id": 1, "x": "<0.05"})).unwrap();
    assert_eq!(below.number(), Some(0.05));
    assert_eq!(below.sub["v:qualifier"][0].text(), Some("<"));
    let micro = attribute(&inside, json!({"id": 1, "x": "≤ 50", "unit": "µg/L"})).unwrap();
    assert_eq!((micro.number(), micro.sub["v:qualifier"][0].text()), (Some(0.05), Some("≤")));
    let beside = format!("field = \"x\"\n{limit}detection_limit = {{ qualifier = \"q\", sub = \"limit\" }}");
    let below = attribute(&beside, json!({"id": 1, "x": "0.05", "q": "<", "unit": "mg/l"})).unwrap();
    assert_eq!((below.number(), below.sub["v:limit"][0].text()), (Some(0.05), Some("<")));
    let plain = attribute(&beside, json!({"id": 1, "x": 7})).unwrap();
    assert!(plain.sub.is_empty());
    assert_eq!(plain.unit_code.as_deref(), Some("M1"));
    let strange = map(&beside, json!({"id": 1, "x": 7, "unit": "MPN/100mL"}));
    assert_eq!(strange.rejections[0].rule, "unit");
}

#[test]
fn points_languages_links_and_sub_attributes() {
    let point = "kind = \"geo\"\npoint = { lon = \"lon\", lat = \"lat\" }\ndecimal = \",\"";
    let place = attribute(point, json!({"id": 1, "lon": "107,59", "lat": "16°27'36\"N"})).unwrap();
    assert!(matches!(&place.value, Value::Geo(g) if g.as_point() == Some((107.59, 16.46))));
    assert_eq!(attribute(point, json!({"id": 1, "lon": "", "lat": ""})), None);
    assert_eq!(map(point, json!({"id": 1, "lon": 1})).rejections[0].field, "lat");

    let languages = "kind = \"language\"\nlanguages = { vi = \"ten\", en = \"name\" }";
    let named = attribute(languages, json!({"id": 1, "ten": "Cầu Trường Tiền", "name": ""})).unwrap();
    assert!(matches!(&named.value, Value::Language(texts) if texts.len() == 1 && texts.contains_key("vi")));

    let links = "kind = \"relationship\"\nfield = \"x\"\nsplit = \",\"\ndataset = \"urn:d:{id}\"\n\
                 sub = [{ name = \"role\", value = \"owner\" }, { name = \"q\", field = \"q\" }]";
    let linked = attribute(links, json!({"id": 1, "x": "urn:a:1, urn:a:2", "q": null})).unwrap();
    assert!(
        matches!(&linked.value, Value::Relationship { object: OneOrMany::Many(all), .. } if all.len() == 2)
    );
    assert_eq!(linked.dataset_id.unwrap().as_str(), "urn:d:1");
    assert_eq!(linked.sub.len(), 1);
}

#[test]
fn times_of_observation() {
    let text = format!(
        "{HEAD}zone = \"Asia/Ho_Chi_Minh\"\nobserved_at = {{ template = \"{{day}} {{hour}}\", format = \"%Y-%m-%d %H\" }}\n\
         [[map.attribute]]\nname = \"rain\"\nfield = \"rain\"\ntype = \"number\"\n\
         [[map.attribute]]\nname = \"name\"\nfield = \"name\"\ntimeless = true\n\
         [[map.attribute]]\nname = \"seen\"\nvalue = true\ntype = \"bool\"\nobserved_at = {{ now = true }}\n"
    );
    let mapper = mapper(&text);
    let record = |hour| {
        let fields = json!({"id": 1, "rain": 3, "name": "A", "day": "2026-11-19", "hour": hour});
        Record::of_json(fields, Position::default())
    };
    let mapping = mapper.map(&record(24), now());
    let attributes = &mapping.fragments[0].attributes;
    assert_eq!(attributes["v:rain"][0].observed_at.unwrap().to_string(), "2026-11-19T17:00:00Z");
    assert_eq!(attributes["v:name"][0].observed_at, None);
    assert_eq!(attributes["v:seen"][0].observed_at, Some(now()));
    let rejected = mapper.map(&record(99), now());
    assert_eq!(rejected.rejections[0].rule, "time");
    // A value whose time nobody knows is no observation.
    let timeless = Record::of_json(json!({"id": 1, "rain": 3}), Position::default());
    assert_eq!(mapper.map(&timeless, now()).rejections[0].field, "observed_at");
}

#[test]
fn a_wide_row_becomes_several_entities_and_one_bad_value_costs_one() {
    let one = |station: &str| {
        format!(
            "[[map]]\ntype = \"Tide\"\nid = \"urn:ngsi-ld:Tide:{station}\"\n[[map.attribute]]\nname = \"level\"\n\
             field = \"{station}_m\"\ntype = \"number\"\nrequired = true\n"
        )
    };
    let head = HEAD.split("[map]").next().unwrap();
    let mapper = mapper(&format!("{head}{}{}{}", one("tan_my"), one("dong_hoi"), one("cua_viet")));
    let fields = json!({"tan_my_m": "0.45", "dong_hoi_m": "###", "cua_viet_m": 0.13});
    let mapping = mapper.map(&Record::of_json(fields, Position::default()), now());
    let ids: Vec<&str> = mapping.fragments.iter().map(|fragment| fragment.id.as_str()).collect();
    assert_eq!(ids, ["urn:ngsi-ld:Tide:tan_my", "urn:ngsi-ld:Tide:cua_viet"]);
    assert_eq!(mapping.rejections.len(), 1);
    assert_eq!(mapping.rejections[0].field, "dong_hoi_m");
}

#[test]
fn records_that_no_map_wants_are_skipped() {
    let text = format!(
        "{HEAD}when = {{ field = \"kind\", one_of = [\"a\", \"b\"] }}\nscope = [\"/Hue/{{commune}}\", \"/Hue\"]\n"
    );
    let mapper = mapper(&text);
    let map = |fields: Json| mapper.map(&Record::of_json(fields, Position::default()), now());
    assert!(map(json!({"id": 1, "kind": "c"})).is_empty());
    let scopes = |fields: Json| -> Vec<String> {
        map(fields).fragments[0].scopes.iter().map(ToString::to_string).collect()
    };
    assert_eq!(scopes(json!({"id": 1, "kind": "a", "commune": "PhuXuan"})), ["/Hue/PhuXuan", "/Hue"]);
    assert_eq!(scopes(json!({"id": 1, "kind": "b"})), ["/Hue"]);
    assert_eq!(map(json!({"id": 1, "kind": "a", "commune": "a b"})).rejections[0].rule, "scope");
}

/// A definition that uses everything there is.
const EVERYTHING: &str = r#"
title = { vi = "a", en = "a" }
[source]
kind = "http-push"
[[map]]
type = ["A", "B"]
id = "urn:x:{id|trim|slug}"
scope = "/{scope}"
zone = "Asia/Ho_Chi_Minh"
observed_at = { field = "t", format = ["rfc3339", "%d/%m/%Y %H:%M", "%d/%m/%Y", "unix", "unix-ms"] }
when = [{ field = "x", matches = "[^z]*" }, { field = "y", contains = "" }]
[[map.attribute]]
name = "number"
field = "x"
type = "number"
unit = "M1"
from_unit_field = "unit"
decimal = ","
detection_limit = {}
sub = [{ name = "s", field = "y", type = "date" }]
[[map.attribute]]
name = "place"
kind = "geo"
point = { lon = "x", lat = "y" }
timeless = true
[[map]]
type = "C"
id = "{id}"
[[map.attribute]]
name = "a"
field = "/x/a"
kind = "geo"
[[map.attribute]]
name = "b"
field = "y"
kind = "language"
[[map.attribute]]
name = "c"
field = "x"
kind = "relationship"
split = " "
[[map.attribute]]
name = "d"
template = "{x}{y|pad:3|before:,|after:b|urn}"
type = "integer"
factor = 1e300
[[map.attribute]]
name = "e"
field = "t"
type = "time"
format = "%H:%M %d/%m/%Y %:z"
dataset = "urn:{y}"
"#;

static EVERYTHING_COMPILED: LazyLock<Mapper> = LazyLock::new(|| mapper(EVERYTHING));

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "(?s).{0,24}".prop_map(Json::from),
        "[<>≤]?-?[0-9]{0,4}[,. ]?[0-9]{0,3}".prop_map(Json::from),
        "[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9]{2}:[0-9]{2})?".prop_map(Json::from),
        "[0-9]{1,3}[°d ][0-9]{1,2}['m ][0-9]{1,2}[\"sNSEWBĐ]?".prop_map(Json::from),
        prop::sample::select(vec!["mg/L", "µg/L", "m", "", "°"]).prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::Array),
            prop::collection::hash_map("[a-z]|type|coordinates|vi", inner, 0..4)
                .prop_map(|fields| Json::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_record_makes_the_mapper_fall(
        id in any_json(), x in any_json(), y in any_json(), t in any_json(), unit in any_json(), scope in any_json(),
    ) {
        let mapper = &*EVERYTHING_COMPILED;
        let fields = json!({"id": id, "x": x, "y": y, "t": t, "unit": unit, "scope": scope});
        let mapping = mapper.map(&Record::of_json(fields, Position::default()), now());
        prop_assert!(mapping.fragments.len() + mapping.rejections.len() <= 2);
        for fragment in &mapping.fragments {
            prop_assert!(dinh_model::Iri::parse(fragment.id.as_str()).is_ok());
            for (_, attribute) in fragment.instances() {
                if let Value::Property(value) = &attribute.value {
                    prop_assert!(!value.is_null());
                }
                prop_assert!(attribute.number().is_none_or(f64::is_finite));
            }
        }
    }

    #[test]
    fn a_record_that_is_mapped_twice_says_the_same(x in any_json(), y in any_json()) {
        let mapper = &*EVERYTHING_COMPILED;
        let fields = json!({"id": "a", "x": x, "y": y, "t": "2026-11-20T00:00:00Z"});
        let record = Record::of_json(fields, Position::default());
        prop_assert_eq!(mapper.map(&record, now()), mapper.map(&record, now()));
    }
}
