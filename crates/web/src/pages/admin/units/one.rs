//! `GET /{tenant}/admin/units/{id}`: one unit, what is below it, and who works there.

use axum::extract::Path;
use axum::response::Response;
use dinh_identity::domain::Basis;
use dinh_identity::{Known, Wanted};
use dinh_model::Iri;
use serde::Serialize;

use super::list::{UnitForm, form, kind_title};
use super::read::{Unit, all};
use crate::pages::admin::days::{span, standing, today};
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, failed, office, show};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::{Visitor, encode};

/// Most people shown of one unit.
const MOST: usize = 200;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    id: String,
    code: String,
    kind: String,
    days: String,
    tone: &'static str,
    word: String,
    parent: Option<Link>,
    successor: Option<Link>,
    below: Vec<Link>,
    workers: Vec<Worker>,
    more_workers: usize,
    units_href: String,
    people_href: String,
    entity_href: String,
    form: UnitForm,
    outcome: Option<Outcome>,
}

#[derive(Serialize)]
struct Link {
    href: String,
    title: String,
}

#[derive(Serialize)]
struct Worker {
    href: String,
    name: String,
    title: String,
    basis: String,
    days: String,
}

/// The page.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Stop> {
    office(&visitor)?;
    shown(&visitor, &id, None, None, None).await
}

/// The page with what was typed, and what came of it.
pub(super) async fn shown(
    visitor: &Visitor,
    id: &str,
    given: Option<&Given>,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let units = all(visitor).await?;
    let unit = units.iter().find(|unit| unit.id.as_str() == id);
    let unit = unit.ok_or_else(|| Fault::not_found(visitor.taste))?;
    let day = today(visitor.now);
    let (tone, word) = standing(unit.days, day, lang);
    let link = |unit: &Unit| Link {
        href: visitor.href(&format!("admin/units/{}", encode(unit.id.as_str()))),
        title: unit.title(visitor),
    };
    let (workers, more_workers) = workers(visitor, unit).await?;
    let below = units.iter().filter(|child| child.parent.as_deref() == Some(id) && !child.days.is_over(day));
    let parent = units.iter().find(|other| unit.parent.as_deref() == Some(other.id.as_str()));
    let successor = units.iter().find(|other| unit.successor.as_deref() == Some(other.id.as_str()));
    let values = Values {
        desk: desk(visitor, unit.title(visitor), Place::Units),
        id: id.to_owned(),
        code: unit.code.clone(),
        kind: kind_title(&unit.kind, lang),
        days: span(unit.days, lang),
        tone,
        word,
        parent: parent.map(link),
        successor: successor.map(link),
        below: below.map(link).collect(),
        workers,
        more_workers,
        units_href: visitor.href("admin/units"),
        people_href: visitor.href(&format!("admin/people?unit={}", encode(id))),
        entity_href: visitor.entity_href(id),
        form: form(visitor, &units, given.unwrap_or(&as_given(unit)), trouble),
        outcome,
    };
    show(visitor, "admin_unit.html", values)
}

/// A unit as its form shows it at first.
fn as_given(unit: &Unit) -> Given {
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    Given::of([
        ("name", unit.name.clone()),
        ("english", unit.english.clone()),
        ("code", unit.code.clone()),
        ("kind", unit.kind.clone()),
        ("parent", unit.parent.clone().unwrap_or_default()),
        ("from", day(unit.days.from)),
        ("to", day(unit.days.to)),
        ("successor", unit.successor.clone().unwrap_or_default()),
    ])
}

async fn workers(visitor: &Visitor, unit: &Unit) -> Result<(Vec<Worker>, usize), Stop> {
    let office = office(visitor)?;
    let Ok(uri) = Iri::parse(unit.id.as_str()) else { return Ok((Vec::new(), 0)) };
    let wanted = Wanted { unit: Some(uri), ..Wanted::default() };
    let found = office.list(&wanted, 0, MOST).await.map_err(|error| failed(visitor, &error))?;
    let more = found.total - found.accounts.len();
    Ok((found.accounts.iter().flat_map(|known| worker(visitor, unit, known)).collect(), more))
}

fn worker(visitor: &Visitor, unit: &Unit, known: &Known) -> Vec<Worker> {
    let (lang, day) = (visitor.lang(), today(visitor.now));
    let here = known.record.positions.iter().filter(|position| {
        position.tenant == visitor.province.tenant
            && position.unit.as_str() == unit.id.as_str()
            && position.days.contains(day)
    });
    here.map(|position| Worker {
        href: visitor.href(&format!("admin/people/{}", known.record.id)),
        name: known.record.name.clone(),
        title: position.title.clone(),
        basis: match position.basis {
            Basis::Held => lang.say("admin-basis-held"),
            Basis::Substitute { .. } => lang.say("admin-basis-substitute"),
            Basis::Delegated { .. } => lang.say("admin-basis-delegated"),
        },
        days: span(position.days, lang),
    })
    .collect()
}
