//! `GET` and `POST /{tenant}/verify`: verifying a card. With scripts the device does it by itself, without network once it was
//! here; without them the server does.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_cards::{Checked, Standing, Task};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};

use super::parts::{Sign, kind, serial};
use super::said;
use crate::assets;
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Longest text that is taken, in bytes.
const LONGEST: usize = 2_000;

/// The text of a QR.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Wish {
    text: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    keys_href: String,
    status_href: String,
    worker_href: String,
    text: String,
    verdict: Option<Verdict>,
}

/// What is said of a card.
#[derive(Serialize)]
struct Verdict {
    sign: Sign,
    means: String,
    outcome: &'static str,
    facts: Vec<(String, String)>,
    task: Option<Vec<(String, String)>>,
    looked_up: bool,
    at: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::offered(&visitor) {
        return Ok(*other);
    }
    show(&visitor, String::new(), None)
}

/// Verifies here.
pub(super) async fn check(visitor: Visitor, Form(wish): Form<Wish>) -> Result<Response, Fault> {
    if let Err(other) = super::offered(&visitor) {
        return Ok(*other);
    }
    let text: String = wish.text.chars().take(LONGEST).collect();
    let checked = visitor.app.cards.check(visitor.session.tenant(), &text).await;
    let checked = checked.map_err(|error| said::fault(&visitor, error))?;
    show(&visitor, text, Some(verdict(&checked, visitor.lang())))
}

/// The worker that keeps the page for when there is no network. It stands below the page, which is all that it may keep.
pub(super) async fn worker(visitor: Visitor) -> Response {
    let Some(script) = assets::content("verify-worker.js") else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let allowed = HeaderValue::from_str(&visitor.href("verify"));
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (HeaderName::from_static("service-worker-allowed"), allowed.unwrap_or(HeaderValue::from_static("/"))),
    ];
    (headers, script.into_owned()).into_response()
}

fn show(visitor: &Visitor, text: String, verdict: Option<Verdict>) -> Result<Response, Fault> {
    let api = format!("/api/v1/{}/cards", visitor.session.tenant());
    let values = Values {
        page: frame(visitor, visitor.lang().say("verify"), Here::Elsewhere, ""),
        keys_href: format!("{api}/keys"),
        status_href: format!("{api}/status"),
        worker_href: visitor.href("verify/worker.js"),
        text,
        verdict,
    };
    let mut response = rendered(visitor, "verify.html", values)?.into_response();
    // This page alone may ask for the camera.
    let camera = "camera=(self), microphone=(), payment=(), usb=(), geolocation=()";
    let name = HeaderName::from_static("permissions-policy");
    response.headers_mut().insert(name, HeaderValue::from_static(camera));
    Ok(response)
}

fn verdict(checked: &Checked, lang: Lang) -> Verdict {
    let (tone, icon) = tone(checked.standing);
    let (word, means) = words(checked.standing, checked.looked_up, lang);
    let mut facts = Vec::new();
    if let Some(card) = &checked.claims {
        let moment = |seconds: i64| {
            let at = jiff::Timestamp::from_second(seconds).unwrap_or_default();
            look::date(at.into(), lang)
        };
        facts.push((lang.say("verify-kind"), kind(card.kind, lang)));
        facts.push((lang.say("verify-name"), card.name.clone()));
        if !card.unit.is_empty() {
            facts.push((lang.say("verify-unit"), card.unit.clone()));
        }
        if !card.position.is_empty() {
            facts.push((lang.say("verify-position"), card.position.clone()));
        }
        facts.push((lang.say("verify-serial"), serial(card.serial)));
        facts.push((lang.say("verify-issued"), moment(card.issued)));
        facts.push((lang.say("verify-expires"), moment(card.expires)));
    }
    Verdict {
        sign: Sign { tone, icon, word },
        means,
        outcome: checked.standing.name(),
        facts,
        task: checked.task.as_ref().map(|one| task(one, lang)),
        looked_up: checked.looked_up,
        at: look::date_time(checked.at, lang),
    }
}

/// How it looks: tone and icon.
pub(super) const fn tone(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Valid => ("ok", "ok"),
        Standing::Suspended | Standing::Expired => ("warn", "warn"),
        _ => ("danger", "danger"),
    }
}

/// What somebody is on site for.
pub(super) fn task(task: &Task, lang: Lang) -> Vec<(String, String)> {
    vec![
        (lang.say("verify-task-title"), task.title.clone()),
        (lang.say("verify-task-place"), task.place.clone()),
        (lang.say("verify-task-from"), look::date_time(task.from, lang)),
        (lang.say("verify-task-until"), look::date_time(task.until, lang)),
    ]
}

/// What is said, and what it means.
pub(super) fn words(standing: Standing, looked_up: bool, lang: Lang) -> (String, String) {
    match standing {
        Standing::Valid if looked_up => (lang.say("verify-found"), lang.say("verify-found-means")),
        Standing::Valid => (lang.say("verify-valid"), lang.say("verify-valid-means")),
        Standing::Revoked => (lang.say("verify-revoked"), lang.say("verify-revoked-means")),
        Standing::Suspended => (lang.say("verify-suspended"), lang.say("verify-suspended-means")),
        Standing::Expired => (lang.say("verify-expired"), lang.say("verify-expired-means")),
        Standing::UnknownIssuer => {
            (lang.say("verify-unknown-issuer"), lang.say("verify-unknown-issuer-means"))
        }
        Standing::Forged => (lang.say("verify-forged"), lang.say("verify-forged-means")),
        Standing::NotACard => (lang.say("verify-not-a-card"), lang.say("verify-not-a-card-means")),
    }
}
