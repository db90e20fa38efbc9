//! A change of law: Law 03/2026/QH16 on civil status holds from the 1st of March 2027.

use super::*;
use crate::Book;

fn version_on(book: &Book, day: &str) -> Option<u32> {
    book.on("birth-registration", day.parse().expect("is a day")).map(|kind| kind.version)
}

#[test]
fn births_are_registered_under_the_law_of_the_day_on_which_they_are_filed() {
    let book = Book::new(shipped()).expect("fit together");
    assert_eq!(version_on(&book, "2027-02-28"), Some(1));
    assert_eq!(version_on(&book, "2027-03-01"), Some(2));
    let law = |version| {
        let kind = book.version("birth-registration", version).expect("ships");
        kind.basis.iter().any(|basis| basis.number == "03/2026/QH16")
    };
    assert_eq!((law(1), law(2)), (false, true));
}

#[test]
fn what_was_filed_before_ends_under_the_old_law() {
    let mut versions = shipped();
    versions.retain(|kind| kind.code == "birth-registration");
    let [new, old] = <[Kind; 2]>::try_from({
        versions.sort_by_key(|kind| std::cmp::Reverse(kind.version));
        versions
    })
    .expect("two versions");
    let (new, old) = (House::of(new), House::of(old));
    let answers = || filed(Some("birth-registration"), "birth-registration");
    // Sunday, 28 February 2027: filed online before the law changes, received on Monday after it has.
    let case = opened_at(&old, "2027-02-28T20:00", answers(), Channel::Online);
    let rules = new.rules(at("2027-02-28T20:00"));
    let early = new.kind.open(new.opening(&rules, "2027-02-28T20:00", answers()));
    assert!(matches!(early, Err(Refused::Kind(_))), "the new law does not hold yet");
    let case = does(&old, &case, "2027-03-01T08:30", &clerk(), "accept");
    assert_eq!((case.version, case.due(&old.schedule)), (1, Some(at("2027-03-01T17:30"))));
    let case = does(&old, &case, "2027-03-01T08:40", &handler(), "start");
    let case = does(&old, &case, "2027-03-01T08:45", &program(), "collect");
    let case = does(&old, &case, "2027-03-01T08:50", &handler(), "send-draft");
    let case = does(&old, &case, "2027-03-01T09:00", &citizen(), "confirm");
    let case = does(&old, &case, "2027-03-01T09:10", &handler(), "submit");
    let case = does(&old, &case, "2027-03-01T09:20", &leader(), "approve");
    let case = does(&old, &case, "2027-03-01T09:20", &records(), "issue-on-paper");
    assert_eq!((case.version, case.state.as_str()), (1, "done"));
    // The paper that the new law does not know any more.
    assert!(old.kind.part("residence").is_some() && new.kind.part("residence").is_none());
    let later = opened_at(&new, "2027-03-01T08:00", answers(), Channel::Online);
    assert_eq!(later.version, 2);
}

#[test]
fn a_dossier_moves_to_the_new_law_only_with_a_reason() {
    let mut versions = shipped();
    versions.retain(|kind| kind.code == "birth-registration" && kind.version == 2);
    let new = versions.pop().expect("ships");
    let old = House::of(kind("birth-registration"));
    let case = opened(&old, "birth-registration", Channel::Counter);
    let case = does(&old, &case, "2026-11-23T08:30", &clerk(), "accept");
    let reason = "Người yêu cầu đề nghị áp dụng luật mới";
    let moved = new.adopt(&case, (&leader(), "decider"), at("2027-03-02T08:00"), reason).expect("moves");
    assert_eq!((moved.version, &moved.clock), (2, &case.clock), "a promise that was given stays");
    let step = moved.steps.last().expect("is told");
    assert_eq!(
        (step.action.as_str(), step.asked.get("reason").and_then(Answer::text)),
        ("adopt", Some(reason))
    );
}

#[test]
fn copies_are_granted_once_their_fee_was_paid_or_is_nothing() {
    let mut versions = shipped();
    versions.retain(|kind| kind.code == "civil-status-copy" && kind.version == 2);
    let new = House::of(versions.pop().expect("ships"));
    let example = || filed(Some("civil-status-copy"), "civil-status-copy");
    let decided = |answers| {
        let case = opened_at(&new, "2027-03-02T08:00", answers, Channel::Online);
        let case = does(&new, &case, "2027-03-02T08:30", &clerk(), "accept");
        let case = does(&new, &case, "2027-03-02T08:40", &handler(), "start");
        does(&new, &case, "2027-03-02T08:50", &handler(), "submit")
    };
    let unpaid = decided(example());
    let early = acts(&new, &unpaid, "2027-03-02T09:00", &leader(), "approve");
    assert!(matches!(early, Err(Refused::Guard { .. })), "{early:?}");
    // Asked for while it is worked on: the clock stands still, and goes on once it was paid.
    let case = opened_at(&new, "2027-03-02T08:00", example(), Channel::Online);
    let case = does(&new, &case, "2027-03-02T08:30", &clerk(), "accept");
    let case = does(&new, &case, "2027-03-02T08:40", &handler(), "start");
    let case = does(&new, &case, "2027-03-02T08:50", &handler(), "ask-payment");
    let case = does(&new, &case, "2027-03-02T09:30", &program(), "pay");
    assert_eq!(case.facts.get("paid"), Some(&Json::from(24_000)));
    let case = does(&new, &case, "2027-03-02T09:40", &handler(), "submit");
    let case = does(&new, &case, "2027-03-02T09:50", &leader(), "approve");
    assert_eq!(case.state, "issuing");
    let mut exempt = example();
    exempt.insert("exempt".to_owned(), Json::Bool(true));
    let case = does(&new, &decided(exempt), "2027-03-02T09:00", &leader(), "approve");
    assert_eq!(case.state, "issuing", "nothing is owed");
}
