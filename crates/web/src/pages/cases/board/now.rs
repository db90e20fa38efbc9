//! `GET /{tenant}/board/now`: what is open now, how old it is, and with whom it lies.

use axum::response::{IntoResponse as _, Response};
use dinh_casework::{By, Days, Pick, Scale, Tally};
use serde::Serialize;

use super::asked::{Cut, Filter, today};
use super::cell::{Cell, count};
use super::names::{official_name, state_name, unit_name};
use super::past::places;
use super::table::{Head, Table};
use crate::pages::account::private;
use crate::pages::cases::{self as pages, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

const PAGE: &str = "board/now";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    places: Vec<view::Choice>,
    filter: Filter,
    open: String,
    tables: Vec<Table>,
}

/// The page.
pub(in crate::pages::cases) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = pages::present(&visitor) {
        return Ok(*other);
    }
    pages::only(&visitor, pages::leads(&visitor))?;
    let (cut, lang) = (Cut::of(&visitor)?, visitor.lang());
    let tally = read(&visitor, &cut).await?;
    let tables = of(&visitor, &cut, &tally).await;
    let values = Values {
        page: frame(&visitor, lang.say("board-now-title"), Here::Board, ""),
        places: places(&visitor, &cut, PAGE),
        filter: cut.filter(&visitor, PAGE).await,
        open: count(Pick::by(By::As).count(&tally, today(&visitor)), lang),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).map(Table::shown).collect(),
    };
    Ok(private(rendered(&visitor, "board_now.html", values)?.into_response()))
}

/// The tables, for a file.
pub(super) async fn tables(visitor: &Visitor, cut: &Cut) -> Result<Vec<Table>, Fault> {
    let tally = read(visitor, cut).await?;
    Ok(of(visitor, cut, &tally).await)
}

async fn read(visitor: &Visitor, cut: &Cut) -> Result<Tally, Fault> {
    let found = visitor.app.casework.open_now(&visitor.session, &cut.among, &[Scale::Whole]).await;
    let mut found = found.map_err(|error| said::fault(visitor, error))?;
    Ok(found.pop().and_then(|mut whole| whole.remove("")).unwrap_or_default())
}

async fn of(visitor: &Visitor, cut: &Cut, tally: &Tally) -> Vec<Table> {
    let lang = visitor.lang();
    let mut tables = vec![due(visitor, cut, tally), age(visitor, cut, tally)];
    let by = [
        ("state", By::State, lang.say("board-by-state"), lang.say("state")),
        ("desk", By::Desk, lang.say("board-by-desk"), lang.say("cases-unit")),
        ("who", By::Who, lang.say("board-by-official"), lang.say("board-official")),
    ];
    for (code, by, title, head) in by {
        let mut rows = Vec::new();
        for value in tally.values(by) {
            let name = match by {
                By::Desk => unit_name(visitor, &value).await,
                By::Who => official_name(visitor, &value).await,
                _ => state_name(visitor, &value),
            };
            rows.push((name, value));
        }
        tables.push(load(visitor, cut, tally, (code, by, title, head), rows));
    }
    tables
}

/// How near what is open is to its day.
fn due(visitor: &Visitor, cut: &Cut, tally: &Tally) -> Table {
    let lang = visitor.lang();
    let runs = |from, to| Pick::by(By::As).of("runs").within(Days::Between(from, to));
    let how = |how: &str| Pick::by(By::As).of(how);
    let buckets = [
        (lang.say("board-overdue-long"), runs(None, Some(-31))),
        (lang.say("board-overdue-month"), runs(Some(-30), Some(-8))),
        (lang.say("board-overdue-week"), runs(Some(-7), Some(-1))),
        (lang.say("board-due-today"), runs(Some(0), Some(0))),
        (lang.say("board-due-soon"), runs(Some(1), Some(3))),
        (lang.say("board-due-later"), runs(Some(4), None)),
        (lang.say("board-asked-twice"), how("again")),
        (lang.say("board-stands-late"), how("stands-late")),
        (lang.say("board-stands"), how("stands")),
        (lang.say("board-filed"), how("filed")),
    ];
    let title = (lang.say("board-due-title"), lang.say("board-due-note"), lang.say("board-due-head"));
    bucketed(visitor, cut, tally, ("due", title), buckets.into())
}

/// How long ago what is open was received.
fn age(visitor: &Visitor, cut: &Cut, tally: &Tally) -> Table {
    let lang = visitor.lang();
    let got = |from, to| Pick::by(By::Got).within(Days::Between(from, to));
    let buckets = [
        (lang.say("board-age-week"), got(Some(-7), Some(0))),
        (lang.say("board-age-fortnight"), got(Some(-15), Some(-8))),
        (lang.say("board-age-month"), got(Some(-30), Some(-16))),
        (lang.say("board-age-quarter"), got(Some(-90), Some(-31))),
        (lang.say("board-age-longer"), got(None, Some(-91))),
    ];
    let title = (lang.say("board-age-title"), lang.say("board-age-note"), lang.say("board-age-head"));
    bucketed(visitor, cut, tally, ("age", title), buckets.into())
}

fn bucketed(
    visitor: &Visitor,
    cut: &Cut,
    tally: &Tally,
    (code, (title, note, head)): (&'static str, (String, String, String)),
    buckets: Vec<(String, Pick)>,
) -> Table {
    let lang = visitor.lang();
    let counts = buckets.into_iter().map(|(title, pick)| {
        let count = pick.count(tally, today(visitor));
        (title, pick, count)
    });
    let counts: Vec<_> = counts.collect();
    let most = counts.iter().map(|(_, _, count)| *count).max().unwrap_or_default();
    let row = |(title, pick, count): &(String, Pick, i64)| {
        vec![
            Cell::text(title.as_str()),
            Cell::count(*count, lang, || href(visitor, cut, pick)).with_bar(*count, most),
        ]
    };
    let rows = if most == 0 { Vec::new() } else { counts.iter().map(row).collect() };
    Table {
        code,
        title,
        note: Some(note),
        rows,
        head: vec![Head::text(head), Head::num(lang.say("board-dossiers"))],
        csv_href: cut.href_with(visitor, "board/table", &[("of", code)]),
    }
}

/// With whom, or where, how much lies, and how much of it is late.
fn load(
    visitor: &Visitor,
    cut: &Cut,
    tally: &Tally,
    (code, by, title, head): (&'static str, By, String, String),
    names: Vec<(String, String)>,
) -> Table {
    let (lang, today) = (visitor.lang(), today(visitor));
    let mut rows: Vec<(i64, String, Pick, Pick)> = names
        .into_iter()
        .map(|(name, value)| {
            let all = Pick::by(by).of(&value);
            let late = all.clone().within(Days::Between(None, Some(-1)));
            (all.count(tally, today), name, all, late)
        })
        .collect();
    rows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let most = rows.first().map_or(0, |row| row.0);
    let row = |(count, name, all, late): (i64, String, Pick, Pick)| {
        vec![
            Cell::text(name),
            Cell::count(count, lang, || href(visitor, cut, &all)).with_bar(count, most),
            Cell::count(late.count(tally, today), lang, || href(visitor, cut, &late)),
        ]
    };
    Table {
        code,
        title,
        note: None,
        rows: rows.into_iter().map(row).collect(),
        head: vec![
            Head::text(head),
            Head::num(lang.say("board-dossiers")),
            Head::num(lang.say("board-overdue")),
        ],
        csv_href: cut.href_with(visitor, "board/table", &[("of", code)]),
    }
}

/// The address of the list of what is picked.
pub(super) fn href(visitor: &Visitor, cut: &Cut, pick: &Pick) -> String {
    let days = pick.days.to_string();
    let mut more = vec![("by", pick.by.name())];
    more.extend(pick.value.as_deref().map(|value| ("value", value)));
    if pick.days != Days::Any {
        more.push(("days", &days));
    }
    cut.href_with(visitor, "board/cases", &more)
}
