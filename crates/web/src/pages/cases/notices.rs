//! `GET` and `POST /{tenant}/notices`: how telling applicants fares, what could not be sent and why, sending it again.

use std::collections::BTreeMap;

use axum::Form;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::{Channel, Notices, Untold};
use dinh_model::EntityId;
use serde::Serialize;

use super::parts::{self, Sign};
use super::{asks, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    ways: Vec<Way>,
    waiting: String,
    failed: String,
    sent: Vec<Fact>,
    untold: Vec<Row>,
    notices_href: String,
}

/// A way of telling people.
#[derive(Serialize)]
struct Way {
    title: String,
    state: Sign,
    reason: Option<String>,
}

#[derive(Serialize)]
struct Fact {
    title: String,
    text: String,
}

/// A notice that could not be sent.
#[derive(Serialize)]
pub(super) struct Row {
    case: String,
    name: String,
    number: String,
    href: String,
    subject: String,
    at: String,
    reasons: Vec<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    super::only(&visitor, super::works(&visitor) || super::leads(&visitor))?;
    show(&visitor, None).await
}

/// Has a notice sent again.
pub(super) async fn again(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    super::only(&visitor, super::works(&visitor) || super::leads(&visitor))?;
    let text = |name| asks::value(&pairs, name).unwrap_or_default();
    let case = EntityId::parse(text("case")).map_err(|_none| Fault::not_found(visitor.taste))?;
    let told = visitor.app.casework.tell_again(&visitor.session, &case, text("name")).await;
    if let Err(error) = told {
        let (outcome, status) = said::told(&visitor, error, None)?;
        let mut response = show(&visitor, Some(outcome)).await?;
        *response.status_mut() = status;
        return Ok(response);
    }
    if text("back") == "case" {
        return Ok(private(Redirect::to(&parts::href(&visitor, &case)).into_response()));
    }
    let text = visitor.lang().say("notices-again-done");
    show(&visitor, Some(Outcome { tone: "ok", text })).await
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>) -> Result<Response, Fault> {
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let fault = |error| said::fault(visitor, error);
    let notices = casework.notices(&visitor.session).await.map_err(fault)?;
    let untold = casework.untold(&visitor.session).await.map_err(fault)?;
    let values = Values {
        page: frame(visitor, lang.say("notices"), Here::Work, ""),
        outcome,
        ways: notices.channels.iter().map(|channel| way(channel, lang)).collect(),
        waiting: count(notices.waiting, lang),
        failed: count(notices.failed, lang),
        sent: sent(&notices, lang),
        untold: untold.iter().map(|one| row(visitor, one)).collect(),
        notices_href: visitor.href("notices"),
    };
    Ok(private(rendered(visitor, "notices.html", values)?.into_response()))
}

/// What could not be told of one case, for those who work on it.
pub(super) async fn of_case(visitor: &Visitor, case: &EntityId, own: bool) -> Vec<Row> {
    if own {
        return Vec::new();
    }
    let untold = visitor.app.casework.untold_of(&visitor.session, case).await.unwrap_or_default();
    untold.iter().map(|one| row(visitor, one)).collect()
}

/// Signs for the foot of the operations page: what keeps applicants from being told, for officials.
pub(in crate::pages) async fn signs(visitor: &Visitor) -> Vec<view::State> {
    if !super::works(visitor) && !super::leads(visitor) {
        return Vec::new();
    }
    let (lang, casework) = (visitor.lang(), &visitor.app.casework);
    let Ok(notices) = casework.notices(&visitor.session).await else { return Vec::new() };
    let mut signs = Vec::new();
    for channel in notices.channels.iter().filter(|channel| channel.fault.is_some()) {
        let word = lang.say_with("notices-sign-down", &args([("way", title(&channel.name, lang))]));
        signs.push(view::State { tone: "warn", icon: "silent", word });
    }
    if notices.failed > 0 {
        let word = lang.say_with("notices-sign-failed", &args([("count", number(notices.failed))]));
        signs.push(view::State { tone: "danger", icon: "danger", word });
    }
    signs
}

fn row(visitor: &Visitor, one: &Untold) -> Row {
    let lang = visitor.lang();
    let number = one.dossier.number.clone().unwrap_or_else(|| lang.say("cases-no-number"));
    let message = visitor.app.casework.messages().get(&one.message);
    let values = BTreeMap::from([("number", number.clone())]);
    let subject = message.map(|message| message.filled(lang == Lang::Vi, &values).0);
    let reason = |(way, why): &(String, String)| {
        lang.say_with("notices-reason", &args([("way", title(way, lang)), ("why", why.clone())]))
    };
    Row {
        case: one.dossier.id.to_string(),
        name: one.name.clone(),
        number,
        href: parts::href(visitor, &one.dossier.id),
        subject: subject.unwrap_or_else(|| one.message.clone()),
        at: look::date_time(one.at, lang),
        reasons: one.faults.iter().map(reason).collect(),
    }
}

fn way(channel: &Channel, lang: Lang) -> Way {
    let title = title(&channel.name, lang);
    let (state, reason) = match (&channel.fault, channel.sent) {
        (Some((at, why)), _) => {
            let word = lang.say_with("notices-way-down", &args([("at", look::date_time(*at, lang))]));
            (Sign { tone: "danger", icon: "danger", word }, Some(why.clone()))
        }
        (None, Some(at)) => {
            let word = lang.say_with("notices-way-sent", &args([("at", look::date_time(at, lang))]));
            (Sign { tone: "ok", icon: "ok", word }, None)
        }
        (None, None) => (Sign { tone: "off", icon: "clock", word: lang.say("notices-way-none") }, None),
    };
    Way { title, state, reason }
}

fn sent(notices: &Notices, lang: Lang) -> Vec<Fact> {
    let mut facts: Vec<Fact> = Vec::new();
    for (way, n) in &notices.sent {
        let title = if way == "unreached" {
            lang.say("notices-unreached")
        } else {
            lang.say_with("notices-sent-by", &args([("way", title(way, lang))]))
        };
        facts.push(Fact { title, text: count(u64::try_from(*n).unwrap_or_default(), lang) });
    }
    facts
}

/// What people call a way.
fn title(way: &str, lang: Lang) -> String {
    match way {
        "email" => lang.say("notices-way-email"),
        "sms" => lang.say("notices-way-sms"),
        "zalo" => lang.say("notices-way-zalo"),
        other => other.to_owned(),
    }
}

fn count(n: u64, lang: Lang) -> String {
    look::number(number(n), Some(0), lang)
}

fn number(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
