//! Queries, with and without indexes.

use dinh_model::{Attribute, Iri, OneOrMany, Scope, Value};
use dinh_ngsild::query::{
    Direction, EntityQuery, IdPattern, Literal, Op as Compare, Operand, OrderKey, OrderSubject, Path, Q,
    ScopeExpr, ScopeLevel, ScopePattern, TypeExpr,
};
use dinh_store::{AttributeCount, Commit, Error, IndexSpec, Op, Options, TypeCount};
use serde_json::json;

use crate::support::*;

contract!(
    pages_and_totals,
    everything_is_read_page_by_page,
    types_scopes_and_identifiers,
    conditions_with_and_without_an_index,
    an_index_declared_later_is_filled,
    both_ends_of_a_range_narrow_it,
    one_index_sifts_what_another_gives,
    orders_with_and_without_an_index,
    counts_are_exact,
    work_is_bounded,
    who_points_at_whom,
    conditions_behind_links,
    an_index_leads_to_what_stands_in_front_of_a_link,
);

async fn fill(trial: &Trial, count: usize) {
    let one = |n: usize| {
        let name = format!("g{n:03}");
        let mut entity =
            thing(if n.is_multiple_of(10) { "Tide" } else { "Gauge" }, &name).with("level", n % 50);
        entity.scopes = vec![Scope::parse(&format!("/Hue/P{}", n % 4)).unwrap()];
        Op::Create(entity.into())
    };
    assert!(trial.commit(Commit::of((0..count).map(one).collect())).await.is_ok());
}

fn level(op: Compare, value: Operand) -> Q {
    Q::Compare { path: Path::attribute(term("level")), op, value }
}

fn number(n: f64) -> Operand {
    Operand::One(Literal::Number(n))
}

async fn declare(trial: &Trial, entity_type: &str, attribute: &str) {
    let spec = IndexSpec { entity_type: term(entity_type), attribute: term(attribute) };
    trial.store.declare_indexes(&following(), vec![spec]).await.unwrap();
}

async fn pages_and_totals(place: Place) {
    let trial = place.open().await;
    fill(&trial, 100).await;
    let page =
        |offset, limit| EntityQuery { offset, limit, count: true, ..EntityQuery::of_type(term("Gauge")) };
    let (first, total) = trial.find(&page(0, 3)).await;
    assert_eq!((first, total), (vec!["g001".into(), "g002".into(), "g003".into()], Some(90)));
    assert_eq!(trial.find(&page(8, 2)).await.0, ["g009", "g011"]);
    assert_eq!(trial.find(&page(89, 5)).await.0, ["g099"]);
    assert_eq!(trial.find(&page(90, 5)).await, (vec![], Some(90)));
    assert_eq!(trial.find(&page(0, 0)).await, (vec![], Some(90)));
    let all = EntityQuery { offset: 98, limit: 10, count: true, ..EntityQuery::default() };
    assert_eq!(trial.find(&all).await, (vec!["g098".into(), "g099".into()], Some(100)));
    let unknown = EntityQuery { count: true, ..EntityQuery::of_type(term("Unknown")) };
    assert_eq!(trial.find(&unknown).await, (vec![], Some(0)));
}

async fn everything_is_read_page_by_page(place: Place) {
    let trial = place.open().await;
    fill(&trial, 60).await;
    declare(&trial, "Gauge", "level").await;
    let all = EntityQuery { limit: 7, after: Some(0), ..EntityQuery::default() };
    let some =
        EntityQuery { q: Some(level(Compare::Lt, number(3.0))), ..EntityQuery::of_type(term("Gauge")) };
    for (query, expected) in [(all, 60), (EntityQuery { limit: 2, after: Some(0), ..some }, 4)] {
        let (mut found, mut after) = (Vec::new(), Some(0));
        loop {
            let page =
                trial.store.query(&reading("hue"), &EntityQuery { after, ..query.clone() }).await.unwrap();
            let Some(last) = page.entities.last() else { break };
            after = Some(last.place);
            found.extend(page.entities.iter().map(|stored| short(&stored.entity.id)));
            // What comes in the meantime comes at the end; what goes is not missed.
            trial.op(Op::delete(id(&found[0]))).await.ok();
        }
        assert_eq!(found.len(), expected);
        assert!(found.is_sorted());
    }
    let counted = EntityQuery { after: Some(1), count: true, ..EntityQuery::default() };
    let refused = trial.store.query(&reading("hue"), &counted).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(_)), "{refused}");
}

async fn types_scopes_and_identifiers(place: Place) {
    let trial = place.open().await;
    fill(&trial, 40).await;
    let mut both = thing("Gauge", "both");
    both.types.push(term("Tide"));
    trial.create(both).await;
    let is = |name| TypeExpr::Is(term(name));
    let of = |types| EntityQuery { types: Some(types), limit: 100, count: true, ..EntityQuery::default() };
    let count = |query: EntityQuery| {
        let trial = trial.clone();
        async move {
            let (found, total) = trial.find(&query).await;
            assert_eq!(Some(found.len() as u64), total);
            found.len()
        }
    };
    assert_eq!(count(of(TypeExpr::Any(vec![is("Gauge"), is("Tide")]))).await, 41);
    assert_eq!(count(of(TypeExpr::All(vec![is("Gauge"), is("Tide")]))).await, 1);
    assert_eq!(count(of(TypeExpr::Any(vec![is("Tide"), is("Unknown")]))).await, 5);
    let name = |name: &str| ScopeLevel::Name(name.to_owned());
    let scoped = |levels, below| EntityQuery {
        scopes: Some(ScopeExpr::Fits(ScopePattern { levels, below })),
        limit: 100,
        count: true,
        ..EntityQuery::default()
    };
    assert_eq!(count(scoped(vec![name("Hue"), name("P1")], false)).await, 10);
    assert_eq!(count(scoped(vec![name("Hue")], true)).await, 40);
    assert_eq!(count(scoped(vec![name("Hue")], false)).await, 0);
    assert_eq!(count(scoped(vec![ScopeLevel::Any, name("P2")], false)).await, 10);
    let ids = ["g007", "missing", "g003"].map(id).to_vec();
    let (found, total) = trial.find(&EntityQuery { ids, count: true, ..EntityQuery::default() }).await;
    assert_eq!((found, total), (vec!["g003".into(), "g007".into()], Some(2)));
    let pattern = IdPattern::parse("^urn:ngsi-ld:g01.*").unwrap();
    assert_eq!(
        count(EntityQuery { id_pattern: Some(pattern), count: true, ..EntityQuery::default() }).await,
        10
    );
    trial.assert_sound().await;
}

async fn conditions_with_and_without_an_index(place: Place) {
    let trial = place.open().await;
    fill(&trial, 200).await;
    trial.create(thing("Gauge", "list").with("level", json!([48, 1000]))).await;
    trial.create(thing("Gauge", "text").with("level", "48")).await;
    let mut second = property(60);
    second.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    let mut several = thing("Gauge", "several").with("level", 59);
    several.set(term("level"), second);
    trial.create(several).await;
    let compare = |op, operand| Q::clone(&level(op, operand));
    let queries = [
        (compare(Compare::Gt, number(47.0)), 9),
        (compare(Compare::Ge, number(48.0)), 9),
        (compare(Compare::Lt, number(2.0)), 4),
        (compare(Compare::Eq, number(48.0)), 5),
        (compare(Compare::Eq, number(1000.0)), 1),
        (compare(Compare::Eq, Operand::One(Literal::Text("48".into()))), 1),
        (compare(Compare::Eq, Operand::Range(Literal::Number(58.0), Literal::Number(70.0))), 1),
        (compare(Compare::Eq, Operand::Many(vec![Literal::Number(1.0), Literal::Number(2.0)])), 8),
        (compare(Compare::Ne, number(1.0)), 179),
        (Q::Or(vec![compare(Compare::Eq, number(1.0)), compare(Compare::Gt, number(58.0))]), 5),
        (Q::And(vec![compare(Compare::Gt, number(47.0)), compare(Compare::Lt, number(49.0))]), 4),
    ];
    for indexed in [false, true] {
        if indexed {
            declare(&trial, "Gauge", "level").await;
        }
        for (q, expected) in &queries {
            let query = EntityQuery {
                q: Some(q.clone()),
                limit: 500,
                count: true,
                ..EntityQuery::of_type(term("Gauge"))
            };
            let (found, total) = trial.find(&query).await;
            assert_eq!(
                (found.len(), total),
                (*expected, Some(*expected as u64)),
                "{q:?}, indexed: {indexed}"
            );
            assert!(found.len() < 3 || found.iter().filter(|name| name.starts_with('g')).is_sorted());
            let (page, _) = trial.find(&EntityQuery { limit: 2, offset: 1, count: false, ..query }).await;
            assert_eq!(page, found.iter().skip(1).take(2).cloned().collect::<Vec<_>>());
        }
    }
    trial.assert_sound().await;
}

async fn an_index_declared_later_is_filled(place: Place) {
    let trial = place.open_with(Options { scan_budget: 100, ..options() }).await;
    fill(&trial, 1_500).await;
    let query = EntityQuery {
        q: Some(level(Compare::Eq, number(49.0))),
        limit: 20,
        offset: 29,
        ..EntityQuery::of_type(term("Gauge"))
    };
    let refused = trial.store.query(&reading("hue"), &query).await.unwrap_err();
    assert!(matches!(refused, Error::TooComplex { bound: 100, .. }), "{refused}");
    let writing = tokio::spawn({
        let trial = trial.clone();
        async move {
            for n in 0..50 {
                let change = set(&[("level", property(49))]);
                trial.op(Op::mutate(id(&format!("g{:03}", n * 10 + 1)), change)).await.unwrap();
            }
        }
    });
    declare(&trial, "Gauge", "level").await;
    writing.await.unwrap();
    assert_eq!(trial.find(&query).await.0.len(), 20);
    declare(&trial, "Gauge", "level").await;
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
    let again = place.open_with(Options { scan_budget: 100, ..options() }).await;
    assert_eq!(again.find(&query).await.0.len(), 20);
    again.assert_sound().await;
}

async fn both_ends_of_a_range_narrow_it(place: Place) {
    let trial = place.open_with(Options { scan_budget: 100, ..options() }).await;
    fill(&trial, 1_500).await;
    declare(&trial, "Gauge", "level").await;
    let between = |low: f64, high: f64| EntityQuery {
        q: Some(Q::And(vec![level(Compare::Ge, number(low)), level(Compare::Lt, number(high))])),
        limit: 100,
        count: true,
        ..EntityQuery::of_type(term("Gauge"))
    };
    let (found, total) = trial.find(&between(24.0, 26.0)).await;
    let either = Operand::Many(vec![Literal::Number(24.0), Literal::Number(25.0)]);
    let alike = EntityQuery { q: Some(level(Compare::Eq, either)), ..between(0.0, 0.0) };
    assert_eq!((found.clone(), total), trial.find(&alike).await);
    assert!(!found.is_empty());
    // One of its values may meet one end, another the other.
    let apart = thing("Gauge", "two").with("level", 1.0);
    trial.create(apart).await;
    let mut second = property(40.0);
    second.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    trial.op(Op::mutate(id("two"), set(&[("level", second)]))).await.unwrap();
    assert_eq!(trial.find(&between(38.5, 1.5)).await.0, ["two"]);
}

async fn one_index_sifts_what_another_gives(place: Place) {
    let trial = place.open_with(Options { scan_budget: 40, ..options() }).await;
    let one = |n: usize| {
        let gauge = thing("Gauge", &format!("g{n:03}")).with("level", n % 3).with("zone", n % 5);
        Op::Create(gauge.into())
    };
    assert!(trial.commit(Commit::of((0..300).map(one).collect())).await.is_ok());
    let zone = |value| Q::Compare { path: Path::attribute(term("zone")), op: Compare::Eq, value };
    let both = |limit| EntityQuery {
        q: Some(Q::And(vec![level(Compare::Eq, number(0.0)), zone(number(0.0))])),
        limit,
        count: true,
        ..EntityQuery::of_type(term("Gauge"))
    };
    declare(&trial, "Gauge", "zone").await;
    let refused = trial.store.query(&reading("hue"), &both(100)).await.unwrap_err();
    assert!(matches!(refused, Error::TooComplex { bound: 40, .. }), "sixty are in the zone: {refused}");
    declare(&trial, "Gauge", "level").await;
    let every_fifteenth: Vec<String> = (0..300).step_by(15).map(|n| format!("g{n:03}")).collect();
    assert_eq!(trial.find(&both(100)).await, (every_fifteenth.clone(), Some(20)), "only those are looked at");
    let third = EntityQuery { offset: 2, count: false, ..both(1) };
    assert_eq!(trial.find(&third).await.0, every_fifteenth[2..3]);
    // One of its values is in the index of each, in whichever instance.
    let mut second = property(0.0);
    second.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    trial.op(Op::mutate(id("g001"), set(&[("level", second)]))).await.unwrap();
    trial.op(Op::mutate(id("g001"), set(&[("zone", property(0))]))).await.unwrap();
    assert_eq!(trial.find(&both(100)).await.1, Some(21));
    trial.assert_sound().await;
}

fn ordered_by(subject: OrderSubject, direction: Direction) -> EntityQuery {
    EntityQuery {
        order: vec![OrderKey { subject, direction }],
        limit: 4,
        ..EntityQuery::of_type(term("Gauge"))
    }
}

async fn orders_with_and_without_an_index(place: Place) {
    let trial = place.open().await;
    for (name, value) in [("a", 5.0), ("b", -1.0), ("c", 7.5), ("d", 5.0), ("e", 0.0)] {
        trial.create(thing("Gauge", name).with("level", value)).await;
    }
    let mut odd = thing("Gauge", "f").with("level", 6);
    let mut second = property(-100);
    second.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    odd.set(term("level"), second);
    trial.create(odd).await;
    trial.create(thing("Gauge", "none")).await;
    let by_level = || OrderSubject::Value(Path::attribute(term("level")));
    for indexed in [false, true] {
        if indexed {
            declare(&trial, "Gauge", "level").await;
        }
        assert_eq!(trial.find(&ordered_by(by_level(), Direction::Ascending)).await.0, ["b", "e", "a", "d"]);
        assert_eq!(trial.find(&ordered_by(by_level(), Direction::Descending)).await.0, ["c", "f", "a", "d"]);
        let rest = EntityQuery { offset: 4, count: true, ..ordered_by(by_level(), Direction::Ascending) };
        assert_eq!(trial.find(&rest).await, (vec!["f".into(), "c".into(), "none".into()], Some(7)));
    }
    trial.create(thing("Gauge", "word").with("level", "high")).await;
    assert_eq!(trial.find(&ordered_by(by_level(), Direction::Descending)).await.0, ["word", "c", "f", "a"]);
    assert_eq!(
        trial.find(&ordered_by(OrderSubject::Id, Direction::Descending)).await.0,
        ["word", "none", "f", "e"]
    );
}

async fn counts_are_exact(place: Place) {
    let trial = place.open().await;
    fill(&trial, 30).await;
    trial.op(Op::delete(id("g010"))).await.unwrap();
    trial.op(Op::mutate(id("g001"), set(&[("extra", property(1))]))).await.unwrap();
    let counted = |name: &str, count| TypeCount { entity_type: term(name), count };
    let counts = trial.store.type_counts(&reading("hue")).await.unwrap();
    assert_eq!(counts, [counted("Gauge", 27), counted("Tide", 2)]);
    assert_eq!(trial.store.total(&reading("hue")).await.unwrap(), 29);
    let attributes = trial.store.attributes_of_type(&reading("hue"), &term("Gauge")).await.unwrap();
    let attribute = |name: &str, count| AttributeCount { attribute: term(name), count };
    assert_eq!(attributes, [attribute("extra", 1), attribute("level", 27)]);
    for (name, count) in [("extra", 1), ("level", 27), ("other", 0)] {
        let having = EntityQuery { attrs: vec![term(name)], ..EntityQuery::of_type(term("Gauge")) };
        let (_none, total) = trial.find(&EntityQuery { limit: 0, count: true, ..having }).await;
        assert_eq!(total, Some(count), "{name}");
    }
    for n in 0..30 {
        trial.op(Op::delete(id(&format!("g{n:03}")))).await.ok();
    }
    assert!(trial.store.type_counts(&reading("hue")).await.unwrap().is_empty());
    assert!(trial.store.attributes_of_type(&reading("hue"), &term("Gauge")).await.unwrap().is_empty());
    trial.assert_sound().await;
}

async fn work_is_bounded(place: Place) {
    let options = Options { scan_budget: 50, max_offset: 10, max_page: 20, ..options() };
    let trial = place.open_with(options).await;
    fill(&trial, 100).await;
    let fails = |query: EntityQuery| {
        let trial = trial.clone();
        async move { trial.store.query(&reading("hue"), &query).await.unwrap_err().to_string() }
    };
    let scan =
        EntityQuery { q: Some(level(Compare::Eq, number(9999.0))), ..EntityQuery::of_type(term("Gauge")) };
    assert!(fails(scan).await.contains("bound of 50"));
    let having = EntityQuery { attrs: vec![term("level")], ..EntityQuery::of_type(term("Gauge")) };
    let (_none, total) = trial.find(&EntityQuery { limit: 0, count: true, ..having }).await;
    assert_eq!(total, Some(90), "counted without a look");
    assert!(fails(EntityQuery { offset: 11, ..EntityQuery::default() }).await.contains("bound of 10"));
    assert!(fails(EntityQuery { limit: 21, ..EntityQuery::default() }).await.contains("bound is 20"));
}

async fn who_points_at_whom(place: Place) {
    let trial = place.open().await;
    trial
        .create(thing("Gauge", "g1").with_value("river", link("huong")).with_value("owner", link("kttv")))
        .await;
    trial.create(thing("Gauge", "g2").with_value("river", link("huong"))).await;
    let list = Value::ListRelationship {
        objects: vec![Iri::clone(&id("g1")), Iri::clone(&id("huong")), Iri::clone(&id("huong"))],
        object_type: vec![],
    };
    trial.create(thing("Tour", "t1").with_value("stops", list)).await;
    let pointing = |at: &'static str, offset| {
        let trial = trial.clone();
        async move {
            let found = trial.store.referrers(&reading("hue"), &id(at), offset, 10).await.unwrap();
            found.iter().map(|r| (short(&r.id), r.attribute.clone())).collect::<Vec<_>>()
        }
    };
    let expected = [
        ("g1".to_owned(), term("river")),
        ("g2".to_owned(), term("river")),
        ("t1".to_owned(), term("stops")),
    ];
    assert_eq!(pointing("huong", 0).await, expected);
    assert_eq!(pointing("huong", 2).await, expected[2..]);
    let many = Value::Relationship {
        object: OneOrMany::Many(vec![Iri::clone(&id("bo")), Iri::clone(&id("kttv"))]),
        object_type: vec![],
    };
    trial.op(Op::mutate(id("g2"), set(&[("river", Attribute::new(many, at(NOW)))]))).await.unwrap();
    trial.op(Op::delete(id("t1"))).await.unwrap();
    assert_eq!(pointing("huong", 0).await, expected[..1]);
    assert_eq!(pointing("bo", 0).await, [("g2".to_owned(), term("river"))]);
    assert_eq!(pointing("kttv", 0).await.len(), 2);
    assert!(pointing("g1", 0).await.is_empty());
    trial.assert_sound().await;
}

fn asked(text: &str) -> EntityQuery {
    let q = Q::parse(text, &dinh_ngsild::context::Context::core()).unwrap();
    EntityQuery { q: Some(q), count: true, limit: 1_000, ..EntityQuery::of_type(term("Station")) }
}

/// Stations that gauges stand at; offices that run them; and one link to nothing.
async fn linked(trial: &Trial, count: usize) {
    let at = |name: String| {
        let object = OneOrMany::One(Iri::parse(&format!("urn:ngsi-ld:{name}")).unwrap());
        Value::Relationship { object, object_type: Vec::new() }
    };
    let mut ops = Vec::new();
    for n in 0..count {
        let gauge = thing("Gauge", &format!("gauge{n}")).with("level", n);
        let gauge = gauge.with_value("runBy", at(format!("office{}", n % 2)));
        let station = thing("Station", &format!("s{n:04}")).with_value("gauge", at(format!("gauge{n}")));
        ops.extend([Op::Create(gauge.into()), Op::Create(station.into())]);
    }
    ops.push(Op::Create(thing("Station", "nowhere").with_value("gauge", at("gone".into())).into()));
    ops.extend(
        ["office0", "office1"].map(|name| Op::Create(thing("Office", name).with("name", name).into())),
    );
    assert!(trial.commit(Commit::of(ops)).await.is_ok());
}

async fn conditions_behind_links(place: Place) {
    let trial = place.open().await;
    linked(&trial, 40).await;
    for pass in 0..2 {
        let found = async |text: &str| trial.find(&asked(text)).await;
        for hint in ["", "Gauge:", "Buoy,Gauge:"] {
            let (few, total) = found(&format!("gauge{{{hint}level}}>=38")).await;
            assert_eq!((few, total), (vec!["s0038".into(), "s0039".into()], Some(2)), "{hint} {pass}");
            let office =
                found(&format!("gauge{{{hint}runBy{{Office:name}}}}==\"office1\";gauge{{level}}<4")).await;
            assert_eq!(office.0, ["s0001", "s0003"], "{hint} {pass}");
        }
        assert_eq!(found("gauge{Buoy:level}>=38").await, (vec![], Some(0)));
        assert_eq!(found("gauge{Office:level}>=38").await, (vec![], Some(0)));
        assert_eq!(found("gauge{level}").await.1, Some(40));
        assert_eq!(found("level{level}").await, (vec![], Some(0)));
        let first = EntityQuery { limit: 1, count: false, ..asked("gauge{Gauge:level}==7") };
        assert_eq!(trial.find(&first).await.0, ["s0007"]);
        declare(&trial, "Gauge", "level").await;
        declare(&trial, "Office", "name").await;
    }
    trial.op(Op::delete(id("gauge39"))).await.unwrap();
    assert_eq!(trial.find(&asked("gauge{Gauge:level}>=38")).await.0, ["s0038"]);
    trial.assert_sound().await;
}

async fn an_index_leads_to_what_stands_in_front_of_a_link(place: Place) {
    let trial = place.open_with(Options { scan_budget: 20, ..options() }).await;
    linked(&trial, 200).await;
    declare(&trial, "Gauge", "level").await;
    assert_eq!(trial.find(&asked("gauge{Gauge:level}==150")).await.0, ["s0150"]);
    // Without the type, nothing says which index: every station would have to be looked at.
    let wide = trial.store.query(&reading("hue"), &asked("gauge{level}==150")).await;
    assert!(matches!(wide, Err(Error::TooComplex { .. })), "{wide:?}");
}
