//! `GET /{tenant}/register`: the register of dossiers (form 07 of Circular 03/2025/TT-VPCP) of a unit, over some days: as a
//! spreadsheet or as PDF. It is official, and so it is in Vietnamese.

use axum::response::{IntoResponse as _, Response};
use dinh_access::Principal;
use dinh_calendar::official_day;
use dinh_cases::Case;
use dinh_casework::{Dossier, Error};
use dinh_documents::{Column, Register};
use dinh_model::{EntityId, Timestamp};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use jiff::civil::Date;
use serde::Serialize;

use super::parts::{self, say};
use super::{counter, issues, only, present, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// Most units to choose among.
const MOST_UNITS: usize = 50;
/// The media type of workbooks.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    wrong: Option<String>,
    units: Vec<Unit>,
    from: String,
    to: String,
    back_href: String,
}

#[derive(Serialize)]
struct Unit {
    id: String,
    title: String,
    chosen: bool,
}

/// The form, or the register that it asks for.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = present(&visitor) {
        return Ok(*other);
    }
    only(&visitor, issues(&visitor))?;
    let asked = Asked::of(&visitor.uri);
    let today = official_day(visitor.now.to_jiff());
    let day = |name: &str| asked.get(name).and_then(|text| text.parse::<Date>().ok());
    let from = day("from").unwrap_or_else(|| today.first_of_month());
    let to = day("to").unwrap_or(today);
    let unit = asked.get("unit").and_then(|text| EntityId::parse(text).ok());
    let (Some(form), Some(unit)) =
        (asked.get("as").filter(|form| ["xlsx", "pdf"].contains(form)), unit.as_ref())
    else {
        return show(&visitor, unit.as_ref(), (from, to), None).await;
    };
    let found = visitor.app.casework.registered(&visitor.session, unit, (from, to)).await;
    let dossiers = match found {
        Ok(dossiers) => dossiers,
        Err(Error::TooMany { what, most }) => {
            let most = args([("most", f64::from(u32::try_from(most).unwrap_or(u32::MAX)))]);
            let lang = visitor.lang();
            let text = if what == "days" {
                lang.say_with("papers-register-days", &most)
            } else {
                lang.say_with("papers-register-rows", &most)
            };
            return show(&visitor, Some(unit), (from, to), Some(text)).await;
        }
        Err(error) => return Err(said::fault(&visitor, error)),
    };
    let register = drawn(&visitor, unit, (from, to), &dossiers).await;
    let name = format!("so-theo-doi-{from}-{to}.{form}");
    if form == "pdf" {
        let set = visitor.app.casework.set_register(visitor.session.tenant(), Some(unit), &register).await;
        return Ok(counter::shown_pdf(&name, set.map_err(|error| said::fault(&visitor, error))?));
    }
    workbook(&visitor, &name, register).await
}

/// A register as a workbook to be saved.
pub(super) async fn workbook(visitor: &Visitor, name: &str, register: Register) -> Result<Response, Fault> {
    let written = tokio::task::spawn_blocking(move || register.xlsx()).await;
    let failed = |reason: String| {
        tracing::error!(reason, "a workbook could not be written");
        Fault::of(visitor.taste, dinh_context::Error::Nothing)
    };
    let bytes = written.map_err(|error| failed(error.to_string()))?.map_err(failed)?;
    let mut response = private(bytes.into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(XLSX));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

async fn show(
    visitor: &Visitor,
    chosen: Option<&EntityId>,
    (from, to): (Date, Date),
    wrong: Option<String>,
) -> Result<Response, Fault> {
    let own = match visitor.session.principal() {
        Principal::Account(account) => account.units.iter().take(MOST_UNITS).cloned().collect(),
        _ => Vec::new(),
    };
    let mut units = Vec::new();
    for id in own {
        let is_chosen = chosen.is_some_and(|unit| unit.as_str() == &*id);
        units.push(Unit { title: parts::unit(visitor, &id).await, chosen: is_chosen, id: id.to_string() });
    }
    units.sort_by(|a, b| a.title.cmp(&b.title));
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let values = Values {
        page: frame(visitor, visitor.lang().say("papers-register"), Here::Work, ""),
        wrong,
        units,
        from: from.to_string(),
        to: to.to_string(),
        back_href: visitor.href("issued"),
    };
    let mut response = private(rendered(visitor, "register.html", values)?.into_response());
    *response.status_mut() = status;
    Ok(response)
}

async fn drawn(
    visitor: &Visitor,
    unit: &EntityId,
    (from, to): (Date, Date),
    dossiers: &[Dossier],
) -> Register {
    let lang = Lang::Vi;
    let column = |title: String, width| Column { title, width };
    let mut rows = Vec::with_capacity(dossiers.len());
    let mut names = std::collections::BTreeMap::new();
    for (number, dossier) in dossiers.iter().enumerate() {
        let handling = dossier.handling.as_str();
        if !names.contains_key(handling) {
            names.insert(handling.to_owned(), parts::unit_in(visitor, handling, lang).await);
        }
        rows.push(row(visitor, number + 1, dossier, &names[handling]));
    }
    let days = args([("from", look::day(from, lang)), ("to", look::day(to, lang))]);
    Register {
        title: lang.say("papers-register"),
        agency: parts::unit_in(visitor, unit.as_str(), lang).await,
        period: lang.say_with("papers-register-period", &days),
        columns: vec![
            column(lang.say("papers-column-number"), 5),
            column(lang.say("cases-number"), 16),
            column(lang.say("papers-column-kind"), 22),
            column(lang.say("papers-column-sets"), 6),
            column(lang.say("papers-column-applicant"), 26),
            column(lang.say("papers-column-handling"), 16),
            column(lang.say("papers-column-received"), 11),
            column(lang.say("papers-column-due"), 11),
            column(lang.say("papers-column-returned"), 11),
            column(lang.say("papers-column-how"), 10),
            column(lang.say("papers-column-sign"), 9),
            column(lang.say("papers-column-note"), 12),
        ],
        rows,
    }
}

fn row(visitor: &Visitor, number: usize, dossier: &Dossier, handling: &str) -> Vec<String> {
    let lang = Lang::Vi;
    let kind = visitor.app.casework.kind_of(dossier).ok();
    let at = |at: Timestamp| look::date(at, lang);
    let applicant = dossier.applicant.as_ref();
    let who: Vec<&str> = std::iter::once(dossier.applicant_name.as_str())
        .chain(applicant.and_then(|one| one.address.as_deref()))
        .chain(applicant.and_then(|one| one.telephone.as_deref()))
        .collect();
    let case = dossier.case.as_ref();
    let promised = case.and_then(|case| visitor.app.casework.promised(case)).map(at);
    let state = kind.and_then(|kind| kind.state(&dossier.state)).map(|state| say(&state.title, lang));
    let late = dossier.on_time == Some(false);
    vec![
        number.to_string(),
        dossier.number.clone().unwrap_or_default(),
        kind.map_or_else(|| dossier.kind.clone(), |kind| say(&kind.title, lang)),
        lang.say("counter-paper-one-set"),
        who.join("; "),
        handling.to_owned(),
        dossier.received.map(at).unwrap_or_default(),
        promised.unwrap_or_default(),
        case.and_then(returned).map(|when| at(when.into())).unwrap_or_default(),
        case.map(|case| how(case, lang)).unwrap_or_default(),
        String::new(),
        if late { lang.say("counter-paper-late") } else { state.unwrap_or_default() },
    ]
}

/// When the result was handed over.
fn returned(case: &Case) -> Option<jiff::Timestamp> {
    case.steps.iter().rev().find(|step| step.state == "delivered").map(|step| step.at)
}

/// How it was handed over.
fn how(case: &Case, lang: Lang) -> String {
    match case.facts.get("delivery").and_then(serde_json::Value::as_str) {
        Some("counter") => lang.say("papers-how-counter"),
        Some("online") => lang.say("papers-how-online"),
        Some("post") => lang.say("papers-how-post"),
        _ => String::new(),
    }
}
