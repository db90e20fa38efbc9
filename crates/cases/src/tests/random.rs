//! What holds whatever is tried, by whomever and in whatever order.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn people() -> [Actor; 5] {
    [citizen(), clerk(), handler(), leader(), Actor::default()]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_case_never_gets_where_no_action_leads(
        tries in prop::collection::vec((0usize..5, 0usize..24, 1i64..2_000), 1..60),
    ) {
        let house = House::copies();
        let people = people();
        let mut case = house.opened("2026-11-23T08:00", &json!({"copies": 1}));
        let mut now = at("2026-11-23T08:00");
        let rules = Rules::default();
        for (who, which, minutes) in tries {
            now = now.checked_add(jiff::SignedDuration::from_mins(minutes)).expect("is a time");
            let action = &house.kind.actions[which % house.kind.actions.len()];
            let asked = action.asks.iter().map(|ask| {
                let answer = match ask.kind {
                    crate::AskKind::Count => Answer::Count(1),
                    crate::AskKind::Parts => Answer::Codes(vec![]),
                    crate::AskKind::Choice => text("post"),
                    _ => text("urn:ngsi-ld:Unit:phuong-1"),
                };
                (ask.code.clone(), answer)
            });
            let attempt = Attempt {
                action: &action.code,
                actor: &people[who],
                at: now,
                asked: asked.collect(),
                schedule: &house.schedule,
                rules: &rules,
            };
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
            let json = serde_json::to_value(&case).expect("is JSON");
            prop_assert_eq!(serde_json::from_value::<Case>(json).expect("is a case"), case.clone());
        }
    }
}
