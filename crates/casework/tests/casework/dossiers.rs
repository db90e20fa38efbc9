use std::collections::BTreeMap;

use dinh_cases::{Channel, Outcome, Refused};
use dinh_casework::{Batch, Error, Queue};
use dinh_context::graph::Act;

use crate::house::{House, WARD, copies, urn};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_filing_to_the_result() {
    let house = House::open().await;
    let filed = house.filed("an").await;
    assert_eq!((filed.dossier.state.as_str(), filed.dossier.number.as_deref()), ("filed", None));
    house.pass(30);
    let dossier = house.act(&house.clerk(), &filed.dossier, "accept", &[]).await.unwrap();
    assert_eq!(dossier.number.as_deref(), Some("H57.20.01-261123-0001"));
    assert_eq!(dossier.due.map(|due| due.to_string()).as_deref(), Some("2026-11-23T10:30:00Z"));
    assert_eq!(dossier.desk, Some(urn(WARD)));
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    assert_eq!(dossier.assignee.as_deref(), Some("handler"));
    let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
    let dossier = house.approved(&dossier).await;
    assert_eq!(dossier.ended.map(|(_, outcome)| outcome), Some(Outcome::Granted));
    assert_eq!((dossier.on_time, dossier.due), (Some(true), None), "nothing is due any more");
    let dossier = house.act(&house.clerk(), &dossier, "deliver", &[("how", "counter")]).await.unwrap();
    assert_eq!((dossier.state.as_str(), dossier.desk), ("delivered", None));
    let held = house.casework.own_documents(&house.citizen("an")).await.unwrap();
    assert_eq!(held.len(), 1, "the result is in the locker");
    assert_eq!((held[0].kind.as_str(), held[0].is_valid), ("civil-status-extract", true));
    assert_eq!(house.casework.own_documents(&house.citizen("binh")).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn at_a_counter_a_dossier_is_received_at_once() {
    let house = House::open().await;
    let filed = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap();
    assert_eq!(filed.dossier.number.as_deref(), Some("H57.20.01-261123-0001"));
    assert_eq!((filed.dossier.state.as_str(), filed.dossier.account), ("received", None));
    // A citizen does not sit at the counter, and another ward's clerk not at this one.
    for session in [house.citizen("an"), house.official("c2", "one-stop-officer", "Unit:phuong-2")] {
        let refused = house.casework.file(&session, copies(Channel::Counter)).await;
        assert!(matches!(refused, Err(Error::Refused(Refused::Role { .. }))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gaps_whoever_files_at_once() {
    let house = House::open().await;
    let clerk = house.clerk();
    let many = (0..40).map(|_| {
        let (casework, clerk, filing) = (house.casework.clone(), clerk.clone(), copies(Channel::Counter));
        tokio::spawn(async move { casework.file(&clerk, filing).await.unwrap().dossier.number.unwrap() })
    });
    let mut numbers = Vec::new();
    for one in many.collect::<Vec<_>>() {
        numbers.push(one.await.unwrap());
    }
    numbers.sort();
    let expected: Vec<String> = (1..=40).map(|n| format!("H57.20.01-261123-{n:04}")).collect();
    assert_eq!(numbers, expected);
    house.pass(24 * 60);
    let house = house.again().await;
    let next = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap();
    assert_eq!(next.dossier.number.as_deref(), Some("H57.20.01-261124-0001"), "each day begins anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_form_sent_twice_opens_one_dossier() {
    let house = House::open().await;
    let mut filing = copies(Channel::Online);
    filing.once = Some("form-7".to_owned());
    let first = house.casework.file(&house.citizen("an"), filing.clone()).await.unwrap();
    let second = house.casework.file(&house.citizen("an"), filing).await.unwrap();
    assert_eq!(first.dossier.id, second.dossier.id);
    assert!(first.secret.is_some() && second.secret.is_none());
    let own = house.casework.own_cases(&house.citizen("an"), 0, 10).await.unwrap();
    assert_eq!(own.total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_act_at_once_do_not_both_succeed() {
    let house = House::open().await;
    let filed = house.filed("an").await;
    let (clerk, dossier) = (house.clerk(), &filed.dossier);
    let accepted = house.act(&clerk, dossier, "accept", &[]).await.unwrap();
    let stale = house.act(&clerk, dossier, "accept", &[]).await;
    assert!(matches!(stale, Err(Error::Refused(Refused::State { .. }))), "{stale:?}");
    let old = dinh_casework::Dossier { version: accepted.version - 1, ..accepted.clone() };
    let conflict = house.act(&house.handler(), &old, "start", &[]).await;
    assert!(matches!(conflict, Err(Error::Conflict)), "{conflict:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_not_be_done_is_told_and_noted() {
    let house = House::open().await;
    let filed = house.filed("an").await;
    let skipped = house.act(&house.leader(), &filed.dossier, "approve", &[]).await;
    assert!(matches!(skipped, Err(Error::Refused(Refused::State { .. }))), "{skipped:?}");
    let usurped = house.act(&house.citizen("an"), &filed.dossier, "accept", &[]).await;
    assert!(matches!(usurped, Err(Error::Refused(Refused::Role { .. }))), "{usurped:?}");
    let audit = house.audit(6).await;
    let denied = audit.iter().filter_map(|entry| match &entry.what {
        dinh_context::graph::What::Noted(note) if note.act == Act::Denied => note.details["action"].as_str(),
        _ => None,
    });
    assert_eq!(denied.collect::<Vec<_>>(), ["accept", "approve"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_does_what_can_be_done() {
    let house = House::open().await;
    let (one, two) = (house.filed("an").await.dossier, house.filed("binh").await.dossier);
    let one = house.act(&house.clerk(), &one, "accept", &[]).await.unwrap();
    let batch = Batch {
        cases: vec![(one.id.clone(), one.version), (two.id.clone(), two.version)],
        action: "start".to_owned(),
        asked: BTreeMap::default(),
    };
    let tried = house.casework.batch(&house.handler(), batch.clone()).await.unwrap();
    assert_eq!(tried[0].result.as_ref().unwrap().state, "processing");
    assert!(matches!(tried[1].result, Err(Error::Refused(Refused::State { .. }))));
    let single = Batch { action: "accept".to_owned(), ..batch };
    let tried = house.casework.batch(&house.clerk(), single).await.unwrap();
    assert!(tried.iter().all(|one| matches!(one.result, Err(Error::Refused(Refused::NoAction(_))))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_queue_shows_what_is_due_first() {
    let house = House::open().await;
    let mut expected = Vec::new();
    for _ in 0..3 {
        let filed = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap();
        expected.push(filed.dossier.number.unwrap());
        house.pass(20);
    }
    let queue = Queue { desk: Some(urn(WARD)), ..Queue::default() };
    let page = house.casework.queue(&house.handler(), &queue, 0, 2).await.unwrap();
    let numbers: Vec<String> = page.dossiers.iter().filter_map(|dossier| dossier.number.clone()).collect();
    assert_eq!((numbers.as_slice(), page.total), (&expected[..2], 3));
    assert!(page.dossiers.iter().all(|dossier| dossier.case.is_none()), "lists are masked");
    let other = house.official("h2", "officer", "Unit:phuong-2");
    assert_eq!(house.casework.queue(&other, &queue, 0, 10).await.unwrap().total, 0, "another ward's");
    let found = Queue { number: Some(expected[1].clone()), ..Queue::default() };
    assert_eq!(house.casework.queue(&house.clerk(), &found, 0, 10).await.unwrap().total, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_in_while_it_is_open_and_are_opened_by_those_concerned() {
    let house = House::open().await;
    let mut filing = copies(Channel::Online);
    filing.kind = "birth-registration".to_owned();
    let kinds = house.casework.book().on("birth-registration", house.today()).cloned();
    let Some(part) = kinds.and_then(|kind| kind.parts.first().map(|part| part.code.clone())) else {
        panic!("the kind ships with parts");
    };
    let dossier = house.casework.file(&house.citizen("an"), filing).await.unwrap().dossier;
    let attach = async |who: &str, part: &str| {
        let (session, what) = (house.citizen(who), ("giay-chung-sinh.pdf", "application/pdf"));
        house.casework.attach(&session, &dossier.id, part, what, b"%PDF-1.7".to_vec()).await
    };
    attach("an", &part).await.unwrap();
    assert!(matches!(attach("binh", &part).await, Err(Error::NoSuch(_))));
    assert!(matches!(attach("an", "none").await, Err(Error::Refused(Refused::Kind(_)))));
    let shown = house.casework.show(&house.clerk(), &dossier.id).await.unwrap();
    let file = dinh_model::EntityId::parse(&shown.dossier.case.unwrap().parts[&part].files[0]).unwrap();
    for session in [house.citizen("an"), house.clerk()] {
        let opened = house.casework.open_file(&session, &dossier.id, &file).await.unwrap();
        assert_eq!(
            (opened.name.as_str(), opened.content.as_slice()),
            ("giay-chung-sinh.pdf", &b"%PDF-1.7"[..])
        );
    }
    let stranger = house.casework.open_file(&house.citizen("binh"), &dossier.id, &file).await;
    assert!(matches!(stranger, Err(Error::NoSuch(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_dossier_is_opened_with_what_is_there_already() {
    let house = House::open().await;
    let mut filing = copies(Channel::Counter);
    filing.kind = "birth-registration".to_owned();
    filing.answers = serde_json::json!({"birthProof": "electronic", "motherKnown": true, "copies": false})
        .as_object()
        .cloned()
        .unwrap();
    let dossier = house.casework.file(&house.clerk(), filing).await.unwrap().dossier;
    let dossier = house.act(&house.handler(), &dossier, "start", &[]).await.unwrap();
    let dossier = house.act(&house.handler(), &dossier, "submit", &[]).await.unwrap();
    let dossier = house.approved(&dossier).await;
    let parent = house.act(&house.clerk(), &dossier, "register-residence", &[]).await.unwrap();
    let queue = Queue { kind: Some("newborn-residence".to_owned()), ..Queue::default() };
    let found = house.casework.queue(&house.clerk(), &queue, 0, 10).await.unwrap();
    assert_eq!(found.total, 1);
    let child = &found.dossiers[0];
    assert_eq!((child.parent.as_ref(), child.channel), (Some(&parent.id), Channel::Case));
    let shown = house.casework.show(&house.clerk(), &child.id).await.unwrap().dossier;
    assert_eq!(shown.applicant.map(|one| one.name).as_deref(), Some("Trần Thị An"));
    let held = &shown.case.unwrap().parts["birth-certificate"];
    assert!(held.reused.is_some(), "nobody hands in again what was just issued");
    let accepted = house.act(&house.clerk(), child, "accept", &[]).await.unwrap();
    assert_eq!(accepted.number.as_deref(), Some("H57.20.01-261123-0002"));
    let again = house.act(&house.clerk(), &parent, "register-residence", &[]).await;
    assert!(matches!(again, Err(Error::Refused(Refused::Guard { .. }))), "{again:?}");
}
