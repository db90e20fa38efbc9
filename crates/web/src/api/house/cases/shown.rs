//! Cases as they are answered.

use std::collections::BTreeMap;

use dinh_cases::{Action, Answer, Ask, Case, Held, Kind, Named, Supplement, Task};
use dinh_casework::{Applicant, Dossier, QueuePage, Shown};
use serde::Serialize;
use serde_json::{Map, Value as Json};
use utoipa::ToSchema;

use crate::api::request::Visit;

/// A page of cases.
#[derive(Serialize, ToSchema)]
pub(crate) struct CasesBody {
    /// How many there are in all.
    total: u64,
    /// The cases of this page.
    cases: Vec<CaseBody>,
}

/// A case, as lists show it. Instants are RFC 3339.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CaseBody {
    /// Its URI.
    id: String,
    /// Its version: an action is taken on the one that was looked at.
    version: u64,
    /// Its number, once it has one.
    number: Option<String>,
    /// Code of its kind.
    kind: String,
    /// Version of its kind.
    kind_version: u32,
    /// What people call its kind.
    #[schema(value_type = Object)]
    title: Option<Named>,
    /// Where it stands.
    state: String,
    /// What people call that.
    #[schema(value_type = Object)]
    state_title: Option<Named>,
    /// The national state, 1 to 10.
    national_state: Option<u8>,
    /// How it came in.
    channel: &'static str,
    /// When it was opened.
    opened_at: String,
    /// When it was received.
    received_at: Option<String>,
    /// When it is due; absent before its clock has begun and while it stands still.
    due_at: Option<String>,
    /// When it ended.
    ended_at: Option<String>,
    /// How it ended.
    outcome: Option<&'static str>,
    /// Whether it ended in time.
    on_time: Option<bool>,
    /// When the step that it waits for is due.
    desk_due_at: Option<String>,
    /// The unit on whose desk it lies.
    desk: Option<String>,
    /// The unit that received it.
    receiving: String,
    /// The unit that handles it.
    handling: String,
    /// The unit with the power to decide it.
    competent: String,
    /// Who applies: masked, where the policy masks it.
    applicant_name: String,
    /// What the applicant thinks of how it was settled, 1 to 5.
    rating: Option<u8>,
}

/// A case with everything on it that whoever asks may see.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WholeCase {
    /// The case.
    case: CaseBody,
    /// Whether whoever asks applied. Applicants are not told what those who work on a case say among themselves.
    own: bool,
    /// Who applies; absent where that is masked.
    #[schema(value_type = Option<Object>)]
    applicant: Option<Applicant>,
    /// The form, as it was filled in.
    #[schema(value_type = Object)]
    answers: Map<String, Json>,
    /// Its documents, by the codes of parts.
    #[schema(value_type = Object)]
    parts: BTreeMap<String, Held>,
    /// What the applicant was asked for, the first time first.
    #[schema(value_type = Vec<Object>)]
    supplements: Vec<Supplement>,
    /// Opinions of other units; empty for the applicant.
    #[schema(value_type = Vec<Object>)]
    opinions: Vec<Task>,
    /// What happened, the first thing first.
    steps: Vec<StepBody>,
    /// What may be done with it now by whoever asks.
    actions: Vec<ActionBody>,
}

/// A step.
#[derive(Serialize, ToSchema)]
struct StepBody {
    /// The action.
    action: String,
    /// What people call it, in the past tense.
    #[schema(value_type = Object)]
    title: Option<Named>,
    /// When, RFC 3339.
    at: String,
    /// As which role of the kind.
    role: String,
    /// The unit.
    unit: Option<String>,
    /// Where the case stood then.
    state: String,
    /// What was answered.
    #[schema(value_type = Object)]
    asked: BTreeMap<String, Answer>,
    /// Whether it came too late.
    late: bool,
}

/// An action that may be taken.
#[derive(Serialize, ToSchema)]
struct ActionBody {
    /// Its code.
    action: String,
    /// What stands on its button.
    #[schema(value_type = Object)]
    title: Named,
    /// What is asked of whoever takes it.
    #[schema(value_type = Vec<Object>)]
    asks: Vec<Ask>,
}

/// A page of cases.
pub(super) fn page(visit: &Visit, page: &QueuePage) -> CasesBody {
    let cases = page.dossiers.iter().map(|dossier| line(visit, dossier)).collect();
    CasesBody { total: page.total, cases }
}

/// A case, as lists show it.
pub(super) fn line(visit: &Visit, dossier: &Dossier) -> CaseBody {
    let kind = visit.app.casework.kind_of(dossier).ok();
    let state = kind.and_then(|kind| kind.state(&dossier.state));
    CaseBody {
        id: dossier.id.to_string(),
        version: dossier.version,
        number: dossier.number.clone(),
        kind: dossier.kind.clone(),
        kind_version: dossier.kind_version,
        title: kind.map(|kind| kind.title.clone()),
        state: dossier.state.clone(),
        state_title: state.map(|state| state.title.clone()),
        national_state: state.and_then(|state| state.national),
        channel: dossier.channel.name(),
        opened_at: dossier.opened.to_string(),
        received_at: dossier.received.map(|at| at.to_string()),
        due_at: dossier.due.map(|at| at.to_string()),
        ended_at: dossier.ended.map(|(at, _)| at.to_string()),
        outcome: dossier.ended.map(|(_, outcome)| outcome.name()),
        on_time: dossier.on_time,
        desk_due_at: dossier.desk_due.map(|at| at.to_string()),
        desk: dossier.desk.as_ref().map(ToString::to_string),
        receiving: dossier.receiving.to_string(),
        handling: dossier.handling.to_string(),
        competent: dossier.competent.to_string(),
        applicant_name: dossier.applicant_name.clone(),
        rating: dossier.rating,
    }
}

/// A case with everything on it.
pub(super) fn whole(visit: &Visit, shown: Shown) -> WholeCase {
    let case = line(visit, &shown.dossier);
    let kind = visit.app.casework.kind_of(&shown.dossier).ok().cloned();
    let of = shown.dossier.case;
    WholeCase {
        case,
        own: shown.own,
        applicant: shown.dossier.applicant,
        steps: of.as_ref().map(|case| steps(kind.as_deref(), case)).unwrap_or_default(),
        answers: of.as_ref().map(|case| case.answers.clone()).unwrap_or_default(),
        parts: of.as_ref().map(|case| case.parts.clone()).unwrap_or_default(),
        supplements: of.as_ref().map(|case| case.supplements.clone()).unwrap_or_default(),
        opinions: of.map(|case| case.tasks).unwrap_or_default(),
        actions: shown.actions.into_iter().map(action).collect(),
    }
}

fn steps(kind: Option<&Kind>, case: &Case) -> Vec<StepBody> {
    let title = |action: &str| Some(kind?.action(action)?.done.clone());
    let step = |step: &dinh_cases::StepTaken| StepBody {
        action: step.action.clone(),
        title: title(&step.action),
        at: step.at.to_string(),
        role: step.role.clone(),
        unit: step.unit.clone(),
        state: step.state.clone(),
        asked: step.asked.clone(),
        late: step.late,
    };
    case.steps.iter().map(step).collect()
}

fn action(action: Action) -> ActionBody {
    ActionBody { action: action.code, title: action.title, asks: action.asks }
}
