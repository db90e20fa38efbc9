//! `GET /{tenant}/board`: what has happened in some months, and how well.

use axum::response::{IntoResponse as _, Response};
use dinh_casework::{Scale, Tallies, Tally};
use serde::Serialize;

use super::asked::{Cut, Filter};
use super::cell::{Cell, count, on_time, percent};
use super::chart;
use super::names::{kind_name, unit_name};
use super::steps;
use super::table::{Head, Table};
use crate::look;
use crate::pages::account::private;
use crate::pages::cases::{self as pages, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

const PAGE: &str = "board";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    places: Vec<view::Choice>,
    filter: Filter,
    figures: Vec<Figure>,
    chart: Option<chart::Chart>,
    tables: Vec<Table>,
}

/// A number with what it means.
#[derive(Serialize)]
struct Figure {
    title: String,
    value: String,
    hint: String,
    /// What it is made of, each leading to its dossiers.
    links: Vec<Link>,
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
    let counted = Counted::read(&visitor, &cut).await?;
    let mut tables = vec![steps::of(&visitor, &cut, &counted.whole)];
    tables.extend(of(&visitor, &cut, &counted).await);
    let values = Values {
        page: frame(&visitor, lang.say("cases-board"), Here::Board, ""),
        places: places(&visitor, &cut, PAGE),
        filter: cut.filter(&visitor, PAGE).await,
        figures: figures(&visitor, &cut, &counted.whole),
        chart: chart::months(&counted.by_month, lang),
        tables: tables.into_iter().filter(|table| !table.rows.is_empty()).map(Table::shown).collect(),
    };
    Ok(private(rendered(&visitor, "board.html", values)?.into_response()))
}

/// The pages of the board.
pub(super) fn places(visitor: &Visitor, cut: &Cut, here: &str) -> Vec<view::Choice> {
    let lang = visitor.lang();
    let places = [
        (PAGE, lang.say("board-past")),
        ("board/now", lang.say("board-now")),
        ("board/indicators", lang.say("board-indicators")),
    ];
    let place = |(page, title): (&str, String)| view::Choice {
        id: page.to_owned(),
        href: cut.href(visitor, page),
        title,
        current: page == here,
    };
    places.into_iter().map(place).collect()
}

/// Counts on every scale.
struct Counted {
    whole: Tally,
    by_unit: Tallies,
    by_kind: Tallies,
    by_month: Tallies,
    by_quarter: Tallies,
    by_year: Tallies,
}

impl Counted {
    async fn read(visitor: &Visitor, cut: &Cut) -> Result<Self, Fault> {
        let scales = [Scale::Whole, Scale::Unit, Scale::Kind, Scale::Month, Scale::Quarter, Scale::Year];
        let casework = &visitor.app.casework;
        let found = casework.tallied(&visitor.session, cut.period, &cut.among, &scales).await;
        let found = found.map_err(|error| said::fault(visitor, error))?;
        let mut found = found.into_iter();
        let mut next = || found.next().unwrap_or_default();
        Ok(Self {
            whole: next().remove("").unwrap_or_default(),
            by_unit: next(),
            by_kind: next(),
            by_month: next(),
            by_quarter: next(),
            by_year: next(),
        })
    }
}

/// The tables, for a file.
pub(super) async fn tables(visitor: &Visitor, cut: &Cut) -> Result<Vec<Table>, Fault> {
    let counted = Counted::read(visitor, cut).await?;
    Ok(of(visitor, cut, &counted).await)
}

async fn of(visitor: &Visitor, cut: &Cut, counted: &Counted) -> Vec<Table> {
    let lang = visitor.lang();
    let mut units = Vec::new();
    for (unit, tally) in &counted.by_unit {
        units.push((unit_name(visitor, unit).await, ("unit", unit.clone()), tally));
    }
    // Whoever is late most often comes first.
    units.sort_by(|a, b| rank(a.2).total_cmp(&rank(b.2)).then_with(|| a.0.cmp(&b.0)));
    let kinds =
        counted.by_kind.iter().map(|(kind, tally)| (kind_name(visitor, kind), ("kind", kind.clone()), tally));
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_by(|a, b| rank(a.2).total_cmp(&rank(b.2)).then_with(|| a.0.cmp(&b.0)));
    let spans = |tallies: &'_ Tallies| -> Vec<(String, String)> {
        tallies.keys().map(|span| (span_title(span), span.clone())).collect()
    };
    let mut tables = vec![
        table(visitor, cut, ("unit", lang.say("cases-by-unit"), lang.say("cases-unit")), units),
        table(visitor, cut, ("kind", lang.say("cases-by-kind"), lang.say("cases-kind")), kinds),
    ];
    let by_span = [
        ("month", lang.say("cases-by-month"), lang.say("cases-month"), &counted.by_month),
        ("quarter", lang.say("board-by-quarter"), lang.say("board-quarter"), &counted.by_quarter),
        ("year", lang.say("board-by-year"), lang.say("board-year"), &counted.by_year),
    ];
    for (code, title, head, tallies) in by_span {
        let rows = spans(tallies).into_iter().map(|(title, span)| {
            let tally = &tallies[&span];
            (title, ("span", span), tally)
        });
        tables.push(table(visitor, cut, (code, title, head), rows.collect()));
    }
    tables
}

/// What ended in time, for order: those of which nothing has ended come last.
fn rank(tally: &Tally) -> f64 {
    on_time(tally).unwrap_or(101.0)
}

/// `2026-11` and `2026-Q4` as people write them.
fn span_title(span: &str) -> String {
    match span.split_once('-') {
        Some((year, part)) => format!("{part}/{year}"),
        None => span.to_owned(),
    }
}

/// First and last month of a span.
fn months_of(span: &str) -> (String, String) {
    match span.split_once('-') {
        Some((year, quarter)) if quarter.starts_with('Q') => {
            let number: u32 = quarter.trim_start_matches('Q').parse().unwrap_or(1);
            (format!("{year}-{:02}", number * 3 - 2), format!("{year}-{:02}", number * 3))
        }
        Some(_) => (span.to_owned(), span.to_owned()),
        None => (format!("{span}-01"), format!("{span}-12")),
    }
}

/// A row: its title, what its cells ask beside the rest, and its counts.
type Row<'t> = (String, (&'static str, String), &'t Tally);

fn table(
    visitor: &Visitor,
    cut: &Cut,
    (code, title, head): (&'static str, String, String),
    rows: Vec<Row<'_>>,
) -> Table {
    let lang = visitor.lang();
    let cells = |(title, (asks, value), tally): Row<'_>| {
        let (from, to) = months_within(cut, &value);
        let more: Vec<(&str, &str)> = match asks {
            "span" => vec![("from", from.as_str()), ("to", to.as_str())],
            asks => vec![(asks, value.as_str())],
        };
        let to = |of: &str| {
            let mut more = more.clone();
            more.push(("of", of));
            cut.href_with(visitor, "board/cases", &more)
        };
        let linked = |of: &str| Cell::count(tally.of(of), lang, || to(of));
        let name = Cell { href: Some(cut.href_with(visitor, PAGE, &more)), ..Cell::text(title) };
        vec![
            name,
            linked("received"),
            linked("ended"),
            linked("on-time"),
            linked("late"),
            Cell::share(on_time(tally), lang),
            Cell::hours(tally.of("minutes"), tally.of("ended"), lang),
        ]
    };
    Table {
        code,
        title,
        note: None,
        head: vec![
            Head::text(head),
            Head::num(lang.say("cases-received-count")),
            Head::num(lang.say("cases-ended-count")),
            Head::num(lang.say("board-in-time")),
            Head::num(lang.say("board-late")),
            Head::num(lang.say("board-share")),
            Head::num(lang.say("cases-mean-hours")),
        ],
        rows: rows.into_iter().map(cells).collect(),
        csv_href: cut.href_with(visitor, "board/table", &[("of", code)]),
    }
}

/// The months of a span that are within those asked for.
fn months_within(cut: &Cut, span: &str) -> (String, String) {
    let ((from, to), (first, last)) = (months_of(span), cut.months());
    (from.max(first), to.min(last))
}

fn figures(visitor: &Visitor, cut: &Cut, whole: &Tally) -> Vec<Figure> {
    let lang = visitor.lang();
    let share = |part: &str, of: &str| percent(whole.share(part, of), lang);
    let link = |name: &str, title: String| Link {
        title,
        value: count(whole.of(name), lang),
        href: (whole.of(name) > 0).then(|| cut.href_with(visitor, "board/cases", &[("of", name)])),
    };
    let figure =
        |title: String, value: String, hint: String, links: Vec<Link>| Figure { title, value, hint, links };
    let received = || link("received", lang.say("cases-received-count"));
    let mut figures = vec![
        figure(
            lang.say("cases-on-time"),
            share("on-time", "ended"),
            lang.say("cases-on-time-hint"),
            vec![link("on-time", lang.say("board-in-time")), link("late", lang.say("board-late"))],
        ),
        figure(
            lang.say("cases-received-count"),
            count(whole.of("received"), lang),
            lang.say("cases-received-hint"),
            vec![received(), link("ended", lang.say("cases-ended-count"))],
        ),
        figure(
            lang.say("cases-online-share"),
            share("received.online", "received"),
            lang.say("cases-online-hint"),
            vec![link("received.online", lang.say("board-online")), received()],
        ),
        figure(
            lang.say("board-again-share"),
            share("again", "ended"),
            lang.say("board-again-hint"),
            vec![
                link("supplemented", lang.say("board-supplemented")),
                link("again", lang.say("board-again")),
            ],
        ),
        figure(
            lang.say("cases-reuse-share"),
            share("reused", "received"),
            lang.say("cases-reuse-hint"),
            vec![link("reused", lang.say("board-reused"))],
        ),
        figure(
            lang.say("cases-electronic-share"),
            share("electronic", "received"),
            lang.say("cases-electronic-hint"),
            vec![link("electronic", lang.say("board-electronic"))],
        ),
        figure(
            lang.say("board-issued-share"),
            share("issued", "ended.granted"),
            lang.say("board-issued-hint"),
            vec![link("issued", lang.say("board-issued")), link("ended.granted", lang.say("board-granted"))],
        ),
    ];
    if whole.of("rated") > 0 {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let mean = whole.of("rating-sum") as f64 / whole.of("rated") as f64;
        let value = look::number(mean, Some(1), lang);
        figures.push(figure(
            lang.say("board-rating"),
            value,
            lang.say("board-rating-hint"),
            vec![link("rated", lang.say("board-rated"))],
        ));
    }
    figures
}
