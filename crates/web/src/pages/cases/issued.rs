//! `/{tenant}/issued`: documents that were numbered here, for those who issue them; `/{tenant}/issued/{id}`: one of them, to be
//! opened, taken back or replaced; its file for its owner too.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_casework::{Dossier, Error, Issued};
use dinh_documents::Standing;
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::parts::{self, Sign, say};
use super::{asks, counter, issues, only, present, said, sign as signing};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::signatures::Signed;
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Documents of one page.
const PAGE: usize = 50;
/// Most documents of a case that its page names.
const MOST_OF_CASE: usize = 20;

#[derive(Serialize)]
struct Listed {
    page: view::Frame,
    wrong: Option<String>,
    rows: Vec<Row>,
    total: u64,
    filters: Vec<Filter>,
    register_href: String,
    /// Where those that were picked are printed, if any of this page has a file.
    print_href: Option<String>,
    /// Where those that were picked are signed, if any of this page waits for it.
    sign_href: Option<String>,
    previous_href: Option<String>,
    next_href: Option<String>,
}

#[derive(Serialize)]
struct Filter {
    title: String,
    href: String,
    on: bool,
}

#[derive(Serialize)]
struct Row {
    id: String,
    /// Whether it can be picked: to be printed, or to be signed.
    picks: bool,
    /// How far it is with its signatures.
    signed: Option<Sign>,
    serial: String,
    title: String,
    href: String,
    state: Sign,
    numbered: String,
    by: String,
}

#[derive(Serialize)]
struct One {
    page: view::Frame,
    outcome: Option<Outcome>,
    row: Row,
    back_href: String,
    case_href: String,
    file_href: Option<String>,
    check_href: String,
    code: String,
    digest: String,
    issued: Option<String>,
    until: Option<String>,
    reason: Option<String>,
    replaced_href: Option<String>,
    replaces_href: Option<String>,
    version: u64,
    /// Whether it can be replaced or taken back.
    changes: bool,
    signatures: Vec<Signed>,
    /// Where it is signed, if whoever looks may.
    sign_href: Option<String>,
    /// Who said when that it was signed by hand.
    by_hand: Option<String>,
    /// Whether it waits to take the place of another one.
    releases: bool,
}

/// The list.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    listed(&visitor, None, StatusCode::OK).await
}

/// The list, with what was wrong about what was asked of it.
pub(super) async fn listed(
    visitor: &Visitor,
    wrong: Option<String>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, asked) = (visitor.lang(), Asked::of(&visitor.uri).with_only(&["standing", "page"]));
    let standing = asked.get("standing").and_then(Standing::from_name);
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 200);
    let found =
        visitor.app.casework.documents_of_units(&visitor.session, standing, ((at - 1) * PAGE, PAGE)).await;
    let found = found.map_err(|error| said::fault(visitor, error))?;
    let to = |asked: Asked| format!("{}{}", visitor.href("issued"), asked.query());
    let at_page = |page: usize| to(asked.with("page", Some(&page.to_string())));
    let filter = |one: Option<Standing>| Filter {
        title: one.map_or_else(|| lang.say("papers-all"), |one| sign(one, lang).word),
        href: to(asked.with("page", None).with("standing", one.map(Standing::name))),
        on: one == standing,
    };
    let mut rows = Vec::new();
    for one in &found.documents {
        rows.push(row(visitor, one).await);
    }
    let values = Listed {
        page: frame(visitor, lang.say("papers-issued"), Here::Work, ""),
        wrong,
        print_href: found
            .documents
            .iter()
            .any(|one| one.file.is_some())
            .then(|| visitor.href("issued/print")),
        rows,
        total: found.total,
        filters: std::iter::once(None).chain(Standing::ALL.map(Some)).map(filter).collect(),
        register_href: visitor.href("register"),
        sign_href: found
            .documents
            .iter()
            .any(|one| one.standing == Standing::Numbered)
            .then(|| visitor.href("issued/sign")),
        previous_href: (at > 1).then(|| at_page(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&found.total).then(|| at_page(at + 1)),
    };
    let mut response = private(rendered(visitor, "issued.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

/// One document.
pub(super) async fn one(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    show(&visitor, &parsed(&visitor, &id)?, None, StatusCode::OK).await
}

/// Takes it back or replaces it; issues or gives up what is to take the place of another one.
pub(super) async fn change(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    let id = parsed(&visitor, &id)?;
    let (casework, session) = (&visitor.app.casework, &visitor.session);
    let version = asks::value(&pairs, "version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let reason = asks::value(&pairs, "reason").unwrap_or_default();
    let done = match asks::value(&pairs, "do") {
        Some("revoke") => {
            casework.revoke_document(session, (&id, version), reason).await.map(|()| id.clone())
        }
        Some("replace") => casework.replace_document(session, (&id, version), reason).await,
        Some(how @ ("release" | "release-on-paper")) => {
            let by_hand = how == "release-on-paper";
            casework.release_document(session, (&id, version), by_hand).await.map(|()| id.clone())
        }
        Some("give-up") => {
            casework.give_up_replacement(session, (&id, version), reason).await.map(|()| id.clone())
        }
        _ => {
            let says = "do: must be revoke, replace, release, release-on-paper or give-up".to_owned();
            return Err(Fault::bad_request(visitor.taste, says));
        }
    };
    match done {
        Ok(id) => Ok(private(Redirect::to(&href(&visitor, &id)).into_response())),
        Err(Error::Refused(_)) => {
            let text = visitor.lang().say("papers-reason-rule");
            let outcome = Outcome { tone: "danger", text };
            show(&visitor, &id, Some(outcome), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error, None)?;
            show(&visitor, &id, Some(outcome), status).await
        }
    }
}

/// `GET /{tenant}/issued/{id}/file`: its file, for its owner and for those who issue it.
pub(super) async fn file(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = parsed(&visitor, &id)?;
    let opened = visitor.app.casework.open_document(&visitor.session, &id).await;
    let file = opened.map_err(|error| said::fault(&visitor, error))?;
    Ok(counter::shown_pdf(&file.name, file.content))
}

/// The documents of a case, for those who issue them: address, title and standing.
pub(super) async fn of_case(visitor: &Visitor, dossier: &Dossier) -> Vec<(String, String, Sign)> {
    if !issues(visitor) {
        return Vec::new();
    }
    let found = visitor.app.casework.documents_of_case(&visitor.session, &dossier.id, MOST_OF_CASE).await;
    let lang = visitor.lang();
    let told = |one: Issued| {
        let title = format!("{} {}", say(&one.title, lang), one.serial);
        // What waits says for whom.
        let waits = one.standing == Standing::Numbered;
        let state = if waits { signing::so_far(&one, lang) } else { sign(one.standing, lang) };
        (href(visitor, &one.id), title, state)
    };
    found.unwrap_or_default().into_iter().map(told).collect()
}

async fn show(
    visitor: &Visitor,
    id: &EntityId,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let found = visitor.app.casework.issued_for(&visitor.session, id).await;
    let one = found.map_err(|error| said::fault(visitor, error))?;
    let row = row(visitor, &one).await;
    let digest = one.digests.last().filter(|_| !one.signed.is_empty() && one.file.is_some());
    let signatures = signing::of_document(visitor, digest.map(|digest| (&one.id, digest.as_str()))).await;
    let waits = one.standing == Standing::Numbered && !signing::fitting(visitor, &one).await?.is_empty();
    let values = One {
        signatures,
        sign_href: waits.then(|| visitor.href(&format!("issued/sign?id={}", encode(one.id.as_str())))),
        page: frame(visitor, format!("{} {}", row.title, row.serial), Here::Work, ""),
        outcome,
        back_href: visitor.href("issued"),
        case_href: parts::href(visitor, &one.dossier),
        file_href: one.file.as_ref().map(|_| format!("{}/file", row.href)),
        check_href: visitor.href(&format!("check/{}", one.code.as_str())),
        code: one.code.to_string(),
        digest: one.digests.last().cloned().unwrap_or_default(),
        issued: one.issued.map(|at| look::date_time(at, lang)),
        until: one.valid_until.map(|day| look::day(day, lang)),
        reason: one.reason.clone(),
        replaced_href: one.replaced_by.as_ref().map(|id| href(visitor, id)),
        replaces_href: one.replaces.as_ref().map(|id| href(visitor, id)),
        version: one.version,
        changes: one.standing == Standing::Valid,
        by_hand: one.by_hand.as_ref().map(|hand| look::date_time(hand.at.into(), lang)),
        releases: one.standing == Standing::Numbered && one.replaces.is_some(),
        row,
    };
    let mut response = private(rendered(visitor, "issued_one.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

async fn row(visitor: &Visitor, one: &Issued) -> Row {
    let lang = visitor.lang();
    let waits = one.standing == Standing::Numbered;
    Row {
        id: one.id.to_string(),
        picks: waits || one.file.is_some(),
        signed: (waits || !one.signed.is_empty() || one.by_hand.is_some())
            .then(|| signing::so_far(one, lang)),
        serial: one.serial.clone(),
        title: say(&one.title, lang),
        href: href(visitor, &one.id),
        state: sign(one.standing, lang),
        numbered: look::date_time(one.numbered, lang),
        by: parts::unit(visitor, one.issued_by.as_str()).await,
    }
}

/// Where a document stands, as a sign.
fn sign(standing: Standing, lang: Lang) -> Sign {
    let (tone, icon, word) = match standing {
        Standing::Numbered => ("watch", "clock", lang.say("papers-numbered")),
        Standing::Valid => ("ok", "ok", lang.say("papers-valid")),
        Standing::Replaced => ("warn", "warn", lang.say("papers-replaced")),
        Standing::Revoked => ("danger", "danger", lang.say("papers-revoked")),
        Standing::Void => ("off", "silent", lang.say("papers-void")),
    };
    Sign { tone, icon, word }
}

pub(super) fn href(visitor: &Visitor, id: &EntityId) -> String {
    visitor.href(&format!("issued/{}", encode(id.as_str())))
}

fn parsed(visitor: &Visitor, id: &str) -> Result<EntityId, Fault> {
    EntityId::parse(id).map_err(|_unreadable| Fault::not_found(visitor.taste))
}
