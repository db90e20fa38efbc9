//! One attribute in use (CIM 009 clauses 5.7.10 and 6.28).

use std::collections::BTreeSet;

use axum::response::Response;
use dinh_federation::Inquiry;
use dinh_ngsild::problem::Problem;
use serde_json::json;

use super::survey::{Survey, kinds, with_attribute};
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::federated::{inventory, warned};
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
    parameters: Parameters<Attribute>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let attribute = answer.context.expand(&name);
    let local = parameters.flag("local")?;
    let asked = Inquiry::Attribute(attribute.clone());
    let (others, warnings) = Box::pin(inventory(&visit, &answer.context, asked, local)).await;
    let count = visit.session.count(with_attribute(&attribute)).await? + others.count;
    let own = kinds(&visit, with_attribute(&attribute)).await?.remove(&attribute).unwrap_or_default();
    let mut kinds: BTreeSet<String> = own.into_iter().map(str::to_owned).collect();
    kinds.extend(others.kinds.get(&attribute).into_iter().flatten().cloned());
    let survey = Survey::of(&visit).await?.and(others);
    let Some(types) = survey.attributes().remove(&attribute) else {
        return Err(Problem::not_found(attribute.as_str()).into());
    };
    let described = answer.one(json!({
        "id": attribute.as_str(),
        "type": "Attribute",
        "attributeName": answer.name(&attribute),
        "attributeCount": count,
        "attributeTypes": kinds,
        "typeNames": answer.names(types),
    }));
    Ok(warned(described, &warnings))
}
