//! What a one-stop desk does: takes in what is complete and what is not, hands over, gives back.

use std::collections::BTreeMap;

use dinh_cases::{Answer, Channel, Outcome, Refused};
use dinh_casework::{Applicant, ApplicantKind, AtCounter, AtDesk, Batch, Error, Filing, Then};
use dinh_model::{Clock as _, EntityId};

use crate::house::{House, MINUTE, OTHER, WARD, copies, urn};

fn then(action: &str, reason: &str) -> AtDesk {
    let asked = BTreeMap::from([("reason".to_owned(), Answer::Text(reason.to_owned()))]);
    AtDesk { then: Then::Act { action: action.to_owned(), asked }, ..AtDesk::default() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_incomplete_is_asked_for_or_refused_in_the_same_commit() {
    let house = House::open().await;
    let (clerk, casework) = (house.clerk(), &house.casework);
    let at_desk = then("ask-completion", "Thiếu văn bản uỷ quyền");
    let asked = casework.file(&clerk, Filing { at_desk, ..copies(Channel::Counter) }).await.unwrap().dossier;
    assert_eq!((asked.state.as_str(), asked.number.as_deref()), ("incomplete", None));
    let shown = casework.show(&clerk, &asked.id).await.unwrap().dossier;
    let case = shown.case.unwrap();
    assert_eq!(
        case.steps.iter().map(|step| step.action.as_str()).collect::<Vec<_>>(),
        ["open", "ask-completion"]
    );
    assert_eq!(case.supplements[0].reason, "Thiếu văn bản uỷ quyền");
    let at_desk = then("refuse-intake", "Không thuộc thẩm quyền của phường");
    let refused =
        casework.file(&clerk, Filing { at_desk, ..copies(Channel::Counter) }).await.unwrap().dossier;
    assert_eq!(refused.ended.map(|(_, outcome)| outcome), Some(Outcome::NotAccepted));
    let silent = Filing { at_desk: then("refuse-intake", ""), ..copies(Channel::Counter) };
    let silent = casework.file(&clerk, silent).await;
    assert!(
        matches!(silent, Err(Error::Refused(Refused::Asked { .. }))),
        "a refusal has its reason: {silent:?}"
    );
    let list = casework.at_counter(&clerk, &AtCounter::Received("incomplete".to_owned())).await.unwrap();
    assert_eq!(list.total, 1, "and what was refused to be filed left nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_channel_counts_as_it_should() {
    let house = House::open().await;
    let (clerk, casework) = (house.clerk(), &house.casework);
    let friday = house.clock.now().plus_micros(-3 * 24 * 60 * MINUTE);
    let sent = AtDesk { sent: Some(friday), ..AtDesk::default() };
    let filing = |channel, at_desk: &AtDesk| Filing { at_desk: at_desk.clone(), ..copies(channel) };
    let post = casework.file(&clerk, filing(Channel::Post, &sent)).await.unwrap().dossier;
    assert_eq!((post.state.as_str(), post.received), ("received", Some(house.clock.now())));
    let paper = casework.file(&clerk, filing(Channel::Offline, &sent)).await.unwrap().dossier;
    assert_eq!((paper.state.as_str(), paper.received), ("received", Some(friday)));
    let backdated = casework.file(&clerk, filing(Channel::Counter, &sent)).await;
    assert!(matches!(backdated, Err(Error::Refused(Refused::Sent))), "{backdated:?}");
    let helped = casework.file(&clerk, filing(Channel::Assisted, &AtDesk::default())).await.unwrap().dossier;
    assert_eq!((helped.state.as_str(), helped.number.as_deref()), ("filed", None), "waits to be checked");
    assert_eq!(helped.account, None, "it is the applicant's, not the official's");
    let today = casework.at_counter(&clerk, &AtCounter::ReceivedToday).await.unwrap();
    assert_eq!(today.total, 1, "what was taken down on Friday was received on Friday");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_organisations_are_chosen_and_must_be_units() {
    let house = House::open().await;
    let at_desk = AtDesk { handling: Some(urn(OTHER)), ..AtDesk::default() };
    let filing = Filing { at_desk, competent: Some(urn(OTHER)), ..copies(Channel::Counter) };
    let dossier = house.casework.file(&house.clerk(), filing).await.unwrap().dossier;
    let units = [&dossier.receiving, &dossier.handling, &dossier.competent];
    assert_eq!(units, [&urn(WARD), &urn(OTHER), &urn(OTHER)]);
    assert_eq!(dossier.desk, Some(urn(OTHER)));
    let nowhere = Filing { competent: Some(urn("Unit:none")), ..copies(Channel::Counter) };
    let nowhere = house.casework.file(&house.clerk(), nowhere).await;
    assert!(matches!(nowhere, Err(Error::NotAUnit(_))), "{nowhere:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn applicants_have_numbers_of_their_kind_and_are_found_again() {
    let house = House::open().await;
    let (clerk, casework) = (house.clerk(), &house.casework);
    let of = |kind, number: &str| {
        let known = copies(Channel::Counter).applicant;
        let applicant = Applicant { kind, number: Some(number.to_owned()), ..known };
        Filing { applicant, ..copies(Channel::Counter) }
    };
    let wrong = casework.file(&clerk, of(ApplicantKind::Enterprise, "0100109107")).await;
    assert!(matches!(wrong, Err(Error::Number { .. })), "{wrong:?}");
    let filed = casework.file(&clerk, of(ApplicantKind::Enterprise, "0100109106")).await.unwrap().dossier;
    let number = filed.number.unwrap();
    let found = casework.find_applicants(&clerk, &number).await.unwrap();
    assert_eq!((found.len(), found[0].dossier.as_deref()), (1, Some(number.as_str())));
    assert_ne!(found[0].name, "Trần Thị An", "lists are masked");
    let taken = casework.take_applicant(&clerk, &found[0].id).await.unwrap();
    assert_eq!((taken.name.as_str(), taken.number.as_deref()), ("Trần Thị An", Some("0100109106")));
    let stranger = house.official("c2", "one-stop-officer", OTHER);
    assert_eq!(casework.find_applicants(&stranger, &number).await.unwrap(), []);
    let hidden = casework.take_applicant(&stranger, &found[0].id).await;
    assert!(matches!(hidden, Err(Error::NoSuch(_))), "{hidden:?}");
    let mut forged = copies(Channel::Counter);
    forged.applicant.subject = Some(EntityId::parse("urn:ngsi-ld:Person:somebody").unwrap());
    let forged = casework.file(&clerk, forged).await;
    assert!(matches!(forged, Err(Error::NoSuch(_))), "nobody names a person they may not see: {forged:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dossier_goes_from_desk_to_desk_and_each_side_says_so() {
    let house = House::open().await;
    let filed = house.casework.file(&house.clerk(), copies(Channel::Counter)).await.unwrap().dossier;
    let asked = BTreeMap::from([("unit".to_owned(), Answer::Text(urn(OTHER).to_string()))]);
    let batch =
        Batch { cases: vec![(filed.id.clone(), filed.version)], action: "hand-over".to_owned(), asked };
    let handed = house.casework.batch(&house.clerk(), batch).await.unwrap();
    let handed = handed[0].result.as_ref().unwrap();
    assert_eq!((handed.state.as_str(), &handed.handling), ("handed-over", &urn(OTHER)));
    let other = house.official("h2", "officer", OTHER);
    let waits = AtCounter::OnDesk("handed-over".to_owned());
    assert_eq!(house.casework.at_counter(&other, &waits).await.unwrap().total, 1);
    assert_eq!(house.casework.at_counter(&house.clerk(), &waits).await.unwrap().total, 0);
    let early = house.act(&other, handed, "start", &[]).await;
    assert!(matches!(early, Err(Error::Refused(Refused::State { .. }))), "first it is taken over: {early:?}");
    let mine = house.act(&house.handler(), handed, "take-over", &[]).await;
    assert!(matches!(mine, Err(Error::Refused(Refused::Role { .. }))), "not by whoever gave it: {mine:?}");
    let taken = house.act(&other, handed, "take-over", &[("note", "Đủ giấy tờ")]).await.unwrap();
    assert_eq!(taken.state, "received");
    assert_eq!(taken.due, filed.due, "a hand-over moves no promise");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_goes_by_post_and_comes_back_and_originals_are_returned() {
    let house = House::open().await;
    let (clerk, mut dossier) = (house.clerk(), house.filed("an").await.dossier);
    let steps = [
        ("accept", &clerk),
        ("start", &house.handler()),
        ("submit", &house.handler()),
        ("approve", &house.leader()),
        ("issue-on-paper", &house.records()),
    ];
    for (action, who) in steps {
        dossier = house.act(who, &dossier, action, &[]).await.unwrap();
    }
    let bare = house.act(&clerk, &dossier, "send-by-post", &[]).await;
    assert!(matches!(bare, Err(Error::Refused(Refused::Asked { .. }))), "{bare:?}");
    let sent = house.act(&clerk, &dossier, "send-by-post", &[("tracking", "EK123456789VN")]).await.unwrap();
    assert_eq!((sent.state.as_str(), sent.desk.as_ref()), ("on-the-way", Some(&urn(WARD))));
    let back = house.act(&clerk, &sent, "came-back", &[("reason", "Không có người nhận")]).await.unwrap();
    assert_eq!(back.state, "done");
    let again = house.act(&clerk, &back, "send-by-post", &[("tracking", "EK123456790VN")]).await.unwrap();
    let done = house.act(&clerk, &again, "arrived", &[]).await.unwrap();
    assert_eq!((done.state.as_str(), done.on_time), ("delivered", Some(true)));
    let case = house.casework.show(&clerk, &done.id).await.unwrap().dossier.case.unwrap();
    assert_eq!((&case.facts["delivery"], &case.facts["tracking"]), (&"post".into(), &"EK123456790VN".into()));
    let asked = BTreeMap::from([("parts".to_owned(), Answer::Codes(vec!["authorisation".to_owned()]))]);
    let on = (&done.id, done.version);
    let returned = house.casework.act(&clerk, on, "return-originals", asked, BTreeMap::new()).await.unwrap();
    assert_eq!(returned.state, "delivered", "it changes nothing of how it ended");
}
