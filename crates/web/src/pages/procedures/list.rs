//! `GET /{tenant}/procedures`: life events to begin with, a search that forgives accents, filters with counts.

use axum::response::{IntoResponse as _, Response};
use dinh_procedures::{Found, Query};
use serde::Serialize;

use super::ask::{self, Offer};
use super::parts::{Row, row};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Filter};
use crate::pages::visitor::Visitor;

/// Procedures of one page.
const PAGE: usize = 20;
/// The last page that can be turned to.
const MAX_PAGE: usize = 2_500;

/// A life event to begin with.
#[derive(Debug, Serialize)]
struct Event {
    id: String,
    icon: String,
    title: String,
    href: String,
    count: usize,
    current: bool,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    action: String,
    words: String,
    /// True if something was asked for.
    asked: bool,
    events: Vec<Event>,
    levels: Vec<Offer>,
    audiences: Vec<Offer>,
    fields: Vec<Offer>,
    agencies: Vec<Offer>,
    filters: Vec<Filter>,
    rows: Vec<Row>,
    /// True if nothing has all the words.
    partly: bool,
    total: usize,
    all: usize,
    from: usize,
    to: usize,
    page_number: usize,
    pages: usize,
    previous_href: Option<String>,
    next_href: Option<String>,
}

/// The page.
pub(super) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let query = ask::query(&asked);
    let shelf = visitor.app.procedures.shelf(&visitor.session).await;
    let shelf = shelf.map_err(|error| Fault::of(visitor.taste, error))?;
    let found = shelf.find(&query);
    let values = values(&visitor, &asked, &query, &found, shelf.len());
    Ok(rendered(&visitor, "procedures.html", values)?.into_response())
}

fn values(visitor: &Visitor, asked: &Asked, query: &Query, found: &Found<'_>, all: usize) -> Values {
    let total = found.entries.len();
    let pages = total.div_ceil(PAGE).clamp(1, MAX_PAGE);
    let number = asked.number("page").unwrap_or(1).clamp(1, pages);
    let first = (number - 1) * PAGE;
    let rows: Vec<Row> =
        found.entries.iter().skip(first).take(PAGE).map(|entry| row(visitor, entry)).collect();
    let turn = |page: usize| {
        let page = if page > 1 { Some(page.to_string()) } else { None };
        format!("{}{}", visitor.href("procedures"), asked.with("page", page.as_deref()).query())
    };
    Values {
        page: frame(visitor, visitor.lang().say("procedures"), Here::Procedures, ""),
        action: visitor.href("procedures"),
        words: query.words.clone(),
        asked: ask::asks(query),
        events: events(visitor, asked, query, found),
        levels: ask::levels(visitor, &found.groups, query.level),
        audiences: ask::audiences(visitor, &found.groups, query.audience),
        fields: ask::names(&found.groups.fields, query.field.as_deref()),
        agencies: ask::names(&found.groups.agencies, query.agency.as_deref()),
        filters: ask::filters(visitor, asked, query),
        partly: found.partly && total > 0,
        total,
        all,
        from: (first + 1).min(total),
        to: first + rows.len(),
        rows,
        page_number: number,
        pages,
        previous_href: (number > 1).then(|| turn(number - 1)),
        next_href: (number < pages).then(|| turn(number + 1)),
    }
}

/// The life events that hold something of what is asked.
fn events(visitor: &Visitor, asked: &Asked, query: &Query, found: &Found<'_>) -> Vec<Event> {
    let all = visitor.app.procedures.events().events().iter();
    all.filter_map(|event| {
        let count = found.groups.life_events.get(&event.id).copied().unwrap_or(0);
        let current = query.life_event.as_ref() == Some(&event.id);
        let href = asked.with("event", (!current).then_some(event.id.as_str())).query();
        (count > 0 || current).then(|| Event {
            id: event.id.clone(),
            icon: event.icon.clone(),
            title: event.title.in_language(visitor.lang().tag()).to_owned(),
            href: format!("{}{href}", visitor.href("procedures")),
            count,
            current,
        })
    })
    .collect()
}
