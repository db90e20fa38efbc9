//! What changes around cases: the law, and the units that they lie with.

use dinh_cases::{Channel, Refused};
use dinh_casework::{About, Complaint, Dossier, Error, Filing};
use dinh_context::fields::{Fields, Names};
use dinh_context::graph::{Act, Commit, Entry, Op, What};
use dinh_model::{Attribute, Clock as _, Entity, OneOrMany, Value};
use serde_json::json;

use crate::house::{House, MINUTE, OTHER, WARD, copies, hue, urn};

const NEW: &str = "Unit:phuong-moi";

/// Goes on to a day, at eight o'clock in Viet Nam.
fn goes_on_to(house: &House, day: &str) {
    let then: dinh_model::Timestamp = format!("{day}T01:00:00Z").parse().unwrap();
    let minutes = then.micros_since(house.clock.now()) / MINUTE;
    assert!(minutes > 0, "{day} is to come");
    house.pass(minutes);
}

fn birth() -> Filing {
    let answers = json!({
        "relation": "mother", "motherKnown": true, "fatherKnown": true, "birthProof": "electronic", "copies": false,
    });
    Filing {
        kind: "birth-registration".to_owned(),
        answers: answers.as_object().cloned().unwrap(),
        ..copies(Channel::Online)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_filed_before_a_change_of_law_ends_under_the_old_one() {
    let house = House::open().await;
    goes_on_to(&house, "2027-02-26");
    let before = house.casework.file(&house.citizen("an"), birth()).await.unwrap().dossier;
    let before = house.act(&house.clerk(), &before, "accept", &[]).await.unwrap();
    goes_on_to(&house, "2027-03-01");
    let after = house.casework.file(&house.citizen("binh"), birth()).await.unwrap().dossier;
    assert_eq!((before.kind_version, after.kind_version), (1, 2));
    let before = house.act(&house.handler(), &before, "start", &[]).await.unwrap();
    let before = house.act(&house.handler(), &before, "send-draft", &[]).await.unwrap();
    let before = house.act(&house.citizen("an"), &before, "confirm", &[]).await.unwrap();
    let before = house.act(&house.handler(), &before, "submit", &[]).await.unwrap();
    let before = house.approved(&before).await;
    assert_eq!((before.state.as_str(), before.kind_version), ("done", 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_moves_to_another_version_by_whoever_decides_it_and_with_a_reason() {
    let house = House::open().await;
    goes_on_to(&house, "2027-02-26");
    let dossier = house.casework.file(&house.citizen("an"), birth()).await.unwrap().dossier;
    let dossier = house.act(&house.clerk(), &dossier, "accept", &[]).await.unwrap();
    let versions = |found: Vec<std::sync::Arc<dinh_cases::Kind>>| -> Vec<u32> {
        found.iter().map(|kind| kind.version).collect()
    };
    let may = house.casework.adoptable(&house.leader(), &dossier.id).await.unwrap();
    assert_eq!(versions(may), [] as [u32; 0], "the new law does not hold yet");
    goes_on_to(&house, "2027-03-01");
    let may = house.casework.adoptable(&house.leader(), &dossier.id).await.unwrap();
    assert_eq!(versions(may), [2]);
    for other in [house.clerk(), house.handler(), house.citizen("an")] {
        let may = house.casework.adoptable(&other, &dossier.id).await.unwrap();
        assert_eq!(versions(may), [] as [u32; 0]);
    }
    let reason = "Người yêu cầu đề nghị áp dụng luật mới";
    let on = |dossier: &Dossier| (dossier.id.clone(), dossier.version);
    let (id, version) = on(&dossier);
    let (leader, handler) = (house.leader(), house.handler());
    let adopt =
        async |session, version, to, reason| house.casework.adopt(session, (&id, version), to, reason).await;
    let refused = adopt(&handler, version, 2, reason).await;
    assert!(matches!(refused, Err(Error::Refused(Refused::Role { .. }))), "{refused:?}");
    let is_denied = |entry: &Entry| matches!(&entry.what, What::Noted(note) if note.act == Act::Denied && note.details["action"] == "adopt");
    assert!(house.audit(3).await.iter().any(is_denied), "that it was tried is on record");
    let short = adopt(&leader, version, 2, "vì luật").await;
    assert!(matches!(short, Err(Error::Text { field: "reason", .. })), "{short:?}");
    for none in [1, 3] {
        let refused = adopt(&leader, version, none, reason).await;
        assert!(matches!(refused, Err(Error::Refused(Refused::Kind(_)))), "{none}: {refused:?}");
    }
    let stale = adopt(&leader, version - 1, 2, reason).await;
    assert!(matches!(stale, Err(Error::Conflict)), "{stale:?}");
    let moved = adopt(&leader, version, 2, reason).await.unwrap();
    assert_eq!((moved.kind_version, &moved.number, moved.due), (2, &dossier.number, dossier.due));
    let shown = house.casework.show(&house.leader(), &moved.id).await.unwrap();
    let step = shown.dossier.case.unwrap().steps.pop().unwrap();
    assert_eq!((step.action.as_str(), step.asked["reason"].text()), ("adopt", Some(reason)));
}

/// The ward of these tests and the one beside it become one on the first of January.
async fn merge(house: &House) {
    let names = Names::default();
    let now = house.clock.now();
    let mut new = Entity::new(urn(NEW), names.of("Unit"), now);
    new.attributes =
        Fields::new(&names, now).with("code", "H57.20.09").with("validFrom", "2027-01-01").attributes;
    let name = Value::Language([("vi".to_owned(), OneOrMany::One("Phường mới".to_owned()))].into());
    new.set(names.of("name"), Attribute::new(name, now));
    let session = house.context.system("test", hue());
    session.create(new).await.unwrap();
    for unit in [WARD, OTHER] {
        let ends = Fields::new(&names, now).with("validTo", "2026-12-31").to("succeededBy", &urn(NEW));
        session.commit(Commit::from(Op::mutate(urn(unit), ends.change()))).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_units_merge_their_open_dossiers_go_on_in_the_new_one() {
    let house = House::open().await;
    let open = house.filed("an").await.dossier;
    let open = house.act(&house.clerk(), &open, "accept", &[]).await.unwrap();
    let asked = house.filed("binh").await.dossier;
    let asked =
        house.act(&house.clerk(), &asked, "ask-completion", &[("reason", "Thiếu bản chụp")]).await.unwrap();
    let over = house.filed("chi").await.dossier;
    let over = house.act(&house.citizen("chi"), &over, "withdraw", &[]).await.unwrap();
    merge(&house).await;
    assert_eq!(house.casework.succeed_once(&hue()).await.unwrap(), 0, "not before its day");
    goes_on_to(&house, "2027-01-04");
    assert_eq!(house.casework.succeed_once(&hue()).await.unwrap(), 2);
    assert_eq!(house.casework.succeed_once(&hue()).await.unwrap(), 0, "once");
    // Those who work in the new ward go on with it; those of the old one have nothing to do with it any more.
    let handler = house.official("handler", "officer", NEW);
    let there = house.casework.show(&handler, &open.id).await.unwrap().dossier;
    assert_eq!((&there.receiving, &there.handling, &there.competent), (&urn(NEW), &urn(NEW), &urn(NEW)));
    assert_eq!((&there.number, there.due, there.desk.clone()), (&open.number, open.due, Some(urn(NEW))));
    assert!(house.act(&house.handler(), &there, "start", &[]).await.is_err());
    let there = house.act(&handler, &there, "start", &[]).await.unwrap();
    assert_eq!(there.state, "processing");
    // What waits for its applicant goes over too, what is over does not.
    let clerk = house.official("clerk", "one-stop-officer", NEW);
    assert_eq!(house.casework.show(&clerk, &asked.id).await.unwrap().dossier.receiving, urn(NEW));
    assert_eq!(house.casework.show(&house.clerk(), &over.id).await.unwrap().dossier.receiving, urn(WARD));
    // A complaint about what is over goes to the unit that has the work of the old one.
    let complaint = Complaint {
        kind: "feedback".to_owned(),
        answers: json!({"matter": "late", "text": "Trả lời chậm quá hẹn."}).as_object().cloned().unwrap(),
        once: "1".to_owned(),
    };
    let (session, about) = (house.citizen("chi"), About::Own(&over.id));
    let filed = Box::pin(house.casework.complain(&session, about, complaint)).await.unwrap().dossier;
    assert_eq!((&filed.receiving, &filed.competent), (&urn(NEW), &urn(NEW)));
    // Nothing is filed with a unit that is no more, and the new one numbers by its own code.
    let late = house.casework.file(&house.citizen("dung"), copies(Channel::Online)).await;
    assert!(matches!(late, Err(Error::NoUnit(_))), "{late:?}");
    let filing = Filing { receiving: urn(NEW), ..copies(Channel::Counter) };
    let new = house.casework.file(&clerk, filing).await.unwrap().dossier;
    assert_eq!(new.number.as_deref(), Some("H57.20.09-270104-0001"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_version_that_is_in_use_is_not_changed() {
    let house = House::open().await;
    house.casework.check_published().await.unwrap();
    let session = house.context.system("test", hue());
    let forget = || {
        let key = "civil-status-copy 1".to_owned();
        let body = json!({"digest": "of another text"});
        Commit::atomic(vec![Op::PutRecord { kind: "case-version".to_owned(), key, body }])
    };
    // Nobody has filed under it: what it says may change.
    session.commit(forget()).await.unwrap();
    house.casework.check_published().await.unwrap();
    house.filed("an").await;
    house.casework.check_published().await.unwrap();
    session.commit(forget()).await.unwrap();
    let refused = house.casework.check_published().await;
    assert!(
        matches!(&refused, Err(Error::Pack { reason, .. }) if reason.contains("is in use")),
        "{refused:?}"
    );
}
