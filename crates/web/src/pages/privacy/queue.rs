//! `GET /{tenant}/privacy`: requests about personal data, what is due first before the rest.

use axum::response::{IntoResponse as _, Response};
use dinh_privacy::Sort;
use serde::Serialize;

use super::parts::{RequestRow, request_row};
use super::said;
use crate::pages::account::private;
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page as rendered};
use crate::pages::view;
use crate::pages::visitor::Visitor;

/// Requests of one page.
const PAGE: usize = 50;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    closed: bool,
    other_href: String,
    requests: Vec<RequestRow>,
    total: u64,
    previous_href: Option<String>,
    next_href: Option<String>,
    /// True if the deadlines were not all read in the act itself.
    unsure: bool,
}

/// The page.
pub(super) async fn page(visitor: Visitor) -> Result<Response, Fault> {
    if let Err(other) = super::present(&visitor) {
        return Ok(*other);
    }
    let asked = Asked::of(&visitor.uri);
    let closed = asked.get("show") == Some("closed");
    let sort = if closed { Sort::Closed } else { Sort::Open };
    let at: usize = asked.number("page").unwrap_or(1).clamp(1, 1_000);
    let privacy = &visitor.app.privacy;
    let queue = privacy.queue(&visitor.session, sort, (at - 1) * PAGE, PAGE).await;
    let queue = queue.map_err(|error| said::fault(&visitor, error))?;
    let to = |asked: Asked| format!("{}{}", visitor.href("privacy"), asked.query());
    let at_page = |page: usize| to(asked.with("page", Some(&page.to_string())));
    let edition = privacy.deadlines().on(privacy.today());
    let values = Values {
        page: frame(&visitor, visitor.lang().say("privacy-desk"), Here::Elsewhere, ""),
        closed,
        other_href: to(asked.with("show", if closed { None } else { Some("closed") })),
        requests: queue.requests.iter().map(|one| request_row(&visitor, one, "privacy")).collect(),
        total: queue.total,
        previous_href: (at > 1).then(|| at_page(at - 1)),
        next_href: ((at * PAGE) as u64).lt(&queue.total).then(|| at_page(at + 1)),
        unsure: edition.is_some_and(|edition| !edition.is_sure()),
    };
    Ok(private(rendered(&visitor, "request_queue.html", values)?.into_response()))
}
