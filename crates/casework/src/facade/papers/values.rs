//! The values with which a result is set: what the case says, in words. Templates are given nothing else.

use dinh_calendar::official_day;
use dinh_cases::{Case, Kind, KindResult};
use dinh_context::Session;
use dinh_documents::{Code, qr_svg};
use dinh_forms::{Answer as Said, Context, Entry, NoFiles, NoUnits, Units};
use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use super::super::Casework;
use super::head::Agency;
use crate::Applicant;

/// What a result is drawn up from.
pub(super) struct Source<'a> {
    pub(super) kind: &'a Kind,
    pub(super) case: &'a Case,
    pub(super) applicant: Option<&'a Applicant>,
    pub(super) name: &'a str,
    pub(super) result: &'a KindResult,
    pub(super) agency: &'a Agency,
    /// Its number and the day that it has.
    pub(super) number: &'a str,
    pub(super) day: Date,
    pub(super) until: Option<Date>,
}

impl Casework {
    /// The values of a result.
    pub(super) async fn values_of(&self, own: &Session, source: &Source<'_>, check: Json) -> Json {
        let (said, tables) = self.said(own, source.kind, source.case).await;
        let basis: Vec<Json> = source
            .kind
            .basis
            .iter()
            .map(|one| json!({"number": one.number, "title": one.title.vi}))
            .collect();
        let applicant = source.applicant;
        json!({
            "head": source.agency.head(Some(source.number), source.day),
            "unit_kind": source.agency.kind,
            "check": check,
            "result": {"title": source.result.title.vi},
            "case": {
                "number": source.case.number,
                "title": source.kind.title.vi,
                "received": source.case.received.map(|at| written(official_day(at))),
                "decided": written(source.day),
            },
            "applicant": {
                "name": source.name,
                "number": applicant.and_then(|one| one.number.as_deref()),
                "address": applicant.and_then(|one| one.address.as_deref()),
            },
            "basis": basis,
            "valid_until": source.until.map(written),
            "facts": source.case.facts,
            "said": said,
            "tables": tables,
        })
    }

    /// What was answered, as the form that was open then says it: texts by the names of fields, and tables.
    async fn said(&self, own: &Session, kind: &Kind, case: &Case) -> (Json, Json) {
        let opened = official_day(case.opened);
        let Some(form) = self.form_on(kind, opened) else { return (json!({}), json!({})) };
        let register = own.units().await.ok();
        let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
        let context = Context { today: opened, units, files: &NoFiles };
        let (mut said, mut tables) = (Map::new(), Map::new());
        for group in form.summary(&case.answers, "vi", &context) {
            flat(&group.entries, &mut said, &mut tables);
        }
        (Json::Object(said), Json::Object(tables))
    }
}

/// Where a paper is checked, as it stands on it.
pub(super) fn check(code: &Code, address: &str) -> Json {
    json!({"code": code.to_string(), "address": address, "qr": qr_svg(address)})
}

/// A day as papers write it within sentences.
pub(super) fn written(day: Date) -> String {
    format!("{:02}/{:02}/{}", day.day(), day.month(), day.year())
}

fn flat(entries: &[Entry], said: &mut Map<String, Json>, tables: &mut Map<String, Json>) {
    for entry in entries {
        match &entry.value {
            Said::Text(text) => {
                said.insert(entry.path.clone(), text.as_str().into());
            }
            Said::List(all) => {
                said.insert(entry.path.clone(), all.join("; ").into());
            }
            Said::Group(entries) => flat(entries, said, tables),
            Said::Rows(rows) => {
                let rows = rows.iter().map(|(_, entries)| row(entries)).collect();
                tables.insert(entry.path.clone(), Json::Array(rows));
            }
        }
    }
}

/// A row by the names of its own fields: `person.name` of `members[0].person.name`.
fn row(entries: &[Entry]) -> Json {
    let (mut said, mut tables) = (Map::new(), Map::new());
    flat(entries, &mut said, &mut tables);
    let own = |path: &str| path.split_once("].").map_or_else(|| path.to_owned(), |(_, own)| own.to_owned());
    Json::Object(said.into_iter().map(|(path, text)| (own(&path), text)).collect())
}
