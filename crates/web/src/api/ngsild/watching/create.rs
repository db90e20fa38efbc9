//! Create a subscription to registrations (CIM 009 clauses 5.11.2 and 6.12.3.1).

use axum::response::Response;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, FirstVisit, Known, Operation, Parameters, Written};

/// Path of the collection of subscriptions to registrations.
pub(super) const WATCHING: &str = "/ngsi-ld/v1/csourceSubscriptions";

/// Create a subscription to registrations.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[];
}

/// Create a subscription to registrations
///
/// Makes a subscription that tells which context sources there are for what it asks: now, and whenever one comes, changes or
/// goes.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/csourceSubscriptions", tag = "registrations",
    extensions(("x-summary-vi" = json!("Đăng ký nhận tin về các nguồn dữ liệu"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The subscription (clause 5.2.12).", content_type = "application/json"),
    responses(
        (status = 201, description = "Made; Location tells where."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_registration_subscription(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let document = written.document(visit.contexts()).await?;
    let registrations = visit.app.context.registrations();
    let id = registrations.subscribe(&visit.session, &document.json, document.context).await?;
    Ok(reply::created(WATCHING, id.as_str()))
}
