//! `/{tenant}/check` and `/{tenant}/check/{code}`: whether a paper is genuine, for whoever holds it. No account is needed, and
//! nothing that the paper says is told. A file is looked at where it lies: scripts compute its hash in the browser; without
//! them it is sent, hashed and forgotten.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::Checked;
use dinh_documents::{Code, Digest, Standing};
use http::StatusCode;
use serde::Serialize;

use super::parts::{self, Sign, say};
use super::{asks, said, sign};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::signatures::Signed;
use crate::pages::view;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    code: String,
    /// What is wrong with what was typed or sent.
    wrong: Option<String>,
    /// Whether something was asked for and nothing found.
    unknown: bool,
    /// Whether a file was shown.
    file: bool,
    found: Option<Found>,
    check_href: String,
}

/// What is told of a paper.
#[derive(Serialize)]
struct Found {
    code: String,
    title: String,
    unit: String,
    day: String,
    state: Sign,
    told: String,
    /// Whether the file that was shown is the one that was issued.
    file: Option<Sign>,
    file_told: Option<String>,
    /// Where the one is checked that took its place.
    replaced_href: Option<String>,
    /// Who signed what was issued.
    signatures: Vec<Signed>,
    /// Whether it was signed by hand, on paper.
    by_hand: bool,
}

/// What somebody wants to know.
#[derive(Default)]
struct Wanted {
    code: String,
    digest: Option<Digest>,
    wrong: Option<String>,
}

/// The form; with `?code=` the way to what is told of it.
pub(super) async fn ask(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    if let Some(code) = asked.get("code").filter(|code| !code.trim().is_empty()) {
        if let Ok(code) = code.parse::<Code>() {
            let to = visitor.href(&format!("check/{}", code.as_str()));
            return Ok(private(Redirect::to(&to).into_response()));
        }
        let wrong = Some(visitor.lang().say("papers-check-no-code"));
        let code = code.chars().take(60).collect();
        return show(&visitor, Wanted { code, digest: None, wrong }).await;
    }
    show(&visitor, Wanted::default()).await
}

/// What is told of the paper with a code.
pub(super) async fn one(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let code = code.parse::<Code>().map_err(|_no_code| Fault::not_found(visitor.taste))?;
    show(&visitor, Wanted { code: code.to_string(), ..Wanted::default() }).await
}

/// What is told of a file.
pub(super) async fn file_of_any(visitor: Visitor, request: Request) -> Result<Response, Fault> {
    file(&visitor, None, request).await
}

/// What is told of a file that should be the paper with a code.
pub(super) async fn file_of_one(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    let code = code.parse::<Code>().map_err(|_no_code| Fault::not_found(visitor.taste))?;
    file(&visitor, Some(code), request).await
}

async fn file(visitor: &Visitor, code: Option<Code>, request: Request) -> Result<Response, Fault> {
    let bad = |says: String| Fault::bad_request(visitor.taste, says);
    let posted = Posted::read(request).await.map_err(|unreadable| bad(unreadable.0))?;
    let typed = asks::value(&posted.pairs, "digest").filter(|text| !text.trim().is_empty());
    let mut wanted =
        Wanted { code: code.map(|code| code.to_string()).unwrap_or_default(), ..Wanted::default() };
    let lang = visitor.lang();
    match (posted.files.first(), typed.map(str::parse::<Digest>)) {
        // The content is hashed and dropped: nothing of it is kept.
        (Some(file), _) => wanted.digest = Some(Digest::of(&file.content)),
        (None, Some(Ok(digest))) => wanted.digest = Some(digest),
        (None, Some(Err(_))) => wanted.wrong = Some(lang.say("papers-check-no-digest")),
        (None, None) => wanted.wrong = Some(lang.say("papers-check-no-file")),
    }
    show(visitor, wanted).await
}

async fn show(visitor: &Visitor, wanted: Wanted) -> Result<Response, Fault> {
    let casework = &visitor.app.casework;
    if !casework.is_offered() {
        return Err(Fault::not_found(visitor.taste));
    }
    let code = wanted.code.parse::<Code>().ok();
    let asks = wanted.wrong.is_none() && (code.is_some() || wanted.digest.is_some());
    let found = if asks {
        let checked =
            casework.check_paper(visitor.session.tenant(), code.as_ref(), wanted.digest.as_ref()).await;
        checked.map_err(|error| said::fault(visitor, error))?
    } else {
        None
    };
    let status = match (&found, asks, &wanted.wrong) {
        (.., Some(_)) => StatusCode::UNPROCESSABLE_ENTITY,
        // What was shown is none of ours: that is an answer. What an address names is not there.
        (None, true, None) if wanted.digest.is_none() => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    };
    let values = Values {
        page: frame(visitor, visitor.lang().say("papers-check"), Here::Elsewhere, ""),
        code: wanted.code,
        wrong: wanted.wrong,
        unknown: asks && found.is_none(),
        file: wanted.digest.is_some(),
        found: match found {
            Some(checked) => Some(told(visitor, &checked).await),
            None => None,
        },
        check_href: visitor.href("check"),
    };
    let mut response = private(rendered(visitor, "check.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

async fn told(visitor: &Visitor, checked: &Checked) -> Found {
    let lang = visitor.lang();
    let (tone, icon, word, told) = match (checked.standing, checked.over) {
        (Standing::Valid, false) => ("ok", "ok", lang.say("papers-valid"), lang.say("papers-valid-told")),
        (Standing::Valid, true) => ("warn", "clock", lang.say("papers-over"), lang.say("papers-over-told")),
        (Standing::Numbered, _) => {
            ("watch", "clock", lang.say("papers-numbered"), lang.say("papers-numbered-told"))
        }
        (Standing::Replaced, _) => {
            ("warn", "warn", lang.say("papers-replaced"), lang.say("papers-replaced-told"))
        }
        (Standing::Revoked, _) => {
            ("danger", "danger", lang.say("papers-revoked"), lang.say("papers-revoked-told"))
        }
        (Standing::Void, _) => ("danger", "danger", lang.say("papers-void"), lang.say("papers-void-told")),
    };
    let (file, file_told) = match checked.genuine {
        None => (None, None),
        Some(true) => {
            let sign = Sign { tone: "ok", icon: "ok", word: lang.say("papers-genuine") };
            (Some(sign), Some(lang.say("papers-genuine-told")))
        }
        Some(false) => {
            let sign = Sign { tone: "danger", icon: "danger", word: lang.say("papers-altered") };
            (Some(sign), Some(lang.say("papers-altered-told")))
        }
    };
    let signed = checked.signed.as_ref().map(|(id, digest)| (id, digest.as_str()));
    Found {
        signatures: sign::of_document(visitor, signed).await,
        by_hand: checked.by_hand,
        code: checked.code.to_string(),
        title: say(&checked.title, lang),
        unit: parts::unit(visitor, checked.unit.as_str()).await,
        day: look::day(checked.day, lang),
        state: Sign { tone, icon, word },
        told,
        file,
        file_told,
        replaced_href: checked
            .replaced_by
            .as_ref()
            .map(|code| visitor.href(&format!("check/{}", code.as_str()))),
    }
}
