//! `GET` and `POST /{tenant}/money/lines`: lines of statements, and what a treasurer says of those that nobody knows for what
//! they are.

use axum::Form;
use axum::response::{IntoResponse as _, Response};
use dinh_payments::{BillStanding, Finding, LineState, StatementLine};
use http::StatusCode;
use serde::Serialize;

use super::card::{say, standing};
use super::{Sign, Tab, digits, money, only, parsed, present, said, tabs, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Lines of a page.
const A_PAGE: usize = 25;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    states: Vec<Tab>,
    lines: Vec<Row>,
    bills: Option<Vec<BillRow>>,
    total: u64,
    state: &'static str,
    previous_href: Option<String>,
    next_href: Option<String>,
}

#[derive(Serialize)]
struct Row {
    id: String,
    key: usize,
    day: String,
    amount: String,
    text: Option<String>,
    bank_reference: Option<String>,
    found: Option<Sign>,
    candidates: Vec<String>,
    bills: Vec<(String, String)>,
    reason: Option<String>,
    waits: bool,
    matched: bool,
}

#[derive(Serialize)]
struct BillRow {
    href: String,
    reference: String,
    title: String,
    state: Sign,
    asked: String,
    paid: String,
    owed: String,
    made: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.is_treasurer(&visitor.session))?;
    show(&visitor, None, StatusCode::OK).await
}

/// Matches a line, takes it away again, or sets it aside.
pub(super) async fn act(
    visitor: Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    only(&visitor, payments.is_treasurer(session))?;
    let id = parsed(&visitor, value(&pairs, "line"))?;
    let reason = value(&pairs, "reason");
    let (done, text) = match value(&pairs, "do") {
        "unmatch" => (payments.unmatch_line(session, &id, reason).await, lang.say("money-line-unmatched")),
        "set-aside" => (payments.set_aside(session, &id, reason).await, lang.say("money-line-set-aside")),
        _ => {
            let reference = value(&pairs, "reference");
            (payments.match_line(session, &id, reference, reason).await, lang.say("money-line-matched"))
        }
    };
    match done {
        Ok(()) => show(&visitor, Some(Outcome { tone: "ok", text }), StatusCode::OK).await,
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, Some(outcome), status).await
        }
    }
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, payments, session) = (visitor.lang(), &visitor.app.payments, &visitor.session);
    let asked = Asked::of(&visitor.uri);
    let state = asked.get("state").and_then(LineState::from_name).unwrap_or(LineState::Waiting);
    let of_bills = asked.get("bills").and_then(BillStanding::from_name);
    let number: usize = asked.number("page").unwrap_or(1).clamp(1, 10_000);
    let failed = |error| said::fault(visitor, error);
    let found = payments.lines(session, state, (number - 1) * A_PAGE, A_PAGE).await.map_err(failed)?;
    let bills = match of_bills {
        Some(of) => Some(payments.bills_in(session, of, 100).await.map_err(failed)?),
        None => None,
    };
    let to = |page: usize| visitor.href(&format!("money/lines?state={}&page={page}", state.name()));
    let has_next = u64::try_from(number * A_PAGE).is_ok_and(|shown| shown < found.total);
    let mut shown: Vec<Tab> = [LineState::Waiting, LineState::Matched, LineState::Out, LineState::SetAside]
        .into_iter()
        .map(|one| Tab {
            href: visitor.href(&format!("money/lines?state={}", one.name())),
            title: state_name(one, lang),
            current: one == state && of_bills.is_none(),
        })
        .collect();
    shown.extend([BillStanding::Open, BillStanding::Partial, BillStanding::Over].into_iter().map(|one| {
        Tab {
            href: visitor.href(&format!("money/lines?bills={}", one.name())),
            title: bills_name(one, lang),
            current: of_bills == Some(one),
        }
    }));
    let total = bills.as_ref().map_or(found.total, |(_, total)| *total);
    let values = Values {
        page: frame(visitor, lang.say("money-lines"), Here::Money, ""),
        tabs: tabs(visitor, "money/lines"),
        outcome,
        states: shown,
        lines: found.lines.iter().enumerate().map(|(key, line)| row(visitor, key, line)).collect(),
        bills: bills.map(|(bills, _)| bills.iter().map(|bill| bill_row(visitor, bill)).collect()),
        total,
        state: state.name(),
        previous_href: (number > 1 && of_bills.is_none()).then(|| to(number - 1)),
        next_href: (has_next && of_bills.is_none()).then(|| to(number + 1)),
    };
    let mut response = private(rendered(visitor, "money_lines.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn row(visitor: &Visitor, key: usize, line: &StatementLine) -> Row {
    let lang = visitor.lang();
    let reference = |id: &dinh_model::EntityId| id.as_str().rsplit(':').next().unwrap_or_default().to_owned();
    Row {
        id: line.id.to_string(),
        key,
        day: look::day(line.day, lang),
        amount: digits(line.amount, lang),
        text: line.text.clone(),
        bank_reference: line.bank_reference.clone(),
        found: line.found.map(|found| finding(found, lang)),
        candidates: line.candidates.clone(),
        bills: line
            .bills
            .iter()
            .map(|bill| (visitor.href(&format!("bills/{}", encode(bill.as_str()))), reference(bill)))
            .collect(),
        reason: line.reason.clone(),
        waits: line.state == LineState::Waiting,
        matched: line.state == LineState::Matched,
    }
}

fn bill_row(visitor: &Visitor, bill: &dinh_payments::Bill) -> BillRow {
    let lang = visitor.lang();
    BillRow {
        href: visitor.href(&format!("bills/{}", encode(bill.id.as_str()))),
        reference: bill.reference.grouped(),
        title: say(&bill.title, lang),
        state: standing(bill.standing(), lang),
        asked: money(bill.asked().signed(), lang),
        paid: money(bill.bill.paid.signed() + bill.bill.over.signed(), lang),
        owed: money(bill.bill.owed().signed(), lang),
        made: look::date_time(bill.made, lang),
    }
}

fn finding(found: Finding, lang: Lang) -> Sign {
    let (tone, icon, word) = match found {
        Finding::Exact => ("ok", "ok", lang.say("money-found-exact")),
        Finding::Several => ("ok", "ok", lang.say("money-found-several")),
        Finding::Partial => ("watch", "warn", lang.say("money-found-partial")),
        Finding::Over => ("watch", "warn", lang.say("money-found-over")),
        Finding::Likely => ("watch", "clock", lang.say("money-found-likely")),
        Finding::Ambiguous => ("warn", "warn", lang.say("money-found-ambiguous")),
        Finding::Unknown => ("warn", "warn", lang.say("money-found-unknown")),
    };
    Sign { tone, icon, word }
}

fn state_name(state: LineState, lang: Lang) -> String {
    match state {
        LineState::New | LineState::Waiting => lang.say("money-lines-waiting"),
        LineState::Matched => lang.say("money-lines-matched"),
        LineState::Out => lang.say("money-lines-out"),
        LineState::SetAside => lang.say("money-lines-set-aside"),
    }
}

fn bills_name(standing: BillStanding, lang: Lang) -> String {
    match standing {
        BillStanding::Partial => lang.say("money-bills-partial"),
        BillStanding::Over => lang.say("money-bills-over"),
        _ => lang.say("money-bills-open"),
    }
}
