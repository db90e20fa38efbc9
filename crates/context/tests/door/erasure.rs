//! What is kept of somebody is erased when they ask, or when its time is over, unless a rule asks to keep it.

use std::path::Path;
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::graph::{AuditQuery, StoreError, VaultOptions, What};
use dinh_context::privacy::Day;
use dinh_context::{Error, NewFile, Session};
use dinh_model::{Attribute, Entity, EntityId, Iri, ManualClock, OneOrMany, Tenant, Term, Timestamp, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::EntityQuery;
use serde_json::json;
use tempfile::TempDir;

use crate::house::House;

const DAY: i64 = 24 * 3600 * 1_000_000;

fn clock() -> Arc<ManualClock> {
    Arc::new(ManualClock::at("2026-11-20T00:00:00Z".parse().unwrap()))
}

async fn house(clock: &Arc<ManualClock>) -> House {
    House::sealed(TempDir::new().unwrap(), Arc::<ManualClock>::clone(clock)).await
}

fn term(name: &str) -> Term {
    LdContext::core().expand(name)
}

fn id(name: &str) -> EntityId {
    EntityId::parse(&format!("urn:ngsi-ld:{name}")).unwrap()
}

fn text(entity: &mut Entity, name: &str, value: &str) {
    entity.set(term(name), Attribute::new(Value::Property(json!(value)), entity.created_at));
}

/// A case of Bé's, and of others if there are any.
fn case(name: &str, completed: Option<&str>, others: &[&str]) -> Entity {
    let mut case = Entity::new(id(name), term("Case"), Timestamp::from_micros(0));
    text(&mut case, "applicant", &format!("Trần Thị Bé {name}"));
    text(&mut case, "illness", "hen suyễn");
    if let Some(completed) = completed {
        text(&mut case, "completed", completed);
    }
    let owners = std::iter::once("Person:be").chain(others.iter().copied()).map(|to| Iri::clone(&id(to)));
    let object = OneOrMany::Many(owners.collect());
    let owner = Value::Relationship { object, object_type: Vec::new() };
    case.set(term("owner"), Attribute::new(owner, Timestamp::from_micros(0)));
    case
}

fn officer(house: &House, role: &str, stepped_up: bool) -> Session {
    let account = Account {
        id: role.into(),
        kind: AccountKind::Official,
        roles: [role.into()].into(),
        stepped_up,
        ..Account::default()
    };
    let tenant = Tenant::parse("hue").unwrap();
    house.context.session(Principal::Account(account.into()), tenant, Purpose::CaseHandling)
}

fn attachment(of: &str) -> NewFile {
    NewFile {
        name: "kèm theo.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        owner: Some(id("Person:be")),
        unit: None,
        about: Some(id(of)),
    }
}

fn holds(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|file| {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

async fn there(house: &House) -> Vec<String> {
    let query = EntityQuery { limit: 100, ..EntityQuery::default() };
    let page = house.session().query(query).await.unwrap();
    page.entities.iter().map(|stored| stored.entity.id.as_str().replace("urn:ngsi-ld:", "")).collect()
}

#[tokio::test]
async fn what_the_packs_mark_as_personal_is_sealed() {
    let clock = clock();
    let house = house(&clock).await;
    house.session().create(case("c1", Some("2026-01-02"), &[])).await.unwrap();
    let graph = house.data().join("graph");
    for sealed in ["Trần Thị Bé", "hen suyễn"] {
        assert!(!holds(&graph, sealed), "{sealed}");
    }
    assert!(holds(&graph, "2026-01-02"), "what is not personal is kept as it is");
    let folder = house.leave().await;
    let house = House::sealed(folder, clock).await;
    let case = house.session().entity(&id("c1")).await.unwrap().entity;
    assert_eq!(case.attributes[&term("illness")][0].text(), Some("hen suyễn"));
    assert!(house.context.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn an_officer_erases_what_is_kept_of_somebody_and_is_told_what_stays() {
    let house = house(&clock()).await;
    for one in [
        case("old", Some("2021-11-20"), &[]),
        case("young", Some("2021-11-21"), &[]),
        case("shared", Some("2001-01-01"), &["Person:lan"]),
    ] {
        house.session().create(one).await.unwrap();
    }
    let with_young = house.session().put_file(attachment("young"), b"x".to_vec()).await.unwrap();
    let with_old = house.session().put_file(attachment("old"), b"y".to_vec()).await.unwrap();
    let mut own = Entity::new(id("Person:be"), term("Resident"), Timestamp::from_micros(0));
    text(&mut own, "note", "không gói nào mô tả");
    house.session().create(own).await.unwrap();

    for (role, stepped_up) in [("privacy-officer", false), ("operator", true), ("administrator", true)] {
        let refused = officer(&house, role, stepped_up).erase(&id("Person:be"), "theo đơn 12/2026").await;
        assert!(matches!(refused, Err(Error::Denied(_))), "{role}: {refused:?}");
    }
    let session = officer(&house, "privacy-officer", true);
    assert!(matches!(session.erase(&id("Person:be"), " vì ").await, Err(Error::Reason { .. })));
    assert_eq!(there(&house).await.len(), 6, "a refusal changes nothing");

    let erased = session.erase(&id("Person:be"), "theo đơn 12/2026").await.unwrap();
    assert_eq!(erased.erased, [id("Person:be"), id("old"), with_old]);
    let mut kept = erased.kept;
    kept.sort_by_key(|kept| kept.id.clone());
    let file = kept.remove(0);
    assert_eq!((&file.id, file.until), (&with_young, kept[1].until), "a part of what stays");
    assert_eq!(kept[0].id, id("shared"));
    assert_eq!(kept[0].until, None);
    assert!(kept[0].basis.vi.contains("người khác") && kept[0].basis.en.contains("somebody else"));
    assert_eq!(kept[1].id, id("young"));
    assert_eq!(kept[1].until, Some("2026-11-21".parse::<Day>().unwrap()));
    assert_eq!(kept[1].basis.en, "Rule on keeping files");
    assert_eq!(kept.len(), 2);
    assert_eq!(there(&house).await[..2], ["young", "shared"]);
    assert_eq!(house.session().file(&with_young).await.unwrap().content, b"x");
    let young = house.session().entity(&id("young")).await.unwrap().entity;
    assert_eq!(young.attributes[&term("applicant")][0].text(), Some("Trần Thị Bé young"), "stays readable");

    let query = AuditQuery { entity: Some(id("Person:be")), ..AuditQuery::latest(10) };
    let page = house.session().audit(query).await.unwrap();
    let noted: Vec<_> = page.entries.iter().filter(|one| matches!(one.what, What::Noted(_))).collect();
    let [entry] = noted.as_slice() else { panic!("{page:?}") };
    assert_eq!(entry.principal, "account:privacy-officer");
    let What::Noted(note) = &entry.what else { panic!("{entry:?}") };
    assert_eq!((note.act.name(), note.reason.as_deref()), ("erasure", Some("theo đơn 12/2026")));
    assert!(house.context.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn what_need_not_be_kept_any_more_goes_by_itself() {
    let clock = clock();
    let house = house(&clock).await;
    for (name, completed) in [("c1", "2021-11-20"), ("c2", "2021-11-22"), ("c3", "2026-11-20")] {
        house.session().create(case(name, Some(completed), &[])).await.unwrap();
    }
    let mut fresh = case("c4", None, &[]);
    fresh.modified_at = "2026-11-19T00:00:00Z".parse().unwrap();
    house.session().create(fresh).await.unwrap();
    assert_eq!(house.context.expire().await.unwrap(), 1);
    assert_eq!(there(&house).await, ["c2", "c3", "c4"]);
    assert_eq!(house.context.expire().await.unwrap(), 0);
    let attached = house.session().put_file(attachment("c2"), b"kem theo".to_vec()).await.unwrap();
    clock.advance(2 * DAY);
    assert_eq!(house.context.expire().await.unwrap(), 2, "with the file attached to it");
    assert!(house.session().file(&attached).await.is_err());
    assert_eq!(there(&house).await, ["c3", "c4"]);
    let query = AuditQuery { entity: Some(id("c2")), ..AuditQuery::latest(10) };
    let page = house.session().audit(query).await.unwrap();
    let noted: Vec<_> = page.entries.iter().filter(|one| matches!(one.what, What::Noted(_))).collect();
    let [entry] = noted.as_slice() else { panic!("{page:?}") };
    assert_eq!(entry.principal, "system:retention");
    assert!(house.context.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn another_master_key_opens_nothing() {
    let house = house(&clock()).await;
    house.session().create(case("c1", None, &[])).await.unwrap();
    let folder = house.leave().await;
    let random = Arc::new(dinh_context::SystemRandomness::default());
    let vault = VaultOptions::new(folder.path().join("keys"), [8; 32], random);
    let wrong = House::try_open(&folder, Some(vault)).await.err().unwrap();
    assert!(matches!(wrong, Error::Store(StoreError::WrongMaster(_))), "{wrong}");
    let none = House::try_open(&folder, None).await.err().unwrap();
    assert!(matches!(none, Error::Store(StoreError::NoVault)), "{none}");
}

#[test]
fn what_is_sensitive_is_neither_indexed_nor_searched() {
    use dinh_context::packs::Packs;
    use dinh_context::schema::Registry;
    let core = LdContext::core();
    for mark in ["index", "search"] {
        let folder = TempDir::new().unwrap();
        let pack = folder.path().join("health");
        std::fs::create_dir_all(pack.join("types")).unwrap();
        std::fs::create_dir_all(folder.path().join("provinces")).unwrap();
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/packs/cases/pack.toml");
        let info = std::fs::read_to_string(from).unwrap().replace("\"cases\"", "\"health\"");
        std::fs::write(pack.join("pack.toml"), info).unwrap();
        let schema = json!({"title": "Patient", "type": "object", "properties": {
            "illness": {"type": "string", "x-dinh": {"privacy": "sensitive", mark: true}}
        }});
        std::fs::write(pack.join("types/Patient.json"), schema.to_string()).unwrap();
        let packs = Packs::from_folder(folder.path()).unwrap();
        let refused = Registry::read(&packs, &|name| core.expand(name)).unwrap_err().to_string();
        assert!(refused.contains("Patient.json") && refused.contains("illness"), "{refused}");
        assert!(refused.contains("neither indexed nor searched"), "{refused}");
    }
}

#[tokio::test]
async fn what_snapshots_hold_goes_too() {
    let clock = clock();
    let house = house(&clock).await;
    let session = house.session();
    session.create(case("c1", Some("2001-01-01"), &[])).await.unwrap();
    let snapshots = house.context.snapshots();
    let json = json!({"type": "Snapshot", "id": "urn:x:1", "snapshotQueries": [{"type": "Query", "entities": [{"type": "Case"}]}]});
    snapshots.create(&session, &json, &LdContext::core()).await.unwrap();
    let mut copy = case("c1", Some("2001-01-01"), &[]);
    // Also what does not say any more whose it is.
    copy.attributes.remove(&term("owner"));
    snapshots
        .put(&session, "urn:x:1", &[Arc::new(copy), Arc::new(case("c2", Some("2001-01-01"), &[]))])
        .await
        .unwrap();
    let within = snapshots.enter(&session, "urn:x:1").unwrap();
    assert!(within.find(&id("c1")).await.unwrap().is_some());
    let officer = officer(&house, "privacy-officer", true);
    officer.erase(&id("Person:be"), "Theo yêu cầu của chủ thể dữ liệu").await.unwrap();
    for gone in ["c1", "c2"] {
        assert!(within.find(&id(gone)).await.unwrap().is_none(), "{gone}");
    }
    let graph = house.data().join("graph");
    assert!(!holds(&graph, "Trần Thị Bé"));
}
