//! `GET` and `POST /{tenant}/admin/step-up`: what counts as a second factor beside codes and passkeys.

use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Response};
use dinh_identity::ByCard;
use http::StatusCode;
use serde::Serialize;

use super::given::{Given, Trouble};
use super::guard::{Desk, Place, Stop, desk, failed, office, show};
use super::said::{done, not_done, trouble};
use crate::look;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    outcome: Option<Outcome>,
    trouble: Option<Trouble>,
    reason: String,
    /// Whether there are cards here at all.
    offered: bool,
    allowed: bool,
    /// When it was decided, and why; none while nobody has.
    decided: Option<(String, String)>,
}

/// What was typed, and what came of it.
#[derive(Default)]
struct Came {
    outcome: Option<Outcome>,
    trouble: Option<Trouble>,
    reason: String,
}

/// The page.
pub(in crate::pages) async fn page(visitor: Visitor) -> Result<Response, Stop> {
    office(&visitor)?;
    shown(&visitor, Came::default()).await
}

/// Lets cards count, or not any more.
pub(in crate::pages) async fn change(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Stop> {
    let (given, lang) = (Given::read(&body), visitor.lang());
    let allowed = match given.get("do") {
        "allow" => Some(true),
        "forbid" => Some(false),
        _ => None,
    };
    let office = office(&visitor)?.because(given.get("reason"));
    let changed = match (office, allowed) {
        (Ok(office), Some(allowed)) => office.cards_count(allowed).await,
        (Ok(_), None) => Err(dinh_identity::Error::NoSuch("wish")),
        (Err(error), _) => Err(error),
    };
    match changed {
        Ok(()) => {
            let text = if allowed == Some(true) {
                lang.say("admin-step-up-allowed-now")
            } else {
                lang.say("admin-step-up-forbidden-now")
            };
            shown(&visitor, Came { outcome: Some(done(text)), ..Came::default() }).await
        }
        Err(error) if error.is_ours() => Err(failed(&visitor, &error)),
        Err(error) => {
            let trouble = trouble(&error, lang);
            let outcome = Some(not_done(&trouble, lang));
            let reason = given.get("reason").to_owned();
            let page = shown(&visitor, Came { outcome, trouble: Some(trouble), reason }).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn shown(visitor: &Visitor, came: Came) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let tenant = &visitor.province.tenant;
    let setting = visitor.app.identity.by_card(tenant).await.map_err(|error| failed(visitor, &error))?;
    let ByCard { allowed, since, reason } = setting;
    let values = Values {
        desk: desk(visitor, lang.say("admin-step-up"), Place::StepUp),
        outcome: came.outcome,
        trouble: came.trouble,
        reason: came.reason,
        offered: visitor.app.cards.is_offered(tenant),
        allowed,
        decided: since.map(|since| (look::date_time(since, lang), reason)),
    };
    show(visitor, "admin_step_up.html", values)
}
