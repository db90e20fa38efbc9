//! What an applicant's filing and a counter's intake share: what was posted so far, the form of the kind, the units to choose
//! from, the files that come along, and the receipt.

mod draft;
mod form;
mod known;
mod papers;
mod places;
mod receipt;

pub(super) use draft::{Draft, OWN};
pub(super) use form::{drawn, file_fields, of_today, on};
pub(super) use known::{For, Known, filing_for, fill, first};
pub(super) use papers::attached;
pub(super) use places::{Pick, numbering, of_my_units};
pub(super) use receipt::receipt;

use std::sync::Arc;

use dinh_cases::Kind;

use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// The kind of this code under which dossiers are opened today.
pub(super) fn open_kind(visitor: &Visitor, code: &str) -> Result<Arc<Kind>, Fault> {
    let today = dinh_calendar::official_day(visitor.now.to_jiff());
    // What is about another case is filed from that one.
    let kind = visitor.app.casework.book().on(code, today).filter(|kind| !kind.about_case);
    kind.cloned().ok_or_else(|| Fault::not_found(visitor.taste))
}
