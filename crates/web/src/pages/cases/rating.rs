//! `POST /{tenant}/cases/{id}/rating` and `/{tenant}/follow/rating`: what an applicant thinks of how their dossier was settled.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use dinh_casework::{Dossier, Shown};
use dinh_model::Timestamp;
use http::StatusCode;
use serde::Serialize;

use super::{asks, follow, one, parts, said};
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// The form by which a dossier is rated.
#[derive(Serialize)]
pub(super) struct RatingForm {
    action: String,
    /// What the form sends along: names and values.
    pub(super) hidden: Vec<(&'static str, String)>,
    choices: Vec<Star>,
    remark: String,
    /// Until when, in words.
    until: String,
    /// Whether it was rated already.
    again: bool,
}

#[derive(Serialize)]
struct Star {
    value: u8,
    title: String,
    chosen: bool,
}

impl RatingForm {
    pub(super) fn new(action: String, rated: Option<u8>, until: Timestamp, lang: Lang) -> Self {
        let star = |value| Star { value, title: stars(value, lang), chosen: rated == Some(value) };
        let when = args([("when", look::date_time(until, lang))]);
        let until = if rated.is_some() {
            lang.say_with("citizen-rate-change-until", &when)
        } else {
            lang.say_with("citizen-rate-until", &when)
        };
        Self {
            action,
            hidden: Vec::new(),
            choices: (1..=5).rev().map(star).collect(),
            remark: String::new(),
            until,
            again: rated.is_some(),
        }
    }

    /// The form on the page of a case, for its applicant while it may be rated.
    pub(super) fn of(visitor: &Visitor, shown: &Shown) -> Option<Self> {
        let action = format!("{}/rating", parts::href(visitor, &shown.dossier.id));
        let mut form = Self::new(action, shown.dossier.rating, shown.rate_until?, visitor.lang());
        form.hidden.push(("version", shown.dossier.version.to_string()));
        let remark = shown.dossier.case.as_ref().and_then(|case| case.rating.as_ref()?.remark.clone());
        form.remark = remark.unwrap_or_default();
        Some(form)
    }
}

/// What was said of a case: the stars in words, and the remark where it may be read.
pub(super) fn said_of(dossier: &Dossier, lang: Lang) -> Option<(String, Option<String>)> {
    let remark = dossier.case.as_ref().and_then(|case| case.rating.as_ref()?.remark.clone());
    Some((stars(dossier.rating?, lang), remark))
}

pub(super) fn stars(value: u8, lang: Lang) -> String {
    match value {
        1 => lang.say("citizen-stars-1"),
        2 => lang.say("citizen-stars-2"),
        3 => lang.say("citizen-stars-3"),
        4 => lang.say("citizen-stars-4"),
        _ => lang.say("citizen-stars-5"),
    }
}

fn read(pairs: &[(String, String)]) -> (u8, &str) {
    let stars = asks::value(pairs, "stars").and_then(|text| text.parse().ok()).unwrap_or_default();
    (stars, asks::value(pairs, "remark").unwrap_or_default())
}

/// Rates one's own case.
pub(super) async fn own(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let version = asks::value(&pairs, "version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let done = visitor.app.casework.rate(&visitor.session, (&id, version), read(&pairs)).await;
    let (outcome, status) = match done {
        Ok(_) => (thanks(visitor.lang()), StatusCode::OK),
        Err(error) => said::told(&visitor, error, None)?,
    };
    one::show(&visitor, &id, Some(outcome), status).await
}

/// Rates the case whose number and secret are shown.
pub(super) async fn followed(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let code = follow::code(&pairs);
    let (casework, tenant) = (&visitor.app.casework, visitor.session.tenant());
    let done = casework.rate_followed(tenant, (&code.number, &code.secret), read(&pairs)).await;
    let (outcome, status) = match done {
        Ok(true) => (Some(thanks(visitor.lang())), StatusCode::OK),
        Ok(false) => (None, StatusCode::OK),
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error, None)?;
            (Some(outcome), status)
        }
    };
    follow::again(&visitor, code, outcome, status).await
}

fn thanks(lang: Lang) -> Outcome {
    Outcome { tone: "ok", text: lang.say("citizen-rate-thanks") }
}
