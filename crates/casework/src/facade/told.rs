//! What of a case is told to its applicant: not what those who work on it say among themselves.

use dinh_cases::{Action, AskKind, Case, Does, Kind, Tie};

/// The case as its applicant sees it: without steps and answers that are notes between those who work on it, and without
/// opinions, which are between agencies; that one was asked, the steps tell.
pub(super) fn to_applicant(kind: &Kind, mut case: Case) -> Case {
    case.steps.retain(|step| !kind.action(&step.action).is_some_and(is_internal));
    for step in &mut case.steps {
        let action = step.action.clone();
        step.asked.retain(|ask, _| is_told(kind, &action, ask));
        if kind.role(&step.role).is_none_or(|role| role.tie != Tie::Applicant) {
            // Offices answer for what they do, not their people.
            step.by = None;
        }
    }
    case.tasks.clear();
    case.assignee = None;
    case
}

/// True for an action that does nothing but leave a note for those who work on the case.
fn is_internal(action: &Action) -> bool {
    action.to.is_none() && action.does.is_empty() && action.asks.iter().all(|ask| ask.kind == AskKind::Note)
}

/// True if an applicant is told what was answered: the reasons of what they are notified of, and what they said themselves.
fn is_told(kind: &Kind, action: &str, ask: &str) -> bool {
    let Some(action) = kind.action(action) else { return false };
    let is_theirs = |role: &String| kind.role(role).is_some_and(|role| role.tie == Tie::Applicant);
    let notified = action.does(|does| matches!(does, Does::Notify { role, .. } if is_theirs(role)));
    let is_reason = action.asks.iter().any(|one| one.code == ask && one.kind == AskKind::Reason);
    action.by.iter().any(is_theirs) || (is_reason && notified)
}
