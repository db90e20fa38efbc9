//! How somebody stands to a case.

use dinh_access::{Account, Principal};
use dinh_cases::{Actor, Case, Tie};
use dinh_context::Session;
use dinh_model::EntityId;

/// Whose a case is.
pub(super) struct Mine<'a> {
    /// The person or organisation that applies, if that is known.
    pub(super) subject: Option<&'a EntityId>,
    /// The account that filed it.
    pub(super) account: Option<&'a str>,
}

/// Whoever acts in a session, as they stand to a case.
pub(super) fn of(session: &Session, mine: &Mine<'_>, case: &Case) -> Actor {
    let Principal::Account(account) = session.principal() else { return Actor::default() };
    let mut actor = outside(session, account, mine);
    for (tie, unit) in [
        (Tie::Receiving, &case.receiving),
        (Tie::Handling, &case.handling),
        (Tie::Competent, &case.competent),
    ] {
        if acts_for(account, unit) {
            actor.ties.insert(tie);
            actor.unit.get_or_insert_with(|| unit.clone());
        }
    }
    for task in case.open_tasks().filter(|task| acts_for(account, &task.unit)) {
        actor.ties.insert(Tie::Consulted);
        actor.unit.get_or_insert_with(|| task.unit.clone());
    }
    actor.barred = case.barred.iter().any(|barred| *barred == *account.id);
    if case.assignee.as_deref() == Some(&*account.id) {
        actor.ties.insert(Tie::Assignee);
    }
    actor
}

/// Whoever acts in a session, as they stand to a case that is not there yet.
pub(super) fn filing(session: &Session, mine: &Mine<'_>, receiving: &EntityId) -> Actor {
    let Principal::Account(account) = session.principal() else { return Actor::default() };
    let mut actor = outside(session, account, mine);
    if acts_for(account, receiving.as_str()) {
        actor.ties.insert(Tie::Receiving);
        actor.unit = Some(receiving.as_str().to_owned());
    }
    actor
}

fn outside(session: &Session, account: &Account, mine: &Mine<'_>) -> Actor {
    let mut actor = Actor {
        account: Some(account.id.to_string()),
        roles: account.roles.iter().map(ToString::to_string).collect(),
        stepped_up: account.stepped_up,
        ..Actor::default()
    };
    let filed = mine.account == Some(&*account.id);
    if filed || mine.subject.is_some_and(|subject| session.speaks_for(subject)) {
        actor.ties.insert(Tie::Applicant);
    }
    actor
}

pub(super) fn acts_for(account: &Account, unit: &str) -> bool {
    account.units.contains(unit)
}
