//! The query language by its own examples (clause 4.9), and by made-up queries.

use dinh_model::Entity;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::made_up::{NOW, entities, instants, terms};
use crate::bounds::QUERY_TERMS;
use crate::context::{Context, NoLoader};
use crate::query::{Literal, Op, Operand, Path, Pattern, Q, QueryError};
use crate::read::{Reader, entity};

fn car() -> Entity {
    let json = json!({
        "id": "urn:ngsi-ld:Vehicle:1",
        "type": "Vehicle",
        "scope": "/Hue/PhongDien",
        "speed": [
            {"type": "Property", "value": 55, "observedAt": "2026-11-20T14:05:00Z", "unitCode": "KMH"},
            {"type": "Property", "value": 11, "datasetId": "urn:ngsi-ld:Dataset:gps"}
        ],
        "brandName": "Mercedes",
        "colours": ["blue", "red", "green"],
        "parked": false,
        "bought": "2017-07-29T12:00:04Z",
        "inspected": {"@type": "Date", "@value": "2026-03-01"},
        "address": {"city": "Berlin", "street": {"name": "Unter den Linden", "numbers": [1, 2]}},
        "colour": {"languageMap": {"fr": ["chat", "rouge"], "en": "red"}},
        "category": {"vocab": "commercial"},
        "isParked": {"object": "urn:ngsi-ld:Parking:1", "objectType": "Parking",
                     "providedBy": {"object": ["urn:ngsi-ld:Person:Bob", "urn:ngsi-ld:Person:Eve"]}},
        "route": {"objectList": ["urn:ngsi-ld:Stop:1", "urn:ngsi-ld:Stop:2"]},
        "levels": {"valueList": [3, 5]},
        "sensor": {"value": 40, "rawdata": {"value": {"airquality": {"particulate": 40}}}},
        "mựcNước": 2.5,
        "location": {"type": "Point", "coordinates": [107.6, 16.4]}
    });
    entity(&Reader::new(&Context::core(), NOW), json).unwrap()
}

fn holds(q: &str) -> bool {
    Q::parse(q, &Context::core()).unwrap_or_else(|error| panic!("{q}: {error}")).matches(&car())
}

#[test]
fn values_compare_by_their_data_types() {
    for q in include_str!("data/q_true.txt").lines() {
        assert!(holds(q), "{q}");
    }
    for q in include_str!("data/q_false.txt").lines() {
        assert!(!holds(q), "{q}");
    }
}

#[test]
fn and_binds_stronger_than_or() {
    let core = Context::core();
    let parse = |q: &str| Q::parse(q, &core).unwrap();
    assert_eq!(parse("a;b|c"), parse("(a;b)|c"));
    assert_ne!(parse("a;b|c"), parse("a;(b|c)"));
    assert_eq!(parse("((a))"), parse("a"));
    assert_eq!(parse("a;(b;c)"), parse("a;b;c"));
}

#[test]
fn values_of_vocabularies_are_expanded_when_asked() {
    let core = Context::core();
    let q = Q::parse_expanding("category==commercial|category==\"x\",\"commercial\"", &core, &["category"])
        .unwrap();
    assert!(q.matches(&car()));
}

#[test]
fn broken_queries_are_refused_with_the_place() {
    let core = Context::core();
    for q in [
        "",
        ";",
        "a;",
        "a|",
        "(a",
        "a)",
        "a==",
        "a==1,",
        "a==1..",
        "a>1..2",
        "a>1,2",
        "a>true",
        "a>word",
        "a==1..\"b\"",
        "a==true..false",
        "a~=",
        "a~=(",
        "a==\"x",
        "a=1",
        "a<>1",
        "a[",
        "a[]",
        "a[b",
        "a[b.]",
        "a.",
        ".a",
        "a b",
        "9a",
        "a==\"\\x\"",
        "a{b==1",
        "a==1 2",
        "<",
        "<>",
    ] {
        assert!(Q::parse(q, &core).is_err(), "{q}");
    }
    let error = Q::parse("speed>50;đ==\"x", &core).unwrap_err().to_string();
    assert!(error.starts_with("q cannot be read at character 13"), "{error}");
}

#[test]
fn queries_are_bounded() {
    let core = Context::core();
    let parse = |q: &str| Q::parse(q, &core);
    assert!(matches!(parse(&"a".repeat(9000)), Err(QueryError::TooLong { .. })));
    assert_eq!(parse(&format!("{}a{}", "(".repeat(33), ")".repeat(33))), Err(QueryError::TooDeep("q")));
    assert!(parse(&format!("{}a{}", "(".repeat(32), ")".repeat(32))).is_ok());
    let many = vec!["a"; QUERY_TERMS + 1].join(";");
    assert_eq!(parse(&many), Err(QueryError::TooManyTerms("q")));
    assert_eq!(
        parse(&format!("a=={}", vec!["1"; QUERY_TERMS + 1].join(","))),
        Err(QueryError::TooManyTerms("q"))
    );
    assert_eq!(parse(&format!("a~={}", "x".repeat(600))), Err(QueryError::PatternTooLarge("q")));
}

fn literals() -> impl Strategy<Value = Literal> {
    prop_oneof![
        (-1e9..1e9_f64).prop_map(Literal::Number),
        any::<i32>().prop_map(|n| Literal::Number(n.into())),
        ".{0,12}".prop_map(Literal::Text),
        "urn:[a-z]{1,4}:[a-z0-9.:/?#-]{0,8}[a-z]"
            .prop_filter("two dots", |t| !t.contains(".."))
            .prop_map(Literal::Uri),
        instants().prop_map(Literal::DateTime),
        (1900..2100_i16, 1..=12_i8, 1..=28_i8)
            .prop_map(|(y, m, d)| Literal::Date(jiff::civil::date(y, m, d))),
        (0..24_i8, 0..60_i8, 0..60_i8).prop_map(|(h, m, s)| Literal::Time(jiff::civil::time(h, m, s, 0))),
        any::<bool>().prop_map(Literal::Bool),
    ]
}

fn orderable() -> impl Strategy<Value = Literal> {
    literals().prop_filter("has an order", |l| !matches!(l, Literal::Bool(_) | Literal::Uri(_)))
}

fn conditions() -> impl Strategy<Value = Q> {
    let path = (terms(), vec(terms(), 0..2), vec("[a-z*]{1,3}|pt-BR", 0..3))
        .prop_map(|(attribute, subs, trail)| Path { attribute, subs, trail })
        .boxed();
    let equality = proptest::sample::select(vec![Op::Eq, Op::Ne]);
    let order = proptest::sample::select(vec![Op::Gt, Op::Ge, Op::Lt, Op::Le]);
    let pattern = proptest::sample::select(vec![Op::Like, Op::Unlike]);
    let compared = prop_oneof![
        (equality.clone(), literals()).prop_map(|(op, one)| (op, Operand::One(one))),
        (equality.clone(), vec(literals(), 2..4)).prop_map(|(op, many)| (op, Operand::Many(many))),
        (equality, -9..9_i8, -9..9_i8).prop_map(|(op, a, b)| (
            op,
            Operand::Range(Literal::Number(a.into()), Literal::Number(b.into()))
        )),
        (order, orderable()).prop_map(|(op, one)| (op, Operand::One(one))),
        (pattern, "[a-z.*+?|;,\"\\[\\]() ]{1,6}").prop_filter_map("is a pattern", |(op, text)| {
            Some((op, Operand::Pattern(Pattern::parse("q", &text).ok()?)))
        }),
    ];
    prop_oneof![
        path.clone().prop_map(Q::Exists),
        (path, compared).prop_map(|(path, (op, value))| Q::Compare { path, op, value }),
    ]
}

/// As the parser builds them: no `And` directly in an `And`, no `Or` directly in an `Or`, at least two parts each.
fn trees() -> impl Strategy<Value = Q> {
    conditions().prop_recursive(3, 12, 3, |inner| {
        (vec(inner, 2..4), any::<bool>()).prop_map(|(parts, and)| {
            let mut flat = Vec::new();
            for part in parts {
                match part {
                    Q::And(inner) if and => flat.extend(inner),
                    Q::Or(inner) if !and => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            if and { Q::And(flat) } else { Q::Or(flat) }
        })
    })
}

proptest! {
    #[test]
    fn a_printed_query_reads_back_the_same(q in trees()) {
        let user = json!({"onto": "https://example.org/onto#", "b": "https://example.org/b"});
        for context in [Context::core(), Context::parse(&user, &NoLoader).unwrap()] {
            let text = q.to_text(&context);
            let again = Q::parse(&text, &context);
            prop_assert_eq!(again.as_ref(), Ok(&q), "{}", text);
        }
    }

    #[test]
    fn the_parser_never_panics(text in ".{0,80}") {
        let _answer = Q::parse(&text, &Context::core());
    }

    #[test]
    fn nor_does_it_on_what_looks_like_a_query(text in "[a-c(){}\\[\\]<>;|,.=!~\"\\\\*1 đ]{0,40}", entity in entities()) {
        if let Ok(q) = Q::parse(&text, &Context::core()) {
            let again = Q::parse(&q.to_text(&Context::core()), &Context::core());
            prop_assert_eq!(again.map(|again| again.matches(&entity)), Ok(q.matches(&entity)));
        }
    }
}

#[test]
fn a_number_is_a_number_whatever_its_form() {
    let json: Json = json!({"id": "urn:a:b", "type": "T", "n": 20.0});
    let entity = entity(&Reader::new(&Context::core(), NOW), json).unwrap();
    for q in ["n==20", "n==2e1", "n>=20.0", "n==19..20"] {
        assert!(Q::parse(q, &Context::core()).unwrap().matches(&entity), "{q}");
    }
}
