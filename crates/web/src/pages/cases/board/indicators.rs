//! `GET /{tenant}/board/indicators`: the indicators that an act prescribes, and what cannot be told of them.

use axum::response::{IntoResponse as _, Response};
use dinh_casework::{By, Group, Indicator, IndicatorSet, Measured, Pick, Value};
use serde::Serialize;

use super::asked::{Cut, Filter, today};
use super::cell::{Cell, count, percent};
use super::now::href as open_href;
use super::past::places;
use super::table::{Head, Table};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::parts::say;
use crate::pages::cases::{self as pages, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::args;

const PAGE: &str = "board/indicators";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    places: Vec<view::Choice>,
    filter: Filter,
    sets: Vec<Set>,
    csv_href: String,
}

#[derive(Serialize)]
struct Set {
    act: String,
    told: String,
    groups: Vec<Shown>,
}

/// A group.
#[derive(Serialize)]
struct Shown {
    title: String,
    points: String,
    unconfirmed: bool,
    indexes: Vec<Line>,
}

/// An indicator.
#[derive(Serialize)]
struct Line {
    code: String,
    title: String,
    value: Option<String>,
    bar: Option<f64>,
    part: Vec<Link>,
    whole: Vec<Link>,
    points: Option<String>,
    note: Option<String>,
    missing: Option<String>,
}

#[derive(Serialize)]
struct Link {
    title: String,
    value: String,
    href: Option<String>,
}

/// The page.
pub(in crate::pages::cases) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = pages::present(&visitor) {
        return Ok(*other);
    }
    pages::only(&visitor, pages::leads(&visitor))?;
    let (cut, lang) = (Cut::of(&visitor)?, visitor.lang());
    let measured = read(&visitor, &cut).await?;
    let sets = visitor.app.casework.indicators(cut.period.to.min(today(&visitor)));
    let values = Values {
        page: frame(&visitor, lang.say("board-indicators-title"), Here::Board, ""),
        places: places(&visitor, &cut, PAGE),
        filter: cut.filter(&visitor, PAGE).await,
        sets: sets.map(|set| shown(&visitor, &cut, set, &measured)).collect(),
        csv_href: cut.href_with(&visitor, "board/table", &[("of", "indicators")]),
    };
    Ok(private(rendered(&visitor, "board_indicators.html", values)?.into_response()))
}

async fn read(visitor: &Visitor, cut: &Cut) -> Result<Measured, Fault> {
    let found = visitor.app.casework.measured(&visitor.session, cut.period, &cut.among).await;
    found.map_err(|error| said::fault(visitor, error))
}

fn shown(visitor: &Visitor, cut: &Cut, set: &IndicatorSet, measured: &Measured) -> Set {
    let lang = visitor.lang();
    let group = |group: &Group| Shown {
        title: say(&group.title, lang),
        points: look::number(group.points, None, lang),
        unconfirmed: !group.confirmed,
        indexes: group.indexes.iter().map(|index| line(visitor, cut, index, measured)).collect(),
    };
    let all = set.groups.iter().flat_map(|group| &group.indexes);
    let told = all.clone().filter(|index| index.missing.is_none()).count();
    let told = args([("told", told.to_string()), ("all", all.count().to_string())]);
    Set {
        act: say(&set.act, lang),
        told: lang.say_with("board-told", &told),
        groups: set.groups.iter().map(group).collect(),
    }
}

fn line(visitor: &Visitor, cut: &Cut, index: &Indicator, measured: &Measured) -> Line {
    let lang = visitor.lang();
    let links = |names: &[String]| names.iter().map(|name| link(visitor, cut, name, measured)).collect();
    let value = index.value(measured);
    Line {
        code: index.code.clone(),
        title: say(&index.title, lang),
        value: value.map(|value| text(visitor, index, value)),
        bar: value.filter(|_| !index.mean).and_then(|value| value.value),
        part: links(&index.part),
        whole: links(&index.whole),
        points: value.and_then(|value| value.points).map(|points| look::number(points, Some(2), lang)),
        note: index.note.as_ref().map(|note| say(note, lang)),
        missing: index.missing.as_ref().map(|missing| say(missing, lang)),
    }
}

fn text(visitor: &Visitor, index: &Indicator, value: Value) -> String {
    let lang = visitor.lang();
    match value.value.filter(|_| index.mean) {
        Some(minutes) => {
            let hours = look::number(minutes / 60.0, Some(1), lang);
            lang.say_with("board-hours", &args([("hours", hours)]))
        }
        None if index.mean => "–".to_owned(),
        None => percent(value.value, lang),
    }
}

/// A count that an indicator is made of, with where it leads. Sums of minutes and numbers of kinds lead nowhere.
fn link(visitor: &Visitor, cut: &Cut, name: &str, measured: &Measured) -> Link {
    let lang = visitor.lang();
    let number = measured.tally.of(name);
    let open = |which: &str| Some(open_href(visitor, cut, &Pick::by(By::As).of(which)));
    let done = || Some(cut.href_with(visitor, "board/cases", &[("of", name)]));
    let (title, href) = match name {
        "open" => (lang.say("board-open"), open("open")),
        "open-in-time" => (lang.say("board-open-in-time"), open("in-time")),
        "kinds" => (lang.say("board-kinds"), None),
        "kinds-online" => (lang.say("board-kinds-online"), None),
        "minutes" | "minutes-granted" => (lang.say("board-minutes"), None),
        _ => (super::list::name_of(visitor, name), done()),
    };
    Link { title, value: count(number, lang), href: href.filter(|_| number > 0) }
}

/// The table, for a file.
pub(super) async fn tables(visitor: &Visitor, cut: &Cut) -> Result<Vec<Table>, Fault> {
    let lang = visitor.lang();
    let measured = read(visitor, cut).await?;
    let sets = visitor.app.casework.indicators(cut.period.to.min(today(visitor)));
    let rows = sets.flat_map(|set| &set.groups).flat_map(|group| &group.indexes).map(|index| {
        let value = index.value(&measured);
        let number = |number: Option<f64>| number.map_or_else(String::new, |number| format!("{number:.2}"));
        let count =
            |pick: fn(&Value) -> i64| value.as_ref().map_or_else(String::new, |v| pick(v).to_string());
        vec![
            Cell::text(index.code.as_str()),
            Cell::text(say(&index.title, lang)),
            Cell::text(number(value.and_then(|value| value.value))),
            Cell::text(count(|value| value.part)),
            Cell::text(count(|value| value.whole)),
            Cell::text(
                index.missing.as_ref().or(index.note.as_ref()).map_or_else(String::new, |n| say(n, lang)),
            ),
        ]
    });
    Ok(vec![Table {
        code: "indicators",
        title: lang.say("board-indicators-title"),
        note: None,
        rows: rows.collect(),
        head: vec![
            Head::text(lang.say("board-code")),
            Head::text(lang.say("board-indicator")),
            Head::num(lang.say("board-value")),
            Head::num(lang.say("board-part")),
            Head::num(lang.say("board-whole")),
            Head::text(lang.say("board-remark")),
        ],
        csv_href: cut.href_with(visitor, "board/table", &[("of", "indicators")]),
    }])
}
