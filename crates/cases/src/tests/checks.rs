use super::*;
use crate::{Signer, Wrong};

/// What is wrong with the copy of an extract after a change of its text.
fn faults(change: impl Fn(&mut Kind)) -> Vec<String> {
    let mut kind = merged(COPY);
    change(&mut kind);
    kind.faults(&known()).iter().map(ToString::to_string).collect()
}

fn one(change: impl Fn(&mut Kind)) -> String {
    let faults = faults(change);
    assert_eq!(faults.len(), 1, "{faults:?}");
    faults.into_iter().next().unwrap_or_default()
}

#[test]
fn a_state_that_nobody_reaches_is_found() {
    let found = faults(|kind| kind.actions.retain(|action| action.code != "suspend"));
    assert_eq!(found, ["state suspended: no action leads there from the first state"]);
}

#[test]
fn a_state_that_leads_nowhere_is_found() {
    let found = faults(|kind| {
        for action in &mut kind.actions {
            action.from.retain(|from| from != "suspended");
        }
        let suspended = kind.states.iter_mut().find(|state| state.code == "suspended").expect("is there");
        suspended.desk = None;
    });
    assert_eq!(found, ["action resume: there is none", "state suspended: no way leads from there to an end"]);
}

#[test]
fn a_role_that_nobody_has_is_found() {
    let found = one(|kind| kind.roles[1].held_by = vec!["mayor".to_owned()]);
    assert_eq!(found, "role intake: names the role of the house \"mayor\", which there is not");
    let found = one(|kind| (kind.roles[1].tie, kind.roles[1].held_by) = (Tie::Anybody, Vec::new()));
    assert_eq!(found, "role intake: nobody has it: it needs roles of the house");
}

#[test]
fn missing_words_are_found() {
    assert_eq!(one(|kind| kind.states[0].told.en.clear()), "state filed: has no words in English");
    assert_eq!(
        one(|kind| kind.actions[0].title.vi = " ".into()),
        "action accept: has no words in Vietnamese"
    );
}

#[test]
fn names_of_nothing_are_found() {
    assert_eq!(
        one(|kind| kind.actions[0].by.push("mayor".to_owned())),
        "action accept: names the role \"mayor\", which there is not"
    );
    assert_eq!(
        one(|kind| kind.form = Some("none".to_owned())),
        "form: names the form \"none\", which there is not"
    );
    let twice = one(|kind| kind.fees.push(kind.fees[0].clone()));
    assert_eq!(twice, "fee copy: stands there twice");
}

#[test]
fn a_desk_on_which_nothing_can_be_done_is_found() {
    let found = one(|kind| {
        let delivered = kind.states.iter_mut().find(|state| state.code == "delivered").expect("is there");
        delivered.desk = Some("decider".to_owned());
    });
    assert_eq!(found, "state delivered: the role \"decider\" has it on its desk but can do nothing there");
}

#[test]
fn clocks_that_make_no_sense_are_found() {
    let found = faults(|kind| kind.states[0].clock = crate::Clocking::Over);
    assert!(
        found.contains(&"state filed: the clock of the first state waits or runs".to_owned()),
        "{found:?}"
    );
    let asks = |kind: &mut Kind| {
        let action = kind.actions.iter_mut().find(|action| action.code == "ask-more").expect("is there");
        action.to = Some("deciding".to_owned());
    };
    let found = faults(asks);
    assert!(found.iter().any(|fault| fault.ends_with(&Wrong::NoPause.to_string())), "{found:?}");
}

#[test]
fn what_nobody_answers_and_what_says_nothing_is_found() {
    let timer = |action: &str| crate::Timer {
        code: "silence".to_owned(),
        state: "supplement".to_owned(),
        after: serde_json::from_value(serde_json::json!({"amount": 60, "unit": "day"})).expect("a period"),
        action: action.to_owned(),
    };
    assert_eq!(faults(|kind| kind.timers.push(timer("lapse"))), Vec::<String>::new());
    let asks = |kind: &mut Kind| {
        kind.timers.push(timer("stop"));
        let stop = kind.actions.iter_mut().find(|action| action.code == "stop").expect("is there");
        stop.by.push("program".to_owned());
    };
    let says = "the action asks something that must be answered, and the program answers nothing";
    assert_eq!(one(asks), format!("timer silence: {says}"));
    let silent = |kind: &mut Kind| {
        kind.consultations[0].silence_agrees = true;
        kind.consultations[0].mandatory = false;
    };
    let says = "silence_agrees says something only where the opinion is mandatory";
    assert_eq!(one(silent), format!("consultation opinion: {says}"));
}

#[test]
fn a_condition_that_asks_for_what_the_form_does_not_have_is_found() {
    let found = one(|kind| {
        let expr = "answers.wishes == 'answers.none' && answers.copies > 0";
        kind.actions[0].guard = Some(crate::Expr::new(expr).expect("is CEL"));
    });
    assert_eq!(found, "action accept: asks for the answer \"wishes\", which the form does not have");
    let found = faults(|kind| kind.form = None);
    assert!(found.iter().any(|fault| fault.contains("asks for the answer \"copies\"")), "{found:?}");
}

#[test]
fn signatures_stand_in_their_order_on_what_is_set_here() {
    let with = |signatures: &[Signer], set: bool| {
        let found = faults(|kind| {
            let result = &mut kind.results[0];
            result.signatures = signatures.to_vec();
            (result.template, result.number) =
                if set { (Some("extract".to_owned()), "{serial}/TL".parse().ok()) } else { (None, None) };
        });
        found.iter().any(|fault| fault.contains("signatures are"))
    };
    let (person, seal) = (Signer::Person, Signer::Seal);
    assert!(!with(&[person, seal], true) && !with(&[person], true));
    assert!(with(&[person, seal], false), "nothing is signed that is not set here");
    assert!(with(&[seal, person], true) && with(&[seal], true) && with(&[person, person], true));
}
