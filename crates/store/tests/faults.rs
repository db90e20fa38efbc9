//! Damage done behind the store's back, and what verification says of it. SQLite only: it writes rows by hand.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use dinh_access::{Feed, Grant, Policy, Principal, Purpose};
use dinh_model::{
    Attribute, Entity, EntityId, GeoValue, ManualClock, OneOrMany, Scope, Tenant, Term, Timestamp, Value,
};
use dinh_store::{Commit, Error, IndexSpec, Op, Options, Report, Store};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

fn following() -> Grant<Feed> {
    Policy::default().feed(&Principal::System("test".into()), Purpose::Maintenance).unwrap()
}

async fn open(dir: &TempDir) -> Result<Store, Error> {
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(1)));
    Store::open(dir.path(), Options::default(), clock).await
}

fn entity(name: &str) -> Entity {
    let at = Timestamp::from_micros(1);
    let mut entity = Entity::new(EntityId::parse(&format!("urn:x:{name}")).unwrap(), Term::from("x/T"), at);
    entity.scopes = vec![Scope::parse("/A/B").unwrap()];
    let mut set =
        |name: &str, value: Value| entity.set(Term::from(name), Attribute::new(value, at).observed(at));
    set("x/name", Value::Property(json!("Cầu Trường Tiền")));
    set("x/level", Value::Property(json!(5)));
    set("x/location", Value::Geo(GeoValue::point(107.5, 16.4)));
    set(
        "x/to",
        Value::Relationship { object: OneOrMany::One(EntityId::trusted("urn:x:2")), object_type: vec![] },
    );
    let line = json!({"type": "LineString", "coordinates": [[107, 16], [108, 17]]});
    set("x/route", Value::Geo(GeoValue::parse(line).unwrap()));
    entity
}

/// A store with three entities and a record, closed.
async fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir).await.unwrap();
    let spec = IndexSpec { entity_type: Term::from("x/T"), attribute: Term::from("x/level") };
    store.declare_indexes(&following(), vec![spec]).await.unwrap();
    let policy = Policy::default();
    let grant = policy
        .write(&Principal::System("test".into()), &Tenant::default_tenant(), Purpose::Operations)
        .unwrap();
    let mut ops: Vec<Op> = ["1", "2", "3"].map(|name| Op::Create(entity(name).into())).to_vec();
    ops.push(Op::delete(EntityId::trusted("urn:x:3")));
    ops.push(Op::PutRecord { kind: "note".into(), key: "1".into(), body: json!({}) });
    assert!(store.commit(&grant, Commit::of(ops)).await.unwrap().is_ok());
    store.save_cursors(&following(), vec![("c".into(), 2)]).await.unwrap();
    store.close().await.unwrap();
    dir
}

async fn report_after(sql: &str) -> Report {
    let dir = filled().await;
    let connection = Connection::open(dir.path().join("graph.sqlite")).unwrap();
    connection.execute_batch(sql).unwrap();
    drop(connection);
    let store = open(&dir).await.unwrap();
    let report = store.verify(&following()).await.unwrap();
    store.close().await.unwrap();
    report
}

#[tokio::test]
async fn every_invariant_is_watched() {
    assert!(report_after("SELECT 1").await.is_clean());
    for (damage, check) in [
        ("DELETE FROM feed WHERE seq = 2", "change feed"),
        ("DELETE FROM audit WHERE seq = 1", "audit"),
        ("UPDATE audit SET body = x'01'", "audit"),
        ("UPDATE feed SET by = 'nobody' WHERE seq = 1", "audit"),
        ("UPDATE cursor SET seq = 99", "change feed"),
        ("UPDATE entity SET version = 7 WHERE pk = 1", "change feed"),
        ("UPDATE feed SET body = x'01' WHERE seq = 1", "change feed"),
        ("UPDATE entity SET doc = x'0102' WHERE pk = 1", "entities"),
        ("DELETE FROM entity_type WHERE pk = 1 AND type = 0", "type index"),
        ("INSERT INTO entity_type VALUES (1, 1, 77)", "type index"),
        ("DELETE FROM entity_scope WHERE pk = 1", "scope index"),
        ("INSERT INTO entity_scope VALUES (1, '/Z', 1)", "scope index"),
        ("UPDATE value_index SET value = 6.0 WHERE pk = 1", "value index"),
        ("DELETE FROM value_index", "value index"),
        ("UPDATE geo_point SET lon = 107.6 WHERE pk = 1", "point index"),
        ("DELETE FROM geo_point WHERE pk = 2", "point index"),
        ("DELETE FROM geo_shape WHERE pk = 1", "shape index"),
        ("UPDATE geo_box SET east = 120 WHERE pk = 2", "shape index"),
        ("DELETE FROM geo_box", "shape index"),
        ("DELETE FROM link WHERE pk = 1", "link index"),
        ("INSERT INTO link VALUES (1, 'urn:x:9', 1, 1)", "link index"),
        ("UPDATE type_count SET n = n + 1 WHERE type = 0", "type counts"),
        ("DELETE FROM type_count WHERE type > 0", "type counts"),
        (
            "UPDATE attribute_count SET n = 9 WHERE attribute = (SELECT id FROM name WHERE text = 'x/to')",
            "attribute counts",
        ),
        ("UPDATE geo_grid SET n = 9", "grid counts"),
        ("DELETE FROM geo_grid", "grid counts"),
        ("UPDATE record_count SET n = 9", "record counts"),
        ("DELETE FROM record_count", "record counts"),
        ("DELETE FROM words WHERE rowid = 1", "full text"),
        ("INSERT INTO words (rowid, place, name) VALUES (9, '§t1', 'cau')", "full text"),
        ("INSERT INTO observation VALUES (99, 1, x'01')", "history"),
        ("DELETE FROM observation WHERE series = 1", "history"),
        ("DELETE FROM departed", "history"),
        ("UPDATE observation SET body = x'01' WHERE series = 1", "history"),
        ("INSERT INTO evolved VALUES (99)", "history"),
        ("INSERT INTO moved_record VALUES (1, 987654321, 'urn:x')", "history"),
        ("INSERT INTO departed_type VALUES (1, 1, 99)", "history"),
        ("INSERT INTO expiry VALUES (1, 99)", "entities"),
    ] {
        let report = report_after(damage).await;
        let faulty: Vec<_> = report.checks.iter().filter(|c| c.fault_count > 0).map(|c| c.name).collect();
        assert!(faulty.contains(&check), "{damage}: {faulty:?}");
        let check = report.checks.iter().find(|c| c.name == check).unwrap();
        assert!(check.faults.iter().all(|fault| fault.contains(' ')), "{:?}", check.faults);
    }
}

#[tokio::test]
async fn a_store_of_a_newer_program_is_left_alone() {
    let dir = filled().await;
    let connection = Connection::open(dir.path().join("graph.sqlite")).unwrap();
    connection.pragma_update(None, "user_version", 1000).unwrap();
    drop(connection);
    let error = open(&dir).await.unwrap_err();
    assert!(matches!(error, Error::Newer { found: 1000, .. }), "{error}");
}

#[tokio::test]
async fn what_is_no_store_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("graph.sqlite"), "this is no database at all".repeat(100)).unwrap();
    let error = open(&dir).await.unwrap_err();
    assert!(matches!(error, Error::Damaged(_)), "{error}");
}
