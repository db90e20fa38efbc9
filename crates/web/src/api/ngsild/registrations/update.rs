//! Update a registration (CIM 009 clauses 5.9.3 and 6.9.3.2).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, Written, registration_id};

/// Update a registration.
pub(crate) struct Update;

impl Operation for Update {
    const PARAMETERS: &'static [Known] = &[];
}

/// Update a registration
///
/// Replaces the members that the body names; null takes one away.
#[utoipa::path(
    patch, path = "/ngsi-ld/v1/csourceRegistrations/{registrationId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Sửa đăng ký một nguồn dữ liệu"))),
    params(("registrationId" = String, Path, description = "Identifier of the registration, a URI."), Parameters<Update>, WriteHeaders),
    request_body(content = Object, description = "The members to change.", content_type = "application/json"),
    responses((status = 204, description = "Changed."), WriteRefusals)
)]
pub(crate) async fn update_registration(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Update>,
    written: Written,
) -> Result<Response, Refusal> {
    let id = registration_id(&id)?;
    let document = written.document(visit.contexts()).await?;
    let registrations = visit.app.context.registrations();
    registrations.update(&visit.session, id.as_str(), &document.json, &document.context).await?;
    Ok(reply::no_content())
}
