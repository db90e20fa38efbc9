//! What holds whatever is tried, by whomever and in whatever order.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn people() -> [Actor; 6] {
    [citizen(), clerk(), handler(), leader(), program(), Actor::default()]
}

/// Who tries which action, after how many minutes.
type Tries = Vec<(usize, usize, i64)>;

fn tries() -> impl Strategy<Value = Tries> {
    prop::collection::vec((0_usize..6, 0_usize..64, 1_i64..2_000), 1..80)
}

/// Tries them all, with any answers to what is asked.
fn tried(house: &House, mut case: Case, tries: Tries) -> Result<(), TestCaseError> {
    let (people, rules, mut now) = (people(), Rules::default(), case.opened);
    for (who, which, minutes) in tries {
        now = now.checked_add(jiff::SignedDuration::from_mins(minutes)).expect("is a time");
        let action = &house.kind.actions[which % house.kind.actions.len()];
        let asked = action.asks.iter().map(|ask| {
            let answer = match ask.kind {
                crate::AskKind::Count => Answer::Count(1),
                crate::AskKind::Parts => Answer::Codes(vec![]),
                crate::AskKind::Choice => text(&ask.choices[which % ask.choices.len()].0),
                crate::AskKind::Date => text("2030-01-01"),
                _ => text("urn:ngsi-ld:Unit:phuong-1"),
            };
            (ask.code.clone(), answer)
        });
        let (asked, schedule) = (asked.collect(), &house.schedule);
        let attempt =
            Attempt { action: &action.code, actor: &people[who], at: now, asked, schedule, rules: &rules };
        let before = case.clone();
        let Ok(moved) = house.kind.act(&case, &attempt) else { continue };
        case = moved.case;
        prop_assert!(action.starts_in(&before.state));
        prop_assert_eq!(&case.state, action.to.as_ref().unwrap_or(&before.state));
        prop_assert_eq!(case.steps.len(), before.steps.len() + 1);
        let state = house.kind.state(&case.state).expect("is known");
        prop_assert_eq!(state.is_end(), case.ended.is_some());
        let stands = case.clock.as_ref().is_some_and(|clock| clock.paused().is_some());
        prop_assert_eq!(stands, state.clock == crate::Clocking::Pauses);
        let granted = state.ends == Some(crate::Outcome::Granted);
        let collects = house.kind.action("collect").is_some();
        let scope = crate::Scope::of_filing(&case.answers, case.channel, now);
        let owes = house.kind.owed(&scope).is_ok_and(|fees| !fees.is_empty());
        prop_assert!(!(granted && collects && owes) || case.facts.contains_key("paid"), "granted unpaid");
        let json = serde_json::to_value(&case).expect("is JSON");
        prop_assert_eq!(serde_json::from_value::<Case>(json).expect("is a case"), case.clone());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_case_never_gets_where_no_action_leads(tries in tries()) {
        let house = House::copies();
        let case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
        tried(&house, case, tries)?;
    }

    #[test]
    fn nor_does_one_of_any_procedure(
        (code, example, channel) in procedures::any_example(), tries in tries(),
    ) {
        let house = House::of(procedures::kind(code));
        let mut case = procedures::opened(&house, example, channel);
        // Far enough to go on from.
        for (when, who, action) in [("08:10", clerk(), "collect"), ("08:20", clerk(), "accept"), ("08:30", handler(), "start")] {
            let moved = procedures::acts(&house, &case, &format!("2026-11-23T{when}"), &who, action);
            case = moved.map_or(case, |moved| moved.case);
        }
        prop_assert_eq!(&case.state, "processing");
        case.opened = at("2026-11-23T08:40");
        tried(&house, case, tries)?;
    }
}
