//! Files: sealed, opened on record, erased with their owner, and in every backup.

use std::path::Path;
use std::sync::Arc;

use dinh_access::{Account, AccountKind, Principal, Purpose};
use dinh_context::graph::{AuditQuery, Entry, What};
use dinh_context::{Error, NewFile, Session, SystemClock};
use dinh_model::{EntityId, Tenant};
use tempfile::TempDir;

use crate::house::House;

const TEXT: &[u8] = b"giay khai sinh cua be, ban kin";

async fn house() -> House {
    House::sealed(TempDir::new().unwrap(), Arc::new(SystemClock)).await
}

fn id(name: &str) -> EntityId {
    EntityId::parse(&format!("urn:ngsi-ld:{name}")).unwrap()
}

fn new_file(name: &str) -> NewFile {
    NewFile {
        name: name.to_owned(),
        media_type: "text/plain".to_owned(),
        owner: Some(id("Person:be")),
        unit: Some(id("Unit:1")),
        about: None,
    }
}

fn officer(house: &House, role: &str, unit: &str) -> Session {
    let account = Account {
        id: role.into(),
        kind: AccountKind::Official,
        roles: [role.into()].into(),
        units: [format!("urn:ngsi-ld:{unit}").into()].into(),
        stepped_up: true,
        ..Account::default()
    };
    let tenant = Tenant::parse("hue").unwrap();
    house.context.session(Principal::Account(account.into()), tenant, Purpose::CaseHandling)
}

/// The contents of all files below a folder, one after the other.
fn bytes_in(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { bytes_in(&path) } else { std::fs::read(&path).unwrap() });
    }
    bytes
}

fn blobs(house: &House) -> usize {
    let folder = house.data().join("graph/blobs");
    let Ok(parts) = std::fs::read_dir(folder) else { return 0 };
    parts.map(|part| std::fs::read_dir(part.unwrap().path()).unwrap().count()).sum()
}

async fn opened(house: &House, file: &EntityId) -> Vec<Entry> {
    let query = AuditQuery { entity: Some(file.clone()), ..AuditQuery::latest(10) };
    let page = house.session().audit(query).await.unwrap();
    let reveals = |entry: &Entry| matches!(&entry.what, What::Noted(note) if note.act.name() == "reveal");
    page.entries.into_iter().filter(reveals).collect()
}

#[tokio::test]
async fn a_file_is_sealed_and_opened_on_record() {
    let house = house().await;
    let file = house.session().put_file(new_file("khai sinh.txt"), TEXT.to_vec()).await.unwrap();
    let graph = bytes_in(&house.data().join("graph"));
    for secret in [TEXT, "khai sinh.txt".as_bytes(), b"text/plain"] {
        assert!(!graph.windows(secret.len()).any(|window| window == secret), "{secret:?}");
    }
    let plain = officer(&house, "officer", "Unit:1");
    assert!(matches!(plain.file(&file).await, Err(Error::Denied(_))), "masked only");
    let stranger = officer(&house, "officer", "Unit:2").revealing("tò mò một chút").unwrap();
    assert!(matches!(stranger.file(&file).await, Err(Error::NotFound(_))));
    assert!(opened(&house, &file).await.is_empty());
    let open = plain.revealing("đối chiếu giấy khai sinh").unwrap();
    let shown = open.file(&file).await.unwrap();
    assert_eq!((shown.name.as_str(), shown.media_type.as_str()), ("khai sinh.txt", "text/plain"));
    assert_eq!(shown.content, TEXT);
    let noted = opened(&house, &file).await;
    let [entry] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!(entry.principal, "account:officer");
    let What::Noted(note) = &entry.what else { panic!("{entry:?}") };
    assert_eq!(note.reason.as_deref(), Some("đối chiếu giấy khai sinh"));

    let house = House::sealed(house.leave().await, Arc::new(SystemClock)).await;
    assert_eq!(house.session().file(&file).await.unwrap().content, TEXT);
}

#[tokio::test]
async fn what_is_no_file_is_refused_and_keeps_nothing() {
    let house = house().await;
    for name in ["", " a", "a/b", "a\\b", "a\nb", "dài".repeat(100).as_str()] {
        let refused = house.session().put_file(new_file(name), TEXT.to_vec()).await;
        assert!(matches!(refused, Err(Error::File { .. })), "{name:?}: {refused:?}");
    }
    let large = house.session().put_file(new_file("a"), vec![0; Session::MAX_FILE + 1]).await.unwrap_err();
    assert!(large.to_string().contains("20971520"), "{large}");
    let denied = officer(&house, "operator", "Unit:2").put_file(new_file("a"), TEXT.to_vec()).await;
    assert!(denied.is_err(), "{denied:?}");
    assert_eq!(blobs(&house), 0);
    let odd = NewFile { media_type: "TEXT".to_owned(), ..new_file("a") };
    assert!(house.session().put_file(odd, TEXT.to_vec()).await.is_err(), "the type refuses it");
    assert!(matches!(house.session().file(&id("nowhere")).await, Err(Error::NotFound(_))));
    // What was put but not named is swept, though not at once.
    assert_eq!(house.context.expire().await.unwrap(), 0);
}

#[tokio::test]
async fn a_file_goes_with_its_owner_and_does_not_come_back_with_a_backup() {
    let house = house().await;
    let whole: Vec<u8> = (0..200_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let file = house.session().put_file(new_file("a.txt"), whole.clone()).await.unwrap();
    let others = NewFile { owner: Some(id("Person:lan")), ..new_file("b.txt") };
    let other = house.session().put_file(others, TEXT.to_vec()).await.unwrap();
    let report = house.context.verify().await.unwrap();
    assert!(
        report.is_clean() && report.checks.iter().any(|check| check.name == "files" && check.checked == 2)
    );
    let backup = house.data().join("backup");
    house.context.backup(&backup).await.unwrap();

    let erased = officer(&house, "privacy-officer", "Unit:9").erase(&id("Person:be"), "theo đơn 3").await;
    assert_eq!(erased.unwrap().erased.as_slice(), std::slice::from_ref(&file));
    assert!(matches!(house.session().file(&file).await, Err(Error::NotFound(_))));
    assert_eq!(blobs(&house), 2);
    house.context.sweep_files().await.unwrap();
    assert_eq!(blobs(&house), 1, "what no key opens any more goes at once");
    assert_eq!(house.session().file(&other).await.unwrap().content, TEXT);
    assert!(house.context.verify().await.unwrap().is_clean());

    let folder = house.leave().await;
    std::fs::rename(folder.path().join("graph"), folder.path().join("away")).unwrap();
    dinh_store::Store::restore(&backup, folder.path().join("graph")).await.unwrap();
    let house = House::sealed(folder, Arc::new(SystemClock)).await;
    assert!(matches!(house.session().file(&file).await, Err(Error::NotFound(_))));
    assert_eq!(house.session().file(&other).await.unwrap().content, TEXT, "the rest comes back whole");
    assert!(house.context.verify().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_file_that_was_touched_or_is_missing_is_found() {
    let house = house().await;
    house.session().put_file(new_file("a.txt"), TEXT.to_vec()).await.unwrap();
    let part = std::fs::read_dir(house.data().join("graph/blobs")).unwrap().next().unwrap().unwrap().path();
    let blob = std::fs::read_dir(part).unwrap().next().unwrap().unwrap().path();
    let sound = std::fs::read(&blob).unwrap();
    let mut bent = sound.clone();
    *bent.last_mut().unwrap() ^= 1;
    std::fs::write(&blob, bent).unwrap();
    let faults = async |house: &House| {
        let report = house.context.verify().await.unwrap();
        report.checks.iter().find(|check| check.name == "files").map(|check| check.fault_count)
    };
    assert_eq!(faults(&house).await, Some(1));
    std::fs::remove_file(&blob).unwrap();
    assert_eq!(faults(&house).await, Some(1));
    std::fs::write(&blob, sound).unwrap();
    assert_eq!(faults(&house).await, Some(0));
}
