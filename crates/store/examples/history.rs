//! Measures history on this machine: series of a point a minute, of which one day is read raw, whole series are
//! aggregated by hours, and the last points are asked for.
//! `cargo run --release -p dinh-store --example history -- [DIR] [SERIES] [POINTS]`: a thousand series of ten thousand
//! points if nothing else is said. A folder that holds them already is only read.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::disallowed_methods,
    reason = "a measuring program"
)]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dinh_access::{Grant, Policy, Principal, Purpose, Read, Write};
use dinh_model::{Attribute, Clock, EntityId, Tenant, Term, Timestamp, Value};
use dinh_ngsild::temporal::{
    Aggregation, Evolution, Records, TemporalInstance, TemporalQuery, TimeProperty, TimeRelation,
};
use dinh_store::{Commit, EvolutionQuery, Op, Options, Store};
use serde_json::json;

const MINUTE: i64 = 60_000_000;
/// Points in one operation.
const TOLD: usize = 1_000;

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

fn part() -> (Principal, Tenant) {
    (Principal::System("test".into()), Tenant::default_tenant())
}

fn writing() -> Grant<Write> {
    let (part, tenant) = part();
    Policy::default().write(&part, &tenant, Purpose::Operations).unwrap()
}

fn reading() -> Grant<Read> {
    let (part, tenant) = part();
    Policy::default().read(&part, &tenant, Purpose::Operations).unwrap()
}

fn level() -> Term {
    Term::from("https://uri.etsi.org/ngsi-ld/default-context/level")
}

fn id(n: usize) -> EntityId {
    EntityId::parse(&format!("urn:ngsi-ld:Gauge:{n}")).unwrap()
}

fn begin() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

fn records(from: usize, count: usize) -> Records {
    let point = |n: usize| {
        let at = begin().plus_micros(n as i64 * MINUTE);
        let value = Value::Property(json!(((n * 7_919) % 10_000) as f64 / 100.0));
        TemporalInstance::new(Attribute::new(value, at).observed(at).unit("MTR"))
    };
    Records::from([(level(), (from..from + count).map(point).collect())])
}

async fn load(store: &Store, series: usize, points: usize) {
    let started = Instant::now();
    for n in 0..series {
        let told = (0..points).step_by(TOLD).map(|from| Evolution::Add {
            types: vec![Term::from("https://uri.etsi.org/ngsi-ld/default-context/Gauge")],
            scopes: None,
            records: records(from, TOLD.min(points - from)),
            expires_at: None,
            create: true,
        });
        let ops = told.map(|evolution| Op::evolve(id(n), evolution)).collect();
        let receipt = store.commit(&writing(), Commit::of(ops)).await.unwrap();
        assert!(receipt.is_ok(), "{receipt:?}");
    }
    let rate = (series * points) as f64 / started.elapsed().as_secs_f64();
    println!("told {} points, {rate:.0} a second", series * points);
}

fn asked(relation: Option<TimeRelation>, last: Option<usize>) -> EvolutionQuery {
    let time = TemporalQuery { relation, property: TimeProperty::ObservedAt, stated: false, last };
    EvolutionQuery { time, ..EvolutionQuery::default() }
}

async fn time(what: &str, store: &Store, series: usize, query: &EvolutionQuery) {
    let mut took: Vec<Duration> = Vec::new();
    let mut told = 0;
    for n in 0..100 {
        let which = id(n * 7_919 % series);
        let started = Instant::now();
        let page = store.evolution(&reading(), &which, query).await.unwrap().unwrap();
        took.push(started.elapsed());
        let entity = &page.entities[0];
        told = entity.attributes.values().map(Vec::len).sum::<usize>()
            + entity.aggregated.values().flatten().map(|one| one.methods[0].1.len()).sum::<usize>();
    }
    took.sort_unstable();
    let micros = |at: usize| took[at].as_micros() as f64 / 1_000.0;
    println!("{what}: {told} told, median {:.2} ms, slowest of a hundred {:.2} ms", micros(50), micros(99));
}

#[tokio::main]
async fn main() {
    let mut given = std::env::args().skip(1);
    let dir = PathBuf::from(given.next().unwrap_or_else(|| "target/history".to_owned()));
    let series: usize = given.next().map_or(1_000, |text| text.parse().unwrap());
    let points: usize = given.next().map_or(10_000, |text| text.parse().unwrap());
    let options = Options { history_keep: None, ..Options::default() };
    let store = Store::open(&dir, options, Arc::new(WallClock)).await.unwrap();
    if store.entity(&reading(), &id(series - 1)).await.unwrap().is_none() {
        load(&store, series, points).await;
    }
    let day = begin().plus_micros(1_440 * MINUTE);
    let of_day = Some(TimeRelation::Between(day, day.plus_micros(1_440 * MINUTE)));
    time("one day raw", &store, series, &asked(of_day, None)).await;
    time("the last ten", &store, series, &asked(None, Some(10))).await;
    let mut hourly = asked(Some(TimeRelation::After(begin())), None);
    hourly.aggregation = Some(Aggregation::parse(Some("avg,min,max"), Some("PT1H")).unwrap());
    time("the whole series by hours", &store, series, &hourly).await;
    store.close().await.unwrap();
}
