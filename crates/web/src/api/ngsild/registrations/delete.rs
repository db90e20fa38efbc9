//! Delete a registration (CIM 009 clauses 5.9.4 and 6.9.3.3).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Known, Operation, Parameters, Segments, Visit, registration_id};

/// Delete a registration.
pub(crate) struct Delete;

impl Operation for Delete {
    const PARAMETERS: &'static [Known] = &[];
}

/// Delete a registration
///
/// Ends a registration. Its source is asked nothing more.
#[utoipa::path(
    delete, path = "/ngsi-ld/v1/csourceRegistrations/{registrationId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Bỏ đăng ký một nguồn dữ liệu"))),
    params(("registrationId" = String, Path, description = "Identifier of the registration, a URI."), Parameters<Delete>, WriteHeaders),
    responses((status = 204, description = "Deleted."), WriteRefusals)
)]
pub(crate) async fn delete_registration(
    Author(visit): Author<Visit>,
    Segments(id): Segments<String>,
    _parameters: Parameters<Delete>,
) -> Result<Response, Refusal> {
    let id = registration_id(&id)?;
    visit.app.context.registrations().delete(&visit.session, id.as_str()).await?;
    Ok(reply::no_content())
}
