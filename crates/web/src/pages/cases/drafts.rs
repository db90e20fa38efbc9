//! Drafts: kept from the page on which a dossier is filed, listed with one's dossiers, gone on with, deleted
//! (`POST /{tenant}/my-cases/drafts/{id}`).

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cases::Kind;
use dinh_casework::{Casework, Error};
use http::StatusCode;
use serde::Serialize;

use super::filing::Draft;
use super::parts::say;
use super::{one, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// A draft in a list.
#[derive(Serialize)]
pub(super) struct Row {
    title: String,
    href: String,
    saved: String,
    expires: String,
    discard_href: String,
}

/// Keeps what was filled in, and says that it was, and until when; or why it was not.
pub(super) async fn keep(visitor: &Visitor, kind: &Kind, draft: &Draft) -> (Outcome, StatusCode) {
    let lang = visitor.lang();
    let danger = |text: String| (Outcome { tone: "danger", text }, StatusCode::CONFLICT);
    let Some(content) = draft.content() else { return danger(lang.say("citizen-draft-not-kept")) };
    match visitor.app.casework.keep_draft(&visitor.session, &kind.code, content).await {
        Ok(kept) => {
            let when = args([("when", look::date_time(kept.expires, lang))]);
            (Outcome { tone: "ok", text: lang.say_with("citizen-draft-kept", &when) }, StatusCode::OK)
        }
        Err(Error::TooMany { what: "drafts", most }) => {
            danger(lang.say_with("citizen-drafts-full", &args([("most", most.to_string())])))
        }
        Err(Error::TooMany { most, .. }) => {
            danger(lang.say_with("citizen-draft-large", &args([("most", (most / 1_024).to_string())])))
        }
        Err(error) => {
            tracing::warn!(%error, "a draft was not kept");
            danger(lang.say("citizen-draft-not-kept"))
        }
    }
}

/// A draft to go on with.
pub(super) async fn resumed(visitor: &Visitor, kind: &Kind, id: &str) -> Result<Draft, Fault> {
    let id = one::parsed(visitor, id)?;
    let draft = visitor.app.casework.draft(&visitor.session, &id).await;
    let draft = draft.map_err(|error| said::fault(visitor, error))?;
    match draft.content {
        Some(content) if draft.kind == kind.code => Ok(Draft::resumed(visitor, kind, content)),
        _ => Err(Fault::not_found(visitor.taste)),
    }
}

/// What a page says of drafts beside the button that keeps one.
pub(super) fn hint(lang: Lang) -> String {
    let days = Casework::DRAFT_LIFE.as_secs() / (24 * 3_600);
    let bounds = args([("days", days.to_string()), ("most", Casework::MOST_DRAFTS.to_string())]);
    lang.say_with("citizen-draft-hint", &bounds)
}

/// The drafts of whoever is signed in.
pub(super) async fn rows(visitor: &Visitor) -> Result<Vec<Row>, Fault> {
    let (casework, lang) = (&visitor.app.casework, visitor.lang());
    let drafts = casework.drafts(&visitor.session).await.map_err(|error| said::fault(visitor, error))?;
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let row = |draft: dinh_casework::Draft| {
        let kind = casework.book().on(&draft.kind, today)?;
        let id = encode(draft.id.as_str());
        Some(Row {
            title: say(&kind.title, lang),
            href: visitor.href(&format!("file/{}?draft={id}", kind.code)),
            saved: look::date_time(draft.saved, lang),
            expires: look::date_time(draft.expires, lang),
            discard_href: visitor.href(&format!("my-cases/drafts/{id}")),
        })
    };
    Ok(drafts.into_iter().filter_map(row).collect())
}

/// Deletes a draft.
pub(super) async fn discard(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let gone = visitor.app.casework.discard_draft(&visitor.session, &id).await;
    gone.map_err(|error| said::fault(&visitor, error))?;
    Ok(private(Redirect::to(&visitor.href("my-cases")).into_response()))
}
