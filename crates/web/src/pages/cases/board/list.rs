//! `GET /{tenant}/board/cases`: the dossiers behind a number, exactly those that were counted.

use axum::response::{IntoResponse as _, Response};
use dinh_cases::Channel;
use dinh_casework::{By, Days, Dossier, ListAsked, Pick, Which};
use serde::Serialize;

use super::asked::Cut;
use super::cell::count;
use super::names::{kind_name, official_name, state_name, unit_name};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases::parts::{Row, row};
use crate::pages::cases::{self as pages, rating, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Dossiers of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    /// What was counted, of whom and when.
    facts: Vec<(String, String)>,
    counted: String,
    rows: Vec<Line>,
    /// True where a dossier was counted more than once.
    repeated: bool,
    /// Said where fewer are seen than were counted.
    hidden: Option<String>,
    first_href: Option<String>,
    next_href: Option<String>,
}

#[derive(Serialize)]
struct Line {
    row: Row,
    received: String,
    ended: String,
    times: usize,
}

/// The page.
pub(in crate::pages::cases) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = pages::present(&visitor) {
        return Ok(*other);
    }
    pages::only(&visitor, pages::leads(&visitor))?;
    let (cut, lang) = (Cut::of(&visitor)?, visitor.lang());
    let asked = Asked::of(&visitor.uri);
    let which = which(&visitor, &cut, &asked)?;
    let after: Option<u64> = asked.number("after");
    let list = ListAsked { which: which.clone(), among: cut.among.clone(), after, limit: PAGE };
    let found = visitor.app.casework.listed(&visitor.session, &list).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    let (title, facts, back) = told(&visitor, &cut, &which).await;
    let href = |after: Option<u64>| {
        let after = after.map(|after| after.to_string());
        format!("{}{}", visitor.href("board/cases"), asked.with("after", after.as_deref()).query())
    };
    let rows: Vec<Line> =
        found.cases.iter().map(|(dossier, times)| line(&visitor, dossier, *times)).collect();
    let seen: i64 = found.cases.iter().map(|(_, times)| i64::try_from(*times).unwrap_or(i64::MAX)).sum();
    let is_all = after.is_none() && found.next.is_none();
    let hidden = (is_all && seen < found.counted).then(|| {
        let values = args([("seen", count(seen, lang)), ("counted", count(found.counted, lang))]);
        lang.say_with("board-hidden", &values)
    });
    let values = Values {
        page: frame(&visitor, title, Here::Board, ""),
        back_href: cut.href(&visitor, back),
        facts,
        counted: count(found.counted, lang),
        repeated: rows.iter().any(|line| line.times > 1),
        rows,
        hidden,
        first_href: after.is_some().then(|| href(None)),
        next_href: found.next.map(|next| href(Some(next))),
    };
    Ok(private(rendered(&visitor, "board_cases.html", values)?.into_response()))
}

/// What an address asks for.
fn which(visitor: &Visitor, cut: &Cut, asked: &Asked) -> Result<Which, Fault> {
    let bad = |detail: String| Fault::bad_request(visitor.taste, detail);
    if let Some(name) = asked.get("of") {
        return Ok(Which::Done(name.to_owned(), cut.period));
    }
    let by = asked.get("by").ok_or_else(|| bad("of: says which count; or “by” does".to_owned()))?;
    let by = By::from_name(by).ok_or_else(|| bad(format!("by: there is no {by:?}")))?;
    let days = asked.get("days").unwrap_or("any");
    let days: Days = days.parse().map_err(|()| bad(format!("days: {days:?} is no span such as -7..-1")))?;
    Ok(Which::Open(Pick { by, value: asked.get("value").map(str::to_owned), days }))
}

fn line(visitor: &Visitor, dossier: &Dossier, times: usize) -> Line {
    let lang = visitor.lang();
    let day = |at: Option<dinh_model::Timestamp>| at.map_or_else(String::new, |at| look::date(at, lang));
    Line {
        row: row(visitor, dossier),
        received: day(dossier.received),
        ended: day(dossier.ended.map(|(at, _)| at)),
        times,
    }
}

/// Title, facts, and the page from which one comes.
async fn told(visitor: &Visitor, cut: &Cut, which: &Which) -> (String, Vec<(String, String)>, &'static str) {
    let lang = visitor.lang();
    let mut facts = Vec::new();
    let (title, back) = match which {
        Which::Done(name, _) => {
            facts.push((lang.say("board-span"), cut.span()));
            (name_of(visitor, name), "board")
        }
        Which::Open(pick) => {
            if let Some(days) = days(visitor, pick) {
                facts.push(days);
            }
            (open_name(visitor, pick).await, "board/now")
        }
    };
    if let Some(unit) = &cut.among.unit {
        facts.push((lang.say("cases-unit"), unit_name(visitor, unit).await));
    }
    if let Some(kind) = &cut.among.kind {
        facts.push((lang.say("cases-kind"), kind_name(visitor, kind)));
    }
    (title, facts, back)
}

/// What a count of what has happened is called.
pub(super) fn name_of(visitor: &Visitor, name: &str) -> String {
    let lang = visitor.lang();
    let with = |what: String| args([("what", what)]);
    match name {
        "received" => lang.say("board-list-received"),
        "ended" => lang.say("board-list-ended"),
        "on-time" => lang.say("board-list-on-time"),
        "late" => lang.say("board-list-late"),
        "supplemented" => lang.say("board-list-supplemented"),
        "again" => lang.say("board-list-again"),
        "reused" => lang.say("board-list-reused"),
        "electronic" => lang.say("board-list-electronic"),
        "issued" => lang.say("board-list-issued"),
        "rated" => lang.say("board-list-rated"),
        _ => match name.split_once('.') {
            Some(("received", channel)) => {
                let known = Channel::from_name(channel);
                let said = known.map_or_else(|| channel.to_owned(), |known| pages::one::channel(known, lang));
                lang.say_with("board-list-channel", &with(said))
            }
            Some(("ended", "granted")) => lang.say("board-list-granted"),
            Some(("ended", outcome)) => lang.say_with("board-list-outcome", &with(outcome.to_owned())),
            Some(("left", state)) => lang.say_with("board-list-left", &with(state_name(visitor, state))),
            Some(("left-late", state)) => {
                lang.say_with("board-list-left-late", &with(state_name(visitor, state)))
            }
            Some(("rated", stars)) => {
                let stars = rating::stars(stars.parse().unwrap_or_default(), lang);
                lang.say_with("citizen-list-stars", &with(stars))
            }
            Some(("about", rest)) => about_name(rest, lang),
            _ => name.to_owned(),
        },
    }
}

/// What a count of complaints is called.
fn about_name(name: &str, lang: Lang) -> String {
    match name.split_once('.') {
        None if name == "received" => lang.say("citizen-list-about"),
        None if name == "on-time" => lang.say("citizen-list-about-on-time"),
        None if name == "late" => lang.say("citizen-list-about-late"),
        None if name == "rated" => lang.say("citizen-list-about-rated"),
        Some(("rated", stars)) => {
            let stars = rating::stars(stars.parse().unwrap_or_default(), lang);
            lang.say_with("citizen-list-about-stars", &args([("what", stars)]))
        }
        _ => name.to_owned(),
    }
}

async fn open_name(visitor: &Visitor, pick: &Pick) -> String {
    let lang = visitor.lang();
    let Some(value) = pick.value.as_deref() else { return lang.say("board-list-open") };
    let with = |what: String| args([("what", what)]);
    match (pick.by, value) {
        (By::State, state) => lang.say_with("board-list-state", &with(state_name(visitor, state))),
        (By::Desk, unit) => lang.say_with("board-list-desk", &with(unit_name(visitor, unit).await)),
        (By::Who, account) => lang.say_with("board-list-who", &with(official_name(visitor, account).await)),
        (By::As, "late") => lang.say("board-list-overdue"),
        (By::As, "stands-late") => lang.say("board-list-stands-late"),
        (By::As, "in-time") => lang.say("board-list-in-time"),
        (By::As, "again") => lang.say("board-list-asked-twice"),
        (By::As, "stands") => lang.say("board-list-stands"),
        (By::As, "filed") => lang.say("board-list-filed"),
        (By::As | By::Got, _) => lang.say("board-list-open"),
    }
}

/// The span of days, in words.
fn days(visitor: &Visitor, pick: &Pick) -> Option<(String, String)> {
    let lang = visitor.lang();
    let Days::Between(from, to) = pick.days else { return None };
    let today = super::asked::today(visitor);
    let on = |days: i32| {
        look::day(today.saturating_add(jiff::Span::new().days(days.clamp(-100_000, 100_000))), lang)
    };
    let said = match (from, to) {
        (Some(from), Some(to)) if from == to => on(from),
        (Some(from), Some(to)) => format!("{} – {}", on(from), on(to)),
        (Some(from), None) => lang.say_with("board-from-day", &args([("day", on(from))])),
        (None, Some(to)) => lang.say_with("board-to-day", &args([("day", on(to))])),
        (None, None) => return None,
    };
    let title = if pick.by == By::Got { lang.say("cases-received") } else { lang.say("cases-due-at") };
    Some((title, said))
}
