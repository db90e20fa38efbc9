//! What the pages of a trial show.

use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Channel, Kind, TaskState, Tie, Wake};
use dinh_casework::Trial;
use dinh_model::{EntityId, Timestamp};
use http::StatusCode;
use serde::Serialize;

use super::{Begun, Carried, local};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::asks;
use crate::pages::cases::parts::{self, Sign, say};
use crate::pages::fault::Fault;
use crate::pages::form::FormView;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Start {
    page: view::Frame,
    title: String,
    version: u32,
    back_href: String,
    channels: Vec<Pick>,
    at: String,
    parts: Vec<Pick>,
    form: Option<FormView>,
}

#[derive(Serialize)]
struct Pick {
    value: String,
    title: String,
    chosen: bool,
}

#[derive(Serialize)]
struct UnderWay {
    page: view::Frame,
    title: String,
    version: u32,
    outcome: Option<Outcome>,
    back_href: String,
    again_href: String,
    carried: String,
    state: Sign,
    told: String,
    variant: Option<String>,
    number: Option<String>,
    due: Option<String>,
    state_due: Option<String>,
    next: Option<String>,
    at: String,
    steps: Vec<StepRow>,
    roles: Vec<RoleForms>,
    question: Option<String>,
    can_go_back: bool,
}

#[derive(Serialize)]
struct StepRow {
    title: String,
    at: String,
    role: String,
    late: bool,
    told: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    to: String,
    subject: String,
    text: String,
}

/// What one role could do.
#[derive(Serialize)]
struct RoleForms {
    code: String,
    title: String,
    forms: Vec<asks::Form>,
}

/// The page on which a trial begins.
pub(super) fn start(
    visitor: &Visitor,
    kind: &Kind,
    begun: &Begun,
    form: Option<FormView>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let channels = [Channel::Online, Channel::Counter, Channel::Post];
    let channel = |channel: Channel| Pick {
        value: channel.name().to_owned(),
        title: channel_title(channel, lang),
        chosen: channel == begun.channel,
    };
    let part = |part: &dinh_cases::Part| Pick {
        value: part.code.clone(),
        title: say(&part.title, lang),
        // At first everything is there, as in a dossier with which nothing is wrong.
        chosen: begun.parts.as_ref().is_none_or(|parts| parts.contains(&part.code)),
    };
    let values = Start {
        page: frame(visitor, lang.say("kinds-trial"), Here::Elsewhere, ""),
        title: say(&kind.title, lang),
        version: kind.version,
        back_href: back(visitor, kind),
        channels: channels.into_iter().map(channel).collect(),
        at: begun.at.strftime("%Y-%m-%dT%H:%M").to_string(),
        parts: kind.parts.iter().map(part).collect(),
        form,
    };
    let mut response = private(rendered(visitor, "kind_trial_start.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

/// The page of a trial under way.
pub(super) async fn under_way(
    visitor: &Visitor,
    trial: &Trial,
    carried: &Carried,
    outcome: Option<Outcome>,
) -> Result<Response, Fault> {
    let (lang, kind, case) = (visitor.lang(), &trial.kind, &trial.case);
    let moment = |at: jiff::Timestamp| look::date_time(Timestamp::from(at), lang);
    let last = case.steps.last().map_or(case.opened, |step| step.at);
    let state = kind.state(&case.state);
    let handling = EntityId::trusted(case.handling.as_str());
    let mut roles = Vec::new();
    for (code, actions) in &trial.offered {
        let title = kind.role(code).map_or_else(|| code.clone(), |role| say(&role.title, lang));
        let forms = asks::forms(visitor, kind, actions, &handling).await;
        roles.push(RoleForms { code: code.clone(), title, forms });
    }
    let question = case.tasks.iter().find(|task| task.state == TaskState::Asked);
    let values = UnderWay {
        page: frame(visitor, lang.say("kinds-trial"), Here::Elsewhere, ""),
        title: say(&kind.title, lang),
        version: kind.version,
        outcome,
        back_href: back(visitor, kind),
        again_href: format!("{}/trial", back(visitor, kind)),
        carried: serde_json::to_string(carried).unwrap_or_default(),
        state: parts::state(state, &case.state, lang),
        told: state.map(|state| say(&state.told, lang)).unwrap_or_default(),
        variant: case.variant.as_deref().and_then(|code| kind.variant(code)).map(|one| say(&one.title, lang)),
        number: case.number.clone(),
        due: trial.due.map(moment),
        state_due: trial.state_due.map(moment),
        next: trial.next.as_ref().map(|next| next_words(kind, &next.what, &moment(next.at), lang)),
        at: local(Timestamp::from(last)).strftime("%Y-%m-%dT%H:%M").to_string(),
        steps: steps(trial, lang),
        roles,
        question: question.map(|task| task.question.clone()),
        can_go_back: !carried.steps.is_empty(),
    };
    Ok(private(rendered(visitor, "kind_trial.html", values)?.into_response()))
}

fn back(visitor: &Visitor, kind: &Kind) -> String {
    visitor.href(&format!("kinds/{}/{}", kind.code, kind.version))
}

fn channel_title(channel: Channel, lang: Lang) -> String {
    match channel {
        Channel::Counter => lang.say("cases-channel-counter"),
        Channel::Post => lang.say("cases-channel-post"),
        _ => lang.say("cases-channel-online"),
    }
}

fn next_words(kind: &Kind, what: &Wake, when: &str, lang: Lang) -> String {
    match what {
        Wake::Act(action) => {
            let title = kind.action(action).map_or_else(|| action.clone(), |action| say(&action.title, lang));
            lang.say_with("kinds-trial-next-act", &args([("when", when.to_owned()), ("what", title)]))
        }
        Wake::Tell { role, .. } => {
            let role = kind.role(role).map_or_else(|| role.clone(), |role| say(&role.title, lang));
            lang.say_with("kinds-trial-next-tell", &args([("when", when.to_owned()), ("who", role)]))
        }
    }
}

/// The steps of the case, each with what somebody would be told by it. Escalations leave no step: what they tell stands
/// with the one before.
fn steps(trial: &Trial, lang: Lang) -> Vec<StepRow> {
    let kind = &trial.kind;
    let role_title =
        |code: &str| kind.role(code).map_or_else(|| code.to_owned(), |role| say(&role.title, lang));
    let mut rows: Vec<StepRow> = trial
        .case
        .steps
        .iter()
        .map(|step| StepRow {
            title: parts::step(kind, &step.action, lang),
            at: look::date_time(Timestamp::from(step.at), lang),
            role: if kind.role(&step.role).is_some_and(|role| role.tie == Tie::System) {
                lang.say("kinds-trial-by-itself")
            } else {
                role_title(&step.role)
            },
            late: step.late,
            told: Vec::new(),
        })
        .collect();
    let most = rows.len().saturating_sub(1);
    for notice in &trial.told {
        let (subject, text) = if lang == Lang::Vi { &notice.vi } else { &notice.en };
        let told = Told { to: role_title(&notice.role), subject: subject.clone(), text: text.clone() };
        if let Some(row) = rows.get_mut(notice.step.min(most)) {
            row.told.push(told);
        }
    }
    rows
}
