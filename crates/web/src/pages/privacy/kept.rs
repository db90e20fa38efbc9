//! `GET /{tenant}/my-data/kept`: all that is kept of somebody of one type, page by page.

use axum::response::{IntoResponse as _, Response};
use dinh_model::Term;
use serde::Serialize;

use super::parts::{Lead, lead};
use super::said;
use super::whose::Whose;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

/// Entities of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    back_href: String,
    kept: Vec<Lead>,
    total: u64,
    previous_href: Option<String>,
    next_href: Option<String>,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    let present = match super::present(&visitor) {
        Ok(present) => present,
        Err(other) => return Ok(*other),
    };
    let asked = Asked::of(&visitor.uri);
    let whose = Whose::of(&visitor, &present, "my-data").await;
    let missing = || Fault::not_found(visitor.taste);
    let subject = whose.chosen.ok_or_else(missing)?;
    let term = Term::from(asked.get("type").unwrap_or_default());
    let described = visitor.app.context.types().entity_type(term.as_str()).ok_or_else(missing)?;
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 1_000);
    let found = visitor.app.privacy.held(&visitor.session, &subject, &term, (at - 1) * PAGE, PAGE).await;
    let found = found.map_err(|error| said::fault(&visitor, error))?;
    let total = found.total.unwrap_or_default();
    let to = |page: usize| {
        let query = asked.with("page", Some(&page.to_string())).query();
        format!("{}{query}", visitor.href("my-data/kept"))
    };
    let values = Values {
        page: frame(&visitor, visitor.title(&described.plural).to_owned(), Here::Account, ""),
        back_href: visitor.href("my-data"),
        kept: found.entities.iter().map(|stored| lead(&visitor, stored)).collect(),
        total,
        previous_href: (at > 1).then(|| to(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&total).then(|| to(at + 1)),
    };
    Ok(private(rendered(&visitor, "my_data_kept.html", values)?.into_response()))
}
