//! Who did what: an entry for each commit, notes, and questions.

use dinh_access::{Audit, Grant, Principal, Purpose};
use dinh_model::{ChangeKind, Tenant};
use dinh_store::{
    Act, AuditOrder, AuditPage, AuditQuery, Commit, Entry, Error, KeptSeal, Note, Op, Options, Origin, Seal,
    Subject, What,
};
use serde_json::json;

use crate::support::*;

contract!(
    every_commit_has_its_entry_and_only_those_that_did_something,
    notes_are_found_by_whom_they_are_about,
    questions_narrow_and_pages_lead_on,
    tenants_do_not_see_each_others_entries,
    a_batch_of_a_feed_is_kept_short_and_still_names_its_entities,
    what_did_not_happen_has_no_entry,
    seals_go_on_from_one_another,
    the_chain_outlives_a_restart_and_a_backup,
);

fn auditing(tenant: &str) -> Grant<Audit> {
    let who = Principal::System("auditor".into());
    policy().audit(&who, &Tenant::parse(tenant).unwrap(), Purpose::Inspection).unwrap()
}

async fn ask(trial: &Trial, query: AuditQuery) -> AuditPage {
    trial.store.audit(&auditing("hue"), query).await.unwrap()
}

async fn entries(trial: &Trial) -> Vec<Entry> {
    ask(trial, AuditQuery { order: AuditOrder::OldestFirst, ..AuditQuery::latest(1000) }).await.entries
}

fn touched(entry: &Entry) -> Vec<(String, ChangeKind, u64, Vec<String>)> {
    let What::Did(did) = &entry.what else { panic!("{entry:?}") };
    let one = |touched: &dinh_store::Touched| {
        let Subject::Named(id) = &touched.subject else { panic!("{touched:?}") };
        let last = |term: &dinh_model::Term| term.as_str().rsplit('/').next().unwrap().to_owned();
        (short(id), touched.kind, touched.version, touched.attributes.iter().map(last).collect())
    };
    did.entities.iter().map(one).collect()
}

async fn every_commit_has_its_entry_and_only_those_that_did_something(place: Place) {
    let trial = place.open().await;
    let origin = Origin { peer: Some("10.1.2.3".into()), request: Some("r-1".into()), session: None };
    let first = Commit::from(Op::Create(thing("T", "a").with("x", 1).with("y", 2).into()));
    trial.commit(first.from_origin(origin.clone())).await;
    place.clock.advance(SECOND);
    trial.commit(Op::mutate(id("a"), set(&[("x", property(5))]))).await;
    // The same value again, an entity that is not there, a cursor: nothing has become different.
    trial.commit(Op::mutate(id("a"), set(&[("x", property(5))]))).await;
    trial.commit(Op::delete(id("nobody"))).await;
    trial.store.save_cursors(&following(), vec![("c".into(), 1)]).await.unwrap();
    trial.commit(Op::PutRecord { kind: "note".into(), key: "k".into(), body: json!({}) }).await;
    trial.commit(Op::delete(id("a"))).await;
    let found = entries(&trial).await;
    assert_eq!(found.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!((found[0].principal.as_str(), found[0].purpose.as_str()), ("system:test", "operations"));
    assert_eq!((&found[0].origin, &found[1].origin), (&origin, &Origin::default()));
    assert_eq!(found[1].at, at(NOW).plus_micros(SECOND));
    let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(touched(&found[0]), [("a".into(), ChangeKind::Created, 1, named(&["x", "y"]))]);
    assert_eq!(touched(&found[1]), [("a".into(), ChangeKind::Updated, 2, named(&["x"]))]);
    assert_eq!(found[2].actions(), ["record"]);
    assert_eq!(touched(&found[3]), [("a".into(), ChangeKind::Deleted, 2, named(&["x", "y"]))]);
    trial.assert_sound().await;
}

async fn notes_are_found_by_whom_they_are_about(place: Place) {
    let trial = place.open().await;
    let about = |act, names: &[&str]| Note {
        entities: names.iter().map(|name| id(name)).collect(),
        attributes: vec![term("phone")],
        reason: Some("Hồ sơ số 12: cứu trợ".into()),
        details: json!({"rows": 2}),
        ..Note::of(act)
    };
    let look = about(Act::Reveal, &["an", "binh"]);
    trial.store.note(&reading("hue"), None, vec![look.clone()]).await.unwrap();
    trial.store.note(&reading("hue"), None, vec![about(Act::Export, &["an"])]).await.unwrap();
    trial.store.note(&reading("hue"), None, vec![about(Act::Reveal, &["binh"])]).await.unwrap();
    let ops = vec![Op::Create(thing("Person", "an").into()), Op::note(Note::of(Act::Role))];
    trial.commit(Commit::of(ops)).await;
    let of = |entity: &str, action: Option<&str>| AuditQuery {
        entity: Some(id(entity)),
        action: action.map(str::to_owned),
        ..AuditQuery::latest(10)
    };
    let numbers = |page: AuditPage| page.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(numbers(ask(&trial, of("an", Some("reveal"))).await), [1]);
    assert_eq!(numbers(ask(&trial, of("binh", Some("reveal"))).await), [3, 1]);
    assert_eq!(numbers(ask(&trial, of("an", None)).await), [5, 2, 1], "what was done to it too");
    assert_eq!(numbers(ask(&trial, of("chi", Some("reveal"))).await), [0u64; 0]);
    let first = ask(&trial, of("an", Some("reveal"))).await.entries.remove(0);
    assert_eq!(first.what, What::Noted(look));
    let among = |names: &[&str], noted, limit| AuditQuery {
        among: names.iter().map(|name| id(name)).collect(),
        noted,
        ..AuditQuery::latest(limit)
    };
    assert_eq!(numbers(ask(&trial, among(&["an", "binh"], true, 10)).await), [3, 2, 1], "each once");
    assert_eq!(numbers(ask(&trial, among(&["an", "binh"], false, 10)).await), [5, 3, 2, 1]);
    let page = ask(&trial, among(&["an", "binh"], true, 2)).await;
    assert_eq!(page.next, Some(2));
    let next = ask(&trial, AuditQuery { after: page.next, ..among(&["an", "binh"], true, 2) }).await;
    assert_eq!((numbers(next.clone()), next.next), (vec![1], None));
    let many = AuditQuery { among: (0..1001).map(|n| id(&n.to_string())).collect(), ..among(&[], true, 1) };
    let refused = trial.store.audit(&auditing("hue"), many).await;
    assert!(matches!(refused, Err(Error::TooLarge { bound: 1000, .. })), "{refused:?}");
    trial.assert_sound().await;
    let long = Note { reason: Some("x".repeat(5000)), ..Note::of(Act::Reveal) };
    let refused = trial.store.note(&reading("hue"), None, vec![long]).await;
    assert!(matches!(refused, Err(Error::TooLarge { bound: 4096, .. })), "{refused:?}");
    let deep = (0..500).fold(json!({}), |inner, _| json!({"in": inner}));
    for details in [json!([1]), json!("x"), deep] {
        let odd = Note { details, ..Note::of(Act::Reveal) };
        let refused = trial.store.note(&reading("hue"), None, vec![odd]).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

async fn questions_narrow_and_pages_lead_on(place: Place) {
    let trial = place.open().await;
    for n in 0..10 {
        trial.create(thing("T", &format!("t{n}")).with(if n < 5 { "level" } else { "speed" }, n)).await;
        place.clock.advance(SECOND);
    }
    trial.commit(Op::note(Note { reason: Some("Đăng nhập lạ".into()), ..Note::of(Act::SignIn) })).await;
    let latest = || AuditQuery::latest(100);
    let count = async |query| ask(&trial, query).await.entries.len();
    assert_eq!(count(latest()).await, 11);
    assert_eq!(count(AuditQuery { from: Some(at(NOW).plus_micros(3 * SECOND)), ..latest() }).await, 8);
    assert_eq!(count(AuditQuery { to: Some(at(NOW).plus_micros(3 * SECOND)), ..latest() }).await, 3);
    assert_eq!(count(AuditQuery { to: Some(at(NOW)), ..latest() }).await, 0);
    assert_eq!(count(AuditQuery { from: Some(at(NOW).plus_micros(DAY)), ..latest() }).await, 0);
    assert_eq!(count(AuditQuery { principal: Some("system:test".into()), ..latest() }).await, 11);
    assert_eq!(count(AuditQuery { principal: Some("local".into()), ..latest() }).await, 0);
    assert_eq!(count(AuditQuery { action: Some("created".into()), ..latest() }).await, 10);
    assert_eq!(count(AuditQuery { action: Some("sign-in".into()), ..latest() }).await, 1);
    assert_eq!(count(AuditQuery { text: Some("SPEED".into()), ..latest() }).await, 5);
    assert_eq!(count(AuditQuery { text: Some("dang nhap".into()), ..latest() }).await, 1);
    for order in [AuditOrder::NewestFirst, AuditOrder::OldestFirst] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = ask(&trial, AuditQuery { order, after, ..AuditQuery::latest(4) }).await;
            seen.extend(page.entries.iter().map(|entry| entry.seq));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        if order == AuditOrder::NewestFirst {
            seen.reverse();
        }
        assert_eq!(seen, (1..=11).collect::<Vec<_>>());
    }
    let refused = trial.store.audit(&auditing("hue"), AuditQuery::latest(100_000)).await;
    assert!(matches!(refused, Err(Error::TooLarge { .. })), "{refused:?}");
}

async fn tenants_do_not_see_each_others_entries(place: Place) {
    let trial = place.open().await;
    trial.create(thing("T", "a")).await;
    let other = Commit::from(Op::Create(thing("T", "b").into()));
    trial.store.commit(&writing("danang"), other).await.unwrap();
    trial.store.note(&reading("danang"), None, vec![Note::of(Act::SignIn)]).await.unwrap();
    let of = async |tenant| trial.store.audit(&auditing(tenant), AuditQuery::latest(9)).await.unwrap();
    let numbers = |page: AuditPage| page.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>();
    assert_eq!(numbers(of("hue").await), [1]);
    assert_eq!(numbers(of("danang").await), [3, 2]);
    assert_eq!(numbers(of("nowhere").await), [0u64; 0]);
}

async fn a_batch_of_a_feed_is_kept_short_and_still_names_its_entities(place: Place) {
    let trial = place.open().await;
    let ops: Vec<Op> =
        (0..20).map(|n| Op::Create(thing("T", &format!("t{n}")).with("x", n).into())).collect();
    trial.commit(Commit::of(ops)).await;
    let found = entries(&trial).await;
    let What::Did(did) = &found[0].what else { panic!("{found:?}") };
    assert_eq!(did.changes.map(|changes| (changes.first, changes.count)), Some((1, 20)));
    assert!(did.entities.iter().all(|touched| touched.attributes.is_empty()), "the short form");
    assert_eq!(touched(&found[0])[7], ("t7".into(), ChangeKind::Created, 1, Vec::new()));
    let of = AuditQuery { entity: Some(id("t7")), ..AuditQuery::latest(9) };
    assert_eq!(ask(&trial, of).await.entries.len(), 1, "found by one of its entities");
    trial.assert_sound().await;
}

async fn what_did_not_happen_has_no_entry(place: Place) {
    let options = Options { max_bytes: Some(2 << 20), entity_cache_bytes: 100_000, ..options() };
    let trial = place.open_with(options).await;
    let ops = vec![
        Op::Create(thing("T", "a").into()),
        Op::note(Note { entities: vec![id("a")], ..Note::of(Act::Reveal) }),
        Op::PutRecord { kind: "note".into(), key: "k".into(), body: json!({}) },
        Op::delete(id("nobody")),
    ];
    assert!(!trial.commit(Commit::atomic(ops)).await.is_ok());
    assert_eq!(entries(&trial).await, []);
    // A group in which one commit does not fit is rolled back, and each is written again alone.
    let mut tasks = Vec::new();
    for n in 0..40 {
        let kib = if n % 10 == 5 { 3_000 } else { 1 };
        // Not compressible by anything, not even by luck.
        let letter = |n: u64| char::from(b'a' + u8::try_from(n * n % 23).unwrap());
        let text: String = (0..kib * 1024).map(letter).collect();
        let op = Op::Create(thing("T", &format!("t{n}")).with("text", text).into());
        let trial = trial.clone();
        tasks.push(tokio::spawn(async move { trial.store.commit(&writing("hue"), op.into()).await.is_ok() }));
    }
    let mut done = 0;
    for task in tasks {
        done += u64::from(task.await.unwrap());
    }
    let found = entries(&trial).await;
    assert_eq!((done, found.len()), (36, 36));
    assert_eq!(found.last().unwrap().seq, 36, "no number is lost");
    trial.assert_sound().await;
    trial.store.close().await.unwrap();
}

async fn seals_go_on_from_one_another(place: Place) {
    let trial = place.open().await;
    for n in 0..4 {
        trial.create(thing("T", &format!("t{n}"))).await;
        place.clock.advance(SECOND);
    }
    let middle = at(NOW).plus_micros(2 * SECOND);
    let link = trial.store.audit_before(&following(), middle).await.unwrap().unwrap();
    assert_eq!((link.seq, link.at), (2, at(NOW).plus_micros(SECOND)));
    assert_eq!(trial.store.audit_at(&following(), 2).await.unwrap(), Some(link));
    assert_eq!(trial.store.audit_before(&following(), at(NOW)).await.unwrap(), None);
    let seal = |before: Option<&KeptSeal>, last: u64, entry| {
        let (number, first, previous) = Seal::after(before);
        let (day, whole, sealed_at, key) = ("2026-11-20".to_owned(), true, at(NOW), [3; 32]);
        let seal = Seal { number, day, whole, first, last, entry, previous, sealed_at, key };
        KeptSeal { seal, signature: vec![1; 64], token: None }
    };
    let keep = async |seal: &KeptSeal| trial.store.keep_seal(&following(), seal.clone()).await;
    let first = seal(None, 2, link.hash);
    let wrong = seal(None, 2, [0; 32]);
    assert!(matches!(keep(&wrong).await, Err(Error::Invalid(_))));
    keep(&first).await.unwrap();
    assert!(matches!(keep(&first).await, Err(Error::Invalid(_))), "twice");
    let last = trial.store.audit_at(&following(), 4).await.unwrap().unwrap();
    assert!(matches!(keep(&seal(None, 4, last.hash)).await, Err(Error::Invalid(_))));
    keep(&seal(Some(&first), 4, last.hash)).await.unwrap();
    trial.store.note(&reading("hue"), None, vec![Note::stamp(1, &[9])]).await.unwrap();
    trial.store.keep_token(&following(), 1, vec![9]).await.unwrap();
    assert!(trial.store.keep_token(&following(), 1, vec![8]).await.is_err(), "it has one");
    let kept = trial.store.seals(&following(), 0, 10).await.unwrap();
    assert_eq!((kept.len(), &kept[0].token, kept[1].seal.first), (2, &Some(vec![9]), 3));
    assert_eq!(trial.store.last_seal(&following()).await.unwrap().as_ref(), kept.last());
    trial.assert_sound().await;
}

async fn the_chain_outlives_a_restart_and_a_backup(place: Place) {
    let trial = place.open().await;
    trial.create(thing("T", "a")).await;
    trial.store.close().await.unwrap();
    let trial = place.open().await;
    trial.create(thing("T", "b")).await;
    trial.store.backup(&following(), place.path("copy")).await.unwrap();
    let before = entries(&trial).await;
    trial.create(thing("T", "c")).await;
    trial.assert_sound().await;
    dinh_store::Store::restore(place.path("copy"), place.path("back")).await.unwrap();
    let back = place.open_at(&place.path("back"), options()).await;
    assert_eq!(entries(&back).await, before);
    back.create(thing("T", "d")).await;
    assert_eq!(entries(&back).await.last().unwrap().seq, 3);
    back.assert_sound().await;
}
