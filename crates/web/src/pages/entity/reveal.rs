//! `POST /{tenant}/entity/{id}`: seeing once, unmasked, what is masked, for a purpose and a reason that are kept.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_access::Purpose;
use dinh_context::Error;
use dinh_model::EntityId;
use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::page::{make, whole};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::privacy::purpose_title;
use crate::pages::view::{self, PurposeChoice, Reveal};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Why somebody wants to see it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Wish {
    purpose: String,
    reason: String,
}

/// The form, where there is something that the visitor could see for some purpose; none where there is nothing.
pub(super) async fn offer(visitor: &Visitor, id: &EntityId) -> Result<Option<Reveal>, Fault> {
    let purposes = visitor.session.reveal_purposes(id).await;
    let purposes = purposes.map_err(|error| Fault::of(visitor.taste, error))?;
    let choices: Vec<PurposeChoice> = purposes.into_iter().map(|purpose| choice(visitor, purpose)).collect();
    let form =
        Reveal { purposes: choices, reason: String::new(), chosen: String::new(), error: None, shown: None };
    Ok(if form.purposes.is_empty() { None } else { Some(form) })
}

/// Shows it once. The note of it is in the audit before anything is shown, and nobody keeps the answer.
pub(crate) async fn reveal(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    Form(wish): Form<Wish>,
) -> Result<Response, Fault> {
    let missing = || Fault::no_entity(visitor.taste, &id);
    let failed = |error| Fault::of(visitor.taste, error);
    let id = EntityId::parse(&id).map_err(|_unreadable| missing())?;
    let masked = visitor.session.find(&id).await.map_err(failed)?;
    let asked = Asked::of(&visitor.uri);
    let form = offer(&visitor, &id).await?;
    if masked.is_none() && form.is_none() {
        return Err(missing());
    }
    let purpose = Purpose::from_name(&wish.purpose);
    let allowed = |purpose: &Purpose| {
        form.as_ref().is_some_and(|form| form.purposes.iter().any(|one| one.name == purpose.name()))
    };
    let Some(purpose) = purpose.filter(allowed) else {
        return Err(Fault::refused(visitor.taste, StatusCode::FORBIDDEN));
    };
    match visitor.session.clone().with_purpose(purpose).revealing(&wish.reason) {
        Ok(open) => {
            let stored = open.find(&id).await.map_err(failed)?.ok_or_else(missing)?;
            let entity = make(&visitor, &asked, &stored, false).await?;
            let lang = visitor.lang();
            let values = args([("purpose", purpose_title(purpose.name(), lang))]);
            let shown = Some(lang.say_with("reveal-shown", &values));
            Ok(private(whole(&visitor, entity, form.map(|form| Reveal { shown, ..form }))?))
        }
        Err(Error::Reason { least, most }) => {
            let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
            let values = args([("least", number(least)), ("most", number(most))]);
            let error = Some(visitor.lang().say_with("reveal-reason-needed", &values));
            let (chosen, reason) = (wish.purpose, wish.reason);
            let form = form.map(|form| Reveal { reason, chosen, error, ..form });
            let page = match masked {
                Some(masked) => {
                    let entity = make(&visitor, &asked, &masked, false).await?;
                    whole(&visitor, entity, form)?
                }
                None => shut(&visitor, form)?,
            };
            let mut response = private(page);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
        Err(error) => Err(failed(error)),
    }
}

/// The page of an entity of which nothing is seen without a purpose: the form alone.
pub(super) async fn closed(visitor: &Visitor, id: &str) -> Result<Response, Fault> {
    let missing = || Fault::no_entity(visitor.taste, id);
    let parsed = EntityId::parse(id).map_err(|_unreadable| missing())?;
    let form = offer(visitor, &parsed).await?.ok_or_else(missing)?;
    // Without the purpose it is not there.
    let mut response = private(shut(visitor, Some(form))?);
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

fn shut(visitor: &Visitor, reveal: Option<Reveal>) -> Result<Response, Fault> {
    #[derive(Serialize)]
    struct Values {
        page: view::Frame,
        reveal: Option<Reveal>,
    }
    let frame = frame(visitor, visitor.lang().say("reveal-shut"), Here::Elsewhere, "");
    Ok(page(visitor, "entity_shut.html", Values { page: frame, reveal })?.into_response())
}

fn choice(visitor: &Visitor, purpose: Purpose) -> PurposeChoice {
    PurposeChoice { name: purpose.name(), title: purpose_title(purpose.name(), visitor.lang()) }
}
