//! Consents: what somebody may be asked for and has said, giving one, taking one back.

use axum::Json;
use axum::extract::Request;
use dinh_privacy::{Consent, How, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{body, refusal, subject};
use crate::api::house::hall::Hall;
use crate::api::house::provinces::BothTitles;
use crate::api::reply::{self, ReadRefusals, Refusal, WriteRefusals};
use crate::api::request::{Known, Operation, Parameters, Segments, entity_id};

/// List what may be agreed to.
pub(crate) struct List;

impl Operation for List {
    const PARAMETERS: &'static [Known] =
        &[Known::text("subject", "URI of the person or enterprise whose data it is about.")];
}

/// Give or take back a consent.
pub(crate) struct Change;

impl Operation for Change {
    const PARAMETERS: &'static [Known] = &[];
}

/// A purpose, and what was said to it.
#[derive(Serialize, ToSchema)]
pub(crate) struct PurposeBody {
    /// Its code.
    purpose: String,
    /// The version of its text that is asked for now.
    version: u32,
    /// What people call it.
    title: BothTitles,
    /// What is agreed to.
    text: BothTitles,
    /// The consent that counts now.
    consent: Option<ConsentBody>,
}

/// A consent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConsentBody {
    /// Its URI.
    id: String,
    /// Whose data it is about.
    subject: String,
    /// Code of the purpose.
    purpose: String,
    /// The version of the text that was agreed to.
    text_version: u32,
    /// SHA-256 over that text.
    text_digest: String,
    /// When it was given, RFC 3339.
    given_at: String,
    /// When it was taken back, if it was.
    withdrawn_at: Option<String>,
}

/// Agreeing to a purpose.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Giving {
    /// Whose data it is about: somebody for whom the account speaks.
    subject: String,
    /// Code of the purpose.
    purpose: String,
    /// The version of the text that was shown and agreed to.
    version: u32,
}

impl From<&Consent> for ConsentBody {
    fn from(consent: &Consent) -> Self {
        Self {
            id: consent.id.to_string(),
            subject: consent.subject.to_string(),
            purpose: consent.purpose.clone(),
            text_version: consent.text_version,
            text_digest: consent.text_digest.clone(),
            given_at: consent.given.to_string(),
            withdrawn_at: consent.withdrawn.map(|at| at.to_string()),
        }
    }
}

impl From<&Standing> for PurposeBody {
    fn from(standing: &Standing) -> Self {
        Self {
            purpose: standing.purpose.code.clone(),
            version: standing.purpose.version,
            title: (&standing.purpose.title).into(),
            text: (&standing.purpose.text).into(),
            consent: standing.consent.as_ref().map(ConsentBody::from),
        }
    }
}

/// List purposes and consents
///
/// Answers with the purposes for which consent may be given, each with the consent that counts now on behalf of the
/// subject, for whom the account must speak.
#[utoipa::path(
    get, path = "/api/v1/{tenant}/privacy/consents", tag = "privacy",
    extensions(("x-summary-vi" = json!("Liệt kê mục đích và sự đồng ý"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<List>),
    responses((status = 200, description = "The purposes.", body = Vec<PurposeBody>), ReadRefusals)
)]
pub(crate) async fn list_consents(
    Hall(visit): Hall,
    parameters: Parameters<List>,
) -> Result<Json<Vec<PurposeBody>>, Refusal> {
    let subject = subject(parameters.text("subject").unwrap_or_default())?;
    let standings = visit.app.privacy.standings(&visit.session, &subject).await.map_err(refusal)?;
    Ok(Json(standings.iter().map(PurposeBody::from).collect()))
}

/// Give a consent
///
/// Agrees on behalf of the subject to the present text of a purpose. Whoever has agreed already gets the consent that
/// stands.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/privacy/consents", tag = "privacy",
    extensions(("x-summary-vi" = json!("Đồng ý cho một mục đích"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Change>),
    request_body(content = Giving, content_type = "application/json"),
    responses(
        (status = 200, description = "The consent.", body = ConsentBody),
        (status = 409, description = "The text has changed since.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn give_consent(
    Hall(visit): Hall,
    _parameters: Parameters<Change>,
    request: Request,
) -> Result<Json<ConsentBody>, Refusal> {
    visit.app.privacy.enter(&visit.session).map_err(refusal)?;
    let given: Giving = body(request).await?;
    let subject = subject(&given.subject)?;
    let purpose = (given.purpose.as_str(), given.version);
    let consent = visit.app.privacy.give(&visit.session, &subject, purpose, How::Api).await;
    Ok(Json((&consent.map_err(refusal)?).into()))
}

/// Take a consent back
///
/// From then on the data may not be used for the purpose. The consent stays as evidence that it was given until then.
#[utoipa::path(
    delete, path = "/api/v1/{tenant}/privacy/consents/{id}", tag = "privacy",
    extensions(("x-summary-vi" = json!("Rút lại sự đồng ý"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the consent."), Parameters<Change>
    ),
    responses((status = 200, description = "The consent, taken back.", body = ConsentBody), WriteRefusals)
)]
pub(crate) async fn take_back_consent(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Change>,
) -> Result<Json<ConsentBody>, Refusal> {
    let id = entity_id(&path.0.1)?;
    let consent = visit.app.privacy.take_back(&visit.session, &id).await.map_err(refusal)?;
    Ok(Json((&consent).into()))
}
