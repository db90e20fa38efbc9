//! To an entity: what others than the machine need to know of a case, drawn from it anew with every step.

use dinh_calendar::Schedule;
use dinh_cases::{Case, Kind, Tie, Woken};
use dinh_context::fields::{Fields, Names};
use dinh_model::{EntityId, Timestamp};
use serde_json::json;

use super::marks;

/// What is needed to draw a case.
pub(crate) struct Around<'a> {
    pub(crate) names: &'a Names,
    pub(crate) kind: &'a Kind,
    pub(crate) schedule: &'a Schedule,
    pub(crate) now: Timestamp,
    /// When something happens to it by itself next.
    pub(crate) next: Option<Woken>,
}

/// The attributes of a case that change with its steps.
pub(crate) fn drawn(case: &Case, around: &Around<'_>) -> Fields {
    let time = |at: jiff::Timestamp| Timestamp::from(at).to_string();
    let state = around.kind.state(&case.state);
    let due = case.due(around.schedule);
    let open = case.ended.is_none();
    let desk = desk_of(case, around.kind).map(EntityId::trusted);
    let desk_due = desk.is_some().then(|| case.state_due(around.schedule).into_iter().chain(due).min());
    let on_time = case.ended.map(|_| !case.is_late(around.schedule, around.now.to_jiff()));
    let consulted: Vec<EntityId> =
        case.open_tasks().map(|task| EntityId::trusted(task.unit.as_str())).collect();
    Fields::new(around.names, around.now)
        .with("kindVersion", case.version)
        .with("state", case.state.as_str())
        .maybe("national", state.and_then(|state| state.national))
        .maybe("number", case.number.as_deref())
        .maybe("receivedAt", case.received.map(time))
        .maybe("dueAt", due.filter(|_| open).map(time))
        .maybe("endedAt", case.ended.map(|(at, _)| time(at)))
        .maybe("outcome", case.ended.map(|(_, outcome)| outcome.name()))
        .maybe("onTime", on_time)
        .to_each("desk", desk.as_slice())
        .maybe("deskDue", desk_due.flatten().map(time))
        .maybe("wakesAt", around.next.as_ref().map(|woken| time(woken.at)))
        .to_each("handlingUnit", &[EntityId::trusted(case.handling.as_str())])
        .to_each("competentUnit", &[EntityId::trusted(case.competent.as_str())])
        .to_each("consultedUnit", &consulted)
        .maybe("rating", case.rating.as_ref().map(|rating| rating.stars))
        .maybe("assignee", case.assignee.as_deref())
        .maybe("counted", marks::written(&case.counted.done, marks::DONE))
        .maybe("countedOpen", marks::written(&case.counted.open, marks::OPEN))
        .with("case", json!(case))
}

/// The unit on whose desk a case lies; none while it lies with the applicant.
pub(crate) fn desk_of<'c>(case: &'c Case, kind: &Kind) -> Option<&'c str> {
    let role = kind.state(&case.state)?.desk.as_deref()?;
    match kind.role(role)?.tie {
        Tie::Receiving => Some(&case.receiving),
        Tie::Handling | Tie::Assignee => Some(&case.handling),
        Tie::Competent => Some(&case.competent),
        Tie::Applicant | Tie::Consulted | Tie::System | Tie::Anybody => None,
    }
}
