//! `POST /{tenant}/cases/{id}/exemption`: a card is asked for that proves why a fee is lower, and counts once it was shown; at
//! the counter and for whoever has filed online.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_cards::{Claim, Use, Wish};
use dinh_cases::{Case, Charge, Kind, Proof, Reduction};
use dinh_casework::CardShown;
use dinh_credentials::card::CardKind;
use dinh_model::{EntityId, Timestamp};
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::parts::say;
use super::{asks, one, said};
use crate::api::house::card_issuer;
use crate::look;
use crate::pages::account::private;
use crate::pages::cards;
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// What a card could still take off.
#[derive(Serialize)]
pub(super) struct Offered {
    /// What it is called, and on which act it stands.
    reductions: Vec<(String, String)>,
    href: String,
}

/// What a card could take off the fees of a case; none where there is nothing, or no card.
pub(super) async fn offered(visitor: &Visitor, id: &EntityId, base: &str) -> Option<Offered> {
    if !visitor.app.cards.is_offered(visitor.session.tenant()) || is_paid(visitor, id).await {
        return None;
    }
    let lang = visitor.lang();
    let found = visitor.app.casework.provable(&visitor.session, id).await.ok()?;
    let reductions: Vec<(String, String)> =
        found.iter().map(|one| (say(&one.title, lang), one.basis.clone())).collect();
    (!reductions.is_empty()).then(|| Offered { reductions, href: format!("{base}/exemption") })
}

/// What a card has taken off: the fee, and by which card, what it says and when it was shown.
pub(super) fn proved(visitor: &Visitor, kind: &Kind, case: &Case) -> Vec<(String, String)> {
    let charges = kind.charges_of(case).unwrap_or_default();
    charges.iter().filter_map(|charge| line(visitor, kind, charge)).collect()
}

fn line(visitor: &Visitor, kind: &Kind, charge: &Charge) -> Option<(String, String)> {
    let lang = visitor.lang();
    let off = charge.off.as_ref()?;
    let by = off.proved.as_ref()?;
    let fee = kind.fees.iter().find(|fee| fee.code == charge.fee)?;
    let amount = f64::from(u32::try_from(off.amount).unwrap_or(u32::MAX));
    let values = args([
        ("amount", look::number(amount, Some(0), lang)),
        ("basis", off.basis.clone()),
        ("card", card_kind(&by.kind, lang)),
        ("serial", format!("{:06}", by.serial)),
        ("when", look::date_time(Timestamp::from(by.at), lang)),
    ]);
    let text = lang.say_with("exemption-proved", &values);
    let benefit = by.benefit.as_ref().map(|code| cards::benefit(visitor, code));
    Some((say(&fee.title, lang), benefit.map_or(text.clone(), |benefit| format!("{text} ({benefit})"))))
}

fn card_kind(name: &str, lang: Lang) -> String {
    let kind = CardKind::ALL.into_iter().find(|kind| kind.name() == name);
    kind.map_or_else(|| name.to_owned(), |kind| cards::kind(kind, lang))
}

/// Asks for a card, or takes what was shown.
pub(super) async fn act(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let id = one::parsed(&visitor, &id)?;
    let found = visitor.app.casework.provable(&visitor.session, &id).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    if found.is_empty() || is_paid(&visitor, &id).await {
        let outcome = Outcome { tone: "danger", text: visitor.lang().say("exemption-error-none") };
        return one::show(&visitor, &id, Some(outcome), StatusCode::CONFLICT).await;
    }
    match asks::value(&pairs, "do") {
        Some("prove") => prove(&visitor, &id, asks::value(&pairs, "state").unwrap_or_default()).await,
        _ => ask(&visitor, &id, &headers, &found).await,
    }
}

async fn ask(
    visitor: &Visitor,
    id: &EntityId,
    headers: &HeaderMap,
    found: &[Reduction],
) -> Result<Response, Fault> {
    let wish = Wish {
        kind: only_kind(found),
        claims: vec![Claim::Name, Claim::Benefits],
        why: visitor.lang().say("exemption-why"),
        purpose: Use::Exemption,
        about: id.to_string(),
    };
    let response = format!("{}/answers", card_issuer(&visitor.app, headers, visitor.session.tenant()));
    match visitor.app.cards.ask(&visitor.session, &wish, &response).await {
        Ok(question) => {
            let to = visitor.href(&format!("presentations/{}", question.state));
            Ok(private(Redirect::to(&to).into_response()))
        }
        Err(error) => {
            let (outcome, status) = cards::told(visitor, error)?;
            one::show(visitor, id, Some(outcome), status).await
        }
    }
}

async fn prove(visitor: &Visitor, id: &EntityId, state: &str) -> Result<Response, Fault> {
    let taken = visitor.app.cards.shown_for(&visitor.session, state, Use::Exemption, id.as_str()).await;
    let card = match taken {
        Ok(card) => card,
        Err(error) => {
            let (outcome, status) = cards::told(visitor, error)?;
            return one::show(visitor, id, Some(outcome), status).await;
        }
    };
    let proof = Proof {
        kind: card.kind.name().to_owned(),
        card: card.card.to_string(),
        serial: card.serial,
        benefits: card.benefits,
        at: card.at.to_jiff(),
    };
    let shown = CardShown { proof, account: card.account, holder: card.holder };
    let (outcome, status) = match visitor.app.casework.prove(&visitor.session, id, shown).await {
        Ok(_) => (Outcome { tone: "ok", text: visitor.lang().say("exemption-done") }, StatusCode::OK),
        Err(error) => said::told(visitor, error, None)?,
    };
    one::show(visitor, id, Some(outcome), status).await
}

/// The kind of card that is asked for, where only one kind counts.
fn only_kind(found: &[Reduction]) -> Option<CardKind> {
    let mut names: Vec<&str> = found
        .iter()
        .filter_map(|one| one.proved_by.as_ref())
        .flat_map(|asked| asked.cards.iter().map(String::as_str))
        .collect();
    names.sort_unstable();
    names.dedup();
    let [name] = names.as_slice() else { return None };
    CardKind::ALL.into_iter().find(|kind| kind.name() == *name)
}

/// True if something was paid already: that is given back by two people, not by a card.
async fn is_paid(visitor: &Visitor, id: &EntityId) -> bool {
    if !visitor.app.payments.is_offered() {
        return false;
    }
    let bills = visitor.app.payments.bills_of(&visitor.session, id).await.unwrap_or_default();
    bills.iter().any(|state| !state.bill.bill.paid.is_zero())
}
