//! Tables, on pages and as files for spreadsheets.

use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Serialize;

use super::asked::{Cut, today};
use super::cell::Cell;
use super::{indicators, now, past, steps};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::cases as pages;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// Most rows of a table on a page; the file has all.
pub(super) const MOST_ROWS: usize = 400;

/// A table.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Table {
    /// Its name in addresses.
    pub(super) code: &'static str,
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) head: Vec<Head>,
    pub(super) rows: Vec<Vec<Cell>>,
    pub(super) csv_href: String,
}

/// The head of a column.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Head {
    pub(super) title: String,
    /// True for numbers.
    pub(super) num: bool,
}

impl Head {
    pub(super) fn text(title: String) -> Self {
        Self { title, num: false }
    }

    pub(super) fn num(title: String) -> Self {
        Self { title, num: true }
    }
}

impl Table {
    /// As a page shows it: not longer than a page can be.
    pub(super) fn shown(mut self) -> Self {
        self.rows.truncate(MOST_ROWS);
        self
    }
}

/// `GET /{tenant}/board/table?of=unit`: a table as a file.
pub(in crate::pages::cases) async fn download(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = pages::present(&visitor) {
        return Ok(*other);
    }
    pages::only(&visitor, pages::leads(&visitor))?;
    let cut = Cut::of(&visitor)?;
    let asked = Asked::of(&visitor.uri);
    let code = asked.get("of").unwrap_or_default();
    let tables = match code {
        "unit" | "kind" | "month" | "quarter" | "year" => past::tables(&visitor, &cut).await?,
        "step" => vec![steps::table(&visitor, &cut).await?],
        "due" | "age" | "state" | "desk" | "who" => now::tables(&visitor, &cut).await?,
        "indicators" => indicators::tables(&visitor, &cut).await?,
        _ => Vec::new(),
    };
    let Some(table) = tables.into_iter().find(|table| table.code == code) else {
        let detail = format!("of: there is no table {code:?}");
        return Err(Fault::bad_request(visitor.taste, detail));
    };
    let name = format!("{}-{}-{}.csv", visitor.province.tenant, table.code, today(&visitor));
    let mut response = private(written(&table).into_response());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    Ok(response)
}

fn written(table: &Table) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Writing to memory does not fail.
    let _written = csv.write_record(table.head.iter().map(|head| harmless(&head.title)));
    for row in &table.rows {
        let _written = csv.write_record(row.iter().map(|cell| harmless(&cell.raw)));
    }
    let mut file = "\u{feff}".as_bytes().to_vec();
    file.extend(csv.into_inner().unwrap_or_default());
    file
}

/// What spreadsheets would compute is marked as text.
fn harmless(text: &str) -> String {
    let computes = text.starts_with(['=', '+', '@', '\t', '\r'])
        || text.starts_with('-') && text.parse::<f64>().is_err();
    if computes { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheets_compute_nothing_of_what_they_are_given() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("-cmd"), "'-cmd");
        assert_eq!((harmless("-12.5").as_str(), harmless("Phường").as_str()), ("-12.5", "Phường"));
    }
}
