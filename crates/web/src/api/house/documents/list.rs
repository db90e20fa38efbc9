//! What waits to be signed, and what became of it.

use axum::Json;
use dinh_documents::Standing;
use dinh_ngsild::problem::Problem;

use super::refusal;
use super::shown::{CheckedDocument, DocumentsBody, checked, document};
use crate::api::house::cases::{self, Plain};
use crate::api::house::hall::Hall;
use crate::api::reply::{ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, entity_id};

/// The list.
pub(crate) struct ListDocuments;

impl Operation for ListDocuments {
    const PARAMETERS: &'static [Known] = &[
        Known::text("standing", "Documents that stand so: numbered, valid, replaced, revoked or void."),
        Known::number("limit", "Most documents to return: 50 if not given, at most 100."),
        Known::number("offset", "How many to pass over first, at most 100000."),
    ];
}

/// Most documents in one answer.
const MOST: usize = 100;
/// Documents in an answer unless told otherwise.
const USUAL: usize = 50;
/// Most documents that are passed over.
const FARTHEST: usize = 100_000;

/// List documents with a number
///
/// Documents of the units for which the account acts, the latest first. What is `numbered` waits to be signed, sealed and
/// issued. Those who see none get an empty list.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/documents", tag = "documents",
    extensions(("x-summary-vi" = json!("Liệt kê văn bản đã lấy số"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<ListDocuments>),
    responses((status = 200, description = "The documents.", body = DocumentsBody), ReadRefusals)
)]
pub(crate) async fn list_documents(
    Hall(visit): Hall,
    parameters: Parameters<ListDocuments>,
) -> Result<Json<DocumentsBody>, Refusal> {
    let unknown =
        || Problem::bad_data("The URL parameter standing names no standing of documents.".to_owned());
    let standing = match parameters.text("standing") {
        Some(name) => Some(Standing::from_name(name).ok_or_else(unknown)?),
        None => None,
    };
    let limit = parameters.number("limit", MOST)?.unwrap_or(USUAL);
    let offset = parameters.number("offset", FARTHEST)?.unwrap_or(0);
    let found = visit.app.casework.documents_of_units(&visit.session, standing, (offset, limit)).await;
    let found = found.map_err(cases::refusal::of)?;
    Ok(Json(DocumentsBody { total: found.total, documents: found.documents.iter().map(document).collect() }))
}

/// Read a document and what its signatures are worth
///
/// For those who issue it and for its owner. Its signatures are checked by the trusted authorities and by what is known of
/// revocation; what was found out is remembered for ten minutes.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/documents/{id}", tag = "documents",
    extensions(("x-summary-vi" = json!("Xem một văn bản và chữ ký số của văn bản"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the document."), Parameters<Plain>
    ),
    responses((status = 200, description = "The document.", body = CheckedDocument), ReadRefusals)
)]
pub(crate) async fn one_document(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
) -> Result<Json<CheckedDocument>, Refusal> {
    let id = entity_id(&path.0.1)?;
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let one = visit.app.casework.issued_for(&visit.session, &id).await.map_err(cases::refusal::of)?;
    let report = match one.digests.last().filter(|_| !one.signed.is_empty()) {
        Some(digest) => {
            let status = visit.app.signatory.status(visit.session.tenant(), (&one.id, digest)).await;
            status.map_err(refusal)?
        }
        None => None,
    };
    let checked = report.map(|report| checked(&report)).unwrap_or_default();
    Ok(Json(CheckedDocument { document: document(&one), checked }))
}
