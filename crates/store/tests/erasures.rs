//! An erasure that was stopped on its way is finished by the next start, wherever it was stopped. SQLite only: it writes
//! the rows that a process which was killed would have left.
#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/counting.rs"]
mod counting;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dinh_access::{Feed, Grant, Policy, Principal, Purpose};
use dinh_model::{Attribute, Entity, EntityId, ManualClock, Tenant, Term, Timestamp, Value};
use dinh_store::{Erasure, Marks, NoRandomness, Op, Options, Randomness, Store, VaultOptions};
use rusqlite::Connection;
use tempfile::TempDir;

use counting::Counting;

const AT: Timestamp = Timestamp::from_micros(1_790_000_000_000_000);

/// Everything of everybody is sealed.
#[derive(Debug)]
struct All;

impl Marks for All {
    fn any_sealed(&self, _types: &[Term]) -> bool {
        true
    }

    fn sealed(&self, _types: &[Term], _attribute: &Term) -> bool {
        true
    }

    fn searched(&self, _types: &[Term], _attribute: &Term) -> bool {
        false
    }

    fn subjects(&self, _entity: &Entity) -> Vec<EntityId> {
        Vec::new()
    }
}

fn system() -> Principal {
    Principal::System("test".into())
}

fn tenant() -> Tenant {
    Tenant::parse("hue").unwrap()
}

fn following() -> Grant<Feed> {
    Policy::default().feed(&system(), Purpose::Maintenance).unwrap()
}

async fn open(graph: &Path, keys: &Path) -> Store {
    static STARTS: AtomicU64 = AtomicU64::new(1);
    let random = Counting::from(STARTS.fetch_add(1, Ordering::Relaxed));
    let vault = VaultOptions::new(keys, [1; 32], Arc::new(random));
    let vault = Some(VaultOptions { marks: Arc::new(All), ..vault });
    let clock = Arc::new(ManualClock::at(AT));
    Store::open(graph, Options { vault, ..Options::default() }, clock).await.unwrap()
}

fn id(name: &str) -> EntityId {
    EntityId::trusted(format!("urn:x:{name}"))
}

fn copy(from: &Path, to: PathBuf) -> PathBuf {
    std::fs::create_dir(&to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    to
}

async fn name_of(store: &Store, name: &str) -> Option<String> {
    let grant = Policy::default().read(&system(), &tenant(), Purpose::Operations).unwrap();
    let stored = store.entity(&grant, &id(name)).await.unwrap()?;
    Some(stored.entity.attributes.get(&Term::from("x/name"))?[0].text()?.to_owned())
}

fn live_keys(keys: &Path) -> Vec<String> {
    let connection = Connection::open(keys.join("vault.sqlite")).unwrap();
    let mut statement =
        connection.prepare("SELECT entity FROM key WHERE wrapped IS NOT NULL ORDER BY 1").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.collect::<Result<_, _>>().unwrap()
}

/// The graph and the keys before an erasure, the graph after it, and the keys as they stand while it is under way: in the
/// ledger, with nothing destroyed.
async fn stopped(folder: &TempDir) -> (PathBuf, PathBuf, PathBuf) {
    let (graph, keys) = (folder.path().join("graph"), folder.path().join("keys"));
    let store = open(&graph, &keys).await;
    let writing = Policy::default().write(&system(), &tenant(), Purpose::Operations).unwrap();
    for name in ["an", "binh"] {
        let mut entity = Entity::new(id(name), Term::from("x/Person"), AT);
        entity.set(Term::from("x/name"), Attribute::new(Value::Property(name.into()), AT).observed(AT));
        assert!(store.commit(&writing, Op::Create(entity.into()).into()).await.unwrap().is_ok());
    }
    store.close().await.unwrap();
    let before = copy(&graph, folder.path().join("before"));
    let under_way = copy(&keys, folder.path().join("under-way"));
    let store = open(&graph, &keys).await;
    let erasure = Erasure {
        subject: id("an"),
        entities: vec![id("an")],
        kept: Vec::new(),
        whole: true,
        reason: "theo đơn".to_owned(),
    };
    let erasing = Policy::default().erase(&system(), &tenant(), Purpose::Operations).unwrap();
    assert!(store.erase(&erasing, None, erasure).await.unwrap().is_ok());
    store.close().await.unwrap();
    let connection = Connection::open(under_way.join("vault.sqlite")).unwrap();
    connection
        .execute_batch(
            "INSERT INTO erasure (number, tenant, subject, whole, reason, at) \
             VALUES (1, 'hue', 'urn:x:an', 1, 'theo đơn', 5); \
             INSERT INTO erased (number, entity, kept) VALUES (1, 'urn:x:an', 0);",
        )
        .unwrap();
    (before, graph, under_way)
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_before_the_graph_had_it() {
    let folder = tempfile::tempdir().unwrap();
    let (before, _after, keys) = stopped(&folder).await;
    assert_eq!(live_keys(&keys), ["urn:x:an", "urn:x:binh"]);
    let store = open(&before, &keys).await;
    assert_eq!(name_of(&store, "an").await, None);
    assert_eq!(name_of(&store, "binh").await.as_deref(), Some("binh"));
    assert!(store.verify(&following()).await.unwrap().is_clean());
    assert_eq!(store.head(&following()), 3, "two came and one went");
    store.close().await.unwrap();
    assert_eq!(live_keys(&keys), ["urn:x:binh"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_before_the_keys_were_destroyed() {
    let folder = tempfile::tempdir().unwrap();
    let (_before, after, keys) = stopped(&folder).await;
    let store = open(&after, &keys).await;
    assert_eq!(name_of(&store, "binh").await.as_deref(), Some("binh"));
    assert_eq!(store.head(&following()), 3, "nothing is erased twice");
    let changes = store.changes(&following(), 0, 10).await.unwrap();
    assert!(changes[0].change.attributes.iter().all(|one| one.after.is_none()), "the feed no longer tells");
    assert!(store.verify(&following()).await.unwrap().is_clean());
    store.close().await.unwrap();
    assert_eq!(live_keys(&keys), ["urn:x:binh"]);
}
