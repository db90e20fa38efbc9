//! Random histories of commits, against the model: every receipt, every answer, every invariant.

use std::collections::{BTreeMap, BTreeSet};

use dinh_model::geometry::shape_of;
use dinh_model::{Attribute, Entity, EntityId, GeoValue, Iri, OneOrMany, Scope, Timestamp, Value};
use dinh_ngsild::mutation::{Fragment, Instance, Mutation};
use dinh_ngsild::query::{
    Direction, EntityQuery, GeoQuery, GeoRelation, Literal, Op as Compare, Operand, OrderKey, OrderSubject,
    Path, Q, ScopeExpr, ScopeLevel, ScopePattern, TypeExpr,
};
use dinh_store::{Commit, HistoryQuery, IndexSpec, Op, UpsertMode};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::model::Model;
use crate::support::*;

const TENANTS: [&str; 2] = ["hue", "ha-noi"];
const TYPES: [&str; 3] = ["Gauge", "Bus", "Stop"];
const IDS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

fn name() -> impl Strategy<Value = EntityId> {
    select(IDS.to_vec()).prop_map(id)
}

fn instance(value: BoxedStrategy<Value>) -> impl Strategy<Value = Attribute> {
    let dataset = prop_oneof![4 => Just(None), 1 => Just(Some(Iri::parse("urn:d:2").unwrap()))];
    (value, dataset, prop::option::of(0..6i64)).prop_map(|(value, dataset, minute)| {
        let mut instance = Attribute::new(value, at(NOW));
        instance.dataset_id = dataset;
        instance.observed_at = minute.map(|n| at(NOW).plus_micros(n * 60 * SECOND));
        instance
    })
}

fn number() -> BoxedStrategy<Value> {
    prop_oneof![
        6 => (-4..5i32).prop_map(|n| Value::Property(n.into())),
        1 => Just(Value::Property(json!([1, 3]))),
        1 => Just(Value::Property(json!("2"))),
        1 => Just(Value::Property(json!({"@type": "Number", "@value": 3.5}))),
        1 => Just(Value::Json(json!(2))),
    ]
    .boxed()
}

fn text() -> BoxedStrategy<Value> {
    let texts = ["Cầu Trường Tiền", "Chợ Đông Ba", "Trường Quốc Học", "", "đông"];
    select(texts.to_vec()).prop_map(|text| Value::Property(text.into())).boxed()
}

fn place() -> BoxedStrategy<Value> {
    let point =
        (0..5i32, 0..5i32).prop_map(|(x, y)| GeoValue::point(107.0 + f64::from(x), 16.0 + f64::from(y)));
    let square = |(x, y): (i32, i32)| {
        json!([[
            [107 + x, 16 + y],
            [109 + x, 16 + y],
            [109 + x, 18 + y],
            [107 + x, 18 + y],
            [107 + x, 16 + y]
        ]])
    };
    let polygon = (0..4i32, 0..4i32).prop_map(move |corner| {
        GeoValue::parse(json!({"type": "Polygon", "coordinates": square(corner)})).unwrap()
    });
    prop_oneof![4 => point, 1 => polygon].prop_map(Value::Geo).boxed()
}

fn pointing() -> BoxedStrategy<Value> {
    let one = name().prop_map(OneOrMany::One);
    let many = prop::collection::vec(name(), 1..3).prop_map(OneOrMany::Many);
    prop_oneof![one, many].prop_map(|object| Value::Relationship { object, object_type: vec![] }).boxed()
}

fn attribute() -> impl Strategy<Value = (&'static str, Attribute)> {
    prop_oneof![
        4 => instance(number()).prop_map(|a| ("level", a)),
        1 => instance(number()).prop_map(|a| ("speed", a)),
        2 => instance(text()).prop_map(|a| ("name", a)),
        1 => instance(text()).prop_map(|a| ("description", a)),
        2 => instance(place()).prop_map(|a| ("location", a)),
        1 => instance(pointing()).prop_map(|a| ("to", a)),
    ]
}

fn scopes() -> impl Strategy<Value = Vec<Scope>> {
    let scope = select(vec!["/A", "/A/B", "/A/B/C", "/AB", "/D"]).prop_map(|s| Scope::parse(s).unwrap());
    prop::collection::vec(scope, 0..3)
}

fn types() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::subsequence(TYPES.to_vec(), 1..3)
}

fn entity() -> impl Strategy<Value = Entity> {
    (name(), types(), scopes(), prop::collection::vec(attribute(), 0..6)).prop_map(
        |(id, types, scopes, attributes)| {
            let mut entity = Entity::new(id, term(types[0]), at(NOW));
            entity.types = types.into_iter().map(term).collect();
            entity.scopes = scopes;
            for (name, attribute) in attributes {
                entity.set(term(name), attribute);
            }
            entity
        },
    )
}

fn fragment() -> impl Strategy<Value = Fragment> {
    let instances = prop_oneof![
        4 => attribute().prop_map(|(name, attribute)| (name, Instance::Set(attribute))),
        1 => attribute().prop_map(|(name, attribute)| (name, Instance::Delete(attribute.dataset_id))),
    ];
    (
        prop::option::weighted(0.1, select(TYPES.to_vec())),
        prop::option::weighted(0.2, scopes()),
        prop::collection::vec(instances, 1..4),
    )
        .prop_map(|(added, scopes, instances)| {
            let mut fragment =
                Fragment { types: added.map(term).into_iter().collect(), scopes, ..Fragment::default() };
            let mut seen = BTreeSet::new();
            for (name, instance) in instances {
                let dataset = match &instance {
                    Instance::Set(attribute) => attribute.dataset_id.clone(),
                    Instance::Delete(dataset) => dataset.clone(),
                };
                if seen.insert((name, dataset)) {
                    fragment.attributes.entry(term(name)).or_default().push(instance);
                }
            }
            fragment
        })
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        4 => (fragment(), any::<bool>()).prop_map(|(fragment, overwrite)| Mutation::Append { fragment, overwrite }),
        2 => fragment().prop_map(|fragment| Mutation::Update { fragment }),
        1 => (select(vec!["level", "name", "location", "to"]), any::<bool>())
            .prop_map(|(name, all)| Mutation::DeleteAttribute { name: term(name), dataset_id: None, all }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let expect = || prop::option::weighted(0.2, 0..4u64);
    let mode = select(vec![
        UpsertMode::Replace,
        UpsertMode::Update { no_overwrite: false },
        UpsertMode::Update { no_overwrite: true },
    ]);
    let of_type =
        prop::option::weighted(0.2, select(TYPES.to_vec()).prop_map(|name| TypeExpr::Is(term(name))));
    let key = || select(vec!["k1", "k2"]).prop_map(str::to_owned);
    prop_oneof![
        3 => entity().prop_map(|entity| Op::Create(entity.into())),
        1 => (entity(), prop::option::weighted(0.2, 1..4u64))
            .prop_map(|(entity, expect)| Op::Replace { entity: entity.into(), expect }),
        8 => (entity(), mode, expect())
            .prop_map(|(entity, mode, expect)| Op::Upsert { entity: entity.into(), mode, expect }),
        6 => (name(), mutation(), prop::option::weighted(0.2, 1..4u64), of_type)
            .prop_map(|(id, mutation, expect, types)| Op::Mutate { id, mutation: Box::new(mutation), expect, types }),
        2 => (name(), prop::option::weighted(0.2, 1..4u64))
            .prop_map(|(id, expect)| Op::Delete { id, expect, types: None }),
        1 => (key(), 0..9u8).prop_map(|(key, n)| Op::PutRecord { kind: "note".into(), key, body: json!(n) }),
        1 => key().prop_map(|key| Op::DeleteRecord { kind: "note".into(), key }),
    ]
}

#[derive(Clone, Debug)]
enum Deed {
    Commit(&'static str, Commit),
    Declare(&'static str),
    Wait(i64),
    Reopen,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        20 => (select(TENANTS.to_vec()), prop::collection::vec(op(), 1..8), prop::bool::weighted(0.3))
            .prop_map(|(tenant, ops, atomic)| Deed::Commit(tenant, Commit { ops, atomic, ..Commit::default() })),
        3 => select(vec!["level", "speed", "to"]).prop_map(Deed::Declare),
        2 => (1..1000i64).prop_map(Deed::Wait),
        1 => Just(Deed::Reopen),
    ]
}

fn condition() -> impl Strategy<Value = Q> {
    let literal = || {
        prop_oneof![
            4 => (-4..5i32).prop_map(|n| Literal::Number(n.into())),
            1 => Just(Literal::Text("2".into())),
            1 => name().prop_map(|id| Literal::Uri(id.as_str().to_owned())),
        ]
    };
    let operand = (literal(), literal(), 0..4u8).prop_map(|(a, b, form)| match form {
        0 => Operand::Many(vec![a, b]),
        1 => Operand::Range(a, b),
        _ => Operand::One(a),
    });
    let op = select(vec![Compare::Eq, Compare::Ne, Compare::Gt, Compare::Ge, Compare::Lt, Compare::Le]);
    let one = (select(vec!["level", "speed", "to"]), op, operand).prop_map(|(name, op, value)| Q::Compare {
        path: Path::attribute(term(name)),
        op,
        value,
    });
    let one = prop_oneof![5 => one, 1 => Just(Q::Exists(Path::attribute(term("speed"))))];
    one.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Q::And),
            prop::collection::vec(inner, 2..4).prop_map(Q::Or),
        ]
    })
}

fn types_asked() -> impl Strategy<Value = TypeExpr> {
    let one = select(TYPES.to_vec()).prop_map(|name| TypeExpr::Is(term(name)));
    one.prop_recursive(2, 4, 2, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..3).prop_map(TypeExpr::Any),
            prop::collection::vec(inner, 2..3).prop_map(TypeExpr::All),
        ]
    })
}

fn scopes_asked() -> impl Strategy<Value = ScopeExpr> {
    let level = select(vec!["A", "B", "+"]).prop_map(|level| match level {
        "+" => ScopeLevel::Any,
        name => ScopeLevel::Name(name.to_owned()),
    });
    let fits = (prop::collection::vec(level, 0..3), any::<bool>())
        .prop_map(|(levels, below)| ScopeExpr::Fits(ScopePattern { levels, below }));
    (fits.clone(), fits, 0..3u8).prop_map(|(a, b, form)| match form {
        0 => ScopeExpr::Any(vec![a, b]),
        1 => ScopeExpr::All(vec![a, b]),
        _ => a,
    })
}

fn geo_asked() -> impl Strategy<Value = GeoQuery> {
    let relation = select(vec![
        GeoRelation::Within,
        GeoRelation::Intersects,
        GeoRelation::Disjoint,
        GeoRelation::Near(dinh_ngsild::query::Distance::Max(250_000.0)),
    ]);
    (relation, 0..4i32, 0..4i32, 1..3i32).prop_map(|(relation, x, y, size)| {
        let (w, s) = (f64::from(x) + 106.5, f64::from(y) + 15.5);
        let (e, n) = (w + f64::from(size), s + f64::from(size));
        let ring = json!([[[w, s], [e, s], [e, n], [w, n], [w, s]]]);
        GeoQuery::new(relation, shape_of("Polygon", &ring).unwrap(), term("location"))
    })
}

fn query() -> impl Strategy<Value = EntityQuery> {
    let subject = prop_oneof![
        Just(OrderSubject::Value(Path::attribute(term("level")))),
        Just(OrderSubject::Id),
        Just(OrderSubject::Value(Path::attribute(term("name")))),
    ];
    let direction = select(vec![Direction::Ascending, Direction::Descending]);
    let order = (subject, direction).prop_map(|(subject, direction)| OrderKey { subject, direction });
    (
        prop::option::weighted(0.85, types_asked()),
        prop::option::weighted(0.6, condition()),
        prop::option::weighted(0.15, scopes_asked()),
        prop::option::weighted(0.2, geo_asked()),
        prop::collection::vec(order, 0..2),
        (
            prop::option::weighted(0.1, prop::collection::vec(name(), 1..4)),
            0..3usize,
            0..6usize,
            any::<bool>(),
        ),
    )
        .prop_map(|(types, q, scopes, geo, order, (ids, offset, limit, count))| EntityQuery {
            ids: ids.unwrap_or_default(),
            types,
            q,
            scopes,
            geo,
            order,
            offset,
            limit,
            count,
            ..EntityQuery::default()
        })
}

async fn act(place: &Place, trial: &mut Trial, model: &mut Model, deed: &Deed) {
    match deed {
        Deed::Commit(tenant, commit) => {
            let expected = model.commit(tenant, commit, dinh_model::Clock::now(&*place.clock));
            let receipt = trial.store.commit(&writing(tenant), commit.clone()).await.unwrap();
            assert_eq!(receipt.results, expected);
            assert_eq!(receipt.head, model.feed.len() as u64);
        }
        Deed::Declare(attribute) => {
            let spec = |name: &&str| IndexSpec { entity_type: term(name), attribute: term(attribute) };
            trial.store.declare_indexes(&following(), TYPES.iter().map(spec).collect()).await.unwrap();
        }
        Deed::Wait(micros) => place.clock.advance(*micros),
        Deed::Reopen => {
            trial.store.close().await.unwrap();
            *trial = place.open().await;
        }
    }
}

async fn compare_entities(trial: &Trial, model: &Model) {
    for tenant in TENANTS {
        let grant = reading(tenant);
        let none = Vec::new();
        let expected = model.entities.get(tenant).unwrap_or(&none);
        assert_eq!(trial.store.total(&grant).await.unwrap(), expected.len() as u64);
        for kept in expected {
            let found = trial.store.entity(&grant, &kept.entity.id).await.unwrap().unwrap();
            assert_eq!((&*found.entity, found.version), (&kept.entity, kept.version));
        }
        let mut types: BTreeMap<_, u64> = BTreeMap::new();
        expected
            .iter()
            .flat_map(|kept| &kept.entity.types)
            .for_each(|t| *types.entry(t.clone()).or_default() += 1);
        let counts = trial.store.type_counts(&grant).await.unwrap();
        assert_eq!(counts.into_iter().map(|c| (c.entity_type, c.count)).collect::<BTreeMap<_, _>>(), types);
        for to in IDS {
            let found = trial.store.referrers(&grant, &id(to), 0, 100).await.unwrap();
            let found: BTreeSet<_> = found.into_iter().map(|r| (r.id, r.attribute)).collect();
            assert_eq!(found, model.referrers(tenant, &id(to)));
        }
        for text in ["truong", "Trường", "dong ba", "đông", "c", "xyz"] {
            let found = trial.store.search(&grant, text, &[], 100).await.unwrap();
            let found: BTreeSet<_> = found.into_iter().map(|hit| hit.found.entity.id.clone()).collect();
            assert_eq!(found, model.search(tenant, text), "{text}");
        }
        let records = trial.store.records(&grant, "note", "", 100).await.unwrap();
        let expected: Vec<_> = model.records.iter().filter(|(place, _)| place.0 == tenant).collect();
        let pairs: Vec<_> = records.iter().map(|record| (record.key.clone(), record.body.clone())).collect();
        assert_eq!(
            pairs,
            expected.into_iter().map(|(p, body)| (p.2.clone(), body.clone())).collect::<Vec<_>>()
        );
    }
}

async fn compare_feed_and_history(trial: &Trial, model: &Model) {
    let mut told = Vec::new();
    loop {
        let page = trial.store.changes(&following(), told.len() as u64, 40).await.unwrap();
        if page.is_empty() {
            break;
        }
        for recorded in page {
            let change = &recorded.change;
            assert_eq!(change.seq, told.len() as u64 + 1);
            told.push((change.tenant.to_string(), change.entity.clone(), change.kind, change.version));
        }
    }
    assert_eq!(told, model.feed);
    for tenant in TENANTS {
        for name in IDS {
            let found = trial.store.history(&reading(tenant), &HistoryQuery::of(id(name))).await.unwrap();
            let mut kept = BTreeMap::new();
            for series in found.series {
                let observations: BTreeMap<Timestamp, Attribute> =
                    series.observations.into_iter().map(|o| (o.observed_at.unwrap(), o)).collect();
                kept.insert((tenant.to_owned(), id(name), series.attribute, series.dataset_id), observations);
            }
            let expected: BTreeMap<_, _> = model
                .history
                .iter()
                .filter(|(key, _)| key.0 == tenant && key.1 == id(name))
                .map(|(key, observations)| (key.clone(), observations.clone()))
                .collect();
            assert_eq!(kept, expected);
        }
    }
}

async fn compare_queries(trial: &Trial, model: &Model, queries: &[EntityQuery]) {
    for query in queries {
        for tenant in TENANTS {
            let page = trial.store.query(&reading(tenant), query).await.unwrap();
            let (expected, total) = model.query(tenant, query);
            let found: Vec<_> = page.entities.iter().map(|s| ((*s.entity).clone(), s.version)).collect();
            let expected: Vec<_> = expected.into_iter().map(|kept| (kept.entity, kept.version)).collect();
            assert_eq!(found, expected, "{query:?}");
            assert_eq!(page.total, query.count.then_some(total), "{query:?}");
        }
    }
}

async fn live(deeds: &[Deed], queries: &[EntityQuery]) {
    let place = Place::sqlite();
    let (mut trial, mut model) = (place.open().await, Model::default());
    let half = deeds.len() / 2;
    for (at, deed) in deeds.iter().enumerate() {
        act(&place, &mut trial, &mut model, deed).await;
        if at == half {
            compare_queries(&trial, &model, queries).await;
            trial.assert_sound().await;
        }
    }
    compare_entities(&trial, &model).await;
    compare_feed_and_history(&trial, &model).await;
    compare_queries(&trial, &model, queries).await;
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 400, ..ProptestConfig::default() })]
    #[test]
    fn any_history_is_kept_as_the_model_keeps_it(
        deeds in prop::collection::vec(deed(), 1..30),
        queries in prop::collection::vec(query(), 1..20),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(&deeds, &queries));
    }
}
