//! Kill -9 at random moments under sixteen writers: whatever was acknowledged is there, whatever was not is whole or not
//! there at all, and every invariant holds. A program of its own, because it starts itself as the child to be killed.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::panic,
    reason = "a test with a main of its own: it prints to its parent and sleeps until the moment to kill"
)]

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use dinh_access::{Grant, Policy, Principal, Purpose, Write};
use dinh_model::{Attribute, Clock, Entity, EntityId, GeoValue, Tenant, Term, Timestamp, Value};
use dinh_store::{AuditTrail, Commit, Op, Options, Store, UpsertMode};
use rand::Rng as _;

const ROUNDS: usize = 6;
const WRITERS: u64 = 16;
const ENTITIES: u64 = 8;

struct WallClock;

impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        jiff::Timestamp::now().into()
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [word, dir, from] if word == "child" => child(Path::new(dir), from.parse().unwrap()),
        [word, ..] if word == "--list" => println!("kill_nine: test"),
        _ => parent(),
    }
}

fn writing() -> Grant<Write> {
    let policy = Policy::default();
    policy.write(&Principal::System("test".into()), &Tenant::default_tenant(), Purpose::Operations).unwrap()
}

async fn open(dir: &Path) -> Store {
    // A short log, so that killing meets copying too.
    let options = Options { checkpoint_pages: 200, ..Options::default() };
    Store::open(dir, options, Arc::new(WallClock)).await.unwrap()
}

fn id(writer: u64, n: u64) -> EntityId {
    EntityId::trusted(format!("urn:x:{writer}-{n}"))
}

/// All entities of a writer, at the same count: one atomic commit.
fn step(writer: u64, count: u64) -> Commit {
    let at = WallClock.now();
    let op = |n| {
        let mut entity = Entity::new(id(writer, n), Term::from("x/T"), at);
        let count_attribute = Attribute::new(Value::Property(count.into()), at)
            .observed(Timestamp::from_micros(i64::try_from(count).unwrap()));
        entity.set(Term::from("x/count"), count_attribute);
        let lon = 107.0 + f64::from(u8::try_from(count % 100).unwrap()) / 100.0;
        entity.set(Term::from("x/location"), Attribute::new(Value::Geo(GeoValue::point(lon, 16.0)), at));
        entity.set(Term::from("x/name"), Attribute::new(Value::Property(format!("Xe {count}").into()), at));
        Op::upsert(entity, UpsertMode::Update { no_overwrite: false })
    };
    Commit::atomic((0..ENTITIES).map(op).collect())
}

/// Writes until it is killed, and says what was acknowledged.
fn child(dir: &Path, from: u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open(dir).await;
        println!("open");
        let mut tasks = Vec::new();
        for writer in 0..WRITERS {
            let store = store.clone();
            tasks.push(tokio::spawn(async move {
                for count in from.. {
                    let receipt = store.commit(&writing(), step(writer, count)).await.unwrap();
                    assert!(receipt.is_ok());
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "{writer} {count}").unwrap();
                    out.flush().unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    });
}

fn parent() {
    let dir = tempfile::tempdir().unwrap();
    let mut acknowledged: BTreeMap<u64, u64> = BTreeMap::new();
    let mut commits = 0;
    for round in 0..ROUNDS {
        let from = acknowledged.values().max().map_or(1, |most| most + 1);
        commits += round_of_killing(dir.path(), from, &mut acknowledged);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(inspect(dir.path(), &acknowledged, round));
        let audit = AuditTrail::open(dir.path()).unwrap().verify().unwrap();
        assert_eq!(audit.breaks, [], "round {round}");
        assert!(audit.entries >= commits as u64, "round {round}: {} of {commits} commits", audit.entries);
    }
    assert!(commits > 0, "no commit was acknowledged in {ROUNDS} rounds");
    println!("kill -9: {ROUNDS} rounds, {commits} acknowledged commits, all there");
}

/// Lets a child write and kills it at a random moment; how many commits it acknowledged.
fn round_of_killing(dir: &Path, from: u64, acknowledged: &mut BTreeMap<u64, u64>) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", dir.to_str().unwrap(), &from.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert_eq!(lines.next().unwrap().unwrap(), "open");
    let reader = std::thread::spawn(move || lines.map_while(Result::ok).collect::<Vec<String>>());
    std::thread::sleep(Duration::from_millis(rand::rng().random_range(20..400)));
    child.kill().unwrap();
    child.wait().unwrap();
    let lines = reader.join().unwrap();
    for line in &lines {
        // The last line may have been cut off by the kill; half a number is smaller than the number.
        if let Some((writer, count)) = line.split_once(' ') {
            let (writer, count): (u64, u64) = (writer.parse().unwrap(), count.parse().unwrap());
            let last = acknowledged.entry(writer).or_default();
            *last = count.max(*last);
        }
    }
    lines.len()
}

async fn inspect(dir: &Path, acknowledged: &BTreeMap<u64, u64>, round: usize) {
    let store = open(dir).await;
    let policy = Policy::default();
    let reading = policy
        .read(&Principal::System("test".into()), &Tenant::default_tenant(), Purpose::Operations)
        .unwrap();
    for (writer, least) in acknowledged {
        let mut counts = Vec::new();
        for n in 0..ENTITIES {
            let stored = store.entity(&reading, &id(*writer, n)).await.unwrap();
            let stored = stored.unwrap_or_else(|| panic!("round {round}: entity {writer}-{n} is missing"));
            let Value::Property(count) = &stored.entity.attribute("x/count").unwrap().value else {
                panic!("a property")
            };
            counts.push(count.as_u64().unwrap());
        }
        assert!(counts.iter().all(|count| count >= least), "round {round}: {counts:?} after {least}");
        assert!(counts.windows(2).all(|pair| pair[0] == pair[1]), "round {round}: half a commit: {counts:?}");
    }
    let system = policy.feed(&Principal::System("test".into()), Purpose::Maintenance).unwrap();
    let report = store.verify(&system).await.unwrap();
    assert!(report.is_clean(), "round {round}: {report:#?}");
    store.close().await.unwrap();
}
