//! Where other context sources are registered, what they tell is a part of the answer, and what is written goes to them too
//! (CIM 009 clauses 4.3.6 and 6.3.17). What is registered nowhere costs one look at an empty table.

mod batch;
mod behind;
mod evolutions;
mod inventory;
mod purge;
mod read;
mod write;

use axum::response::Response;
use dinh_federation::Warning;
use http::HeaderValue;
use http::header::HeaderName;

use crate::api::reply::Refusal;

pub(super) use batch::{Many, Told, share, share_ids};
pub(super) use behind::behind;
pub(super) use evolutions::{PastPage, evolution, evolutions, past_mapped_elsewhere};
pub(super) use inventory::inventory;
pub(super) use purge::purged;
pub(super) use read::{Beyond, One, Page, entity, mapped_elsewhere, page};
pub(super) use write::{Doing, done};

use crate::api::request::Given;

/// Tells what went wrong at a source while reading (clause 6.3.17).
const WARNING: HeaderName = HeaderName::from_static("ngsild-warning");
/// Most warnings of one answer.
const MOST_WARNINGS: usize = 20;

/// The same answer with what went wrong at sources.
pub(super) fn warned(mut response: Response, warnings: &[Warning]) -> Response {
    for warning in warnings.iter().take(MOST_WARNINGS) {
        if let Ok(value) = HeaderValue::from_str(&warning.header()) {
            response.headers_mut().append(WARNING, value);
        }
    }
    response
}

/// The same refusal with what went wrong at sources.
fn refused_warned(refusal: Refusal, warnings: &[Warning]) -> Refusal {
    warnings.iter().take(MOST_WARNINGS).fold(refusal, |refusal, warning| {
        match HeaderValue::from_str(&warning.header()) {
            Ok(value) => refusal.with(WARNING, value),
            Err(_) => refusal,
        }
    })
}

/// Parameters that are passed on as they came.
pub(super) fn passed(given: &Given, names: &[&'static str]) -> Vec<(&'static str, String)> {
    names.iter().filter_map(|name| Some((*name, given.text(name)?.to_owned()))).collect()
}
