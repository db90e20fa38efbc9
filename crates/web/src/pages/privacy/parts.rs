//! What several of these pages show.

use dinh_context::graph::Stored;
use dinh_model::EntityId;
use dinh_privacy::{By, DataRequest, Look, Who};
use serde::Serialize;

use super::titles;
use crate::look;
use crate::pages::entity::entity_name;
use crate::pages::visitor::{Visitor, encode};
use crate::words::args;

/// Something that leads somewhere.
#[derive(Serialize)]
pub(super) struct Lead {
    pub(super) name: String,
    pub(super) href: String,
}

/// A request in a list.
#[derive(Serialize)]
pub(super) struct RequestRow {
    href: String,
    number: String,
    kind: String,
    state: State,
    received: String,
    /// What is due, in words; none if nothing is owed any more.
    due: Option<State>,
}

/// Where something stands: tone, icon and word.
#[derive(Serialize)]
pub(super) struct State {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) word: String,
}

/// A step that was taken.
#[derive(Serialize)]
pub(super) struct StepRow {
    title: String,
    by: String,
    at: String,
}

/// Somebody who looked or changed something.
#[derive(Serialize)]
pub(super) struct LookRow {
    at: String,
    who: String,
    what: String,
    purpose: String,
    reason: Option<String>,
    attributes: Vec<String>,
    oneself: bool,
}

/// What stays though its erasure was asked for.
#[derive(Serialize)]
pub(super) struct KeptRow {
    basis: String,
    until: Option<String>,
    count: u64,
}

pub(super) fn kept(visitor: &Visitor, request: &DataRequest) -> Vec<KeptRow> {
    let row = |rule: &dinh_privacy::KeptBy| KeptRow {
        basis: visitor.title(&rule.basis).to_owned(),
        until: rule.until.map(|day| look::day(day, visitor.lang())),
        count: rule.count,
    };
    request.kept.iter().map(row).collect()
}

pub(super) fn request_row(visitor: &Visitor, request: &DataRequest, below: &str) -> RequestRow {
    RequestRow {
        href: visitor.href(&format!("{below}/{}", encode(request.id.as_str()))),
        number: request.number.clone(),
        kind: titles::kind(request.kind, visitor.lang()),
        state: titles::state(request.state, visitor.lang()),
        received: look::date_time(request.received, visitor.lang()),
        due: due(visitor, request),
    }
}

/// What is due of a request: as a day, and as what is left.
pub(super) fn due(visitor: &Visitor, request: &DataRequest) -> Option<State> {
    let privacy = &visitor.app.privacy;
    let due = request.due(privacy.today(), privacy.calendar())?;
    Some(titles::due(due, visitor.lang()))
}

pub(super) fn steps(visitor: &Visitor, request: &DataRequest) -> Vec<StepRow> {
    let lang = visitor.lang();
    let row = |taken: &dinh_privacy::StepTaken| StepRow {
        title: titles::step(taken.step, lang),
        by: match taken.by {
            By::Requester => lang.say("privacy-by-requester"),
            By::Officer => lang.say("privacy-by-officer"),
        },
        at: look::date_time(taken.at, lang),
    };
    request.steps.iter().map(row).collect()
}

/// An entity by its name, with its page.
pub(super) fn lead(visitor: &Visitor, stored: &Stored) -> Lead {
    Lead { name: entity_name(visitor, &stored.entity), href: visitor.entity_href(stored.entity.id.as_str()) }
}

/// A look, told to whom it is about: roles and units in words, never a name.
pub(super) async fn look_row(visitor: &Visitor, look: &Look) -> LookRow {
    let lang = visitor.lang();
    let who = match &look.who {
        Who::Oneself => lang.say("privacy-who-oneself"),
        Who::Program(_) => lang.say("privacy-who-program"),
        Who::Anonymous => lang.say("privacy-who-anonymous"),
        Who::Somebody { roles, units } => somebody(visitor, roles, units).await,
    };
    let registry = visitor.app.context.types();
    let types: Vec<_> = registry.types().iter().map(|one| one.term.clone()).collect();
    let title = |name: &dinh_model::Term| {
        crate::pages::present::title_of(registry.attribute(&types, name.as_str()), name.as_str(), lang)
    };
    let mut attributes: Vec<String> = look.attributes.iter().map(title).collect();
    attributes.sort();
    attributes.dedup();
    let actions: Vec<String> = look.actions.iter().map(|action| titles::action(action, lang)).collect();
    LookRow {
        at: look::date_time(look.at, lang),
        who,
        what: actions.join(", "),
        purpose: titles::purpose(&look.purpose, lang),
        reason: look.reason.clone(),
        attributes,
        oneself: look.who == Who::Oneself,
    }
}

async fn somebody(visitor: &Visitor, roles: &[String], units: &[String]) -> String {
    let lang = visitor.lang();
    let titles = visitor.app.identity.role_titles();
    let role = |code: &String| titles.get(code).map_or(code.as_str(), |both| visitor.title(both)).to_owned();
    let mut names: Vec<String> = roles.iter().map(role).collect();
    for unit in units {
        let Ok(id) = EntityId::parse(unit) else { continue };
        if let Ok(Some(found)) = visitor.session.find(&id).await {
            names.push(entity_name(visitor, &found.entity));
        }
    }
    if names.is_empty() {
        return lang.say("privacy-who-account");
    }
    lang.say_with("privacy-who-official", &args([("roles", names.join(", "))]))
}
