//! Create a subscription (CIM 009 clauses 5.8.1 and 6.10.3.1).

use axum::response::Response;
use http::StatusCode;
use http::header::VIA;

use crate::api::reply::{self, Refusal, WriteHeaders, WriteRefusals};
use crate::api::request::{Author, Document, FirstVisit, Known, Operation, Parameters, Visit, Written};

/// Path of the collection of subscriptions.
pub(super) const SUBSCRIPTIONS: &str = "/ngsi-ld/v1/subscriptions";

/// Create a subscription.
pub(crate) struct Create;

impl Operation for Create {
    const PARAMETERS: &'static [Known] = &[];
}

/// Create a subscription
///
/// Makes a subscription. Notifications go to HTTP and MQTT endpoints, at least once each.
#[utoipa::path(
    post, path = "/ngsi-ld/v1/subscriptions", tag = "subscriptions",
    extensions(("x-summary-vi" = json!("Đăng ký nhận tin"))),
    params(Parameters<Create>, WriteHeaders),
    request_body(content = Object, description = "The subscription (clause 5.2.12).", content_type = "application/json"),
    responses(
        (status = 201, description = "Made; Location tells where."),
        (status = 409, description = "It exists already.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn create_subscription(
    Author(FirstVisit(visit)): Author<FirstVisit>,
    _parameters: Parameters<Create>,
    written: Written,
) -> Result<Response, Refusal> {
    let mut document = written.document(visit.contexts()).await?;
    if visit.headers.contains_key(VIA) {
        came(&visit, &mut document).await?;
    }
    let subscriptions = visit.app.context.subscriptions();
    let id = subscriptions.create(&visit.session, &document.json, document.context).await?;
    Ok(reply::created(SUBSCRIPTIONS, id.as_str()))
}

/// Remembers by which brokers a subscription came, so that it goes to none of them again (clause 6.3.18).
async fn came(visit: &Visit, document: &mut Document) -> Result<(), Refusal> {
    let fresh = format!("urn:ngsi-ld:Subscription:{}", visit.app.ids.uuid());
    let Some(members) = document.json.as_object_mut() else { return Ok(()) };
    let id = members.entry("id").or_insert_with(|| fresh.into()).as_str().map(str::to_owned);
    let Some(id) = id else { return Ok(()) };
    if visit.app.legs.came(&visit.session, &id, &visit.headers).await? {
        return Ok(());
    }
    Err(Refusal::http(StatusCode::LOOP_DETECTED, "The request came by this server already."))
}
