//! `GET` and `POST /{tenant}/kinds/{code}/{version}/trial`: what would become of a case, tried step by step before a
//! version is published. Nothing is kept: the page carries what was tried with it.

mod run;
mod view;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Request};
use axum::response::Response;
use dinh_cases::{Channel, Kind};
use dinh_casework::{TrialStart, TrialStep};
use dinh_forms::{Context, Filled, Form, Marks, NoUnits, Units, pruned};
use dinh_model::Timestamp;
use http::StatusCode;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::pages::cases::{asks, filing, has_one_of, only, present};
use crate::pages::fault::Fault;
use crate::pages::form::{Posted, Sheet, Tried, Wish, add_row, faults as form_faults, without_files};
use crate::pages::visitor::Visitor;

/// Roles that try kinds out: those who work with them, answer for them or set the house up.
const TRIERS: [&str; 6] =
    ["administrator", "leader", "unit-leader", "officer", "one-stop-officer", "inspector"];
/// Beginning of the names of the fields that are this page's own.
const OWN: &str = "trial.";
/// Most steps of a trial.
const MOST_STEPS: usize = 60;
/// Longest text that carries a trial, in bytes.
const LONGEST: usize = 200_000;

/// A trial, as the page carries it.
#[derive(Serialize, Deserialize)]
struct Carried {
    start: TrialStart,
    steps: Vec<TrialStep>,
}

/// How the filing was filled in.
struct Begun {
    channel: Channel,
    at: DateTime,
    parts: Option<BTreeSet<String>>,
    filled: Filled,
    tried: Tried,
    check: bool,
}

/// The page on which a trial begins.
pub(super) async fn page(
    visitor: Visitor,
    Path((_, code, version)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let kind = entered(&visitor, &code, &version)?;
    let begun = Begun {
        channel: Channel::Online,
        at: local(visitor.now),
        parts: None,
        filled: Filled::default(),
        tried: Tried::default(),
        check: false,
    };
    start_page(&visitor, &kind, begun, StatusCode::OK).await
}

/// Begins a trial, or goes on with it.
pub(super) async fn step(
    visitor: Visitor,
    Path((_, code, version)): Path<(String, String, String)>,
    request: Request,
) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    let kind = entered(&visitor, &code, &version)?;
    let posted = Posted::read(request).await;
    let posted = posted.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.0))?;
    let own = |name: &str| asks::value(&posted.pairs, &format!("{OWN}{name}"));
    match own("carried") {
        Some(carried) => {
            let unreadable = |says: &str| Fault::bad_request(visitor.taste, says.to_owned());
            if carried.len() > LONGEST {
                return Err(unreadable("trial.carried: at most 200,000 bytes"));
            }
            let carried: Carried = serde_json::from_str(carried)
                .map_err(|fault| unreadable(&format!("trial.carried: {fault}")))?;
            run::go_on(&visitor, &kind, carried, &posted.pairs).await
        }
        None => begin(&visitor, &kind, posted).await,
    }
}

/// Whether whoever looks may try kinds out.
pub(super) fn may(visitor: &Visitor) -> bool {
    has_one_of(visitor, &TRIERS)
}

fn entered(visitor: &Visitor, code: &str, version: &str) -> Result<Arc<Kind>, Fault> {
    only(visitor, may(visitor))?;
    let kind = version.parse().ok().and_then(|version| visitor.app.casework.book().version(code, version));
    kind.cloned().ok_or_else(|| Fault::not_found(visitor.taste))
}

/// Reads the form; where nothing is wrong with it, the trial begins.
async fn begin(visitor: &Visitor, kind: &Arc<Kind>, posted: Posted) -> Result<Response, Fault> {
    let (own, mut pairs): (Vec<_>, Vec<_>) =
        posted.pairs.into_iter().partition(|(name, _)| name.starts_with(OWN));
    let said = |name: &str| asks::value(&own, &format!("{OWN}{name}"));
    let mut tried = Tried::default();
    tried.take(&posted.files, &mut pairs);
    let at = said("at").and_then(|text| text.parse::<DateTime>().ok());
    let form = form(visitor, kind);
    let mut filled = Filled::default();
    if let Some(form) = &form {
        let read = form.read(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        filled = read.map_err(|unreadable| Fault::bad_request(visitor.taste, unreadable.to_string()))?;
        if let Wish::Add(table) = &posted.wish {
            add_row(form, &mut filled, table);
        }
    }
    let part = format!("{OWN}part");
    let begun = Begun {
        channel: said("channel").and_then(Channel::from_name).unwrap_or(Channel::Online),
        at: at.unwrap_or_else(|| local(visitor.now)),
        parts: Some(own.iter().filter(|(name, _)| *name == part).map(|(_, value)| value.clone()).collect()),
        filled,
        tried,
        check: posted.wish == Wish::Check,
    };
    if !begun.check {
        return start_page(visitor, kind, begun, StatusCode::OK).await;
    }
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let context = Context { today: begun.at.date(), units, files: &begun.tried };
    let mut answers = serde_json::Map::new();
    if let Some(form) = &form {
        if form_faults(form, &begun.filled, &context).iter().any(|fault| !fault.soft) {
            return start_page(visitor, kind, begun, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let mut filled = begun.filled.clone();
        without_files(form, &mut filled);
        answers = pruned(&form.settle(&filled.answers, context.today).answers).into_iter().collect();
    }
    let start = TrialStart {
        channel: begun.channel,
        answers,
        parts: begun.parts.clone().unwrap_or_default(),
        at: official(begun.at),
    };
    run::go_on(visitor, kind, Carried { start, steps: Vec::new() }, &[]).await
}

async fn start_page(
    visitor: &Visitor,
    kind: &Arc<Kind>,
    mut begun: Begun,
    status: StatusCode,
) -> Result<Response, Fault> {
    let register = visitor.session.units().await.ok();
    let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
    let drawn = form(visitor, kind).map(|form| {
        let context = Context { today: begun.at.date(), units, files: &begun.tried };
        let faults = if begun.check { form_faults(&form, &begun.filled, &context) } else { Vec::new() };
        without_files(&form, &mut begun.filled);
        let sheet = Sheet {
            form: &form,
            filled: &begun.filled,
            faults: &faults,
            marks: &Marks::new(),
            context: &context,
            home: None,
            lang: visitor.lang(),
        };
        sheet.draw()
    });
    view::start(visitor, kind, &begun, drawn, status)
}

fn form(visitor: &Visitor, kind: &Kind) -> Option<Arc<Form>> {
    let today = visitor.app.privacy.today();
    filing::on(visitor, kind, kind.valid_from.max(today))
}

/// Official time, as a field for day and hour has it.
fn local(at: Timestamp) -> DateTime {
    let offset = jiff::tz::Offset::constant(7);
    let local = offset.to_datetime(at.to_jiff());
    local.date().at(local.hour(), local.minute(), 0, 0)
}

fn official(at: DateTime) -> jiff::Timestamp {
    jiff::tz::Offset::constant(7).to_timestamp(at).unwrap_or_default()
}
