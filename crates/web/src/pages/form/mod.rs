//! Forms of the packs as pages: drawing one, reading what is posted, and trying one out.
//!
//! [`Sheet`] draws any form with its answers and faults for the template `form_body.html`, [`Posted`] reads what the
//! browser sends back, and [`try_out`] is the page on which a form can be tried: it keeps nothing.

mod controls;
mod field;
mod posted;
mod sheet;
mod shown;
#[cfg(test)]
mod tests;
mod try_out;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::app::App;

pub(in crate::pages) use posted::{MOST_BODY, Posted, PostedFile, Wish};
pub(in crate::pages) use sheet::{Sheet, faults};
pub(in crate::pages) use shown::FormView;
pub(in crate::pages) use try_out::{Tried, add_row, without_files};

/// The routes of these pages.
pub(super) fn routes() -> Router<App> {
    Router::new().route("/{tenant}/forms", get(try_out::list)).route(
        "/{tenant}/forms/{pack}/{form}",
        get(try_out::show).post(try_out::check).layer(DefaultBodyLimit::max(MOST_BODY)),
    )
}
