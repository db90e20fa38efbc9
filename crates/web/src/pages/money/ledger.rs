//! `GET` and `POST /{tenant}/money/ledger`: what stands on the accounts, the journal, and what is handed over to the treasury.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_ledger::{Account, Dong, Place};
use dinh_payments::{Error, JournalEntry};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::{Choice, Tab, digits, harmless, only, present, said, tabs, unit, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Entries of a page.
const A_PAGE: usize = 25;
/// Entries of a file.
const MOST: usize = 20_000;
/// Entries that are read at a time.
const CHUNK: usize = 200;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    accounts: Vec<AccountRow>,
    sum: String,
    balanced: bool,
    entries: Vec<EntryRow>,
    total: u64,
    csv_href: String,
    places: Vec<Choice>,
    banks: Vec<Choice>,
    previous_href: Option<String>,
    next_href: Option<String>,
}

#[derive(Serialize)]
struct AccountRow {
    kind: String,
    about: String,
    debit: Option<String>,
    credit: Option<String>,
}

#[derive(Serialize)]
struct EntryRow {
    number: u64,
    at: String,
    what: String,
    legs: Vec<(String, String, String)>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.is_treasurer(&visitor.session))?;
    show(&visitor, None, StatusCode::OK).await
}

/// Hands collected fees over to the treasury.
pub(super) async fn hand_over(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.is_treasurer(&visitor.session))?;
    match handed_over(&visitor, &pairs).await {
        Ok(()) => {
            let outcome = Outcome { tone: "ok", text: visitor.lang().say("money-handed-over") };
            show(&visitor, Some(outcome), StatusCode::OK).await
        }
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, Some(outcome), status).await
        }
    }
}

async fn handed_over(visitor: &Visitor, pairs: &[(String, String)]) -> Result<(), Error> {
    let amount: Dong = value(pairs, "amount").parse()?;
    let (fee, unit) = value(pairs, "place").split_once(' ').ok_or(Error::NoAccount)?;
    let place = Place { fee: fee.to_owned(), unit: unit.to_owned() };
    visitor.app.payments.hand_over(&visitor.session, &place, value(pairs, "bank"), amount).await
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    let failed = |error| said::fault(visitor, error);
    let number: usize = Asked::of(&visitor.uri).number("page").unwrap_or(1).clamp(1, 100_000);
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let board = payments.board(session, today, today).await.map_err(failed)?;
    let journal = payments.journal(session, (number - 1) * A_PAGE, A_PAGE).await.map_err(failed)?;
    let banks = payments.accounts(session).await.map_err(failed)?;
    let mut accounts = Vec::new();
    for (account, balance) in board.balances.0.iter().filter(|(_, balance)| **balance != 0) {
        accounts.push(AccountRow {
            kind: kind(account, lang),
            about: about(visitor, account).await,
            debit: (*balance > 0).then(|| digits(*balance, lang)),
            credit: (*balance < 0).then(|| digits(-*balance, lang)),
        });
    }
    let mut places = Vec::new();
    for account in board.balances.0.keys() {
        if let Account::Treasury(place) = account {
            let title = format!("{} · {}", fee_name(visitor, &place.fee), unit(visitor, &place.unit).await);
            places.push(Choice { value: format!("{} {}", place.fee, place.unit), title });
        }
    }
    let mut entries = Vec::new();
    for entry in &journal.entries {
        entries.push(row(visitor, entry).await);
    }
    let to = |page: usize| visitor.href(&format!("money/ledger?page={page}"));
    let has_next = u64::try_from(number * A_PAGE).is_ok_and(|shown| shown < journal.total);
    let all = payments.balances(session.tenant()).await.map_err(failed)?;
    let values = Values {
        page: frame(visitor, lang.say("money-ledger"), Here::Money, ""),
        tabs: tabs(visitor, "money/ledger"),
        outcome,
        accounts,
        sum: digits(all.0.values().filter(|balance| **balance > 0).sum(), lang),
        balanced: all.sum() == 0,
        entries,
        total: journal.total,
        csv_href: visitor.href("money/ledger/table"),
        places,
        banks: banks.iter().map(|one| Choice { value: one.key(), title: one.key() }).collect(),
        previous_href: (number > 1).then(|| to(number - 1)),
        next_href: has_next.then(|| to(number + 1)),
    };
    let mut response = private(rendered(visitor, "money_ledger.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

async fn row(visitor: &Visitor, entry: &JournalEntry) -> EntryRow {
    let lang = visitor.lang();
    let mut legs = Vec::new();
    for leg in entry.entry.legs() {
        let said = |account: &Account, about: String| format!("{} · {about}", kind(account, lang));
        let to = said(&leg.to, about(visitor, &leg.to).await);
        let from = said(&leg.from, about(visitor, &leg.from).await);
        legs.push((to, from, digits(leg.amount.signed(), lang)));
    }
    EntryRow {
        number: entry.number,
        at: look::date_time(entry.at, lang),
        what: what(&entry.what, lang),
        legs,
    }
}

/// What an account is about, in words.
async fn about(visitor: &Visitor, account: &Account) -> String {
    match account {
        Account::Bank(key) | Account::Suspense(key) | Account::Unexplained(key) => key.clone(),
        Account::Till(id) | Account::Difference(id) => unit(visitor, id).await,
        Account::Receivable(place)
        | Account::Treasury(place)
        | Account::Overpaid(place)
        | Account::RefundsDue(place) => {
            format!("{} · {}", fee_name(visitor, &place.fee), unit(visitor, &place.unit).await)
        }
    }
}

/// The name of a fee, by the codes of its kind and its own.
pub(super) fn fee_name(visitor: &Visitor, code: &str) -> String {
    let found = code.split_once('/').and_then(|(kind, fee)| {
        let versions = visitor.app.casework.book().versions(kind);
        let fees = versions.flat_map(|version| &version.fees);
        fees.filter(|one| one.code == fee).last().map(|one| super::card::say(&one.title, visitor.lang()))
    });
    found.unwrap_or_else(|| code.to_owned())
}

fn kind(account: &Account, lang: Lang) -> String {
    match account {
        Account::Receivable(_) => lang.say("money-account-receivable"),
        Account::Treasury(_) => lang.say("money-account-treasury"),
        Account::Bank(_) => lang.say("money-account-bank"),
        Account::Till(_) => lang.say("money-account-till"),
        Account::Suspense(_) => lang.say("money-account-suspense"),
        Account::Overpaid(_) => lang.say("money-account-overpaid"),
        Account::RefundsDue(_) => lang.say("money-account-refunds-due"),
        Account::Difference(_) => lang.say("money-account-difference"),
        Account::Unexplained(_) => lang.say("money-account-unexplained"),
    }
}

fn what(what: &str, lang: Lang) -> String {
    match what {
        "asked" => lang.say("money-what-asked"),
        "bank" => lang.say("money-what-bank"),
        "cash" => lang.say("money-what-cash"),
        "unknown" => lang.say("money-what-unknown"),
        "out" => lang.say("money-what-out"),
        "cancelled" => lang.say("money-what-cancelled"),
        "reversed" => lang.say("money-what-reversed"),
        "refund" => lang.say("money-what-refund"),
        "paid-back" => lang.say("money-what-paid-back"),
        "till" => lang.say("money-what-till"),
        "handed-over" => lang.say("money-what-handed-over"),
        other => other.to_owned(),
    }
}

/// `GET /{tenant}/money/ledger/table`: the journal as a file for spreadsheets.
pub(super) async fn download(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    only(&visitor, payments.is_treasurer(&visitor.session))?;
    let mut csv = csv::Writer::from_writer(Vec::new());
    let head = [
        lang.say("money-number"),
        lang.say("money-at"),
        lang.say("money-what"),
        lang.say("money-debit"),
        lang.say("money-credit"),
        lang.say("money-amount"),
    ];
    // Writing to memory does not fail.
    let _written = csv.write_record(head);
    let mut offset = 0;
    while offset < MOST {
        let page = payments.journal(&visitor.session, offset, CHUNK).await;
        let page = page.map_err(|error| said::fault(&visitor, error))?;
        for entry in &page.entries {
            for leg in entry.entry.legs() {
                let (to, from) = (leg.to.to_string(), leg.from.to_string());
                let cells = [entry.number.to_string(), entry.at.to_string(), entry.what.clone(), to, from];
                let _written = csv.write_record(
                    cells.iter().map(|cell| harmless(cell)).chain([leg.amount.get().to_string()]),
                );
            }
        }
        if page.entries.len() < CHUNK {
            break;
        }
        offset += CHUNK;
    }
    let mut file = "\u{feff}".as_bytes().to_vec();
    file.extend(csv.into_inner().unwrap_or_default());
    let mut response = private(file.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"journal.csv\""));
    Ok(response)
}
