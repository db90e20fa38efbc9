//! One's own card as a second factor: the password first, then the card from the wallet, then what it is worth.

use axum::response::Response;
use dinh_cards::{Claim, Error as CardError, Use, Wish as Asking};
use dinh_credentials::card::CardKind;
use dinh_identity::Present;
use http::{HeaderMap, StatusCode};

use super::{Came, show, show_refused};
use crate::api::house::card_issuer;
use crate::pages::account::go_on;
use crate::pages::cards;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};

/// Shows the password, and asks the wallet for the card: on to the page with its code, and from there back.
pub(super) async fn ask(
    visitor: &Visitor,
    present: &Present,
    (headers, password): (&HeaderMap, &str),
    next: String,
) -> Result<Response, Fault> {
    let (tenant, from) = (&visitor.province.tenant, &visitor.guest.from);
    let signed_in = match visitor.app.identity.before_card(present, tenant, password, from).await {
        Ok(signed_in) => signed_in,
        Err(error) => return show_refused(visitor, present, &error, next).await,
    };
    let asking = Asking {
        kind: Some(CardKind::CivilServant),
        claims: vec![Claim::Serial],
        why: visitor.lang().say("account-card-why"),
        purpose: Use::StepUp,
        about: String::new(),
    };
    let response = format!("{}/answers", card_issuer(&visitor.app, headers, tenant));
    match visitor.app.cards.ask(&visitor.session, &asking, &response).await {
        Ok(question) => {
            let to = visitor.href(&format!("presentations/{}?next={}", question.state, encode(&next)));
            Ok(go_on(visitor, &signed_in, &to))
        }
        Err(error) => {
            let came = Came { signed_in: Some(signed_in), ..told(visitor, error, next)? };
            show(visitor, present, came, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Steps up by the card that was shown, and goes on where it was needed.
pub(super) async fn finish(
    visitor: &Visitor,
    present: &Present,
    state: &str,
    next: String,
) -> Result<Response, Fault> {
    let (identity, from) = (&visitor.app.identity, &visitor.guest.from);
    if let Err(error) = visitor.app.cards.shown_for(&visitor.session, state, Use::StepUp, "").await {
        if let Err(error) = identity.card_refused(present, from).await {
            return show_refused(visitor, present, &error, next).await;
        }
        let came = told(visitor, error, next)?;
        return show(visitor, present, came, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    match identity.step_up_card(present, &visitor.province.tenant, from).await {
        Ok(signed_in) if !next.is_empty() => Ok(go_on(visitor, &signed_in, &next)),
        Ok(signed_in) => {
            let text = visitor.lang().say("account-stepped-up");
            let outcome = Some(Outcome { tone: "ok", text });
            let came = Came { outcome, signed_in: Some(signed_in), ..Came::default() };
            show(visitor, present, came, StatusCode::OK).await
        }
        Err(error) => show_refused(visitor, present, &error, next).await,
    }
}

/// What is said of a card that is not taken.
fn told(visitor: &Visitor, error: CardError, next: String) -> Result<Came, Fault> {
    let (outcome, _) = cards::told(visitor, error)?;
    Ok(Came { outcome: Some(outcome), asks_again: true, next, ..Came::default() })
}
