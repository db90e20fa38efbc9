//! What happens by itself, and what procedures have of their own.

use serde_json::json;

use super::*;
use crate::{Effect, HeldAs, Outcome, Wake};

/// Received and taken on at the counter.
fn taken_on(code: &str, example: &str, channel: Channel) -> (House, Case) {
    let house = House::of(kind(code));
    let mut case = opened(&house, example, channel);
    if code == "household-business" {
        case = does(&house, &case, "2026-11-23T08:10", &program(), "collect");
    }
    let case = does(&house, &case, "2026-11-23T08:30", &clerk(), "accept");
    let case = does(&house, &case, "2026-11-23T09:00", &handler(), "start");
    (house, case)
}

/// What happens by itself next, as an action; escalations were told already.
fn next_action(house: &House, case: &Case, now: &str) -> Option<(String, String)> {
    let mut case = case.clone();
    case.told = house.kind.escalations.iter().map(|one| one.code.clone()).collect();
    let woken = house.kind.next_wake(&case, at(now), &house.schedule)?;
    let local = jiff::tz::Offset::constant(7).to_datetime(woken.at).strftime("%Y-%m-%dT%H:%M").to_string();
    match woken.what {
        Wake::Act(action) => Some((local, action)),
        Wake::Tell { .. } => None,
    }
}

fn next(when: &str, action: &str) -> (String, String) {
    (when.to_owned(), action.to_owned())
}

#[test]
fn silence_confirms_a_birth_after_a_day() {
    let (house, case) = taken_on("birth-registration", "birth-registration", Channel::Online);
    let refused =
        acts(&house, &case, "2026-11-23T09:10", &handler(), "submit").expect_err("is not confirmed");
    assert!(matches!(refused, Refused::Guard { .. }));
    let case = does(&house, &case, "2026-11-23T09:30", &handler(), "send-draft");
    assert_eq!(case.due(&house.schedule), None, "the clock stands still while the applicant looks");
    assert_eq!(
        next_action(&house, &case, "2026-11-23T09:30"),
        Some(next("2026-11-25T17:30", "confirm")),
        "the day after is off"
    );
    let wrong = does(&house, &case, "2026-11-23T09:40", &citizen(), "correct");
    assert!(
        acts(&house, &wrong, "2026-11-23T09:50", &handler(), "submit").is_err(),
        "a correction is no consent"
    );
    let case = does(&house, &case, "2026-11-25T17:30", &program(), "confirm");
    does(&house, &case, "2026-11-26T08:00", &handler(), "submit");
}

#[test]
fn residence_and_health_card_follow_from_a_birth_once() {
    let (house, case) = taken_on("birth-registration", "birth-registration", Channel::Counter);
    let case = does(&house, &case, "2026-11-23T09:10", &clerk(), "collect");
    let case = does(&house, &case, "2026-11-23T09:20", &handler(), "submit");
    let case = does(&house, &case, "2026-11-23T09:30", &leader(), "approve");
    let case = does(&house, &case, "2026-11-23T09:30", &records(), "issue-on-paper");
    let residence = acts(&house, &case, "2026-11-23T10:00", &handler(), "register-residence").expect("opens");
    assert_eq!(residence.effects, [Effect::Open { kind: "newborn-residence".to_owned() }]);
    let card = acts(&house, &residence.case, "2026-11-23T10:01", &handler(), "issue-health-card");
    let card = card.expect("opens");
    assert_eq!(card.effects, [Effect::Open { kind: "newborn-health-card".to_owned() }]);
    let again = acts(&house, &card.case, "2026-11-23T10:02", &handler(), "register-residence");
    assert!(matches!(again, Err(Refused::Guard { .. })));
    // The child of the case needs what the parent has brought about, and nobody hands it in again.
    let child = kind("newborn-residence");
    let part = child.part("birth-certificate").expect("is asked for");
    assert_eq!(part.served_by, [house.kind.results[0].document.as_str()]);
    let child = House::of(child);
    let mut case = opened(&child, "none", Channel::Case);
    let certificate = Some("urn:ngsi-ld:Document:1".to_owned());
    case.parts.insert(
        "birth-certificate".to_owned(),
        crate::Held { held_as: HeldAs::Reused, files: vec![], reused: certificate },
    );
    does(&child, &case, "2026-11-23T10:30", &clerk(), "accept");
}

#[test]
fn an_abandoned_child_is_posted_for_seven_days_first() {
    let house = House::of(kind("birth-registration"));
    let mut answers = filed(house.kind.form.as_deref(), "birth-registration");
    answers.insert("motherKnown".to_owned(), json!(false));
    answers.insert("fatherKnown".to_owned(), json!(false));
    let case = opened_at(&house, "2026-11-23T08:00", answers, Channel::Counter);
    assert_eq!(case.variant.as_deref(), Some("abandoned"));
    assert_eq!(case.parts.keys().collect::<Vec<_>>(), ["abandonment-record"]);
    let case = does(&house, &case, "2026-11-23T08:30", &clerk(), "accept");
    let case = does(&house, &case, "2026-11-23T09:00", &handler(), "start");
    assert!(acts(&house, &case, "2026-11-23T09:10", &handler(), "submit").is_err(), "nothing was posted");
    let case = does(&house, &case, "2026-11-23T09:30", &handler(), "post");
    assert_eq!(next_action(&house, &case, "2026-11-23T09:30"), Some(next("2026-11-30T17:30", "end-posting")));
    let case = does(&house, &case, "2026-11-30T17:30", &program(), "end-posting");
    does(&house, &case, "2026-12-01T08:00", &handler(), "submit");
}

#[test]
fn a_permit_is_not_granted_before_its_fee_is_paid() {
    let code = "house-construction-permit";
    let (house, case) = taken_on(code, code, Channel::Counter);
    let case = does(&house, &case, "2026-11-23T09:10", &handler(), "call-inspection");
    let case = does(&house, &case, "2026-11-25T09:10", &handler(), "record-inspection");
    let ready = does(&house, &case, "2026-11-25T10:00", &handler(), "submit");
    let refused = acts(&house, &ready, "2026-11-25T11:00", &leader(), "approve").expect_err("is not paid");
    assert!(matches!(refused, Refused::Guard { unless: Some(_), .. }));
    let asked = does(&house, &case, "2026-11-25T10:00", &handler(), "ask-payment");
    assert_eq!(house.kind.state(&asked.state).and_then(|state| state.national), Some(6));
    assert_eq!(asked.due(&house.schedule), None, "the clock stands still until it is paid");
    let citizen_pays = acts(&house, &asked, "2026-11-25T10:10", &citizen(), "pay");
    assert!(matches!(citizen_pays, Err(Refused::Role { .. })), "nobody confirms their own payment");
    let paid = does(&house, &asked, "2026-11-25T10:10", &program(), "pay");
    assert_eq!(paid.facts["paid"], json!(75_000));
    assert!(acts(&house, &paid, "2026-11-25T10:20", &clerk(), "collect").is_err(), "not twice");
    let (house, case) = taken_on(code, code, Channel::Online);
    let none =
        acts(&house, &case, "2026-11-23T09:10", &handler(), "ask-payment").expect_err("is free online");
    assert!(matches!(none, Refused::Guard { .. }));
}

#[test]
fn an_agency_that_is_silent_for_twelve_days_agrees() {
    let code = "house-construction-permit";
    let (house, case) = taken_on(code, code, Channel::Online);
    let case = does(&house, &case, "2026-11-23T09:10", &handler(), "consult");
    let case = does(&house, &case, "2026-11-23T09:20", &handler(), "call-inspection");
    let case = does(&house, &case, "2026-11-26T09:00", &handler(), "record-inspection");
    assert_eq!(case.tasks[0].due, at("2026-12-07T17:30"), "the twelfth day is a Saturday: Monday");
    let early = acts(&house, &case, "2026-12-07T17:30", &handler(), "submit").expect_err("is waited for");
    assert!(matches!(early, Refused::Guard { .. }));
    let case = does(&house, &case, "2026-12-07T17:31", &handler(), "submit");
    let case = does(&house, &case, "2026-12-08T08:00", &leader(), "approve");
    let case = does(&house, &case, "2026-12-08T08:00", &records(), "issue-on-paper");
    assert_eq!(case.ended.map(|(_, outcome)| outcome), Some(Outcome::Granted));
    // Elsewhere silence is no agreement.
    let (house, case) = taken_on("discharge-permit", "discharge-permit", Channel::Online);
    let case = does(&house, &case, "2026-11-23T09:10", &handler(), "consult");
    let case = does(&house, &case, "2026-11-23T09:20", &handler(), "convene");
    let case = does(&house, &case, "2026-11-25T09:20", &handler(), "conclude");
    assert!(acts(&house, &case, "2027-03-01T09:00", &handler(), "submit").is_err());
}

#[test]
fn silence_on_a_supplement_ends_what_the_law_lets_end() {
    for (code, example, end) in [
        ("household-business", "household-business", "2027-01-22T17:30"),
        ("first-grade-admission", "first-grade-admission", "2026-12-01T17:30"),
        ("discharge-permit", "discharge-permit", "2027-11-23T17:30"),
    ] {
        let (house, case) = taken_on(code, example, Channel::Online);
        let case = does(&house, &case, "2026-11-23T10:00", &handler(), "ask-more");
        assert_eq!(next_action(&house, &case, "2026-11-23T10:00"), Some(next(end, "lapse")), "{code}");
        let case = does(&house, &case, end, &program(), "lapse");
        assert_eq!((case.state.as_str(), case.ended.map(|e| e.1)), ("stopped", Some(Outcome::Stopped)));
    }
    let code = "house-construction-permit";
    let (house, case) = taken_on(code, code, Channel::Online);
    let case = does(&house, &case, "2026-11-23T10:00", &handler(), "ask-more");
    assert_eq!(next_action(&house, &case, "2026-11-23T10:00"), None, "nothing of the kind in the record");
}

#[test]
fn what_must_be_verified_takes_three_days_instead_of_one() {
    let code = "residence-confirmation";
    let (house, case) = taken_on(code, code, Channel::Online);
    assert_eq!(case.due(&house.schedule), Some(at("2026-11-25T17:30")));
    let case = does(&house, &case, "2026-11-23T10:00", &handler(), "verify");
    assert_eq!(case.due(&house.schedule), Some(at("2026-11-27T17:30")));
    let case = does(&house, &case, "2026-11-26T10:00", &handler(), "verified");
    assert!(acts(&house, &case, "2026-11-26T11:00", &handler(), "verify").is_err(), "once");
    does(&house, &case, "2026-11-26T11:00", &handler(), "submit");
}

#[test]
fn what_concerns_hiv_is_not_posted() {
    let house = House::of(kind("social-assistance"));
    let mut answers = filed(house.kind.form.as_deref(), "social-assistance");
    answers.insert("category".to_owned(), json!("hiv"));
    let case = opened_at(&house, "2026-11-23T08:00", answers, Channel::Counter);
    let case = does(&house, &case, "2026-11-23T08:30", &clerk(), "accept");
    let case = does(&house, &case, "2026-11-23T09:00", &handler(), "start");
    assert!(matches!(
        acts(&house, &case, "2026-11-23T09:10", &handler(), "post"),
        Err(Refused::Guard { .. })
    ));
    does(&house, &case, "2026-11-23T09:20", &handler(), "submit");
}

#[test]
fn an_objection_ends_the_posting_and_is_told() {
    let (house, case) = taken_on("social-assistance", "social-assistance", Channel::Counter);
    let case = does(&house, &case, "2026-11-23T10:00", &handler(), "post");
    assert_eq!(next_action(&house, &case, "2026-11-23T10:00"), Some(next("2026-11-26T17:30", "end-posting")));
    let objected = acts(&house, &case, "2026-11-25T10:00", &clerk(), "object").expect("is taken down");
    let told = Effect::Notify { role: "decider".to_owned(), message: "objected".to_owned() };
    assert_eq!((objected.case.state.as_str(), objected.effects), ("processing", vec![told]));
}

#[test]
fn works_that_run_are_visited_and_projects_go_before_a_council() {
    let (house, running) = taken_on("discharge-permit", "discharge-permit-operating", Channel::Online);
    assert_eq!(running.variant.as_deref(), Some("no-trial"));
    assert!(acts(&house, &running, "2026-11-23T10:00", &handler(), "convene").is_err());
    let (house, project) = taken_on("discharge-permit", "discharge-permit", Channel::Online);
    let visited = does(&house, &project, "2026-11-23T10:00", &handler(), "call-inspection");
    let visited = does(&house, &visited, "2026-11-25T10:00", &handler(), "record-inspection");
    assert!(
        acts(&house, &visited, "2026-11-25T11:00", &handler(), "submit").is_err(),
        "a visit is no council"
    );
}
