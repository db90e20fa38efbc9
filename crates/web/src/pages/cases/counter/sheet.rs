//! The page on which a dossier is taken in, with what was filled in so far.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};
use dinh_cases::{Channel, Kind};
use dinh_casework::Found;
use http::StatusCode;
use serde::Serialize;

use super::desk::{APPLICANTS, CHANNELS, channel};
use crate::pages::account::private;
use crate::pages::cases::asks::{self, Choice};
use crate::pages::cases::filing::{self, Draft, Pick};
use crate::pages::cases::one;
use crate::pages::cases::parts::say;
use crate::pages::fault::Fault;
use crate::pages::form::FormView;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What came of looking for an applicant.
#[derive(Default)]
pub(super) struct Finds {
    pub(super) asked: bool,
    pub(super) found: Vec<Found>,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    home_href: String,
    title: String,
    takes: String,
    once: String,
    typed: Typed,
    kinds: Vec<Offer>,
    channels: Vec<Offer>,
    units: Vec<Pick>,
    others: Vec<Choice>,
    /// Whether what is seldom said stands open.
    open: bool,
    found: Vec<FoundRow>,
    found_none: bool,
    parts: Vec<PartField>,
    form: Option<FormView>,
}

/// What was typed.
#[derive(Default, Serialize)]
struct Typed {
    find: String,
    name: String,
    subject: String,
    number: String,
    telephone: String,
    email: String,
    address: String,
    by: String,
    by_number: String,
    sent: String,
    sent_time: String,
    unit: String,
    handling: String,
    competent: String,
    reason: String,
    /// Whether the applicant was taken from what the province holds.
    known: bool,
}

/// Something to choose, in words of the page.
#[derive(Serialize)]
struct Offer {
    value: &'static str,
    title: String,
    chosen: bool,
}

#[derive(Serialize)]
struct FoundRow {
    id: String,
    says: String,
}

#[derive(Serialize)]
struct PartField {
    name: String,
    title: String,
    hint: Option<String>,
    required: bool,
    /// Which form of paper was ticked.
    paper: String,
    /// Whether it was ticked as missing.
    lacks: bool,
}

/// Shows the page.
pub(super) async fn show(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    mut draft: Draft,
    finds: Finds,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let form = filing::of_today(visitor, kind);
    let units = filing::of_my_units(visitor, &filing::numbering(visitor).await);
    let mut typed = typed(&draft);
    if typed.unit.is_empty() {
        typed.unit = units.first().map(|unit| unit.value.clone()).unwrap_or_default();
    }
    let channel = channel(&draft);
    let seldom = channel != Channel::Counter || units.len() > 1;
    let values = Values {
        page: frame(visitor, say(&kind.title, lang), Here::Counter, ""),
        outcome,
        home_href: visitor.href("counter"),
        title: say(&kind.title, lang),
        takes: one::takes(kind, lang),
        once: draft.once(visitor),
        open: seldom || !typed.handling.is_empty() || !typed.competent.is_empty(),
        typed,
        kinds: kinds(&draft, lang),
        channels: channels(channel, lang),
        units,
        others: asks::units(visitor).await,
        found_none: finds.asked && finds.found.is_empty(),
        found: finds.found.iter().map(|found| found_row(found, lang)).collect(),
        parts: kind.parts.iter().map(|part| part_field(part, &draft, lang)).collect(),
        form: filing::drawn(visitor, form.as_deref(), &mut draft).await,
    };
    let mut response = private(rendered(visitor, "counter_intake.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn typed(draft: &Draft) -> Typed {
    let own = |name: &str| draft.own(name);
    Typed {
        find: own("find"),
        name: own("name"),
        subject: own("subject"),
        number: own("number"),
        telephone: own("telephone"),
        email: own("email"),
        address: own("address"),
        by: own("by"),
        by_number: own("by-number"),
        sent: own("sent"),
        sent_time: own("sent-time"),
        unit: own("unit"),
        handling: own("handling"),
        competent: own("competent"),
        reason: own("reason"),
        known: draft.maybe("known").is_some(),
    }
}

fn kinds(draft: &Draft, lang: Lang) -> Vec<Offer> {
    let chosen = draft.own("kind");
    let title = |name: &str| match name {
        "enterprise" => lang.say("counter-enterprise"),
        "authority" => lang.say("counter-authority"),
        "organisation" => lang.say("counter-organisation"),
        _ => lang.say("counter-person"),
    };
    APPLICANTS.map(|(value, _)| Offer { value, title: title(value), chosen: value == chosen }).into()
}

fn channels(chosen: Channel, lang: Lang) -> Vec<Offer> {
    let option = |channel: Channel| Offer {
        value: channel.name(),
        title: one::channel(channel, lang),
        chosen: channel == chosen,
    };
    CHANNELS.map(option).into()
}

fn found_row(found: &Found, lang: Lang) -> FoundRow {
    let name = ("name", found.name.clone());
    let says = match &found.dossier {
        Some(number) => lang.say_with("counter-found-dossier", &args([name, ("number", number.clone())])),
        None => lang.say_with("counter-found-register", &args([name])),
    };
    FoundRow { id: found.id.to_string(), says }
}

fn part_field(part: &dinh_cases::Part, draft: &Draft, lang: Lang) -> PartField {
    PartField {
        name: part.code.clone(),
        title: say(&part.title, lang),
        hint: part.hint.as_ref().map(|hint| say(hint, lang)),
        required: part.required,
        paper: draft.own(&format!("paper.{}", part.code)),
        lacks: draft.maybe(&format!("lack.{}", part.code)).is_some(),
    }
}
