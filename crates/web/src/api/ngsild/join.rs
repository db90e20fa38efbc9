//! Linked entity retrieval (CIM 009 clause 4.5.23) is not done here; asking for it is refused rather than ignored.

use dinh_ngsild::problem::{Problem, ProblemKind};

use crate::api::request::Given;

/// Refuses `join` unless it asks for nothing.
pub(super) fn refuse(given: &Given) -> Result<(), Problem> {
    match given.text("join") {
        None | Some("@none") => Ok(()),
        Some("flat" | "inline") => {
            let detail = "join: linked entities are not retrieved along here; follow the relationships with further requests.";
            Err(Problem::new(ProblemKind::OperationNotSupported, detail))
        }
        Some(other) => {
            Err(Problem::bad_data(format!("The URL parameter join is {other:?}; it may be flat, inline or @none.")))
        }
    }
}
