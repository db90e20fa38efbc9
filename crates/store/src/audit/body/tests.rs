//! What goes in comes out, and what is not a body is refused without a panic.

use dinh_model::{AttributeChange, Tenant, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn change(seq: u64, id: &str, attributes: &[&str]) -> Change {
    let attribute = |name: &&str| AttributeChange {
        name: Term::from(*name),
        dataset_id: None,
        kind: ChangeKind::Updated,
        before: None,
        after: None,
    };
    Change {
        seq,
        tenant: Tenant::default_tenant(),
        entity: EntityId::trusted(id),
        types: Vec::new(),
        kind: ChangeKind::Updated,
        at: Timestamp::from_micros(5),
        version: seq * 300,
        by: "local".into(),
        attributes: attributes.iter().map(attribute).collect(),
    }
}

fn head() -> Head {
    let origin = Origin { peer: Some("10.0.0.7".into()), request: None, session: Some("s1".into()) };
    Head::new("account:an", Purpose::CaseHandling, &origin)
}

fn touched(subject: Subject, version: u64, attributes: &[&str]) -> Touched {
    let attributes = attributes.iter().map(|name| Term::from(*name)).collect();
    Touched { subject, kind: ChangeKind::Updated, version, attributes }
}

#[test]
fn a_commit_comes_back_in_both_forms() {
    let changes = [change(9, "urn:x:1", &["a", "b", "b"]), change(10, "urn:x:2", &["b"])];
    let records = vec![OnRecord { kind: ChangeKind::Deleted, of: "note".into(), key: "cầu".into() }];
    let deed = Deed { keys: &[4, 1 << 40], digest: [7; 32], records: &records };
    let write = |form| commit_bytes(&head(), form, changes.iter(), &deed);
    let expected = |entities| Body {
        principal: "account:an".into(),
        purpose: "case-handling".into(),
        origin: Origin { peer: Some("10.0.0.7".into()), request: None, session: Some("s1".into()) },
        what: What::Did(Did {
            changes: Some(Changes { first: 9, count: 2, digest: [7; 32] }),
            entities,
            records: records.clone(),
        }),
    };
    let named = |id: &str| Subject::Named(EntityId::trusted(id));
    let full = vec![touched(named("urn:x:1"), 2700, &["a", "b"]), touched(named("urn:x:2"), 3000, &["b"])];
    let short = vec![touched(Subject::At(4), 2700, &[]), touched(Subject::At(1 << 40), 3000, &[])];
    assert_eq!(Body::read(&write(Form::Full)), Some(expected(full)));
    assert_eq!(Body::read(&write(Form::Short)), Some(expected(short)));
}

#[test]
fn a_note_comes_back() {
    let note = Note {
        entities: vec![EntityId::trusted("urn:x:1")],
        attributes: vec![Term::from("phone")],
        reason: Some("Hồ sơ 12".into()),
        details: json!({"count": 2}),
        ..Note::of(Act::Reveal)
    };
    for note in [note, Note::of(Act::SignIn)] {
        let body = Body::read(&note_bytes(&head(), &note)).expect("readable");
        assert_eq!(body.what, What::Noted(note));
    }
}

#[test]
fn a_batch_of_a_feed_is_small() {
    let changes: Vec<Change> =
        (1..=100).map(|n| change(n, "urn:ngsi-ld:RiverGauge:kim-long", &["a"])).collect();
    let keys: Vec<i64> = (50_000..50_100).collect();
    let deed = Deed { keys: &keys, digest: [7; 32], records: &Vec::new() };
    let bytes = commit_bytes(&head(), Form::Short, changes.iter(), &deed);
    assert!(bytes.len() < 700, "{} bytes", bytes.len());
}

proptest! {
    #[test]
    fn damage_is_never_a_panic(flip in any::<prop::sample::Index>(), bit in 0..8u8, cut in any::<prop::sample::Index>()) {
        let changes = [change(9, "urn:x:1", &["a", "b"])];
        let deed = Deed { keys: &[4], digest: [7; 32], records: &Vec::new() };
        let mut bytes = commit_bytes(&head(), Form::Full, changes.iter(), &deed);
        prop_assert_eq!(Body::read(&bytes[..cut.index(bytes.len())]), None);
        let at = flip.index(bytes.len());
        bytes[at] ^= 1 << bit;
        drop(Body::read(&bytes));
    }
}
