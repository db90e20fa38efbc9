//! Register a context source (CIM 009 clauses 5.9.2 and 6.8.3.1).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Path of the collection of registrations.
pub(super) const REGISTRATIONS: &str = "/ngsi-ld/v1/csourceRegistrations";

/// Register a context source.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[];
}

/// Register a context source
///
/// Says who else can tell something, of what, and how it stands to what is kept here: beside it (inclusive), in its place
/// (exclusive, redirect), or where nothing else is known (auxiliary). Whoever registers a source must be able to change every
/// entity of its types.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/csourceRegistrations", tag = "registrations",
    extensions(("x-summary-vi" = json!("Đăng ký một nguồn dữ liệu khác"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The registration (clause 5.2.9).", content_type = "application/json"),
    responses(
        (status = 201, description = "Registered; Location tells where."),
        (status = 409, description = "It exists already, or contradicts another registration or what is kept here.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_registration(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let document = written.document(visit.contexts()).await?;
    let registrations = visit.app.context.registrations();
    let id = registrations.create(&visit.session, &document.json, &document.context).await?;
    Ok(reply::created(REGISTRATIONS, id.as_str()))
}
