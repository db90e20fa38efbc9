//! Retrieve a registration (CIM 009 clauses 5.10.1 and 6.9.3.1).

use axum::response::Response;

use super::shown::shown;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::OPTIONS_LIST;
use crate::api::ngsild::options::keywords;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit, registration_id};

/// Retrieve a registration.
pub(crate) struct Retrieve;

impl Operation for Retrieve {
    const PARAMETERS: &'static [Known] = &[OPTIONS_LIST];
}

/// Retrieve a registration
///
/// Answers with one registration and the counters of the calls to its source. What the source is told with every call
/// (contextSourceInfo) is shown to those alone who could have registered it.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/csourceRegistrations/{registrationId}", tag = "registrations",
    extensions(("x-summary-vi" = json!("Đọc đăng ký một nguồn dữ liệu"))),
    params(("registrationId" = String, Path, description = "Identifier of the registration, a URI."), Parameters<Retrieve>, ReadHeaders),
    responses((status = 200, description = "The registration.", body = Object), ReadRefusals)
)]
pub(crate) async fn retrieve_registration(
    visit: Visit,
    Segments(id): Segments<String>,
    parameters: Parameters<Retrieve>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    keywords(&parameters, &["sysAttrs"])?;
    let id = registration_id(&id)?;
    let registered = visit.app.context.registrations().get(&visit.session, id.as_str())?;
    Ok(answer.one(shown(&registered, None, &answer, &visit)))
}
