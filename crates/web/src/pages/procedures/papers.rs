//! Documents, results and acts as the page shows them.

use dinh_procedures::{Act, DocumentSet, Outcome};
use serde::Serialize;

/// The documents of one case.
#[derive(Debug, Serialize)]
pub(super) struct Set {
    case: Option<String>,
    documents: Vec<Paper>,
}

#[derive(Debug, Serialize)]
struct Paper {
    name: String,
    originals: u16,
    copies: u16,
    forms: Vec<Form>,
}

#[derive(Debug, Serialize)]
struct Form {
    name: String,
    url: Option<String>,
}

/// A result with its code, an act with its number.
#[derive(Debug, Serialize)]
pub(super) struct Coded {
    name: String,
    code: Option<String>,
}

pub(super) fn set(set: DocumentSet) -> Set {
    let form = |form: dinh_procedures::Form| Form { name: form.name, url: form.url };
    let paper = |document: dinh_procedures::Document| Paper {
        name: document.name,
        originals: document.originals,
        copies: document.copies,
        forms: document.forms.into_iter().map(form).collect(),
    };
    Set { case: set.case, documents: set.documents.into_iter().map(paper).collect() }
}

pub(super) fn result(result: Outcome) -> Coded {
    Coded { name: result.name, code: result.code }
}

pub(super) fn act(act: Act) -> Coded {
    Coded { name: act.title, code: act.number }
}
