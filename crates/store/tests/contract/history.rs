//! History.

use std::time::Duration;

use dinh_model::{Attribute, Iri};
use dinh_ngsild::mutation::Mutation;
use dinh_store::{History, HistoryPosition, HistoryQuery, Op, Options};

use crate::support::*;

contract!(every_observation_is_kept, ranges_last_and_pages, history_outlives_its_entity, old_observations_go,);

fn reading_at(minute: i64, value: f64) -> Attribute {
    property(value).observed(at(NOW).plus_micros(minute * 60 * SECOND)).unit("MTR")
}

async fn observe(trial: &Trial, minute: i64, value: f64) {
    trial.op(Op::mutate(id("g1"), set(&[("level", reading_at(minute, value))]))).await.unwrap();
}

async fn history(trial: &Trial, query: HistoryQuery) -> History {
    trial.store.history(&reading("hue"), &query).await.unwrap()
}

fn numbers(history: &History) -> Vec<f64> {
    history.series.iter().flat_map(|s| &s.observations).filter_map(Attribute::number).collect()
}

async fn every_observation_is_kept(place: Place) {
    let trial = place.open().await;
    let mut gauge = thing("Gauge", "g1").with("name", "Kim Long");
    gauge.set(term("level"), reading_at(0, 1.0));
    trial.create(gauge).await;
    observe(&trial, 10, 1.1).await;
    observe(&trial, 5, 1.05).await;
    observe(&trial, 10, 1.2).await;
    let mut second = reading_at(7, 9.0);
    second.dataset_id = Some(Iri::parse("urn:d:2").unwrap());
    second.sub.insert(term("qualityFlag"), vec![property("suspect")]);
    trial.op(Op::mutate(id("g1"), set(&[("level", second.clone())]))).await.unwrap();
    let found = history(&trial, HistoryQuery::of(id("g1"))).await;
    assert_eq!(found.series.len(), 2);
    let (first, other) = (&found.series[0], &found.series[1]);
    assert_eq!((&first.attribute, &first.dataset_id), (&term("level"), &None));
    let kept: Vec<_> = first.observations.iter().filter_map(Attribute::number).collect();
    assert_eq!(kept, [1.0, 1.05, 1.2], "late ones find their place, a repeated instant is replaced");
    assert_eq!(first.observations[0].unit_code.as_deref(), Some("MTR"));
    assert_eq!(other.dataset_id, second.dataset_id);
    assert_eq!(other.observations[0].sub[&term("qualityFlag")].len(), 1);
    assert_eq!(found.next, None);
    trial.assert_sound().await;
}

async fn ranges_last_and_pages(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1")).await;
    for n in 0..50 {
        observe(&trial, i64::from(n), f64::from(n)).await;
        let rain = reading_at(i64::from(n), 100.0 + f64::from(n));
        trial.op(Op::mutate(id("g1"), set(&[("rain", rain)]))).await.unwrap();
    }
    let minute = |n: i64| Some(at(NOW).plus_micros(n * 60 * SECOND));
    let level = HistoryQuery { attributes: vec![term("level")], ..HistoryQuery::of(id("g1")) };
    let range = HistoryQuery { from: minute(10), to: minute(13), ..level.clone() };
    assert_eq!(numbers(&history(&trial, range).await), [10.0, 11.0, 12.0]);
    let last = HistoryQuery { last: Some(3), to: minute(20), ..level.clone() };
    assert_eq!(numbers(&history(&trial, last).await), [17.0, 18.0, 19.0]);
    let unknown = HistoryQuery { attributes: vec![term("nothing")], ..level };
    assert!(history(&trial, unknown).await.series.is_empty());
    let (mut all, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let page = history(&trial, HistoryQuery { limit: 7, after, ..HistoryQuery::of(id("g1")) }).await;
        all.extend(numbers(&page));
        pages += 1;
        let Some(next) = page.next else { break };
        after = HistoryPosition::parse(&next.token());
        assert!(after.is_some());
    }
    let expected: Vec<f64> = (0..50).map(f64::from).chain((100..150).map(f64::from)).collect();
    assert_eq!((all, pages), (expected, 15));
    let last_paged = HistoryQuery { last: Some(5), limit: 3, ..HistoryQuery::of(id("g1")) };
    let page = history(&trial, last_paged.clone()).await;
    assert_eq!(numbers(&page), [45.0, 46.0, 47.0]);
    let page = history(&trial, HistoryQuery { after: page.next, ..last_paged }).await;
    assert_eq!(numbers(&page), [48.0, 49.0, 145.0]);
}

async fn history_outlives_its_entity(place: Place) {
    let trial = place.open().await;
    trial.create(thing("Gauge", "g1")).await;
    observe(&trial, 1, 1.0).await;
    let gone = Mutation::DeleteAttribute { name: term("level"), dataset_id: None, all: true };
    trial.op(Op::mutate(id("g1"), gone)).await.unwrap();
    trial.op(Op::delete(id("g1"))).await.unwrap();
    trial.assert_sound().await;
    assert_eq!(numbers(&history(&trial, HistoryQuery::of(id("g1"))).await), [1.0]);
    trial.create(thing("Other", "g2")).await;
    trial.store.close().await.unwrap();
    let again = place.open().await;
    again.create(thing("Gauge", "g1")).await;
    observe(&again, 2, 2.0).await;
    assert_eq!(numbers(&history(&again, HistoryQuery::of(id("g1"))).await), [1.0, 2.0]);
    again.op(Op::delete(id("g1"))).await.unwrap();
    again.create(thing("Gauge", "g1")).await;
    again.assert_sound().await;
}

async fn old_observations_go(place: Place) {
    let options = Options { history_keep: Some(Duration::from_hours(1)), ..options() };
    let trial = place.open_with(options).await;
    trial.create(thing("Gauge", "g1")).await;
    trial.create(thing("Gauge", "g2")).await;
    for n in 0..10 {
        observe(&trial, i64::from(n) * 10, f64::from(n)).await;
    }
    let reading = reading_at(0, 5.0);
    trial.op(Op::mutate(id("g2"), set(&[("level", reading)]))).await.unwrap();
    trial.op(Op::delete(id("g2"))).await.unwrap();
    place.clock.advance(105 * 60 * SECOND);
    trial.store.housekeep(&following()).await.unwrap();
    assert_eq!(numbers(&history(&trial, HistoryQuery::of(id("g1"))).await), [5.0, 6.0, 7.0, 8.0, 9.0]);
    assert!(history(&trial, HistoryQuery::of(id("g2"))).await.series.is_empty());
    trial.assert_sound().await;
    place.clock.advance(DAY);
    trial.store.housekeep(&following()).await.unwrap();
    assert_eq!(trial.store.stats(&following()).await.unwrap().series, 0);
    observe(&trial, 2_000, 7.0).await;
    assert_eq!(numbers(&history(&trial, HistoryQuery::of(id("g1"))).await), [7.0]);
    trial.assert_sound().await;
}
