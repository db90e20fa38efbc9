//! Signing a document with a key that is elsewhere, such as a token at somebody's desk: what to sign goes out, the signature
//! comes in.

use axum::Json;
use axum::extract::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_ngsild::problem::Problem;
use dinh_signatory::Begun;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::refusal;
use crate::api::house::cases::{self, Plain, body};
use crate::api::house::hall::Hall;
use crate::api::reply::{self, Refusal, WriteRefusals};
use crate::api::request::{Parameters, Segments, entity_id};
use crate::look;

/// With what a document is to be signed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Beginning {
    /// The key.
    key: String,
}

/// What is to be signed elsewhere.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BegunBody {
    /// Names the signing; good once.
    signing: String,
    /// The bytes to sign, in base64, for signers that hash themselves.
    to_sign: String,
    /// The hash to sign, in hexadecimal digits.
    digest: String,
    /// `rsa-sha256`, `rsa-pss-sha256`, `ecdsa-p256-sha256` or `ecdsa-p384-sha384`.
    algorithm: &'static str,
    /// The certificate by which it will be signed (PEM).
    certificate: String,
    /// Until when it waits, RFC 3339.
    until: String,
}

impl BegunBody {
    pub(super) fn of(begun: Begun) -> Self {
        Self {
            signing: begun.id,
            to_sign: STANDARD.encode(&begun.to_sign),
            digest: look::hex(&begun.digest),
            algorithm: begun.algorithm.name(),
            certificate: begun.certificate.pem(),
            until: begun.ends.to_string(),
        }
    }
}

/// A signature from elsewhere.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Finishing {
    /// The name of the signing.
    signing: String,
    /// The signature, in base64.
    signature: String,
}

/// A document that was signed.
#[derive(Serialize, ToSchema)]
pub(crate) struct FinishedBody {
    /// SHA-256 of its file with the signature.
    digest: String,
}

/// Begin to sign a document with a key that is elsewhere
///
/// Answers what to sign. Whose key signs which document is checked before; it waits for ten minutes.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/documents/{id}/signing", tag = "documents",
    extensions(("x-summary-vi" = json!("Bắt đầu ký một văn bản bằng khoá giữ ở nơi khác"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the document."), Parameters<Plain>
    ),
    request_body(content = Beginning, content_type = "application/json"),
    responses(
        (status = 201, description = "What to sign.", body = BegunBody),
        (status = 409, description = "The document or the key cannot be signed with so.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn begin_signing(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<(StatusCode, Json<BegunBody>), Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let id = entity_id(&path.0.1)?;
    let wanted: Beginning = body(request).await?;
    let begun = visit.app.signatory.begin(&visit.session, &wanted.key, &id).await.map_err(refusal)?;
    Ok((StatusCode::CREATED, Json(BegunBody::of(begun))))
}

/// Finish signing a document with the signature from elsewhere
///
/// A signature that does not fit is refused; after three of them the signing is over. What was acknowledged is durable.
#[utoipa::path(
    post, path = "/api/v1/{tenant}/documents/{id}/signature", tag = "documents",
    extensions(("x-summary-vi" = json!("Hoàn tất việc ký bằng chữ ký từ nơi giữ khoá"))),
    params(
        ("tenant" = String, Path, description = "The tenant."),
        ("id" = String, Path, description = "URI of the document."), Parameters<Plain>
    ),
    request_body(content = Finishing, content_type = "application/json"),
    responses(
        (status = 200, description = "The document is signed.", body = FinishedBody),
        (status = 409, description = "The document has changed meanwhile, or the signature would not hold.", body = reply::ProblemBody),
        WriteRefusals
    )
)]
pub(crate) async fn finish_signing(
    Hall(visit): Hall,
    path: Segments<(String, String)>,
    _parameters: Parameters<Plain>,
    request: Request,
) -> Result<Json<FinishedBody>, Refusal> {
    visit.app.casework.may_ask(&visit.session).map_err(cases::refusal::of)?;
    let id = entity_id(&path.0.1)?;
    let given: Finishing = body(request).await?;
    let not_base64 = |_| Problem::bad_data("signature: must be the signature in base64.".to_owned());
    let signature = STANDARD.decode(given.signature.trim()).map_err(not_base64)?;
    let digest = visit.app.signatory.finish(&visit.session, (&id, &given.signing), signature).await;
    Ok(Json(FinishedBody { digest: digest.map_err(refusal)?.to_string() }))
}
