//! Signing many documents with one confirmation by a key that is elsewhere: a list of hashes goes out, a list of signatures comes
//! in, and each document is judged by itself.

use axum::Json;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_model::EntityId;
use dinh_ngsild::problem::Problem;
use dinh_ngsild::read;
use dinh_signatory::{Returned, Started};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal;
use super::sign::{SigningError, SigningResults};
use super::two_steps::BegunBody;
use crate::api::house::cases::{self, Plain, body};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::Parameters;

/// What is to be signed elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BeginningMany {
    /// The key.
    key: String,
    /// URIs of the documents: 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    documents: Vec<String>,
}

/// What came of beginning with each document.
#[derive(Serialize, ToSchema)]
pub(crate) struct BegunMany {
    /// Each of them, in the order in which they were named.
    results: Vec<BegunOne>,
}

/// What came of beginning with a document.
#[derive(Serialize, ToSchema)]
pub(crate) struct BegunOne {
    /// Which document.
    id: String,
    /// What to sign; none if it is not signed.
    begun: Option<BegunBody>,
    /// Why it is not signed.
    error: Option<SigningError>,
}

/// Signatures from elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FinishingMany {
    /// The signatures: 1 to 100.
    #[schema(min_items = 1, max_items = 100)]
    signatures: Vec<SignatureOf>,
    /// Whether to issue the documents as soon as they are sealed.
    #[serde(default)]
    issue: bool,
}

/// A signature from elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignatureOf {
    /// URI of the document.
    document: String,
    /// The name of the signing.
    signing: String,
    /// The signature, in base64.
    signature: String,
}

impl BegunOne {
    fn of(Started { id, begun }: Started) -> Self {
        let error = begun.as_ref().err().map(SigningError::of);
        Self { id: id.to_string(), begun: begun.ok().map(BegunBody::of), error }
    }
}

impl SignatureOf {
    fn read(self) -> Result<Returned, Problem> {
        let not_base64 = |_| Problem::bad_data("signature: must be the signature in base64.".to_owned());
        let signature = STANDARD.decode(self.signature.trim()).map_err(not_base64)?;
        let document = read::entity_id("document", &self.document)?;
        Ok(Returned { document, signing: self.signing, signature })
    }
}

/// Begin to sign many documents with a key that is elsewhere
///
/// Answers what to sign of each, or why it is not signed. Whose key signs which document is checked before; each waits for ten
/// minutes.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/documents/signings", tag = "documents",
    extensions(("x-summary-vi" = json!("Bắt đầu ký nhiều văn bản bằng khoá giữ ở nơi khác"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = BeginningMany, content_type = "application/json"),
    responses(
        (status = 200, description = "What to sign of each document.", body = BegunMany),
        (status = 409, description = "The key cannot be used so.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn begin_signings(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<BegunMany>, Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let wanted: BeginningMany = body(request).await?;
    let documents = wanted.documents.iter().map(|id| read::entity_id("documents", id));
    let documents: Vec<EntityId> = documents.collect::<Result<_, _>>().map_err(Problem::from)?;
    let begun = visit.app.signatory.begin_many(&visit.session, &wanted.key, &documents).await;
    Ok(Json(BegunMany { results: begun.map_err(refusal)?.into_iter().map(BegunOne::of).collect() }))
}

/// Finish signing many documents with the signatures from elsewhere
///
/// Each document says what came of it. A signature that does not fit is refused; after three of them the signing is over. What
/// was acknowledged is durable; what there was no time for says so (`late`), and is named again. With `issue`, the cases of what
/// is sealed are issued.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/documents/signings/signatures", tag = "documents",
    extensions(("x-summary-vi" = json!("Hoàn tất việc ký nhiều văn bản bằng các chữ ký từ nơi giữ khoá"))),
    params(("tenant" = String, Path, description = "The tenant."), Parameters<Plain>),
    request_body(content = FinishingMany, content_type = "application/json"),
    responses(
        (status = 200, description = "What came of each document.", body = SigningResults),
        (status = 409, description = "Only what is sealed is issued.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn finish_signings(
    Hall(visit): Hall,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<SigningResults>, Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let given: FinishingMany = body(request).await?;
    let returned = given.signatures.into_iter().map(SignatureOf::read).collect::<Result<Vec<_>, _>>()?;
    let within = crate::settings::most_of(visit.app.settings.timeout);
    let done = visit.app.signatory.finish_many(&visit.session, returned, given.issue, within).await;
    Ok(Json(SigningResults::of(done.map_err(refusal)?)))
}
