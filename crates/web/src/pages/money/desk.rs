//! `GET` and `POST /{tenant}/money`: what lies on the desk of a treasurer, and statements that are brought in.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use dinh_payments::{Error, Statement, Upload};
use http::StatusCode;
use serde::Serialize;

use super::{Choice, Tab, only, present, said, tabs, value};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::form::Posted;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    outcome: Option<Outcome>,
    ages: Vec<Figure>,
    figures: Vec<Figure>,
    accounts: Vec<Choice>,
    profiles: Vec<Choice>,
    statements: Vec<Row>,
}

/// A number with what it counts.
#[derive(Serialize)]
struct Figure {
    title: String,
    count: u64,
    href: Option<String>,
}

#[derive(Serialize)]
struct Row {
    file: String,
    account: String,
    days: String,
    lines: u64,
    known: u64,
    at: String,
    complete: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, visitor.app.payments.is_treasurer(&visitor.session))?;
    show(&visitor, None, StatusCode::OK).await
}

/// Brings in a statement.
pub(super) async fn import(visitor: Visitor, request: Request) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    only(&visitor, payments.is_treasurer(&visitor.session))?;
    let posted = Posted::read(request).await.map_err(|bad| Fault::bad_request(visitor.taste, bad.0))?;
    let Some(file) = posted.files.into_iter().find(|file| file.field == "file" && !file.content.is_empty())
    else {
        let outcome = Outcome { tone: "danger", text: lang.say("money-file-missing") };
        return show(&visitor, Some(outcome), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let upload = Upload {
        account: value(&posted.pairs, "account").to_owned(),
        name: file.fact.name,
        profile: Some(value(&posted.pairs, "profile").to_owned()).filter(|code| !code.is_empty()),
        content: file.content,
    };
    let done = match payments.import(&visitor.session, upload).await {
        Ok(imported) => {
            // What can be found is found before the page is shown; what fails here goes on by itself.
            if let Err(error) = payments.once(visitor.session.tenant()).await {
                tracing::warn!(%error, "lines of a statement wait to be matched");
            }
            let count = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
            let values = args([("new", count(imported.new)), ("known", count(imported.statement.known))]);
            Ok(Outcome { tone: "ok", text: lang.say_with("money-imported", &values) })
        }
        Err(Error::NoAccount) => Err(Error::NoAccount),
        Err(error) => Err(error),
    };
    match done {
        Ok(outcome) => show(&visitor, Some(outcome), StatusCode::OK).await,
        Err(error) => {
            let (outcome, status) = said::told(&visitor, error)?;
            show(&visitor, Some(outcome), status).await
        }
    }
}

async fn show(visitor: &Visitor, outcome: Option<Outcome>, status: StatusCode) -> Result<Response, Fault> {
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    let failed = |error| said::fault(visitor, error);
    let waiting = payments.waiting(&visitor.session).await.map_err(failed)?;
    let accounts = payments.accounts(&visitor.session).await.map_err(failed)?;
    let figure = |title: String, count: u64, path: Option<&str>| Figure {
        title,
        count,
        href: path.map(|path| visitor.href(path)),
    };
    let lines = Some("money/lines");
    let refunds = Some("money/refunds");
    let values = Values {
        page: frame(visitor, lang.say("money-desk"), Here::Money, ""),
        tabs: tabs(visitor, "money"),
        outcome,
        ages: vec![
            figure(lang.say("money-age-fresh"), waiting.lines.fresh, lines),
            figure(lang.say("money-age-week"), waiting.lines.week, lines),
            figure(lang.say("money-age-month"), waiting.lines.month, lines),
            figure(lang.say("money-age-older"), waiting.lines.older, lines),
        ],
        figures: vec![
            figure(lang.say("money-bills-open"), waiting.open, Some("money/lines?bills=open")),
            figure(lang.say("money-bills-partial"), waiting.partial, Some("money/lines?bills=partial")),
            figure(lang.say("money-bills-over"), waiting.over, Some("money/lines?bills=over")),
            figure(lang.say("money-refunds-asked"), waiting.refunds.0, refunds),
            figure(lang.say("money-refunds-approved"), waiting.refunds.1, refunds),
        ],
        accounts: accounts
            .iter()
            .map(|one| Choice {
                value: one.key(),
                title: format!(
                    "{} · {}",
                    one.bank.as_deref().unwrap_or(&one.account.bin),
                    one.account.number
                ),
            })
            .collect(),
        profiles: payments
            .profiles()
            .iter()
            .map(|one| Choice { value: one.code.clone(), title: one.title.clone() })
            .collect(),
        statements: waiting.statements.iter().map(|one| row(visitor, one)).collect(),
    };
    let mut response = private(rendered(visitor, "money_desk.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

fn row(visitor: &Visitor, statement: &Statement) -> Row {
    let lang = visitor.lang();
    let day = |day| look::day(day, lang);
    Row {
        file: statement.file.clone(),
        account: statement.bank_account.clone(),
        days: match statement.days {
            Some((first, last)) if first == last => day(first),
            Some((first, last)) => format!("{} – {}", day(first), day(last)),
            None => String::new(),
        },
        lines: statement.lines,
        known: statement.known,
        at: look::date_time(statement.at, lang),
        complete: statement.complete,
    }
}
