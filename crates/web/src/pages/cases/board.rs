//! `GET /{tenant}/board`: how cases go, by what is counted of them; nobody types it. For leaders.

use std::collections::BTreeMap;

use axum::response::{IntoResponse as _, Response};
use dinh_casework::{Casework, Period, Scale, Tally};
use jiff::civil::Date;
use serde::Serialize;

use super::parts::{self, say};
use super::said;
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    from: String,
    to: String,
    figures: Vec<Figure>,
    by_unit: Vec<Line>,
    by_kind: Vec<Line>,
    by_month: Vec<Line>,
    bottlenecks: Vec<Neck>,
    late_href: String,
}

/// A number with what it means.
#[derive(Serialize)]
struct Figure {
    title: String,
    value: String,
    hint: String,
    href: Option<String>,
}

/// A line of a table.
#[derive(Serialize)]
struct Line {
    title: String,
    received: i64,
    ended: i64,
    on_time: String,
    share: Option<f64>,
    mean: String,
}

/// A state, with how long cases stand there.
#[derive(Serialize)]
struct Neck {
    title: String,
    left: i64,
    late: String,
    mean: String,
    share: f64,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    super::only(&visitor, super::leads(&visitor))?;
    let (asked, lang) = (Asked::of(&visitor.uri), visitor.lang());
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let month = |name: &str| asked.get(name).and_then(|text| format!("{text}-01").parse::<Date>().ok());
    let first = Date::new(today.year(), 1, 1).unwrap_or(today);
    let period = Period { from: month("from").unwrap_or(first), to: month("to").unwrap_or(today) };
    let casework = &visitor.app.casework;
    let read = async |scale| {
        let found = casework.tallies(&visitor.session, period, scale).await;
        found.map_err(|error| said::fault(&visitor, error))
    };
    let whole = read(Scale::Whole).await?.remove("").unwrap_or_default();
    let mut by_unit = Vec::new();
    for (id, tally) in read(Scale::Unit).await? {
        by_unit.push(line(parts::unit(&visitor, &id).await, &tally, lang));
    }
    by_unit.sort_by(|a, b| a.share.unwrap_or(101.0).total_cmp(&b.share.unwrap_or(101.0)));
    let kind =
        |code: &str| newest(casework, code).map_or_else(|| code.to_owned(), |kind| say(&kind.title, lang));
    let by_kind = read(Scale::Kind).await?;
    let values = Values {
        page: frame(&visitor, lang.say("cases-board"), Here::Board, ""),
        from: period.from.strftime("%Y-%m").to_string(),
        to: period.to.strftime("%Y-%m").to_string(),
        figures: figures(&visitor, &whole),
        by_unit,
        bottlenecks: bottlenecks(casework, &by_kind, &whole, lang),
        by_kind: by_kind.iter().map(|(code, tally)| line(kind(code), tally, lang)).collect(),
        by_month: read(Scale::Month).await?.iter().map(|(m, tally)| line(m.clone(), tally, lang)).collect(),
        late_href: visitor.href("work?late=1"),
    };
    Ok(private(rendered(&visitor, "board.html", values)?.into_response()))
}

fn newest<'c>(casework: &'c Casework, code: &str) -> Option<&'c dinh_cases::Kind> {
    casework.book().versions(code).last().map(AsRef::as_ref)
}

fn figures(visitor: &Visitor, whole: &Tally) -> Vec<Figure> {
    let lang = visitor.lang();
    let share = |part: &str, of: &str| percent(whole.share(part, of), lang);
    let figure = |title: String, value: String, hint: String, href: Option<&str>| Figure {
        title,
        value,
        hint,
        href: href.map(|path| visitor.href(path)),
    };
    vec![
        figure(lang.say("cases-on-time"), share("on-time", "ended"), lang.say("cases-on-time-hint"), None),
        figure(
            lang.say("cases-received-count"),
            count(whole.of("received"), lang),
            lang.say("cases-received-hint"),
            Some("work"),
        ),
        figure(
            lang.say("cases-ended-count"),
            count(whole.of("ended"), lang),
            lang.say("cases-ended-hint"),
            None,
        ),
        figure(
            lang.say("cases-online-share"),
            share("received.online", "received"),
            lang.say("cases-online-hint"),
            None,
        ),
        figure(
            lang.say("cases-reuse-share"),
            share("reused", "received"),
            lang.say("cases-reuse-hint"),
            None,
        ),
        figure(
            lang.say("cases-electronic-share"),
            share("electronic", "received"),
            lang.say("cases-electronic-hint"),
            None,
        ),
    ]
}

fn line(title: String, tally: &Tally, lang: Lang) -> Line {
    let share = tally.share("on-time", "ended");
    Line {
        title,
        received: tally.of("received"),
        ended: tally.of("ended"),
        on_time: percent(share, lang),
        share,
        mean: hours(tally.of("minutes"), tally.of("ended"), lang),
    }
}

/// In which states cases stand longest.
fn bottlenecks(
    casework: &Casework,
    by_kind: &BTreeMap<String, Tally>,
    whole: &Tally,
    lang: Lang,
) -> Vec<Neck> {
    let minutes = |state: &str| whole.of(&format!("left-minutes.{state}"));
    let states: BTreeMap<&str, String> = by_kind
        .keys()
        .filter_map(|code| newest(casework, code))
        .flat_map(|kind| &kind.states)
        .map(|state| (state.code.as_str(), say(&state.title, lang)))
        .collect();
    let most = states.keys().map(|state| minutes(state)).max().unwrap_or_default().max(1);
    let mut necks: Vec<(i64, Neck)> = states
        .into_iter()
        .filter(|(state, _)| whole.of(&format!("left.{state}")) > 0)
        .map(|(state, title)| {
            let left = whole.of(&format!("left.{state}"));
            let late = whole.share(&format!("left-late.{state}"), &format!("left.{state}"));
            #[expect(clippy::cast_precision_loss, reason = "minutes stay far below 2^52")]
            let share = minutes(state) as f64 * 100.0 / most as f64;
            let mean = hours(minutes(state), left, lang);
            (minutes(state), Neck { title, left, late: percent(late, lang), mean, share })
        })
        .collect();
    necks.sort_by_key(|(minutes, _)| std::cmp::Reverse(*minutes));
    necks.into_iter().map(|(_, neck)| neck).collect()
}

fn percent(share: Option<f64>, lang: Lang) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{} %", look::number(share, Some(1), lang)))
}

fn count(number: i64, lang: Lang) -> String {
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    look::number(number as f64, Some(0), lang)
}

/// Working hours for one, on average.
fn hours(minutes: i64, of: i64, lang: Lang) -> String {
    if of == 0 {
        return "–".to_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "minutes stay far below 2^52")]
    let hours = minutes as f64 / of as f64 / 60.0;
    look::number(hours, Some(1), lang)
}
