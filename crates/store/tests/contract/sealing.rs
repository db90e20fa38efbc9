//! Personal data is sealed, and what is erased is gone: from the answers, from the files, and from backups.

#[path = "../support/counting.rs"]
mod counting;

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dinh_access::{Erase, Grant, Principal, Purpose};
use dinh_model::ManualClock;
use dinh_model::{Entity, EntityId, Tenant, Term, Value};
use dinh_ngsild::query::EntityQuery;
use dinh_store::{
    AuditQuery, Erasure, Error, HistoryQuery, IndexSpec, Marks, NoRandomness, Op, Options, Randomness,
    Receipt, Store, VaultOptions, What,
};

use crate::support::*;
use counting::Counting;

contract!(
    nothing_sealed_is_in_the_files,
    what_is_sealed_is_read_as_it_was,
    a_store_opens_only_with_its_own_keys,
    what_was_written_before_the_vault_is_sealed_by_its_next_write,
    an_erased_person_is_nowhere,
    what_is_kept_stays_readable,
    content_that_nothing_names_is_swept,
    what_is_somebody_elses_by_then_comes_back_with_a_backup,
    a_backup_does_not_bring_back_what_was_erased,
    an_erasure_out_of_reach_changes_nothing,
    a_key_made_for_a_failed_commit_is_not_missed,
);

/// People are personal but for their commune; cases too, and belong to whom `applicant` points at.
#[derive(Debug)]
struct People;

impl Marks for People {
    fn any_sealed(&self, types: &[Term]) -> bool {
        types.iter().any(|t| *t == term("Person") || *t == term("Case"))
    }

    fn sealed(&self, types: &[Term], attribute: &Term) -> bool {
        self.any_sealed(types) && *attribute != term("commune")
    }

    fn searched(&self, _types: &[Term], attribute: &Term) -> bool {
        *attribute == term("nickname")
    }

    fn subjects(&self, entity: &Entity) -> Vec<EntityId> {
        let mut subjects = Vec::new();
        for instance in entity.attributes.get(&term("applicant")).into_iter().flatten() {
            if let Value::Relationship { object, .. } = &instance.value {
                subjects.extend(object.as_slice().iter().cloned());
            }
        }
        subjects.sort_unstable();
        subjects.dedup();
        subjects
    }
}

fn keys(place: &Place, folder: &str, master: u8) -> Options {
    // Another start, other numbers.
    static STARTS: AtomicU64 = AtomicU64::new(1);
    let random = Counting::from(STARTS.fetch_add(1, Ordering::Relaxed));
    let vault = VaultOptions::new(place.path(folder), [master; 32], Arc::new(random));
    Options { vault: Some(VaultOptions { marks: Arc::new(People), ..vault }), ..options() }
}

async fn open(place: &Place) -> Trial {
    place.open_with(keys(place, "keys", 1)).await
}

fn person(name: &str) -> Entity {
    thing("Person", name)
        .with("secret", format!("bí mật của {name}"))
        .with("commune", "xã Hoa Sim")
        .with("address", "Xómquạnh")
        .with_value("weight", Value::Property(61.into()))
}

fn case(name: &str, of: &str) -> Entity {
    thing("Case", name).with("story", format!("chuyện {name}")).with_value("applicant", link(of))
}

/// Everything that is in the files of a folder, one after the other.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        bytes.extend(std::fs::read(file.unwrap().path()).unwrap());
    }
    bytes
}

fn holds(folder: &Path, text: &str) -> bool {
    bytes_in(folder).windows(text.len()).any(|window| window == text.as_bytes())
}

fn erasing() -> Grant<Erase> {
    policy()
        .erase(&Principal::System("test".into()), &Tenant::parse("hue").unwrap(), Purpose::Operations)
        .unwrap()
}

fn erasure(subject: &str, entities: &[&str], kept: &[&str]) -> Erasure {
    Erasure {
        subject: id(subject),
        entities: entities.iter().map(|name| id(name)).collect(),
        kept: kept.iter().map(|name| id(name)).collect(),
        whole: true,
        reason: "theo đơn đề nghị xoá".into(),
    }
}

async fn erase(trial: &Trial, erasure: Erasure) -> Receipt {
    trial.store.erase(&erasing(), None, erasure).await.unwrap()
}

async fn text_of(trial: &Trial, name: &str, attribute: &str) -> Option<String> {
    let stored = trial.entity(name).await?;
    Some(stored.entity.attributes.get(&term(attribute))?[0].text()?.to_owned())
}

async fn observed(trial: &Trial, name: &str) -> Vec<String> {
    let query = HistoryQuery::of(id(name));
    let history = trial.store.history(&reading("hue"), &query).await.unwrap();
    let all = history.series.iter().flat_map(|series| &series.observations);
    all.filter_map(|instance| Some(instance.text()?.to_owned())).collect()
}

/// Every text in the feed, whether it comes from memory or from the disk.
async fn told(trial: &Trial) -> String {
    let mut told = String::new();
    let mut after = 0;
    loop {
        let changes = trial.store.changes(&following(), after, 1000).await.unwrap();
        let Some(last) = changes.last() else { return told };
        after = last.change.seq;
        for change in &changes {
            write!(told, "{:?}", change.change.attributes).unwrap();
        }
    }
}

async fn write_history(trial: &Trial, name: &str) {
    for hour in 1..=3 {
        let when = at(&format!("2026-11-19T0{hour}:00:00Z"));
        let seen = property(format!("quan sát kín {hour}")).observed(when);
        trial.op(Op::mutate(id(name), set(&[("seen", seen)]))).await.unwrap();
    }
}

async fn declare(trial: &Trial) {
    let spec = |name| IndexSpec { entity_type: term("Person"), attribute: term(name) };
    trial.store.declare_indexes(&following(), vec![spec("number"), spec("commune")]).await.unwrap();
    trial.store.declare_search(&following(), vec![term("nickname")]).await.unwrap();
}

async fn nothing_sealed_is_in_the_files(place: Place) {
    let trial = open(&place).await;
    trial.create(person("p1")).await;
    trial.create(thing("Gauge", "g1").with("label", "không phải bí mật")).await;
    write_history(&trial, "p1").await;
    trial.op(Op::delete(id("p1"))).await.unwrap();
    for secret in ["bí mật của p1", "quan sát kín", "Xómquạnh", "xómquạnh", "xomquanh"] {
        assert!(!holds(&place.path("store"), secret), "{secret}, with the log");
    }
    assert!(holds(&place.path("store"), "không phải bí mật"), "this is how it would be found");
    assert!(holds(&place.path("store"), "xã Hoa Sim"), "only what is personal is sealed");
    trial.store.close().await.unwrap();
    assert!(!holds(&place.path("store"), "bí mật của p1"), "and in the database itself");
    let bytes = bytes_in(&place.path("keys"));
    assert!(!bytes.windows(32).any(|window| window == [1; 32]), "the master key is not with the keys");
}

async fn what_is_sealed_is_read_as_it_was(place: Place) {
    let trial = open(&place).await;
    trial.create(person("p1")).await;
    write_history(&trial, "p1").await;
    let before = trial.entity("p1").await.unwrap();
    let feed = told(&trial).await;
    assert!(feed.contains("bí mật của p1") && feed.contains("quan sát kín 2"));
    trial.store.close().await.unwrap();
    let trial = open(&place).await;
    let after = trial.entity("p1").await.unwrap();
    assert_eq!(after.entity, before.entity);
    assert_eq!(observed(&trial, "p1").await, ["quan sát kín 1", "quan sát kín 2", "quan sát kín 3"]);
    assert_eq!(told(&trial).await, feed, "from the disk as from memory");
    trial.op(Op::mutate(id("p1"), set(&[("secret", property("khác"))]))).await.unwrap();
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("khác"));
    trial.assert_sound().await;
}

async fn a_store_opens_only_with_its_own_keys(place: Place) {
    let trial = open(&place).await;
    trial.create(person("p1")).await;
    trial.store.close().await.unwrap();
    let try_open = async |options: Options| {
        let clock = Arc::<ManualClock>::clone(&place.clock);
        Store::open(place.path("store"), options, clock).await.err().unwrap()
    };
    assert!(matches!(try_open(keys(&place, "keys", 2)).await, Error::WrongMaster(_)));
    assert!(matches!(try_open(keys(&place, "others", 1)).await, Error::OtherVault(_)));
    let none = try_open(options()).await;
    assert!(matches!(none, Error::NoVault) && none.to_string().contains("keys"), "{none}");
    let trial = open(&place).await;
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("bí mật của p1"));
    trial.store.close().await.unwrap();
    // An older copy of the keys, without those made since.
    copy(&place.path("keys"), &place.path("older"));
    let trial = open(&place).await;
    trial.create(person("p2")).await;
    trial.store.close().await.unwrap();
    assert!(matches!(try_open(keys(&place, "older", 1)).await, Error::OtherVault(_)));
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

async fn what_was_written_before_the_vault_is_sealed_by_its_next_write(place: Place) {
    let trial = place.open().await;
    declare(&trial).await;
    trial.create(person("p1")).await;
    let hits =
        async |trial: &Trial| trial.store.search(&reading("hue"), "xomquanh", &[], 10).await.unwrap().len();
    assert_eq!(hits(&trial).await, 1);
    trial.store.close().await.unwrap();
    let trial = open(&place).await;
    declare(&trial).await;
    assert_eq!(hits(&trial).await, 0, "full text no longer finds what is sealed");
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("bí mật của p1"));
    trial.op(Op::mutate(id("p1"), set(&[("secret", property("mới và kín"))]))).await.unwrap();
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("mới và kín"));
    assert!(!holds(&place.path("store"), "mới và kín"));
    trial.assert_sound().await;
}

async fn an_erased_person_is_nowhere(place: Place) {
    let trial = open(&place).await;
    declare(&trial).await;
    let full = person("p1").with("number", "046012345678").with("nickname", "Zykorbe").at(107.6, 16.4);
    trial.create(full).await;
    trial.create(person("p2").with("number", "046087654321").with("nickname", "Cúc Cu")).await;
    trial.create(case("c1", "p1")).await;
    trial.create(case("gone", "p1")).await;
    write_history(&trial, "p1").await;
    write_history(&trial, "gone").await;
    trial.op(Op::delete(id("gone"))).await.unwrap();
    for indexed in ["046012345678", "zykorbe"] {
        assert!(holds(&place.path("store"), indexed), "an index holds what it is asked to");
    }
    trial.assert_sound().await;

    assert!(erase(&trial, erasure("p1", &["p1", "c1"], &[])).await.is_ok());
    for name in ["p1", "c1", "gone"] {
        assert!(trial.entity(name).await.is_none(), "{name}");
        let query = HistoryQuery::of(id(name));
        let history = trial.store.history(&reading("hue"), &query).await.unwrap();
        assert!(history.series.iter().all(|series| series.observations.is_empty()), "{name}: {history:?}");
    }
    let feed = told(&trial).await;
    for secret in ["bí mật của p1", "quan sát kín", "chuyện c1", "046012345678", "Zykorbe"] {
        assert!(!feed.contains(secret), "{secret} is told");
    }
    assert!(feed.contains("bí mật của p2"));
    let hits = trial.store.search(&reading("hue"), "zykor", &[], 10).await.unwrap();
    assert!(hits.is_empty());
    assert_eq!(trial.find(&EntityQuery { limit: 10, ..EntityQuery::default() }).await.0, ["p2"]);
    trial.assert_sound().await;

    let audit =
        policy().audit(&Principal::System("t".into()), &Tenant::parse("hue").unwrap(), Purpose::Maintenance);
    let query = AuditQuery { entity: Some(id("c1")), ..AuditQuery::latest(10) };
    let page = trial.store.audit(&audit.unwrap(), query).await.unwrap();
    let noted = page.entries.iter().any(|entry| {
        matches!(&entry.what, What::Noted(note) if note.act.name() == "erasure"
            && note.reason.as_deref() == Some("theo đơn đề nghị xoá") && note.entities.contains(&id("p1")))
    });
    assert!(noted, "{page:?}");
    trial.store.housekeep(&following()).await.unwrap();
    trial.store.close().await.unwrap();
    for secret in ["046012345678", "zykorbe"] {
        assert!(!holds(&place.path("store"), secret), "{secret} is in a free page");
    }
    let trial = open(&place).await;
    assert!(trial.entity("p1").await.is_none());
    trial.create(person("p1")).await;
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("bí mật của p1"), "may come back");
    trial.assert_sound().await;
}

async fn what_is_kept_stays_readable(place: Place) {
    let trial = open(&place).await;
    for entity in [person("p1"), case("c1", "p1"), case("c2", "p1")] {
        trial.create(entity).await;
    }
    erase(&trial, erasure("p1", &["p1", "c1"], &["c2"])).await;
    assert_eq!(text_of(&trial, "c2", "story").await.as_deref(), Some("chuyện c2"));
    assert!(trial.entity("c1").await.is_none());
    trial.store.close().await.unwrap();
    let trial = open(&place).await;
    assert_eq!(text_of(&trial, "c2", "story").await.as_deref(), Some("chuyện c2"));
    assert!(!told(&trial).await.contains("chuyện c1"));
    trial.assert_sound().await;
    // The end of its time.
    erase(&trial, erasure("p1", &["c2"], &[])).await;
    assert!(trial.entity("c2").await.is_none() && !told(&trial).await.contains("chuyện c2"));
    trial.assert_sound().await;
}

async fn a_backup_does_not_bring_back_what_was_erased(place: Place) {
    let trial = open(&place).await;
    declare(&trial).await;
    let full = person("p1").with("number", "046012345678").with("nickname", "Zykorbe").at(107.6, 16.4);
    for entity in [full, person("p2"), case("c1", "p1"), case("c2", "p1"), case("later", "p1")] {
        trial.create(entity).await;
    }
    write_history(&trial, "p1").await;
    trial.store.backup(&following(), place.path("backup")).await.unwrap();
    assert!(!holds(&place.path("backup"), "bí mật của p1"));
    trial.op(Op::delete(id("later"))).await.unwrap();
    erase(&trial, erasure("p1", &["p1", "c1"], &["c2"])).await;
    trial.store.close().await.unwrap();

    Store::restore(place.path("backup"), place.path("restored")).await.unwrap();
    let trial = place.open_at(&place.path("restored"), keys(&place, "keys", 1)).await;
    for name in ["p1", "c1", "later"] {
        assert!(trial.entity(name).await.is_none(), "{name} is back");
    }
    assert_eq!(text_of(&trial, "c2", "story").await.as_deref(), Some("chuyện c2"), "was kept then");
    assert_eq!(text_of(&trial, "p2", "secret").await.as_deref(), Some("bí mật của p2"));
    assert!(observed(&trial, "p1").await.is_empty());
    let feed = told(&trial).await;
    assert!(!feed.contains("bí mật của p1") && feed.contains("bí mật của p2"));
    trial.assert_sound().await;
    let audit =
        policy().audit(&Principal::System("t".into()), &Tenant::parse("hue").unwrap(), Purpose::Maintenance);
    let page = trial.store.audit(&audit.unwrap(), AuditQuery::latest(10)).await.unwrap();
    let again = page.entries.iter().any(|entry| {
        entry.principal == "system:store"
            && matches!(&entry.what, What::Noted(note) if note.details["again"] == 1 && note.entities.contains(&id("later")))
    });
    assert!(again, "{page:#?}");
    trial.store.housekeep(&following()).await.unwrap();
    trial.store.close().await.unwrap();
    for secret in ["046012345678", "zykorbe"] {
        assert!(!holds(&place.path("restored"), secret), "{secret} is in a free page");
    }
    // Once is enough.
    let trial = place.open_at(&place.path("restored"), keys(&place, "keys", 1)).await;
    let head = trial.store.head(&following());
    trial.create(person("p1")).await;
    trial.store.close().await.unwrap();
    let trial = place.open_at(&place.path("restored"), keys(&place, "keys", 1)).await;
    assert_eq!(trial.store.head(&following()), head + 1);
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("bí mật của p1"), "is new");
}

async fn an_erasure_out_of_reach_changes_nothing(place: Place) {
    let trial = open(&place).await;
    trial.create(person("p1")).await;
    let many = (0..=Erasure::MOST).map(|n| id(&format!("n{n}"))).collect();
    let erasure = Erasure { entities: many, ..erasure("p1", &[], &[]) };
    let refused = trial.store.erase(&erasing(), None, erasure).await.unwrap_err();
    assert!(refused.to_string().contains("1000"), "{refused}");
    let nobody = policy().erase(&Principal::Anonymous, &Tenant::parse("hue").unwrap(), Purpose::Operations);
    assert!(nobody.is_err());
    assert_eq!(text_of(&trial, "p1", "secret").await.as_deref(), Some("bí mật của p1"));
    trial.assert_sound().await;
}

async fn a_key_made_for_a_failed_commit_is_not_missed(place: Place) {
    let trial = open(&place).await;
    let failing =
        dinh_store::Commit::atomic(vec![Op::Create(person("p1").into()), Op::delete(id("missing"))]);
    assert!(!trial.commit(failing).await.is_ok());
    trial.create(person("p1")).await;
    trial.create(person("p2")).await;
    trial.store.close().await.unwrap();
    let trial = open(&place).await;
    for name in ["p1", "p2"] {
        assert_eq!(text_of(&trial, name, "secret").await, Some(format!("bí mật của {name}")));
    }
    trial.assert_sound().await;
}

async fn what_is_somebody_elses_by_then_comes_back_with_a_backup(place: Place) {
    let trial = open(&place).await;
    for entity in [person("p1"), person("p2"), case("c1", "p1")] {
        trial.create(entity).await;
    }
    let given = set(&[("applicant", dinh_model::Attribute::new(link("p2"), at(NOW)))]);
    trial.op(Op::mutate(id("c1"), given)).await.unwrap();
    trial.store.backup(&following(), place.path("backup")).await.unwrap();
    erase(&trial, erasure("p1", &["p1"], &[])).await;
    assert_eq!(text_of(&trial, "c1", "story").await.as_deref(), Some("chuyện c1"));
    assert!(!told(&trial).await.contains("bí mật của p1"));
    trial.store.close().await.unwrap();
    Store::restore(place.path("backup"), place.path("restored")).await.unwrap();
    let trial = place.open_at(&place.path("restored"), keys(&place, "keys", 1)).await;
    assert!(trial.entity("p1").await.is_none());
    assert_eq!(text_of(&trial, "c1", "story").await.as_deref(), Some("chuyện c1"), "is p2's");
    trial.assert_sound().await;
}

async fn content_that_nothing_names_is_swept(place: Place) {
    let trial = open(&place).await;
    let put = async |name: &str| {
        let content = format!("nội dung của {name}").into_bytes();
        trial.store.put_blob(&writing("hue"), Arc::new(person(name)), content).await.unwrap()
    };
    let (named, lost) = (put("p1").await, put("p2").await);
    trial.create(person("p1")).await;
    assert_eq!(trial.store.sweep_blobs(&following()).await.unwrap(), 0, "somebody may be about to name it");
    place.clock.advance(3650 * DAY);
    assert_eq!(trial.store.sweep_blobs(&following()).await.unwrap(), 1);
    let content = trial.store.blob(&reading("hue"), &id("p1"), &named).await.unwrap().unwrap();
    assert_eq!(content, "nội dung của p1".as_bytes());
    for (entity, name) in [("p2", lost.as_str()), ("p2", named.as_str()), ("p1", "../../graph.sqlite")] {
        assert!(trial.store.blob(&reading("hue"), &id(entity), name).await.is_err(), "{entity} {name}");
    }
    assert!(trial.store.blob(&reading("ha-noi"), &id("p1"), &named).await.is_err(), "another tenant");
}
