//! `GET /{tenant}/my-documents`: the locker of whoever is signed in.

use axum::response::{IntoResponse as _, Response};
use dinh_documents::Standing;
use serde::Serialize;

use super::parts::{self, Sign, say};
use super::{issued, said};
use crate::look;
use crate::pages::account::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;
use crate::words::args;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    documents: Vec<Row>,
    cases_href: String,
}

#[derive(Serialize)]
struct Row {
    title: String,
    number: String,
    href: String,
    issued: String,
    by: String,
    state: Sign,
    /// Its own number, where its file is opened and where it is checked, if it was drawn up here.
    serial: Option<String>,
    file_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let lang = visitor.lang();
    let found = visitor.app.casework.own_documents(&visitor.session).await;
    let mut documents = Vec::new();
    for document in found.map_err(|error| said::fault(&visitor, error))? {
        let until = document.valid_until.map(|day| args([("day", look::day(day, lang))]));
        let (tone, icon, word) = match (document.is_valid, until) {
            (true, None) => ("ok", "ok", lang.say("cases-document-valid")),
            (true, Some(day)) => ("ok", "ok", lang.say_with("cases-document-until", &day)),
            (false, _) => match document.standing {
                Standing::Replaced => ("warn", "warn", lang.say("papers-replaced")),
                Standing::Revoked => ("danger", "danger", lang.say("papers-revoked")),
                _ => ("off", "silent", lang.say("cases-document-over")),
            },
        };
        documents.push(Row {
            title: say(&document.title, lang),
            number: document.number.clone().unwrap_or_default(),
            href: parts::href(&visitor, &document.dossier),
            issued: look::date(document.issued, lang),
            by: parts::unit(&visitor, document.issued_by.as_str()).await,
            state: Sign { tone, icon, word },
            serial: document.serial.clone(),
            file_href: document.has_file.then(|| format!("{}/file", issued::href(&visitor, &document.id))),
        });
    }
    let values = Values {
        page: frame(&visitor, lang.say("cases-documents"), Here::Mine, ""),
        documents,
        cases_href: visitor.href("my-cases"),
    };
    Ok(private(rendered(&visitor, "my_documents.html", values)?.into_response()))
}
