//! `GET /{tenant}/money/revenue`: what was asked and collected, by fee, unit and month.

use std::collections::BTreeMap;

use axum::response::{IntoResponse as _, Response};
use dinh_payments::Revenue;
use jiff::civil::Date;
use serde::Serialize;

use super::ledger::fee_name;
use super::{Tab, digits, only, present, said, tabs, unit};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    tabs: Vec<Tab>,
    from: String,
    to: String,
    lead: String,
    tables: Vec<Table>,
}

/// A table with its sums.
#[derive(Serialize)]
struct Table {
    key: &'static str,
    title: String,
    first: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    title: String,
    asked: String,
    bank: String,
    cash: String,
    refunded: String,
    payments: String,
    /// How many hundredths of what came did not come in cash.
    cashless: Option<String>,
    share: u8,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let (lang, payments) = (visitor.lang(), &visitor.app.payments);
    only(&visitor, payments.sees_revenue(&visitor.session))?;
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let asked = Asked::of(&visitor.uri);
    let month = |name: &str| asked.get(name).and_then(|text| format!("{text}-01").parse::<Date>().ok());
    let first = Date::new(today.year(), 1, 1).unwrap_or(today);
    let (from, to) = (month("from").unwrap_or(first), month("to").unwrap_or(today));
    let board = payments.board(&visitor.session, from, to).await;
    let rows = board.map_err(|error| said::fault(&visitor, error))?.revenue;
    let sum = rows.iter().fold(Revenue::default(), added);
    let mut units = BTreeMap::new();
    for row in &rows {
        if !units.contains_key(&row.unit) {
            units.insert(row.unit.clone(), unit(&visitor, &row.unit).await);
        }
    }
    let by = |key: fn(&Revenue) -> &str, name: &dyn Fn(&str) -> String| -> Vec<Row> {
        let mut sums: BTreeMap<String, Revenue> = BTreeMap::new();
        for row in &rows {
            let sum = sums.entry(key(row).to_owned()).or_default();
            *sum = added(std::mem::take(sum), row);
        }
        sums.iter().map(|(key, sum)| said_row(&visitor, name(key), sum)).collect()
    };
    let month_name =
        |text: &str| text.split_once('-').map_or_else(|| text.to_owned(), |(y, m)| format!("{m}/{y}"));
    let tables = vec![
        Table {
            key: "month",
            title: lang.say("money-by-month"),
            first: lang.say("money-month"),
            rows: by(|row| &row.month, &month_name),
        },
        Table {
            key: "fee",
            title: lang.say("money-by-fee"),
            first: lang.say("money-fee"),
            rows: by(|row| &row.fee, &|fee| fee_name(&visitor, fee)),
        },
        Table {
            key: "unit",
            title: lang.say("money-by-unit"),
            first: lang.say("money-unit"),
            rows: by(|row| &row.unit, &|id| units.get(id).cloned().unwrap_or_else(|| id.to_owned())),
        },
    ];
    let (came, asked) = (digits(sum.bank + sum.cash, lang), digits(sum.asked, lang));
    let said = args([("came", came), ("asked", asked), ("refunded", digits(sum.refunded, lang))]);
    let values = Values {
        page: frame(&visitor, lang.say("money-revenue"), Here::Money, ""),
        tabs: tabs(&visitor, "money/revenue"),
        from: from.strftime("%Y-%m").to_string(),
        to: to.strftime("%Y-%m").to_string(),
        lead: lang.say_with("money-revenue-lead", &said),
        tables,
    };
    Ok(private(rendered(&visitor, "money_revenue.html", values)?.into_response()))
}

fn added(sum: Revenue, row: &Revenue) -> Revenue {
    Revenue {
        asked: sum.asked + row.asked,
        bank: sum.bank + row.bank,
        cash: sum.cash + row.cash,
        refunded: sum.refunded + row.refunded,
        payments: sum.payments + row.payments,
        ..sum
    }
}

fn said_row(visitor: &Visitor, title: String, sum: &Revenue) -> Row {
    let lang = visitor.lang();
    let came = sum.bank + sum.cash;
    let share =
        if came > 0 { u8::try_from((sum.bank * 100 / came).clamp(0, 100)).unwrap_or_default() } else { 0 };
    Row {
        title,
        asked: digits(sum.asked, lang),
        bank: digits(sum.bank, lang),
        cash: digits(sum.cash, lang),
        refunded: digits(sum.refunded, lang),
        payments: digits(sum.payments, lang),
        cashless: (came > 0).then(|| format!("{share} %")),
        share,
    }
}
