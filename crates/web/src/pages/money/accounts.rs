//! `GET` and `POST /{tenant}/money/accounts`: the accounts at banks of units, and fees by dates with their acts and doubts.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_model::EntityId;
use dinh_payments::{Error, NewAccount};
use http::StatusCode;
use serde::Serialize;

use super::card::say;
use super::ledger::fee_name;
use super::{Choice, Tab, money, only, present, said, tabs, unit, units, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    accounts: Vec<AccountRow>,
    units: Vec<Choice>,
    profiles: Vec<Choice>,
    rates: Vec<RateRow>,
    reductions: Vec<RateRow>,
}

#[derive(Serialize)]
struct AccountRow {
    unit: String,
    bank: String,
    number: String,
    holder: String,
    days: String,
}

#[derive(Serialize)]
struct RateRow {
    title: String,
    amount: String,
    days: String,
    basis: String,
    doubt: Option<String>,
    draft: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.keeps_accounts(&visitor.session))?;
    show(&visitor, None, StatusCode::OK).await
}

/// Puts an account into use.
pub(super) async fn put(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.keeps_accounts(&visitor.session))?;
    match put_in(&visitor, &pairs).await {
        Ok(()) => {
            let outcome = Outcome { tone: "ok", text: visitor.lang().say("money-account-put") };
            show(&visitor, Some(outcome), StatusCode::OK).await
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, Some(outcome), status).await
        }
    }
}

async fn put_in(visitor: &Visitor, pairs: &[(String, String)]) -> Result<(), Error> {
    let of = |name: &str| value(pairs, name).trim().to_owned();
    let new = NewAccount {
        valid_from: of("validFrom").parse().map_err(|_odd| Error::Day("validFrom"))?,
        unit: EntityId::parse(&of("unit")).map_err(|_odd| Error::NoAccount)?,
        bin: of("bin"),
        number: of("number"),
        holder: of("holder"),
        bank: of("bank"),
        profile: Some(of("profile")).filter(|code| !code.is_empty()),
    };
    visitor.app.payments.put_account(&visitor.session, new).await.map(drop)
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    let found = payments.accounts(&visitor.session).await.map_err(|error| said::fault(visitor, error))?;
    let days = |from, to: Option<jiff::civil::Date>| match to {
        Some(to) => format!("{} – {}", look::day(from, lang), look::day(to, lang)),
        None => lang.say_with("money-since", &args([("day", look::day(from, lang))])),
    };
    let mut accounts = Vec::new();
    for one in &found {
        accounts.push(AccountRow {
            unit: unit(visitor, one.unit.as_str()).await,
            bank: one.bank.clone().unwrap_or_else(|| one.account.bin.clone()),
            number: one.account.number.clone(),
            holder: one.holder.clone(),
            days: days(one.valid_from, one.valid_to),
        });
    }
    let tariff = visitor.app.casework.tariff();
    let rates = tariff.rates.iter().map(|rate| RateRow {
        title: fee_name(visitor, &format!("{}/{}", rate.kind, rate.fee)),
        amount: money(i64::try_from(rate.amount).unwrap_or(i64::MAX), lang),
        days: days(rate.valid_from, rate.valid_to),
        basis: rate.basis.clone(),
        doubt: rate.doubt.as_ref().map(|doubt| say(doubt, lang)),
        draft: false,
    });
    let reductions = tariff.reductions.iter().map(|one| RateRow {
        title: say(&one.title, lang),
        amount: format!("{} %", one.percent),
        days: days(one.valid_from, one.valid_to),
        basis: one.basis.clone(),
        doubt: one.doubt.as_ref().map(|doubt| say(doubt, lang)),
        draft: one.status == dinh_cases::Status::Draft,
    });
    let values = Values {
        page: frame(visitor, lang.say("money-accounts"), Here::Money, ""),
        tabs: tabs(visitor, "money/accounts"),
        outcome,
        accounts,
        units: units(visitor, true).await,
        profiles: payments
            .profiles()
            .iter()
            .map(|one| Choice { value: one.code.clone(), title: one.title.clone() })
            .collect(),
        rates: rates.collect(),
        reductions: reductions.collect(),
    };
    let mut response = private(rendered(visitor, "money_accounts.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}
