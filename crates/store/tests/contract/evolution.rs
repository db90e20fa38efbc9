//! The past of entities: added to, corrected, taken away, asked for; and what vanishes by itself.

use std::sync::Arc;

use dinh_model::{Attribute, ChangeKind, Clock as _, Iri, Term, Timestamp};
use dinh_ngsild::query::{EntityQuery, Q, TypeExpr};
use dinh_ngsild::temporal::{
    Aggregation, Evolution, Records, TemporalInstance, TemporalQuery, TimeProperty, TimeRelation,
};
use dinh_store::{DoneKind, EvolutionPage, EvolutionQuery, Op, OpError, Options, Past};

use crate::support::*;

contract!(
    the_past_can_be_added_to,
    an_entity_can_come_with_its_past_and_go_with_it,
    records_are_corrected_and_removed_by_name,
    changes_and_deletions_are_kept_of_the_types_that_ask_for_it,
    evolutions_are_found_by_what_was_said_then,
    what_is_too_much_is_cut_in_time,
    values_are_aggregated_by_period,
    what_expires_is_not_read_and_goes,
);

/// Keeps every change of every type.
#[derive(Debug)]
struct Everything;

impl Past for Everything {
    fn keeps_changes(&self, _types: &[Term]) -> bool {
        true
    }
}

fn keeping_all() -> Options {
    Options { past: Some(Arc::new(Everything)), ..options() }
}

fn minute(minute: i64) -> Timestamp {
    at(NOW).plus_micros(minute * 60 * SECOND)
}

fn level(at_minute: i64, value: f64) -> Attribute {
    property(value).observed(minute(at_minute))
}

fn records(of: &[(&str, &[Attribute])]) -> Records {
    of.iter()
        .map(|(name, all)| (term(name), all.iter().cloned().map(TemporalInstance::new).collect()))
        .collect()
}

fn add(records: Records, create: bool) -> Evolution {
    let types = if create { vec![term("Gauge")] } else { Vec::new() };
    Evolution::Add { types, scopes: None, records, expires_at: None, create }
}

async fn evolve(trial: &Trial, name: &str, evolution: Evolution) -> Result<DoneKind, OpError> {
    trial.op(Op::evolve(id(name), evolution)).await.map(|done| done.kind)
}

async fn told(trial: &Trial, name: &str, query: EvolutionQuery) -> Option<EvolutionPage> {
    trial.store.evolution(&reading("hue"), &id(name), &query).await.unwrap()
}

/// The numbers that an attribute is told to have said.
fn numbers(page: &EvolutionPage, name: &str) -> Vec<f64> {
    let records = page.entities.first().and_then(|entity| entity.attributes.get(&term(name)));
    let lives = records.into_iter().flatten().filter(|record| record.deleted_at.is_none());
    lives.filter_map(|record| record.attribute.number()).collect()
}

fn within(relation: TimeRelation, property: TimeProperty) -> EvolutionQuery {
    let time = TemporalQuery { relation: Some(relation), property, stated: true, last: None };
    EvolutionQuery { time, ..EvolutionQuery::default() }
}

async fn level_now(trial: &Trial) -> Option<f64> {
    let stored = trial.entity("g1").await?;
    stored.entity.attribute(term("level").as_str()).and_then(Attribute::number)
}

async fn the_past_can_be_added_to(place: Place) {
    let trial = place.open().await;
    let mut gauge = thing("Gauge", "g1").with("name", "Kim Long");
    gauge.set(term("level"), level(10, 1.0));
    trial.create(gauge).await;
    let older = records(&[("level", &[level(1, 0.1), level(2, 0.2)])]);
    assert_eq!(evolve(&trial, "g1", add(older, false)).await, Ok(DoneKind::Updated));
    assert_eq!(level_now(&trial).await, Some(1.0), "what is older is past");
    let newer = records(&[("level", &[level(5, 0.5), level(11, 1.1)])]);
    evolve(&trial, "g1", add(newer, false)).await.unwrap();
    assert_eq!(level_now(&trial).await, Some(1.1), "what is newer is present");
    let again = records(&[("level", &[level(2, 9.0)])]);
    evolve(&trial, "g1", add(again, false)).await.unwrap();
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    assert_eq!(numbers(&page, "level"), [0.1, 9.0, 0.5, 1.0, 1.1], "one at the same instant takes the place");
    let unknown = records(&[("level", &[level(1, 1.0)])]);
    assert_eq!(evolve(&trial, "g2", add(unknown, false)).await, Err(OpError::NotFound));
    trial.assert_sound().await;
}

async fn an_entity_can_come_with_its_past_and_go_with_it(place: Place) {
    let trial = place.open().await;
    let mut other = level(3, 7.0);
    other.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    let past =
        records(&[("level", &[level(1, 0.1), level(2, 0.2), other]), ("name", &[property("Kim Long")])]);
    assert_eq!(evolve(&trial, "g1", add(past.clone(), true)).await, Ok(DoneKind::Created));
    assert_eq!(level_now(&trial).await, Some(0.2));
    assert_eq!(evolve(&trial, "g1", add(past.clone(), true)).await, Ok(DoneKind::Updated));
    let of = |all| Evolution::RemoveAttribute { name: term("level"), dataset_id: None, all };
    evolve(&trial, "g1", of(false)).await.unwrap();
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    assert_eq!(numbers(&page, "level"), [7.0]);
    assert!(matches!(evolve(&trial, "g1", of(false)).await, Err(OpError::Mutation(_))));
    evolve(&trial, "g1", Evolution::End).await.unwrap();
    assert!(
        trial.entity("g1").await.is_none() && told(&trial, "g1", EvolutionQuery::default()).await.is_none()
    );
    trial.assert_sound().await;

    // Once somebody has written it otherwise, it stays.
    evolve(&trial, "g1", add(past, true)).await.unwrap();
    trial.op(Op::mutate(id("g1"), set(&[("level", level(20, 2.0))]))).await.unwrap();
    evolve(&trial, "g1", Evolution::End).await.unwrap();
    assert_eq!(level_now(&trial).await, Some(2.0));
    trial.store.housekeep(&following()).await.unwrap();
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    assert!(numbers(&page, "level").is_empty());
    trial.assert_sound().await;
}

async fn records_are_corrected_and_removed_by_name(place: Place) {
    let trial = place.open().await;
    let past = records(&[("level", &[level(1, 0.1), level(2, 0.2), level(3, 0.3)])]);
    evolve(&trial, "g1", add(past, true)).await.unwrap();
    let name_of = |page: &EvolutionPage, at: usize| {
        page.entities[0].attributes[&term("level")][at].instance_id.clone().unwrap()
    };
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    let (first, last) = (name_of(&page, 0), name_of(&page, 2));
    let modify = |instance: &str, attribute: Attribute| Evolution::Modify {
        name: term("level"),
        instance: instance.to_owned(),
        attribute: Box::new(attribute),
    };
    let remove = |instance: &str| Evolution::Remove { name: term("level"), instance: instance.to_owned() };
    // Moved to another time, it keeps its name.
    evolve(&trial, "g1", modify(&first, level(5, 5.0))).await.unwrap();
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    assert_eq!(numbers(&page, "level"), [0.2, 0.3, 5.0]);
    assert_eq!(name_of(&page, 2), first);
    evolve(&trial, "g1", modify(&last, level(3, 0.33))).await.unwrap();
    assert_eq!(level_now(&trial).await, Some(0.33), "whoever corrects the last point corrects the present");
    evolve(&trial, "g1", remove(&last)).await.unwrap();
    evolve(&trial, "g1", remove(&first)).await.unwrap();
    assert!(evolve(&trial, "g1", remove(&first)).await.is_err());
    let page = told(&trial, "g1", EvolutionQuery::default()).await.unwrap();
    assert_eq!(numbers(&page, "level"), [0.2]);
    trial.assert_sound().await;
}

async fn changes_and_deletions_are_kept_of_the_types_that_ask_for_it(place: Place) {
    let trial = place.open_with(keeping_all()).await;
    trial.create(thing("Bench", "b1").with("colour", 1.0)).await;
    for value in [2.0, 3.0] {
        place.clock.advance(SECOND);
        trial.op(Op::mutate(id("b1"), set(&[("colour", property(value))]))).await.unwrap();
    }
    let all = || within(TimeRelation::After(minute(-1)), TimeProperty::ModifiedAt);
    let page = told(&trial, "b1", all()).await.unwrap();
    assert_eq!(numbers(&page, "colour"), [1.0, 2.0, 3.0]);
    place.clock.advance(SECOND);
    trial.op(Op::delete(id("b1"))).await.unwrap();
    let page = told(&trial, "b1", all()).await.unwrap();
    assert_eq!(numbers(&page, "colour"), [1.0, 2.0, 3.0], "it outlives its entity");
    assert!(page.entities[0].deleted_at.is_some() && page.entities[0].types == [term("Bench")]);
    let page = told(&trial, "b1", within(TimeRelation::After(minute(-1)), TimeProperty::DeletedAt)).await;
    let deleted = &page.unwrap().entities[0].attributes[&term("colour")];
    assert_eq!((deleted.len(), deleted[0].deleted_at), (1, Some(place.clock.now())));
    trial.assert_sound().await;

    // Of what keeps observations alone, nothing that was not observed stays.
    let trial = place.open_at(&place.path("other"), options()).await;
    trial.create(thing("Bench", "b1").with("colour", 1.0)).await;
    trial.op(Op::mutate(id("b1"), set(&[("colour", property(2.0))]))).await.unwrap();
    trial.op(Op::delete(id("b1"))).await.unwrap();
    assert!(told(&trial, "b1", EvolutionQuery::default()).await.is_none());
}

async fn evolutions_are_found_by_what_was_said_then(place: Place) {
    let trial = place.open_with(keeping_all()).await;
    for (name, values) in [("g1", [1.0, 9.0]), ("g2", [2.0, 3.0]), ("g3", [9.0, 1.0])] {
        let past = records(&[("level", &[level(1, values[0]), level(10, values[1])])]);
        evolve(&trial, name, add(past, true)).await.unwrap();
    }
    trial.op(Op::delete(id("g3"))).await.unwrap();
    let asked = |q: Option<&str>| {
        let time = TemporalQuery {
            relation: Some(TimeRelation::Between(minute(0), minute(5))),
            ..TemporalQuery::default()
        };
        let entities = EntityQuery {
            types: Some(TypeExpr::Is(term("Gauge"))),
            q: q.map(|q| Q::parse(q, &dinh_ngsild::context::Context::core()).unwrap()),
            count: true,
            ..EntityQuery::default()
        };
        EvolutionQuery { entities, time, ..EvolutionQuery::default() }
    };
    let found = async |query: EvolutionQuery| {
        let page = trial.store.evolutions(&reading("hue"), &query).await.unwrap();
        let names: Vec<String> = page.entities.iter().map(|entity| short(&entity.id)).collect();
        (names, page.total)
    };
    assert_eq!(found(asked(None)).await, (vec!["g1".into(), "g2".into(), "g3".into()], Some(3)));
    assert_eq!(
        found(asked(Some("level>5"))).await,
        (vec!["g3".into()], Some(1)),
        "what was said later does not count"
    );
    let mut paged = asked(None);
    (paged.entities.limit, paged.entities.offset) = (1, 1);
    assert_eq!(found(paged).await, (vec!["g2".into()], Some(3)));
    let mut early = asked(None);
    early.time.relation = Some(TimeRelation::Before(minute(0)));
    assert_eq!(found(early).await, (vec![], Some(0)));
    let mut other = asked(None);
    other.entities.attrs = vec![term("rain")];
    assert_eq!(found(other).await, (vec![], Some(0)));
}

async fn what_is_too_much_is_cut_in_time(place: Place) {
    let trial = place.open().await;
    let series: Vec<Attribute> = (0..20).map(|n: i32| level(n.into(), n.into())).collect();
    let past = records(&[("level", &series), ("rain", &series)]);
    evolve(&trial, "g1", add(past, true)).await.unwrap();
    let bounded = |last: Option<usize>| EvolutionQuery {
        most: 31,
        time: TemporalQuery { last, ..TemporalQuery::default() },
        ..EvolutionQuery::default()
    };
    let page = told(&trial, "g1", bounded(None)).await.unwrap();
    assert!(page.cut);
    for name in ["level", "rain"] {
        let kept: Vec<f64> = (0..15).map(f64::from).collect();
        assert_eq!(numbers(&page, name), kept, "every attribute up to the same instant");
    }
    let page = told(&trial, "g1", bounded(Some(20))).await.unwrap();
    assert!(page.cut);
    assert_eq!(numbers(&page, "rain").first(), Some(&5.0), "backwards from the end");
    let page = told(&trial, "g1", bounded(Some(15))).await.unwrap();
    assert!(!page.cut);
}

async fn values_are_aggregated_by_period(place: Place) {
    let trial = place.open().await;
    let past = records(&[("level", &[level(0, 1.0), level(30, 3.0), level(200, 5.0)])]);
    evolve(&trial, "g1", add(past, true)).await.unwrap();
    let query = EvolutionQuery {
        aggregation: Some(Aggregation::parse(Some("avg,max,totalCount"), Some("PT1H")).unwrap()),
        time: TemporalQuery { relation: Some(TimeRelation::After(minute(-60))), ..TemporalQuery::default() },
        ..EvolutionQuery::default()
    };
    let page = told(&trial, "g1", query).await.unwrap();
    let told = &page.entities[0].aggregated[&term("level")][0];
    let values: Vec<String> = told.methods[0].1.iter().map(|(value, ..)| value.to_string()).collect();
    assert_eq!(values, ["2.0", "5.0"]);
    let (_, from, to) = &told.methods[0].1[1];
    assert_eq!(
        (*from, *to),
        (minute(180), minute(240)),
        "periods follow one another from the first value on"
    );
    assert_eq!(told.methods[2].1[0].0, 2);
}

async fn what_expires_is_not_read_and_goes(place: Place) {
    let trial = place.open_with(keeping_all()).await;
    let mut alert = thing("Alert", "a1").with("text", "Lũ");
    alert.expires_at = Some(minute(1));
    trial.create(alert).await;
    let mut bench = thing("Bench", "b1").with("stays", 1.0);
    let mut flash = property(2.0);
    flash.expires_at = Some(minute(1));
    bench.set(term("flash"), flash);
    trial.create(bench).await;
    trial.assert_sound().await;
    place.clock.advance(61 * SECOND);
    assert!(trial.entity("a1").await.is_none(), "hidden before it is taken away");
    let seen = trial.entity("b1").await.unwrap();
    assert_eq!(seen.entity.attributes.keys().collect::<Vec<_>>(), [&term("stays")]);
    let head = trial.store.head(&following());
    trial.store.housekeep(&following()).await.unwrap();
    let changes = trial.store.changes(&following(), head, 10).await.unwrap();
    let what: Vec<(String, ChangeKind)> =
        changes.iter().map(|one| (short(&one.change.entity), one.change.kind)).collect();
    assert_eq!(what, [("a1".into(), ChangeKind::Deleted), ("b1".into(), ChangeKind::Updated)]);
    assert_eq!(changes[1].change.by, "system:expiry");
    let page = told(&trial, "b1", EvolutionQuery::default()).await.unwrap();
    let names: Vec<&Term> = page.entities[0].attributes.keys().collect();
    assert_eq!(names, [&term("stays")], "the past of what vanished vanishes with it");
    assert!(told(&trial, "a1", EvolutionQuery::default()).await.is_some(), "that of an entity stays");
    // The name is free again, also without housekeeping.
    let again = |minutes| {
        let mut alert = thing("Alert", "a1");
        alert.expires_at = Some(minute(minutes));
        alert
    };
    trial.create(again(2)).await;
    place.clock.advance(60 * SECOND);
    trial.create(again(9)).await;
    trial.assert_sound().await;
}
