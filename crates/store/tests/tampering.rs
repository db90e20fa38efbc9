//! Whatever is changed of an audit is found, byte by byte. SQLite only: it changes rows by hand.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::sync::Arc;

use dinh_access::{Feed, Grant, Policy, Principal, Purpose, Read, Write};
use dinh_model::{Attribute, Clock as _, Entity, EntityId, ManualClock, Tenant, Term, Timestamp, Value};
use dinh_store::{
    Act, AuditReport, AuditTrail, Break, Commit, KeptSeal, Note, Op, Options, Origin, Seal, Store,
};
use rusqlite::Connection;
use serde_json::json;
use tempfile::TempDir;

fn who() -> Principal {
    Principal::System("test".into())
}

fn writing() -> Grant<Write> {
    Policy::default().write(&who(), &Tenant::parse("hue").unwrap(), Purpose::Operations).unwrap()
}

fn reading() -> Grant<Read> {
    Policy::default().read(&who(), &Tenant::parse("hue").unwrap(), Purpose::CaseHandling).unwrap()
}

fn following() -> Grant<Feed> {
    Policy::default().feed(&who(), Purpose::Maintenance).unwrap()
}

fn id(name: &str) -> EntityId {
    EntityId::trusted(format!("urn:x:{name}"))
}

fn create(name: &str) -> Op {
    let at = Timestamp::from_micros(1);
    let mut entity = Entity::new(id(name), Term::from("x/T"), at);
    entity.set(Term::from("x/name"), Attribute::new(Value::Property(json!("Cầu Trường Tiền")), at));
    Op::Create(entity.into())
}

/// Twelve entries of every form, and seals over the first four and eight.
async fn filled() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(1_000_000)));
    let store = Store::open(dir.path(), Options::default(), Arc::<ManualClock>::clone(&clock)).await.unwrap();
    for round in 0..3 {
        let origin = Origin { peer: Some("10.0.0.7".into()), ..Origin::default() };
        let one = Commit::from(create(&format!("one{round}"))).from_origin(origin);
        let many = Commit::of((0..10).map(|n| create(&format!("many{round}-{n}"))).collect());
        let record = Op::PutRecord { kind: "k".into(), key: "1".into(), body: json!({}) };
        for commit in [one, many, record.into()] {
            assert!(store.commit(&writing(), commit).await.unwrap().is_ok());
        }
        let note = Note { entities: vec![id("one0"), id("x")], ..Note::of(Act::Reveal) };
        store.note(&reading(), None, vec![note]).await.unwrap();
        clock.advance(1_000_000);
        if round < 2 {
            seal(&store, clock.now()).await;
        }
    }
    store.close().await.unwrap();
    dir
}

async fn seal(store: &Store, now: Timestamp) {
    let before = store.last_seal(&following()).await.unwrap();
    let link = store.audit_before(&following(), now).await.unwrap().unwrap();
    let (number, first, previous) = Seal::after(before.as_ref());
    let seal = Seal {
        number,
        day: "1970-01-01".into(),
        whole: false,
        first,
        last: link.seq,
        entry: link.hash,
        previous,
        sealed_at: now,
        key: [5; 32],
    };
    store.keep_seal(&following(), KeptSeal { seal, signature: vec![7; 64], token: None }).await.unwrap();
}

fn open(dir: &Path) -> Connection {
    Connection::open(dir.join("graph.sqlite")).unwrap()
}

fn verify(dir: &Path) -> AuditReport {
    AuditTrail::open(dir).unwrap().verify().unwrap()
}

/// What is found after `sql`, on a copy.
fn found_after(dir: &Path, sql: &str) -> Vec<Break> {
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(dir.join("graph.sqlite"), copy.path().join("graph.sqlite")).unwrap();
    open(copy.path()).execute_batch(sql).unwrap();
    verify(copy.path()).breaks
}

#[tokio::test]
async fn each_way_to_tamper_is_named() {
    let dir = filled().await;
    let report = verify(dir.path());
    assert_eq!((report.entries, report.last, report.seals.len()), (12, 12, 2));
    assert_eq!((report.breaks, report.compared), (vec![], 6));
    let exchange =
        "CREATE TABLE t AS SELECT * FROM audit WHERE seq IN (6, 7); DELETE FROM audit WHERE seq IN (6, 7);
        INSERT INTO audit SELECT 13 - seq, at, tenant, body, hash FROM t; DROP TABLE t";
    for (sql, expected) in [
        ("DELETE FROM audit WHERE seq = 1", Break::Gap { after: 0, found: 2 }),
        ("DELETE FROM audit WHERE seq = 5", Break::Gap { after: 4, found: 6 }),
        ("DELETE FROM audit WHERE seq > 7", Break::CutOff { number: 2, sealed: 8, last: 7 }),
        ("DELETE FROM audit WHERE seq > 9", Break::Untold { from: 24, to: 33 }),
        ("DELETE FROM audit", Break::CutOff { number: 1, sealed: 4, last: 0 }),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", Break::Hash { seq: 3 }),
        ("UPDATE audit SET tenant = 0 WHERE seq = 3", Break::Hash { seq: 3 }),
        ("UPDATE tenant SET name = 'hu' WHERE id = 1", Break::Hash { seq: 1 }),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 12", Break::Hash { seq: 12 }),
        ("UPDATE audit SET hash = x'00' WHERE seq = 12", Break::Hash { seq: 12 }),
        ("UPDATE audit SET seq = 99 WHERE seq = 12", Break::Gap { after: 11, found: 99 }),
        (exchange, Break::Hash { seq: 6 }),
        ("UPDATE feed SET by = 'other' WHERE seq = 1", Break::Digest { seq: 1 }),
        ("UPDATE audit_begin SET change = 1", Break::Changes { seq: 1, expected: 2, found: 1 }),
        ("DELETE FROM audit_subject WHERE seq = 8", Break::Subjects { seq: 8 }),
        ("INSERT INTO audit_subject VALUES (1, 'urn:x:y', 4)", Break::SubjectsLeft { found: 7, expected: 6 }),
        ("UPDATE audit_seal SET token = x'09' WHERE number = 1", Break::SealStamp { number: 1 }),
        ("DELETE FROM audit_seal WHERE number = 1", Break::SealGap { after: 0, found: 2 }),
        (
            "UPDATE audit_seal SET signature = zeroblob(64) WHERE number = 1",
            Break::SealPrevious { number: 2 },
        ),
        (
            "UPDATE audit_seal SET statement = replace(statement, 'last 8', 'last 9') WHERE number = 2",
            Break::SealUnreadable { number: 2 },
        ),
        (
            "UPDATE audit_seal SET statement = replace(replace(statement, 'last 8', 'last 7'), 'count 4', 'count 3') \
             WHERE number = 2",
            Break::SealEntry { number: 2, seq: 7 },
        ),
    ] {
        let found = found_after(dir.path(), sql);
        assert!(found.contains(&expected), "{sql}: {found:?}");
        assert!(found.iter().all(|fault| fault.to_string().contains(' ')));
    }
}

/// The chain made anew behind a change, as somebody would who knows how: the seal still tells.
#[tokio::test]
async fn a_chain_made_anew_does_not_fit_its_seals() {
    let dir = filled().await;
    assert!(verify(dir.path()).breaks.is_empty());
    let first = dir.path().join("graph.sqlite");
    let clock = Arc::new(ManualClock::at(Timestamp::from_micros(5)));
    let third = tempfile::tempdir().unwrap();
    let store = Store::open(third.path(), Options::default(), clock).await.unwrap();
    for n in 0..12 {
        store.commit(&writing(), create(&n.to_string()).into()).await.unwrap();
    }
    store.close().await.unwrap();
    open(third.path())
        .execute_batch(&format!(
            "ATTACH '{}' AS sealed; INSERT INTO audit_seal SELECT * FROM sealed.audit_seal",
            first.display()
        ))
        .unwrap();
    let found = verify(third.path()).breaks;
    assert!(found.contains(&Break::SealEntry { number: 1, seq: 4 }), "{found:?}");
}

/// Every single byte of every row of the audit and of its seals.
#[tokio::test]
async fn any_one_byte_changed_is_found() {
    let dir = filled().await;
    let connection = open(dir.path());
    let trail = AuditTrail::open(dir.path()).unwrap();
    let mut tried = 0;
    for seq in 1..=12 {
        for column in ["body", "hash"] {
            let sql = format!("SELECT {column} FROM audit WHERE seq = {seq}");
            let bytes: Vec<u8> = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            for at in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << (at % 8);
                let set = format!("UPDATE audit SET {column} = ?1 WHERE seq = {seq}");
                connection.execute(&set, [&changed]).unwrap();
                let report = trail.verify().unwrap();
                let named = Break::Hash { seq };
                assert!(report.breaks.contains(&named), "{column} {at} of entry {seq}: {:?}", report.breaks);
                assert_eq!(report.breaks.first(), Some(&named), "the first break is named first");
                connection.execute(&set, [&bytes]).unwrap();
                tried += 1;
            }
        }
        for column in ["at", "seq", "tenant"] {
            for bit in 0..62 {
                let sql = |value: &str| format!("UPDATE audit SET {column} = {value} WHERE rowid = ");
                let flip = format!("(({column} | (1 << {bit})) - ({column} & (1 << {bit})))");
                connection.execute_batch("BEGIN").unwrap();
                // A number that is taken cannot be taken again.
                let changed = connection.execute_batch(&(sql(&flip) + &seq.to_string()));
                connection.execute_batch("COMMIT").unwrap();
                if changed.is_ok() {
                    assert!(trail.verify().unwrap().break_count > 0, "{column} of entry {seq}, bit {bit}");
                }
                let flipped = seq ^ (1 << bit);
                let now = if column == "seq" && changed.is_ok() { flipped } else { seq };
                let back = if column == "seq" { seq.to_string() } else { flip };
                if changed.is_ok() {
                    connection.execute_batch(&(sql(&back) + &now.to_string())).unwrap();
                }
            }
        }
    }
    let statement: String = connection
        .query_row("SELECT statement FROM audit_seal WHERE number = 1", [], |row| row.get(0))
        .unwrap();
    for at in 0..statement.len() {
        let mut changed = statement.clone().into_bytes();
        changed[at] ^= 1;
        let changed = String::from_utf8(changed).unwrap();
        connection.execute("UPDATE audit_seal SET statement = ?1 WHERE number = 1", [changed]).unwrap();
        assert!(trail.verify().unwrap().break_count > 0, "byte {at} of a seal");
        connection.execute("UPDATE audit_seal SET statement = ?1 WHERE number = 1", [&statement]).unwrap();
    }
    assert!(trail.verify().unwrap().breaks.is_empty() && tried > 1000, "{tried}");
}
