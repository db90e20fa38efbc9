//! One entity type in use (CIM 009 clauses 5.7.7 and 6.26).

use axum::response::Response;
use dinh_ngsild::problem::Problem;
use serde_json::json;

use super::survey::{attributes_of, kinds, of_type};
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::known::LOCAL;
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Segments, Visit};

/// One entity type in use.
pub(crate) struct Type;

impl Operation for Type {
    const PARAMETERS: &'static [Known] = &[LOCAL];
}

/// Describe one entity type in use
///
/// Answers with how many entities of a type there are, exactly, and with their attributes. The kinds of the attributes
/// come from a sample of the entities.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/types/{type}", tag = "discovery",
    extensions(("x-summary-vi" = json!("Mô tả một loại thực thể đang có"))),
    params(("type" = String, Path, description = "Name of the type."), Parameters<Type>, ReadHeaders),
    responses((status = 200, description = "The type.", body = Object), ReadRefusals)
)]
pub(crate) async fn describe_type(
    visit: Visit,
    Segments(name): Segments<String>,
    _parameters: Parameters<Type>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let entity_type = answer.context.expand(&name);
    let counted = visit.session.type_counts().await?;
    let Some(counted) = counted.into_iter().find(|c| c.entity_type == entity_type) else {
        return Err(Problem::not_found(entity_type.as_str()).into());
    };
    let kinds = kinds(&visit, of_type(&entity_type)).await?;
    let attributes: Vec<_> = attributes_of(&visit, &entity_type)
        .await?
        .iter()
        .map(|attribute| {
            json!({
                "id": attribute.as_str(),
                "type": "Attribute",
                "attributeName": answer.name(attribute),
                "attributeTypes": kinds.get(attribute).cloned().unwrap_or_default(),
            })
        })
        .collect();
    Ok(answer.one(json!({
        "id": entity_type.as_str(),
        "type": "EntityTypeInfo",
        "typeName": answer.name(&entity_type),
        "entityCount": counted.count,
        "attributeDetails": attributes,
    })))
}
