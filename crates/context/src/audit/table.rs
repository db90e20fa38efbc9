//! Entries as rows of a table, for spreadsheets, and in short texts.

use std::borrow::Cow;

use dinh_model::Term;
use dinh_store::{Entry, Subject, Touched, What, hex};

/// Entities named in one text; the others are counted.
const NAMED: usize = 3;
/// Between several things in one cell.
const BETWEEN: &str = " | ";

/// The names of the columns.
pub const COLUMNS: [&str; 14] = [
    "seq",
    "at",
    "tenant",
    "principal",
    "purpose",
    "peer",
    "request",
    "session",
    "actions",
    "entities",
    "attributes",
    "records",
    "details",
    "hash",
];

/// An entry as a row, its cells safe for spreadsheets.
pub fn row(entry: &Entry) -> [String; 14] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        entry.seq.to_string(),
        entry.at.to_string(),
        entry.tenant.as_ref().map(ToString::to_string).unwrap_or_default(),
        entry.principal.clone(),
        entry.purpose.clone(),
        or_empty(&entry.origin.peer),
        or_empty(&entry.origin.request),
        or_empty(&entry.origin.session),
        entry.actions().join(BETWEEN),
        entities(entry).join(BETWEEN),
        attributes(entry).join(BETWEEN),
        records(entry).join(BETWEEN),
        details(entry),
        hex(&entry.hash),
    ];
    cells.map(|cell| safe(&cell).into_owned())
}

/// What an entry is about, in short.
pub fn about(entry: &Entry) -> String {
    let mut parts: Vec<String> = match &entry.what {
        What::Noted(note) => note.entities.iter().map(|id| id.as_str().to_owned()).collect(),
        What::Did(did) => {
            let records = did.records.iter().map(|record| format!("{}/{}", record.of, record.key));
            did.entities.iter().map(touched).chain(records).collect()
        }
    };
    let more = parts.len().saturating_sub(NAMED);
    parts.truncate(NAMED);
    let mut text = parts.join(", ");
    if more > 0 {
        text = format!("{text} … +{more}");
    }
    match attributes(entry).join(", ") {
        names if names.is_empty() => text,
        names => format!("{text} ({names})"),
    }
}

/// Every entity of an entry.
pub fn entities(entry: &Entry) -> Vec<String> {
    match &entry.what {
        What::Noted(note) => note.entities.iter().map(|id| id.as_str().to_owned()).collect(),
        What::Did(did) => did.entities.iter().map(touched).collect(),
    }
}

/// Every record of an entry.
pub fn records(entry: &Entry) -> Vec<String> {
    match &entry.what {
        What::Noted(_) => Vec::new(),
        What::Did(did) => did.records.iter().map(|record| format!("{}/{}", record.of, record.key)).collect(),
    }
}

/// Every attribute of an entry once, by the last part of its name.
pub fn attributes(entry: &Entry) -> Vec<&str> {
    let terms: Vec<&Term> = match &entry.what {
        What::Noted(note) => note.attributes.iter().collect(),
        What::Did(did) => did.entities.iter().flat_map(|touched| &touched.attributes).collect(),
    };
    let last = |term: &&'_ Term| -> usize { term.as_str().rfind(['/', '#']).map_or(0, |at| at + 1) };
    let mut names: Vec<&str> = Vec::new();
    for term in terms {
        let name = term.as_str().get(last(&term)..).unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The reason and the details of an entry.
pub fn details(entry: &Entry) -> String {
    let What::Noted(note) = &entry.what else { return String::new() };
    let details = (!note.details.is_null()).then(|| note.details.to_string());
    let parts: Vec<String> = note.reason.iter().cloned().chain(details).collect();
    parts.join(" ")
}

fn touched(touched: &Touched) -> String {
    match &touched.subject {
        Subject::Named(id) => id.as_str().to_owned(),
        Subject::At(place) => format!("@{place}"),
    }
}

/// A cell that a spreadsheet takes for text, whatever it begins with: what begins like a formula gets an apostrophe
/// (OWASP, CSV injection).
pub fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for text in ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(safe(text), format!("'{text}"));
        }
        assert_eq!(safe("urn:x:1=2"), "urn:x:1=2");
    }
}
