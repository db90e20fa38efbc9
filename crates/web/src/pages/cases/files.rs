//! Files of a case: taking them in after they were looked at, and handing them out again.

use axum::extract::{Path, Request};
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_model::EntityId;
use http::StatusCode;

use super::{asks, one, parts, said};
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::privacy;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;

/// `POST /{tenant}/cases/{id}/files`: attaches files to the part that the form names.
pub(super) async fn attach(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let bad = |says: String| Fault::bad_request(visitor.taste, says);
    let posted = Posted::read(request).await.map_err(|unreadable| bad(unreadable.0))?;
    let part = asks::value(&posted.pairs, "part").unwrap_or_default().to_owned();
    let danger = |text: String| Some(Outcome { tone: "danger", text });
    if posted.files.is_empty() {
        let outcome = danger(visitor.lang().say("privacy-file-missing"));
        return one::show(&visitor, &id, outcome, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    for file in posted.files {
        let named = (file.fact.name, file.fact.media_type);
        let checked = match privacy::looked_at(&visitor, named, file.content).await {
            Ok(checked) => checked,
            Err(text) => {
                let denied = visitor.app.casework.deny(&visitor.session, Some(&id), "attach", &text).await;
                denied.map_err(|error| said::fault(&visitor, error))?;
                return one::show(&visitor, &id, danger(text), StatusCode::UNPROCESSABLE_ENTITY).await;
            }
        };
        let (name, kind) = (checked.name().to_owned(), checked.kind().media_type());
        let casework = &visitor.app.casework;
        let kept = casework.attach(&visitor.session, &id, &part, (&name, kind), checked.into_bytes()).await;
        if let Err(error) = kept {
            let (outcome, status) = said::told(&visitor, error, None)?;
            return one::show(&visitor, &id, Some(outcome), status).await;
        }
    }
    Ok(private(Redirect::to(&parts::href(&visitor, &id)).into_response()))
}

/// `GET /{tenant}/cases/{id}/files/{file}`: a file.
pub(super) async fn open(
    visitor: Visitor,
    Path((_, id, file)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let file = EntityId::parse(&file).map_err(|_unreadable| Fault::not_found(visitor.taste))?;
    let opened = visitor.app.casework.open_file(&visitor.session, &id, &file).await;
    Ok(privacy::saved(opened.map_err(|error| said::fault(&visitor, error))?))
}
