//! Measures a store on this machine: durable batch updates against a bare rusqlite loop that writes the same rows, and
//! reads among many entities, which `load` makes first: a million if no number is given.
//! `cargo run --release -p dinh-store --example measure -- writes|people|load|reads [DIR] [ENTITIES]`;
//! `people` writes as somebody in particular does, whose entries in the audit are in full.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    reason = "a measuring program"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use dinh_access::{
    Action, Catalogue, Condition, Effect, Feed, Grant, OpenWrites, Policy, Principal, Purpose, Read, Rule,
    RuleBook, Whom, Write,
};
use dinh_model::{Attribute, Clock, Entity, EntityId, GeoValue, OneOrMany, Tenant, Term, Timestamp, Value};
use dinh_ngsild::mutation::{Fragment, Instance as One, Mutation};
use dinh_ngsild::query::{
    EntityQuery, GeoQuery, GeoRelation, Literal, Op as Compare, Operand, Path as To, Q,
};
use dinh_store::{AreaQuery, Bounds, Commit, IndexSpec, Op, Options, Store};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use rusqlite::{Connection, params};
use serde_json::json;

const BATCH: usize = 100;
const TASKS: usize = 16;
const SENSORS: usize = 20_000;
const SECONDS: u64 = 8;

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

fn writing() -> Grant<Write> {
    let policy = Policy::default();
    policy.write(&Principal::System("test".into()), &Tenant::default_tenant(), Purpose::Operations).unwrap()
}

/// As a person writes, where a rule lets everybody.
fn writing_in_person() -> Grant<Write> {
    let rule = Rule {
        id: "everybody".into(),
        pack: "measure".into(),
        titles: std::collections::BTreeMap::new(),
        effect: Effect::Permit,
        whom: Whom::Everybody,
        actions: [Action::Write, Action::Read].into(),
        when: Condition::Const(true),
        text: "".into(),
    };
    let policy = Policy::new(RuleBook::new(vec![rule]), Catalogue::default(), OpenWrites::Anywhere);
    policy.write(&Principal::Local, &Tenant::default_tenant(), Purpose::Operations).unwrap()
}

/// Seconds that this process has had of all processors.
fn processor_seconds() -> f64 {
    let usage = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name of the program may hold spaces; it ends with a bracket.
    let fields: Vec<&str> = usage.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(11) + ticks(12)) / 100.0
}

fn reading() -> Grant<Read> {
    Policy::default()
        .read(&Principal::System("test".into()), &Tenant::default_tenant(), Purpose::Operations)
        .unwrap()
}

fn following() -> Grant<Feed> {
    Policy::default().feed(&Principal::System("measure".into()), Purpose::Maintenance).unwrap()
}

fn term(name: &str) -> Term {
    Term::from(format!("https://uri.etsi.org/ngsi-ld/default-context/{name}"))
}

fn id(n: usize) -> EntityId {
    EntityId::trusted(format!("urn:ngsi-ld:Sensor:kttv-{n:07}"))
}

/// A sensor as a pack would make it: ten attributes, two of them observed.
fn sensor(n: usize, rng: &mut StdRng) -> Entity {
    let at = WallClock.now();
    let kind = ["WaterLevelGauge", "RainGauge", "AirQualitySensor", "StreetLight"][n % 4];
    let mut entity = Entity::new(id(n), term(kind), at);
    let mut set = |name: &str, value: Value| entity.set(term(name), Attribute::new(value, at));
    let place = ["Kim Long", "Phú Ốc", "Thượng Nhật", "A Lưới", "Bình Điền"][n % 5];
    set("name", Value::Property(json!(format!("Trạm {place} {n}"))));
    set("address", Value::Property(json!({"addressLocality": place, "addressRegion": "Huế"})));
    set("dataProvider", Value::Property(json!("Trung tâm Khí tượng Thủy văn quốc gia")));
    set("status", Value::Property(json!("working")));
    set("serial", Value::Property(json!(n)));
    set("battery", Value::Property(json!(rng.random_range(0..100))));
    let feed = EntityId::trusted("urn:ngsi-ld:Feed:hydromet:gauges");
    set("feed", Value::Relationship { object: OneOrMany::One(feed), object_type: vec![] });
    // Denser around a city, as things are.
    let spread: f64 = rng.random_range(0.001..1.0);
    let lon = 107.6 + (rng.random::<f64>() - 0.5) * spread;
    let lat = 16.45 + (rng.random::<f64>() - 0.5) * spread;
    set("location", Value::Geo(GeoValue::point((lon * 1e6).round() / 1e6, (lat * 1e6).round() / 1e6)));
    for name in ["temperature", "level"] {
        let value = Value::Property(json!(f64::from(rng.random_range(0..50_000)) / 1000.0));
        entity.set(term(name), Attribute::new(value, at).observed(at).unit("CEL"));
    }
    entity
}

async fn load(store: &Store, count: usize) {
    let mut rng = StdRng::seed_from_u64(7);
    let started = Instant::now();
    let mut n = 0;
    while n < count {
        let mut commits = Vec::new();
        for _ in 0..4 {
            let ops: Vec<Op> =
                (n..count.min(n + 1000)).map(|n| Op::Create(sensor(n, &mut rng).into())).collect();
            n += ops.len();
            let store = store.clone();
            commits
                .push(tokio::spawn(async move { store.commit(&writing(), Commit::of(ops)).await.unwrap() }));
        }
        for commit in commits {
            assert!(commit.await.unwrap().is_ok());
        }
    }
    let rate = count as f64 / started.elapsed().as_secs_f64();
    println!("| load of {count} entities | {rate:.0} /s |");
}

fn reading_of(n: usize, value: f64) -> Op {
    let at = WallClock.now();
    let attribute = Attribute::new(Value::Property(json!(value)), at).observed(at).unit("CEL");
    let mut fragment = Fragment::default();
    fragment.attributes.insert(term("temperature"), vec![One::Set(attribute)]);
    Op::mutate(id(n), Mutation::Append { fragment, overwrite: true })
}

/// Updates a second, through the store.
async fn updates(store: &Store, entities: usize, grant: &Grant<Write>) -> f64 {
    let busy = processor_seconds();
    let until = Instant::now() + Duration::from_secs(SECONDS);
    let started = Instant::now();
    let mut tasks = Vec::new();
    for task in 0..TASKS {
        let (store, grant) = (store.clone(), grant.clone());
        tasks.push(tokio::spawn(async move {
            let mut rng = StdRng::seed_from_u64(task as u64);
            let (mut done, mut slowest) = (0usize, Duration::ZERO);
            while Instant::now() < until {
                let ops = (0..BATCH)
                    .map(|_| {
                        reading_of(
                            rng.random_range(0..entities),
                            f64::from(rng.random_range(0..50_000)) / 1000.0,
                        )
                    })
                    .collect();
                let asked = Instant::now();
                let receipt = store.commit(&grant, Commit::of(ops)).await.unwrap();
                slowest = slowest.max(asked.elapsed());
                done += receipt.results.iter().flatten().filter(|done| done.seq.is_some()).count();
            }
            (done, slowest)
        }));
    }
    let (mut done, mut slowest) = (0, Duration::ZERO);
    for task in tasks {
        let (count, slow) = task.await.unwrap();
        done += count;
        slowest = slowest.max(slow);
    }
    let busy = (processor_seconds() - busy) / done.max(1) as f64 * 1e6;
    println!("| processor time for an update, all threads | {busy:.1} µs |");
    println!("| slowest batch of {BATCH} | {:.1} ms |", slowest.as_secs_f64() * 1e3);
    done as f64 / started.elapsed().as_secs_f64()
}

/// The same rows by a bare loop: document, observation, change; one transaction for each batch.
fn bare(dir: &Path, filled: &Path) -> f64 {
    let file = dir.join("bare.sqlite");
    let connection = Connection::open(&file).unwrap();
    connection.pragma_update(None, "page_size", 4096).unwrap();
    let _mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).unwrap();
    connection.pragma_update(None, "synchronous", "FULL").unwrap();
    connection.pragma_update(None, "cache_size", -32 * 1024).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE entity (pk INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, id TEXT NOT NULL,
               version INTEGER NOT NULL, doc BLOB NOT NULL, UNIQUE (tenant, id)) STRICT;
             CREATE TABLE observation (series INTEGER NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL,
               PRIMARY KEY (series, at)) STRICT, WITHOUT ROWID;
             CREATE TABLE feed (seq INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, entity TEXT NOT NULL,
               kind INTEGER NOT NULL, at INTEGER NOT NULL, by TEXT NOT NULL, body BLOB NOT NULL) STRICT;",
        )
        .unwrap();
    connection.execute("ATTACH ?1 AS filled", [filled.to_str().unwrap()]).unwrap();
    connection.execute_batch("INSERT INTO entity SELECT * FROM filled.entity").unwrap();
    let sizes: (i64, i64) = connection
        .query_row(
            "SELECT (SELECT avg(length(body)) FROM filled.observation),
                    (SELECT avg(length(body)) FROM filled.feed WHERE kind = 1)",
            [],
            |row| Ok((row.get::<_, f64>(0)? as i64, row.get::<_, f64>(1)? as i64)),
        )
        .unwrap();
    connection.execute_batch("DETACH filled; PRAGMA wal_checkpoint(TRUNCATE);").unwrap();
    let docs: Vec<(i64, String, Vec<u8>)> = {
        let mut statement = connection.prepare("SELECT pk, id, doc FROM entity").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let (observation, change) = (vec![7u8; sizes.0 as usize], vec![7u8; sizes.1 as usize]);
    let mut rng = StdRng::seed_from_u64(1);
    let (mut seq, started) = (0i64, Instant::now());
    while started.elapsed() < Duration::from_secs(SECONDS) {
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for _ in 0..BATCH {
            let (pk, id, doc) = &docs[rng.random_range(0..docs.len())];
            let at = WallClock.now().as_micros();
            seq += 1;
            connection
                .prepare_cached("UPDATE entity SET version = ?2, doc = ?3 WHERE pk = ?1")
                .unwrap()
                .execute(params![pk, seq, doc])
                .unwrap();
            connection
                .prepare_cached("INSERT OR REPLACE INTO observation VALUES (?1, ?2, ?3)")
                .unwrap()
                .execute(params![pk, at, observation])
                .unwrap();
            connection
                .prepare_cached("INSERT INTO feed VALUES (?1, 1, ?2, 1, ?3, 'local', ?4)")
                .unwrap()
                .execute(params![seq, id, at, change])
                .unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
    }
    seq as f64 / started.elapsed().as_secs_f64()
}

/// Times `count` reads; prints the median and the 99th percentile.
async fn time<F: Future<Output = usize>>(what: &str, count: usize, mut read: impl FnMut(usize) -> F) {
    let (mut times, mut found) = (Vec::with_capacity(count), 0);
    for n in 0..count {
        let started = Instant::now();
        found += read(n).await;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("| {what} (∅ {} found) | p50 {:.3} ms, p99 {:.3} ms |", found / count, at(50), at(99));
}

fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kib.unwrap_or_default() / 1024.0
}

async fn reads(store: &Store, entities: usize) {
    let mut rng = StdRng::seed_from_u64(3);
    let picks: Vec<usize> = (0..5000).map(|_| rng.random_range(0..entities)).collect();
    time("entity by id", 5000, |n| {
        let pick = id(picks[n]);
        async move { usize::from(store.entity(&reading(), &pick).await.unwrap().is_some()) }
    })
    .await;
    let of = |n: usize| EntityQuery::of_type(term(["WaterLevelGauge", "RainGauge"][n % 2]));
    time("type and selective q on an indexed attribute, 20 of them", 500, |n| {
        let value = Operand::One(Literal::Number(49.9 + (n % 90) as f64 / 1000.0));
        let q = Q::Compare { path: To::attribute(term("temperature")), op: Compare::Gt, value };
        let query = EntityQuery { q: Some(q), ..of(n) };
        async move { store.query(&reading(), &query).await.unwrap().entities.len() }
    })
    .await;
    time("the same with its count", 200, |n| {
        let value = Operand::One(Literal::Number(49.9 + (n % 90) as f64 / 1000.0));
        let q = Q::Compare { path: To::attribute(term("temperature")), op: Compare::Gt, value };
        let query = EntityQuery { q: Some(q), count: true, ..of(n) };
        async move { store.query(&reading(), &query).await.unwrap().total.unwrap() as usize }
    })
    .await;
    time("exact count of a type", 1000, |n| {
        let query = EntityQuery { count: true, limit: 0, ..of(n) };
        async move { store.query(&reading(), &query).await.unwrap().total.unwrap() as usize }
    })
    .await;
    time("page of a type at offset 10,000", 200, |n| {
        let query = EntityQuery { offset: 10_000, ..of(n) };
        async move { store.query(&reading(), &query).await.unwrap().entities.len() }
    })
    .await;
    areas(store, entities).await;
    time("search of two words", 200, |n| {
        let text = format!("tram kim {}", picks[n] % 1000);
        async move { store.search(&reading(), &text, &[], 20).await.unwrap().len() }
    })
    .await;
    time("search of one letter", 20, |_| async move {
        store.search(&reading(), "t", &[], 20).await.unwrap().len()
    })
    .await;
}

/// The half width of a square around the city that holds about so many of the entities of one type.
async fn half_width(store: &Store, wanted: usize) -> f64 {
    let mut half = 0.5;
    loop {
        let found = store.points_in(&reading(), &square(half, "RainGauge", 5_000)).await.unwrap();
        if found.entities.len() <= wanted || half < 1e-5 {
            return half;
        }
        half *= 0.9;
    }
}

fn square(half: f64, kind: &str, limit: usize) -> AreaQuery {
    let bounds = Bounds { west: 107.6 - half, south: 16.45 - half, east: 107.6 + half, north: 16.45 + half };
    AreaQuery { bounds, types: vec![term(kind)], property: term("location"), limit }
}

async fn areas(store: &Store, entities: usize) {
    let small = half_width(store, 220.min(entities / 10)).await;
    let ring = json!([[
        [107.6 - small, 16.45 - small],
        [107.6 + small, 16.45 - small],
        [107.6 + small, 16.45 + small],
        [107.6 - small, 16.45 + small],
        [107.6 - small, 16.45 - small]
    ]]);
    let shape = dinh_model::geometry::shape_of("Polygon", &ring).unwrap();
    let geo = GeoQuery::new(GeoRelation::Within, shape, term("location"));
    time("geo query of about 200 results", 300, |_| {
        let query =
            EntityQuery { geo: Some(geo.clone()), limit: 1000, ..EntityQuery::of_type(term("RainGauge")) };
        async move { store.query(&reading(), &query).await.unwrap().entities.len() }
    })
    .await;
    let large = half_width(store, 1000.min(entities / 10)).await;
    time("points for a tile, about 1,000", 300, |_| {
        let query = square(large, "RainGauge", 5000);
        async move { store.points_in(&reading(), &query).await.unwrap().entities.len() }
    })
    .await;
    time("grid over the province", 300, |_| {
        let query = square(0.5, "RainGauge", 0);
        async move { store.grid(&reading(), &query, 12).await.unwrap().len() }
    })
    .await;
}

async fn open(dir: &Path) -> Store {
    Store::open(dir, Options::default(), Arc::new(WallClock)).await.unwrap()
}

async fn index(store: &Store) {
    let spec = |kind: &str| IndexSpec { entity_type: term(kind), attribute: term("temperature") };
    let specs = ["WaterLevelGauge", "RainGauge"].map(spec).to_vec();
    let started = Instant::now();
    store.declare_indexes(&following(), specs).await.unwrap();
    println!("| declaring an index of half of the entities | {:.1} s |", started.elapsed().as_secs_f64());
}

/// Updates through the store against a bare loop.
async fn measure_writes(dir: PathBuf, grant: Grant<Write>) {
    if dir.exists() {
        std::fs::remove_dir_all(&dir).unwrap();
    }
    let store = open(&dir).await;
    load(&store, SENSORS).await;
    let mine = updates(&store, SENSORS, &grant).await;
    store.close().await.unwrap();
    let filled = dir.join("graph.sqlite");
    let bare = tokio::task::spawn_blocking(move || bare(&dir, &filled)).await.unwrap();
    println!("| updates, {TASKS} tasks, batches of {BATCH} | {mine:.0} /s |");
    println!("| the same rows by a bare loop | {bare:.0} /s, ratio {:.2} |", mine / bare);
}

async fn measure_load(dir: &Path, entities: usize) {
    let store = open(dir).await;
    load(&store, entities).await;
    index(&store).await;
    store.close().await.unwrap();
}

async fn measure_reads(dir: &Path, entities: usize) {
    let before = resident_mib();
    let started = Instant::now();
    let store = open(dir).await;
    println!("| open | {:.0} ms |", started.elapsed().as_secs_f64() * 1e3);
    index(&store).await;
    reads(&store, entities).await;
    println!("| resident memory before, after the reads | {before:.0}, {:.0} MiB |", resident_mib());
    let rate = updates(&store, entities, &writing()).await;
    println!("| updates among all of them | {rate:.0} /s |");
    println!("| resident memory after the updates | {:.0} MiB |", resident_mib());
    println!("| sizes | {:?} |", store.stats(&following()).await.unwrap());
    store.close().await.unwrap();
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().unwrap_or_default();
    let dir = arguments.next().map_or_else(|| std::env::temp_dir().join("dinh-measure"), PathBuf::from);
    let entities: usize = arguments.next().and_then(|count| count.parse().ok()).unwrap_or(1_000_000);
    std::fs::create_dir_all(&dir).unwrap();
    let many = dir.join(format!("many-{entities}"));
    println!("| what | figure |\n|---|---|");
    match what.as_str() {
        "writes" => measure_writes(dir.join("writes"), writing()).await,
        "people" => measure_writes(dir.join("writes"), writing_in_person()).await,
        "load" => measure_load(&many, entities).await,
        "reads" => measure_reads(&many, entities).await,
        _ => println!("usage: measure writes|people|load|reads [DIR] [ENTITIES]"),
    }
}
