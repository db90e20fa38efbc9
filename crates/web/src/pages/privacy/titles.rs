//! Kinds, states, steps, deadlines and purposes in words.

use dinh_privacy::{Due, DueStep, Kind, State, Step};

use super::parts;
use crate::look;
use crate::words::{Lang, args};

/// What a kind of request is called.
pub(super) fn kind(kind: Kind, lang: Lang) -> String {
    match kind {
        Kind::Access => lang.say("privacy-kind-access"),
        Kind::Copy => lang.say("privacy-kind-copy"),
        Kind::Correct => lang.say("privacy-kind-correct"),
        Kind::Erase => lang.say("privacy-kind-erase"),
        Kind::Restrict => lang.say("privacy-kind-restrict"),
        Kind::Lift => lang.say("privacy-kind-lift"),
        Kind::Object => lang.say("privacy-kind-object"),
        Kind::Withdraw => lang.say("privacy-kind-withdraw"),
    }
}

/// What it means, in one sentence.
pub(super) fn kind_hint(kind: Kind, lang: Lang) -> String {
    match kind {
        Kind::Access => lang.say("privacy-hint-access"),
        Kind::Copy => lang.say("privacy-hint-copy"),
        Kind::Correct => lang.say("privacy-hint-correct"),
        Kind::Erase => lang.say("privacy-hint-erase"),
        Kind::Restrict => lang.say("privacy-hint-restrict"),
        Kind::Lift => lang.say("privacy-hint-lift"),
        Kind::Object => lang.say("privacy-hint-object"),
        Kind::Withdraw => lang.say("privacy-hint-withdraw"),
    }
}

/// Where a request stands.
pub(super) fn state(state: State, lang: Lang) -> parts::State {
    let (tone, icon, word) = match state {
        State::Received => ("watch", "clock", lang.say("privacy-state-received")),
        State::Acknowledged => ("watch", "clock", lang.say("privacy-state-acknowledged")),
        State::Extended => ("warn", "clock", lang.say("privacy-state-extended")),
        State::Done => ("ok", "ok", lang.say("privacy-state-done")),
        State::Refused => ("danger", "danger", lang.say("privacy-state-refused")),
        State::Withdrawn => ("off", "silent", lang.say("privacy-state-withdrawn")),
    };
    parts::State { tone, icon, word }
}

/// What a step is called that was taken.
pub(super) fn step(step: Step, lang: Lang) -> String {
    match step {
        Step::File => lang.say("privacy-step-file"),
        Step::Acknowledge => lang.say("privacy-step-acknowledge"),
        Step::Extend => lang.say("privacy-step-extend"),
        Step::Complete => lang.say("privacy-step-complete"),
        Step::Refuse => lang.say("privacy-step-refuse"),
        Step::Withdraw => lang.say("privacy-step-withdraw"),
    }
}

/// What is due: as a day, and as what is left.
pub(super) fn due(due: Due, lang: Lang) -> parts::State {
    let mut values = args([("day", look::day(due.by, lang))]);
    values.set("n", f64::from(due.working_days.abs()));
    let (tone, icon, word) = match (due.step, due.overdue, due.working_days) {
        (DueStep::Acknowledge, true, _) => {
            ("danger", "danger", lang.say_with("privacy-due-acknowledge-over", &values))
        }
        (DueStep::Answer, true, _) => ("danger", "danger", lang.say_with("privacy-due-answer-over", &values)),
        (DueStep::Acknowledge, false, left) => {
            (urgency(left), "clock", lang.say_with("privacy-due-acknowledge", &values))
        }
        (DueStep::Answer, false, left) => {
            (urgency(left), "clock", lang.say_with("privacy-due-answer", &values))
        }
    };
    parts::State { tone, icon, word }
}

/// Two working days before the end it becomes urgent.
fn urgency(left: i32) -> &'static str {
    if left <= 2 { "warn" } else { "watch" }
}

/// What was done, as the audit calls it.
pub(super) fn action(action: &str, lang: Lang) -> String {
    match action {
        "reveal" => lang.say("privacy-act-reveal"),
        "export" => lang.say("privacy-act-export"),
        "consent" => lang.say("privacy-act-consent"),
        "request" => lang.say("privacy-act-request"),
        "forward" => lang.say("privacy-act-forward"),
        "history" => lang.say("privacy-act-history"),
        "erasure" => lang.say("privacy-act-erasure"),
        "created" => lang.say("privacy-act-created"),
        "updated" => lang.say("privacy-act-updated"),
        "deleted" => lang.say("privacy-act-deleted"),
        _ => lang.say("privacy-act-other"),
    }
}

/// A purpose of the policies.
pub(crate) fn purpose(name: &str, lang: Lang) -> String {
    match name {
        "operations" => lang.say("purpose-operations"),
        "public-information" => lang.say("purpose-public-information"),
        "maintenance" => lang.say("purpose-maintenance"),
        "case-handling" => lang.say("purpose-case-handling"),
        "emergency" => lang.say("purpose-emergency"),
        "inspection" => lang.say("purpose-inspection"),
        "statistics" => lang.say("purpose-statistics"),
        "own-data" => lang.say("purpose-own-data"),
        other => other.to_owned(),
    }
}
