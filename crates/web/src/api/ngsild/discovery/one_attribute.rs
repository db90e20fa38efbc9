//! One attribute in use (CIM 009 clauses 5.7.10 and 6.28).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use serde_json::json;

use super::survey::{Survey, kinds, with_attribute};
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::LOCAL;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit};

/// One attribute in use.
pub(crate) struct Attribute;

impl Operation for Attribute {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Describe one attribute in use
///
/// Answers with how many entities have an attribute, exactly, and of which types they are. Its kinds come from a sample
/// of the entities.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/attributes/{attrId}", tag = "discovery",
    extensions(("x-summary-vi" = json!("Mô tả một thuộc tính đang có"))),
    params(("attrId" = String, Path, description = "Name of the attribute."), Parameters<Attribute>, ReadHeaders),
    responses((status = 200, description = "The attribute.", body = Object), ReadRefusals)
)]
pub(crate) async fn describe_attribute(
    visit: Visit,
    Segments(name): Segments<String>,
    _parameters: Parameters<Attribute>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let attribute = answer.context.expand(&name);
    let survey = Survey::of(&visit).await?;
    let Some(types) = survey.attributes().remove(&attribute) else {
        return Err(Problem::not_found(attribute.as_str()).into());
    };
    let count = visit.session.count(with_attribute(&attribute)).await?;
    let kinds = kinds(&visit, with_attribute(&attribute)).await?.remove(&attribute).unwrap_or_default();
    Ok(answer.one(json!({
        "id": attribute.as_str(),
        "type": "Attribute",
        "attributeName": answer.name(&attribute),
        "attributeCount": count,
        "attributeTypes": kinds,
        "typeNames": answer.names(types),
    })))
}
