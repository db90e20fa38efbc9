//! Entries in short texts.

use std::borrow::Cow;

use dinh_model::Term;
use dinh_store::{Entry, Subject, Touched, What};

/// Entities named in one text; the others are counted.
const NAMED: usize = 3;

/// What an entry is about, in short.
pub(super) fn about(entry: &Entry) -> String {
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
pub(super) fn entities(entry: &Entry) -> Vec<String> {
    match &entry.what {
        What::Noted(note) => note.entities.iter().map(|id| id.as_str().to_owned()).collect(),
        What::Did(did) => did.entities.iter().map(touched).collect(),
    }
}

/// Every record of an entry.
pub(super) fn records(entry: &Entry) -> Vec<String> {
    match &entry.what {
        What::Noted(_) => Vec::new(),
        What::Did(did) => did.records.iter().map(|record| format!("{}/{}", record.of, record.key)).collect(),
    }
}

/// Every attribute of an entry once, by the last part of its name.
pub(super) fn attributes(entry: &Entry) -> Vec<&str> {
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
pub(super) fn details(entry: &Entry) -> String {
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
pub(super) fn safe(text: &str) -> Cow<'_, str> {
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
