//! `GET /{tenant}/my-cases`: the cases of whoever is signed in.

use axum::response::{IntoResponse as _, Response};
use serde::Serialize;

use super::parts::{Row, row};
use super::{drafts, said};
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

/// Cases of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    rows: Vec<Row>,
    drafts: Vec<drafts::Row>,
    total: u64,
    follow_href: String,
    documents_href: String,
    previous_href: Option<String>,
    next_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let asked = Asked::of(&visitor.uri);
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 200);
    let found = visitor.app.casework.own_cases(&visitor.session, (at - 1) * PAGE, PAGE).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    let at_page = |page: usize| {
        format!("{}{}", visitor.href("my-cases"), asked.with("page", Some(&page.to_string())).query())
    };
    let values = Values {
        page: frame(&visitor, visitor.lang().say("cases-mine"), Here::Mine, ""),
        rows: found.dossiers.iter().map(|dossier| row(&visitor, dossier)).collect(),
        drafts: if at == 1 { drafts::rows(&visitor).await? } else { Vec::new() },
        total: found.total,
        follow_href: visitor.href("follow"),
        documents_href: visitor.href("my-documents"),
        previous_href: (at > 1).then(|| at_page(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&found.total).then(|| at_page(at + 1)),
    };
    Ok(private(rendered(&visitor, "my_cases.html", values)?.into_response()))
}
