//! Parameters and answers that many operations share, for the OpenAPI document.

use std::collections::BTreeMap;

use dinh_access::Purpose;
use serde::Serialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ContentBuilder, ObjectBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Type};
use utoipa::{IntoParams, IntoResponses, ToSchema};

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// The kind of error, a URI: one of CIM 009, or about:blank for errors of HTTP.
    r#type: String,
    /// A short sentence.
    title: String,
    /// HTTP status.
    status: u16,
    /// What happened, in whole sentences.
    detail: String,
    /// The URI of the thing concerned.
    instance: Option<String>,
}

/// What became of the entities of a batch (CIM 009 clause 5.2.16).
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchResult {
    /// Identifiers of the entities that were done.
    success: Vec<String>,
    /// The others.
    errors: Vec<BatchError>,
}

/// One entity of a batch that was not done (CIM 009 clause 5.2.17).
#[derive(Serialize, ToSchema)]
pub(crate) struct BatchError {
    /// Which entity.
    #[serde(rename = "entityId")]
    entity_id: Option<String>,
    /// Why not.
    error: ProblemBody,
}

/// What became of the attributes of a request (CIM 009 clause 5.2.18).
#[derive(Serialize, ToSchema)]
pub(crate) struct UpdateResult {
    /// Attributes that are now as asked for.
    updated: Vec<String>,
    /// The others, each with its name and the reason.
    #[serde(rename = "notUpdated")]
    not_updated: Vec<NotUpdated>,
}

/// An attribute that was left alone (CIM 009 clause 5.2.19).
#[derive(Serialize, ToSchema)]
pub(crate) struct NotUpdated {
    /// Which attribute.
    #[serde(rename = "attributeName")]
    attribute_name: String,
    /// Why.
    reason: String,
}

/// Headers of requests that read.
pub(crate) struct ReadHeaders;
/// Headers of requests that write.
pub(crate) struct WriteHeaders;

impl IntoParams for ReadHeaders {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            header("NGSILD-Tenant", "The tenant; the default tenant without it."),
            header("Link", "The @context that names are read and written in; the core context without it."),
            purpose(),
            reveal(),
        ]
    }
}

impl IntoParams for WriteHeaders {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![
            header("NGSILD-Tenant", "The tenant; the default tenant without it."),
            header(
                "Link",
                "The @context of an application/json body; one of type application/ld+json carries its own.",
            ),
            header(
                "Idempotency-Key",
                "A key under which the same request is done once and answered alike for a day.",
            ),
            purpose(),
        ]
    }
}

/// Headers that say for what purpose something is read, and why unmasked: for operations that name their tenant in the
/// path.
pub(crate) struct StatedHeaders;

impl IntoParams for StatedHeaders {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![purpose(), reveal()]
    }
}

fn purpose() -> Parameter {
    let names: Vec<&str> = Purpose::ALL.iter().map(|purpose| purpose.name()).collect();
    header(
        "Dinh-Purpose",
        &format!(
            "The purpose, by which the policy decides and which the audit keeps: {}. Without it {} for those whom \
             nobody knows, {} for others.",
            names.join(", "),
            Purpose::PublicInformation.name(),
            Purpose::Operations.name()
        ),
    )
}

fn reveal() -> Parameter {
    header(
        "Dinh-Reveal",
        "Why personal data is to be shown unmasked: the reason, as percent-encoded UTF-8. The policy decides for the \
         purpose stated, and every look is kept in the audit.",
    )
}

/// `If-Match`.
pub(crate) struct IfMatch;

impl IntoParams for IfMatch {
    fn into_params(_place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![header(
            "If-Match",
            "The ETag that the entity must still have; 412 if somebody changed it in between.",
        )]
    }
}

fn header(name: &str, about: &str) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .build()
}

/// Ways in which a request that reads is refused.
pub(crate) struct ReadRefusals;
/// Ways in which a request that writes is refused.
pub(crate) struct WriteRefusals;

impl IntoResponses for ReadRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("400", "The request cannot be read or does not meet the rules."),
            ("401", "The Authorization header shows a wrong key, or one has to be signed in for this."),
            ("403", "The policy does not allow it for this purpose, or the query is too complex."),
            ("404", "There is no such thing that one may see, or no such tenant."),
            ("406", "The Accept header takes none of the representations available."),
            ("429", "This caller asks too much; see Retry-After."),
            ("503", "Too much to do at the moment; see Retry-After."),
            ("504", "A remote @context cannot be had."),
        ])
    }
}

impl IntoResponses for WriteRefusals {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        problems(&[
            ("400", "The request cannot be read or does not meet the rules."),
            ("401", "Writing from here needs the write key: Authorization: Bearer …"),
            ("403", "The policy does not allow it for this purpose, or a page of another site asks."),
            ("404", "There is no such thing that one may see, or no such tenant."),
            ("411", "The Content-Length header is missing. No body."),
            ("413", "The body is too large."),
            ("415", "The body is neither application/json nor application/ld+json."),
            ("422", "This is not supported, or the idempotency key was used for another request."),
            ("429", "This caller asks too much; see Retry-After."),
            ("503", "Too much to do at the moment; see Retry-After."),
            ("504", "A remote @context cannot be had."),
            ("507", "No room left on the disk."),
        ])
    }
}

fn problems(all: &[(&str, &str)]) -> BTreeMap<String, RefOr<Response>> {
    all.iter().map(|(status, about)| ((*status).to_owned(), RefOr::T(problem(about)))).collect()
}

fn problem(about: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(about).content("application/json", content).build()
}
