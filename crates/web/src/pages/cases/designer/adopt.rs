//! `GET` and `POST /{tenant}/cases/{id}/version`: moving a case to another version of its kind, by whoever decides it,
//! with a reason.

use std::sync::Arc;

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cases::Kind;
use dinh_casework::Dossier;
use dinh_model::EntityId;
use http::StatusCode;
use serde::Serialize;

use super::against::{SectionView, count, sections};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::parts::{self, say};
use crate::pages::cases::{asks, present, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    back_href: String,
    number: String,
    kind: String,
    current: u32,
    version: u64,
    reason: String,
    offers: Vec<Offer>,
}

/// A version to which the case may be moved.
#[derive(Serialize)]
struct Offer {
    version: u32,
    from: String,
    change: Option<String>,
    differences: String,
    sections: Vec<SectionView>,
}

/// The page.
pub(super) async fn page(visitor: Visitor, Path((_, id)): Path<(String, String)>) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = parsed(&visitor, &id)?;
    show(&visitor, &id, String::new(), None, StatusCode::OK).await
}

/// Moves it.
pub(super) async fn adopt(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let id = parsed(&visitor, &id)?;
    let number = |name: &str| asks::value(&pairs, name).and_then(|text| text.parse::<u64>().ok());
    let to = number("to").and_then(|to| u32::try_from(to).ok()).unwrap_or_default();
    let reason = asks::value(&pairs, "reason").unwrap_or_default().to_owned();
    let on = (&id, number("version").unwrap_or_default());
    match visitor.app.casework.adopt(&visitor.session, on, to, &reason).await {
        Ok(dossier) => Ok(private(Redirect::to(&parts::href(&visitor, &dossier.id)).into_response())),
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error, None)?;
            show(&visitor, &id, reason, Some(outcome), status).await
        }
    }
}

fn parsed(visitor: &Visitor, id: &str) -> Result<EntityId, Fault> {
    EntityId::parse(id).map_err(|_no_iri| Fault::not_found(visitor.taste))
}

async fn show(
    visitor: &Visitor,
    id: &EntityId,
    reason: String,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (casework, lang) = (&visitor.app.casework, visitor.lang());
    let fault = |error| said::fault(visitor, error);
    let dossier: Dossier = casework.show(&visitor.session, id).await.map_err(fault)?.dossier;
    let versions: Vec<Arc<Kind>> = casework.adoptable(&visitor.session, id).await.map_err(fault)?;
    let current = casework.kind_of(&dossier).map_err(fault)?;
    if versions.is_empty() && outcome.is_none() {
        return Err(Fault::refused(visitor.taste, StatusCode::FORBIDDEN));
    }
    let offer = |kind: &Arc<Kind>| {
        let sections = sections(current, kind, lang);
        Offer {
            version: kind.version,
            from: look::day(kind.valid_from, lang),
            change: kind.change.as_ref().map(|text| say(text, lang)),
            differences: count(&sections, lang),
            sections,
        }
    };
    let values = Values {
        page: frame(visitor, lang.say("kinds-adopt"), Here::Work, ""),
        outcome,
        back_href: parts::href(visitor, id),
        number: dossier.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        kind: say(&current.title, lang),
        current: current.version,
        version: dossier.version,
        reason,
        offers: versions.iter().map(offer).collect(),
    };
    let mut response = private(rendered(visitor, "case_version.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
