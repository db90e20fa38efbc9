//! Dossiers from the first step to the last.

use serde_json::json;

use super::*;
use crate::{AskRule, Effect, Held, HeldAs, Opinion, Outcome};

/// Taken on, on Monday morning.
pub(super) fn in_progress(house: &House) -> Case {
    let case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
    let case = house.does(&case, "2026-11-23T08:30", &clerk(), "accept", &[]);
    house.does(&case, "2026-11-23T09:00", &handler(), "start", &[])
}

#[test]
fn from_filing_to_the_result() {
    let house = House::copies();
    let case = house.opened("2026-11-23T08:00", &json!({"copies": 2}));
    assert_eq!((case.state.as_str(), case.clock.is_none(), case.number.is_none()), ("filed", true, true));
    let accepted = house.act(&case, "2026-11-23T08:30", &clerk(), "accept", &[]).expect("is accepted");
    assert_eq!(
        accepted.effects,
        [Effect::Number, Effect::Notify { role: "applicant".into(), message: "received".into() }]
    );
    let case = accepted.case;
    assert_eq!(case.received, Some(at("2026-11-23T08:30")));
    assert_eq!(case.due(&house.schedule), Some(at("2026-11-23T17:30")), "within the day");
    let case = house.does(&case, "2026-11-23T09:00", &handler(), "start", &[]);
    assert_eq!(case.assignee.as_deref(), Some("handler"));
    let case = house.does(&case, "2026-11-23T09:30", &handler(), "submit", &[("note", text("Đủ điều kiện"))]);
    let approved = house.act(&case, "2026-11-23T10:00", &leader(), "approve", &[]).expect("is approved");
    assert!(approved.effects.contains(&Effect::Issue { by_hand: false }));
    let case = approved.case;
    assert_eq!(case.ended, Some((at("2026-11-23T10:00"), Outcome::Granted)));
    let case = house.does(&case, "2026-11-24T09:00", &clerk(), "deliver", &[("how", text("counter"))]);
    assert_eq!(case.ended, Some((at("2026-11-23T10:00"), Outcome::Granted)), "ended when it was approved");
    assert!(!case.is_late(&house.schedule, at("2026-12-31T10:00")));
    let steps: Vec<&str> = case.steps.iter().map(|step| step.action.as_str()).collect();
    assert_eq!(steps, ["open", "accept", "start", "submit", "approve", "deliver"]);
}

#[test]
fn what_is_received_after_three_is_due_the_next_day() {
    let house = House::copies();
    // Friday 20 November 2026; Monday is a working day, Tuesday the 24th is not.
    for (received, due) in
        [("2026-11-20T14:59", "2026-11-20T17:30"), ("2026-11-20T15:01", "2026-11-23T17:30")]
    {
        let case = house.opened("2026-11-20T14:00", &json!({"copies": 1}));
        let case = house.does(&case, received, &clerk(), "accept", &[]);
        assert_eq!(case.due(&house.schedule), Some(at(due)), "received {received}");
    }
}

#[test]
fn nobody_skips_a_step_or_acts_out_of_role() {
    let house = House::copies();
    let case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
    let refused = |actor: &Actor, action: &str| {
        house.act(&case, "2026-11-23T09:00", actor, action, &[]).expect_err(action)
    };
    assert!(matches!(refused(&leader(), "approve"), Refused::State { .. }));
    assert!(matches!(refused(&citizen(), "accept"), Refused::Role { .. }));
    assert!(matches!(refused(&clerk(), "approve"), Refused::Role { .. }));
    assert_eq!(refused(&clerk(), "burn"), Refused::NoAction("burn".to_owned()));
    // The right role of the house in another unit is no tie to this case.
    let elsewhere = actor("clerk", &["one-stop-officer"], &[]);
    assert!(matches!(refused(&elsewhere, "accept"), Refused::Role { .. }));
    let late = house.act(&case, "2026-11-23T07:59", &clerk(), "accept", &[]).expect_err("backdated");
    assert_eq!(late, Refused::Backwards);
}

#[test]
fn what_is_asked_must_be_answered_well() {
    let house = House::copies();
    let case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
    let refuse = |asked: &[(&str, Answer)]| {
        house.act(&case, "2026-11-23T09:00", &clerk(), "refuse-intake", asked).expect_err("is refused")
    };
    let fault = |rule| Refused::Asked { ask: "reason".to_owned(), rule };
    assert_eq!(refuse(&[]), fault(AskRule::Required));
    assert_eq!(refuse(&[("reason", text("   "))]), fault(AskRule::Required));
    assert_eq!(refuse(&[("reason", text("no"))]), fault(AskRule::Text { least: 5, most: 2_000 }));
    assert_eq!(
        refuse(&[("reason", text(&"x".repeat(2_001)))]),
        fault(AskRule::Text { least: 5, most: 2_000 })
    );
    assert_eq!(refuse(&[("reason", text("đủ dài")), ("x", text("y"))]), Refused::NotAsked("x".to_owned()));
    let case = house.does(
        &case,
        "2026-11-23T09:00",
        &clerk(),
        "refuse-intake",
        &[("reason", text("Sai thẩm quyền"))],
    );
    assert_eq!(case.ended.map(|(_, outcome)| outcome), Some(Outcome::NotAccepted));
}

#[test]
fn the_clock_stands_still_while_the_applicant_is_asked() {
    let mut kind = merged(COPY);
    kind.timing.statutory =
        serde_json::from_value(json!({"amount": 3, "unit": "working-day"})).expect("a period");
    kind.timing.counting = None;
    let house = House::of(kind);
    let case = in_progress(&house);
    // Three working days after Monday the 23rd; the 24th is a holiday.
    assert_eq!(case.due(&house.schedule), Some(at("2026-11-27T17:30")));
    let reason = ("reason", text("Bổ sung giấy tờ tuỳ thân"));
    let asked = house.does(&case, "2026-11-25T10:00", &handler(), "ask-more", std::slice::from_ref(&reason));
    assert_eq!((asked.state.as_str(), asked.due(&house.schedule)), ("supplement", None));
    assert!(
        !asked.is_late(&house.schedule, at("2027-01-01T10:00")),
        "nobody is late while the clock stands still"
    );
    let case = house.does(&asked, "2026-11-30T10:00", &citizen(), "answer", &[]);
    let due = case.due(&house.schedule).expect("runs again");
    assert!(due > at("2026-11-27T17:30") && due <= at("2026-12-02T17:30"), "{due}");
    let supplement = case.supplements.last().expect("was asked");
    assert_eq!(supplement.due_before, Some(at("2026-11-27T17:30")));
    assert_eq!((supplement.answered, supplement.due_after), (Some(at("2026-11-30T10:00")), Some(due)));
    let again =
        house.act(&case, "2026-11-30T11:00", &handler(), "ask-more", &[reason]).expect_err("once only");
    assert_eq!(again, Refused::Supplements(1));
}

#[test]
fn the_answer_may_be_put_off_as_often_as_the_law_says() {
    let house = House::copies();
    let case = in_progress(&house);
    let asked = |days| [("days", Answer::Count(days)), ("reason", text("Chờ xác minh"))];
    let long = house.act(&case, "2026-11-23T10:00", &handler(), "extend", &asked(2)).expect_err("too long");
    assert_eq!(long, Refused::Asked { ask: "days".to_owned(), rule: AskRule::Count(1) });
    let before = case.due(&house.schedule);
    let case = house.does(&case, "2026-11-23T10:00", &handler(), "extend", &asked(1));
    assert!(case.due(&house.schedule) > before);
    let again = house.act(&case, "2026-11-23T11:00", &handler(), "extend", &asked(1)).expect_err("once only");
    assert_eq!(again, Refused::Extensions(1));
}

#[test]
fn what_must_be_there_is_asked_for() {
    let own = format!(
        "{COPY}\n[[part]]\ncode = \"identity\"\ntitle = {{ vi = \"Giấy tờ tuỳ thân\", en = \"Identity paper\" }}\n\
         required = true\n[[part]]\ncode = \"proxy\"\ntitle = {{ vi = \"Giấy uỷ quyền\", en = \"Power of attorney\" }}\n\
         required_if = \"answers.by_proxy == true\"\n"
    );
    let house = House::of(merged(&own));
    let mut case = house.opened("2026-11-23T08:00", &json!({"copies": 1, "by_proxy": true}));
    let refused = house.act(&case, "2026-11-23T09:00", &clerk(), "accept", &[]).expect_err("is incomplete");
    assert!(matches!(refused, Refused::Guard { unless: Some(_), .. }));
    case.parts.insert("identity".into(), Held { held_as: HeldAs::Original, files: vec![], reused: None });
    assert!(house.act(&case, "2026-11-23T09:00", &clerk(), "accept", &[]).is_err(), "the proxy is missing");
    let empty = Held { held_as: HeldAs::Electronic, files: vec![], reused: None };
    case.parts.insert("proxy".into(), empty);
    assert!(house.act(&case, "2026-11-23T09:00", &clerk(), "accept", &[]).is_err(), "no file is no document");
    let known = Held { held_as: HeldAs::Reused, files: vec![], reused: Some("urn:x:1".into()) };
    case.parts.insert("proxy".into(), known);
    house.does(&case, "2026-11-23T09:00", &clerk(), "accept", &[]);
}

#[test]
fn opinions_run_beside_the_case_and_hold_it_back() {
    let house = House::copies();
    let case = in_progress(&house);
    let unit = "urn:ngsi-ld:Unit:so-tu-phap";
    let asked = [("unit", text(unit)), ("question", text("Đề nghị cho ý kiến"))];
    let case = house.does(&case, "2026-11-23T09:10", &handler(), "consult", &asked);
    let refused = house.act(&case, "2026-11-23T09:20", &handler(), "submit", &[]).expect_err("waits");
    assert!(matches!(refused, Refused::Guard { .. }));
    let opinion = Opinion { task: 1, text: "Đồng ý với đề xuất", agrees: true };
    let stranger = handler();
    assert!(matches!(case.opine(&opinion, &stranger, at("2026-11-23T10:00")), Err(Refused::Role { .. })));
    let expert = Actor { unit: Some(unit.to_owned()), ..actor("expert", &["officer"], &[Tie::Consulted]) };
    let case = case.opine(&opinion, &expert, at("2026-11-23T10:00")).expect("is given");
    assert!(case.opine(&opinion, &expert, at("2026-11-23T10:01")).is_err(), "once");
    house.does(&case, "2026-11-23T10:30", &handler(), "submit", &[]);
}

#[test]
fn a_case_keeps_its_version_until_somebody_moves_it() {
    let house = House::copies();
    let case = in_progress(&house);
    let newer = Kind { version: 2, ..merged(COPY) };
    let moved = newer.adopt(&case, (&leader(), "decider"), at("2026-11-23T10:00"), "Luật mới có hiệu lực");
    let moved = moved.expect("knows the state");
    assert_eq!((moved.version, moved.clock == case.clock), (2, true), "a promise is not taken back");
    assert_eq!(moved.steps.last().map(|step| step.action.as_str()), Some("adopt"));
    let mut narrower = newer.clone();
    narrower.states.retain(|state| state.code != "processing");
    assert!(narrower.adopt(&case, (&leader(), "decider"), at("2026-11-23T10:00"), "x").is_err());
    assert!(
        house.kind.adopt(&case, (&leader(), "decider"), at("2026-11-23T10:00"), "x").is_err(),
        "no other version"
    );
}
