//! `GET /{tenant}/portal`: for those who look after the links.

use axum::response::{IntoResponse as _, Response};
use dinh_portal::{ArrivalState, Error, MappingList};
use http::StatusCode;
use serde::Serialize;

use super::rows::{self, ArrivalRow, DayRow, DossierRow, LinkRow};
use crate::pages::account::private;
use crate::pages::cases::parts::say;
use crate::pages::cases::{LINKERS, has_one_of, only, said};
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view::{self, Outcome};
use crate::pages::visitor::Visitor;

/// What may be chosen.
#[derive(Serialize)]
struct Choice {
    code: String,
    title: String,
}

/// What somebody has said that a code means.
#[derive(Serialize)]
struct MappingRow {
    list: String,
    code: String,
    means: String,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    outcome: Option<Outcome>,
    links: Vec<LinkRow>,
    waiting_count: String,
    failed_count: String,
    told_count: String,
    held_count: String,
    failed: Vec<DossierRow>,
    waiting: Vec<DossierRow>,
    held: Vec<ArrivalRow>,
    /// What came again with another content: row and address.
    changed: Vec<(ArrivalRow, String)>,
    kinds: Vec<Choice>,
    mappings: Vec<MappingRow>,
    days: Vec<DayRow>,
    today: String,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = enter(&visitor)? {
        return Ok(*other);
    }
    show(&visitor, None, StatusCode::OK).await
}

/// Lets in those who look after the links.
pub(super) fn enter(visitor: &Visitor) -> Result<Result<(), Box<Response>>, Fault> {
    if let Err(other) = crate::pages::cases::present(visitor) {
        return Ok(Err(other));
    }
    only(visitor, has_one_of(visitor, &LINKERS))?;
    Ok(Ok(()))
}

/// The page that there is instead of one that could not be made.
pub(super) fn fault(visitor: &Visitor, error: Error) -> Fault {
    match error {
        Error::NoSuch(_) | Error::NotOffered | Error::NoCounterpart(_) => Fault::not_found(visitor.taste),
        Error::Cases(error) => said::fault(visitor, error),
        Error::Door(error) => Fault::of(visitor.taste, error),
        other => {
            tracing::error!(error = %other, "the page of links could not be made");
            Fault::of(visitor.taste, dinh_context::Error::Nothing)
        }
    }
}

pub(super) async fn show(
    visitor: &Visitor,
    outcome: Option<Outcome>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let (lang, portal, tenant) = (visitor.lang(), &visitor.app.portal, visitor.session.tenant());
    let fault = |error| fault(visitor, error);
    let (waiting_count, failed_count, told_count) = portal.counts(tenant).await.map_err(fault)?;
    let held = portal.arrivals(tenant, ArrivalState::Held).await.map_err(fault)?;
    let changed = portal.arrivals(tenant, ArrivalState::Changed).await.map_err(fault)?;
    let failed = portal.failed(tenant).await.map_err(fault)?;
    let waiting = portal.waiting(tenant).await.map_err(fault)?;
    let days = portal.days(tenant).await.map_err(fault)?;
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    let kinds = visitor.app.casework.book().open_on(today).filter(|kind| !kind.about_case);
    let kinds = kinds.map(|kind| Choice { code: kind.code.clone(), title: say(&kind.title, lang) });
    let values = Values {
        page: frame(visitor, lang.say("portal"), Here::Portal, ""),
        outcome,
        links: portal.states(tenant).iter().map(|link| rows::link(visitor, link)).collect(),
        waiting_count: rows::count(waiting_count, lang),
        failed_count: rows::count(failed_count, lang),
        told_count: rows::count(told_count, lang),
        held_count: rows::count(held.total, lang),
        failed: failed.iter().map(|one| rows::failed(one, lang)).collect(),
        waiting: waiting.iter().map(|one| rows::waiting(one, lang)).collect(),
        held: held.rows.iter().map(|one| rows::arrival(visitor, one)).collect(),
        changed: changed
            .rows
            .iter()
            .map(|one| (rows::arrival(visitor, one), rows::href(visitor, one)))
            .collect(),
        kinds: kinds.collect(),
        mappings: mappings(visitor).await?,
        days: days.iter().map(|day| rows::day(day, lang)).collect(),
        today: today.to_string(),
    };
    let mut response = private(rendered(visitor, "portal.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

async fn mappings(visitor: &Visitor) -> Result<Vec<MappingRow>, Fault> {
    let (lang, today) = (visitor.lang(), dinh_calendar::official_day(visitor.now.to_jiff()));
    let all = visitor.app.portal.mappings(visitor.session.tenant()).await;
    let mut shown = Vec::new();
    for one in all.map_err(|error| fault(visitor, error))? {
        let (list, means) = match one.list {
            MappingList::Procedure => {
                let kind = visitor.app.casework.book().on(&one.means, today);
                (lang.say("portal-map-procedure"), kind.map_or(one.means, |kind| say(&kind.title, lang)))
            }
            MappingList::Unit => {
                (lang.say("portal-map-unit"), crate::pages::cases::parts::unit(visitor, &one.means).await)
            }
        };
        shown.push(MappingRow { list, code: one.code, means });
    }
    Ok(shown)
}
