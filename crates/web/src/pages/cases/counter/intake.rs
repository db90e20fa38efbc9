//! `GET` and `POST /{tenant}/counter/{kind}`: taking in a dossier at the one-stop desk, complete or not.

use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::Response;
use dinh_cases::Kind;
use dinh_casework::{Filing, Then};
use dinh_model::EntityId;
use http::StatusCode;

use super::desk::{self, Said};
use super::sheet::{self, Finds};
use super::taken;
use crate::pages::cases::filing::{self, Draft};
use crate::pages::cases::{only, present, said, works};
use crate::pages::fault::Fault;
use crate::pages::form::Wish;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;

/// The empty form.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let kind = filing::open_kind(&visitor, &code)?;
    sheet::show(&visitor, &kind, Draft::of([]), Finds::default(), None, StatusCode::OK).await
}

/// What was posted: taken in, or shown again with what was looked for or is wrong.
pub(super) async fn send(
    visitor: Visitor,
    Path((_, code)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, works(&visitor))?;
    let kind = filing::open_kind(&visitor, &code)?;
    let mut draft = Draft::read(&visitor, &kind, request).await?;
    match Wanted::of(&draft) {
        Wanted::Find => found(&visitor, &kind, draft).await,
        Wanted::Take(id) => known(&visitor, &kind, draft, &id).await,
        Wanted::Refresh => sheet::show(&visitor, &kind, draft, Finds::default(), None, StatusCode::OK).await,
        Wanted::Settle(what) => {
            draft.fill_from(&visitor, &kind, &desk::known(&draft)).await;
            Box::pin(take_in(&visitor, &kind, draft, what)).await
        }
    }
}

/// What the official wants.
enum Wanted {
    /// To look for an applicant whom the province knows.
    Find,
    /// To take over one who was found.
    Take(String),
    /// To see the page anew.
    Refresh,
    /// To take the dossier in, have it completed, or refuse it.
    Settle(What),
}

/// How a dossier is settled at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Receive,
    Ask,
    Refuse,
}

impl Wanted {
    fn of(draft: &Draft) -> Self {
        let wanted = draft.own("do");
        if let Some(id) = wanted.strip_prefix("take:") {
            return Self::Take(id.to_owned());
        }
        match wanted.as_str() {
            "find" => return Self::Find,
            "ask" => return Self::Settle(What::Ask),
            "refuse" => return Self::Settle(What::Refuse),
            _ => {}
        }
        if draft.wish != Wish::Check {
            return Self::Refresh;
        }
        // Enter in the field of the search sends the whole form.
        let searches = draft.own("name").is_empty() && !draft.own("find").is_empty();
        if searches { Self::Find } else { Self::Settle(What::Receive) }
    }
}

async fn found(visitor: &Visitor, kind: &Arc<Kind>, mut draft: Draft) -> Result<Response, Fault> {
    draft.wish = Wish::Refresh;
    let text = draft.own("find");
    let found = visitor.app.casework.find_applicants(&visitor.session, &text).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let finds = Finds { asked: true, found };
    sheet::show(visitor, kind, draft, finds, None, StatusCode::OK).await
}

/// Fills in somebody who was found, in the form of the procedure too.
async fn known(visitor: &Visitor, kind: &Arc<Kind>, mut draft: Draft, id: &str) -> Result<Response, Fault> {
    draft.wish = Wish::Refresh;
    let id = EntityId::parse(id).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let taken = visitor.app.casework.take_applicant(&visitor.session, &id).await;
    let applicant = taken.map_err(|error| said::fault(visitor, error))?;
    desk::put(&mut draft, &applicant);
    draft.fill_from(visitor, kind, &desk::known(&draft)).await;
    sheet::show(visitor, kind, draft, Finds::default(), None, StatusCode::OK).await
}

/// Takes in what was filled in, if nothing is wrong with it. What is refused need not be filled in well.
async fn take_in(visitor: &Visitor, kind: &Arc<Kind>, draft: Draft, what: What) -> Result<Response, Fault> {
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let answers = match draft.answers(visitor, kind).await {
        Some(answers) => answers,
        None if what == What::Refuse => serde_json::Map::new(),
        None => return sheet::show(visitor, kind, draft, Finds::default(), None, wrong).await,
    };
    let danger = |text: String| Some(Outcome { tone: "danger", text });
    let Ok(receiving) = EntityId::parse(&draft.own("unit")) else {
        let text = visitor.lang().say("cases-file-no-unit");
        return sheet::show(visitor, kind, draft, Finds::default(), danger(text), wrong).await;
    };
    let at_desk = match desk::at_desk(kind, &draft, what, visitor.lang()) {
        Said::Well(at_desk) => at_desk,
        Said::Wrong(text) => {
            return sheet::show(visitor, kind, draft, Finds::default(), danger(text), wrong).await;
        }
    };
    let (papers, scans) = desk::papers(kind, &draft);
    // A part of which there is a scan alone is there once the file is: the dossier is received then.
    let waits = scans && at_desk.then == Then::Receive;
    let filing = Filing {
        kind: kind.code.clone(),
        channel: desk::channel(&draft),
        answers,
        parts: papers,
        applicant: desk::applicant(&draft),
        receiving,
        competent: draft.maybe("competent").and_then(|unit| EntityId::parse(&unit).ok()),
        at_desk: dinh_casework::AtDesk { then: if waits { Then::Wait } else { at_desk.then }, ..at_desk },
        parent: None,
        once: draft.maybe("once"),
    };
    let mut done = match visitor.app.casework.file(&visitor.session, filing).await {
        Ok(done) => done,
        Err(error) => {
            let (outcome, status) = said::told(visitor, error, Some(kind))?;
            return sheet::show(visitor, kind, draft, Finds::default(), Some(outcome), status).await;
        }
    };
    let mut troubles = filing::attached(visitor, kind, &done.dossier.id, draft.files).await;
    if waits && let Err(error) = desk::receive(visitor, kind, &mut done.dossier).await {
        troubles.push(said::words(&error, Some(kind), visitor.lang()));
    }
    Box::pin(taken::page(visitor, kind, done, troubles)).await
}
