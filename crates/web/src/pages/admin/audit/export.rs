//! `POST /{tenant}/admin/audit/export`: entries as a table or as JSON, a line each. That they were taken away is noted
//! before the first is sent.

use axum::body::Body;
use axum::extract::RawForm;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use dinh_access::Action;
use dinh_context::audit::table::{COLUMNS, row};
use dinh_context::graph::{Act, AuditOrder, AuditQuery, Entry, Note};
use dinh_context::{Error, Session};
use futures::stream;
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::json;

use super::filter::{Fields, query};
use super::search::shown;
use crate::pages::admin::days::today;
use crate::pages::admin::given::Given;
use crate::pages::admin::guard::{Stop, enter, private};
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// Entries read at once.
const PAGE: usize = 500;
/// Most entries of one export; the page says so, and what is cut off ends with a line that says where.
const MOST: usize = 1_000_000;

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Ndjson,
}

/// Takes entries away.
pub(in crate::pages) async fn export(visitor: Visitor, RawForm(body): RawForm) -> Result<Response, Stop> {
    enter(&visitor, Action::Audit)?;
    let given = Given::read(&body);
    let form = if given.get("form") == "ndjson" { Form::Ndjson } else { Form::Csv };
    let Ok(query) = query(&visitor, &given, PAGE).await? else { return shown(&visitor, &given, None).await };
    let details = json!({"what": "audit", "form": form.ending(), "fields": Fields::of(&given).query()});
    let note = Note { details, ..Note::of(Act::Export) };
    visitor.session.note(note).await.map_err(|error| Fault::of(visitor.taste, error))?;
    let query = AuditQuery { order: AuditOrder::OldestFirst, after: None, ..query };
    let reading =
        Reading { session: visitor.session.clone(), query: Some(query), form, sent: 0, begun: false };
    let lines = stream::try_unfold(reading, Reading::next);
    let name = format!("audit-{}-{}.{}", visitor.province.tenant, today(visitor.now), form.ending());
    let mut response = private(Body::from_stream(lines).into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(form.media()));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

impl Form {
    const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    fn lines(self, entries: &[Entry]) -> Vec<u8> {
        match self {
            Self::Csv => table(entries.iter().map(row)),
            Self::Ndjson => {
                let mut lines = String::new();
                for entry in entries {
                    lines.push_str(&entry.to_json().to_string());
                    lines.push('\n');
                }
                lines.into_bytes()
            }
        }
    }

    /// What stands at the end where there would have been more.
    fn cut_off(self, after: u64) -> Vec<u8> {
        match self {
            Self::Csv => {
                let mut cells = [const { String::new() }; 14];
                let [first, ..] = &mut cells;
                *first = format!("more after {after}");
                table([cells])
            }
            Self::Ndjson => format!("{}\n", json!({"moreAfter": after})).into_bytes(),
        }
    }
}

fn table(rows: impl IntoIterator<Item = [String; 14]>) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(Vec::new());
    for row in rows {
        // Writing to memory does not fail.
        let _written = table.write_record(&row);
    }
    table.into_inner().unwrap_or_default()
}

/// What is left to be read and sent.
struct Reading {
    session: Session,
    /// None when all was sent.
    query: Option<AuditQuery>,
    form: Form,
    sent: usize,
    begun: bool,
}

impl Reading {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let Some(query) = self.query.take() else { return Ok(None) };
        let page = self.session.audit(query.clone()).await?;
        let mut lines = Vec::new();
        if !self.begun && self.form == Form::Csv {
            // The mark by which spreadsheets know UTF-8.
            lines.extend("\u{feff}".as_bytes());
            lines.extend(table([COLUMNS.map(str::to_owned)]));
        }
        self.begun = true;
        lines.extend(self.form.lines(&page.entries));
        self.sent += page.entries.len();
        match page.next {
            Some(after) if self.sent >= MOST => lines.extend(self.form.cut_off(after)),
            Some(after) => self.query = Some(AuditQuery { after: Some(after), ..query }),
            None => {}
        }
        Ok(Some((lines.into(), self)))
    }
}
