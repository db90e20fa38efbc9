//! One entity type in use (CIM 009 clauses 5.7.7 and 6.26).

use std::collections::BTreeSet;

use axum::response::Response;
use dinh_federation::Inquiry;
use dinh_ngsild::problem::Problem;
use serde_json::json;

use super::survey::{attributes_of, kinds, of_type};
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::federated::{inventory, warned};
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
    parameters: Parameters<Type>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let entity_type = answer.context.expand(&name);
    let counted = visit.session.type_counts().await?;
    let counted = counted.into_iter().find(|c| c.entity_type == entity_type);
    let local = parameters.flag("local")?;
    let asked = Inquiry::Type(entity_type.clone());
    let (others, warnings) = Box::pin(inventory(&visit, &answer.context, asked, local)).await;
    if counted.is_none() && !others.types.contains_key(&entity_type) {
        return Err(Problem::not_found(entity_type.as_str()).into());
    }
    let own = kinds(&visit, of_type(&entity_type)).await?;
    let mut attributes = attributes_of(&visit, &entity_type).await?;
    for attribute in others.types.get(&entity_type).into_iter().flatten() {
        if !attributes.contains(attribute) {
            attributes.push(attribute.clone());
        }
    }
    let attributes: Vec<_> = attributes
        .iter()
        .map(|attribute| {
            let own = own.get(attribute).into_iter().flatten().copied();
            let theirs = others.kinds.get(attribute).into_iter().flatten().map(String::as_str);
            json!({
                "id": attribute.as_str(),
                "type": "Attribute",
                "attributeName": answer.name(attribute),
                "attributeTypes": own.chain(theirs).collect::<BTreeSet<&str>>(),
            })
        })
        .collect();
    let described = answer.one(json!({
        "id": entity_type.as_str(),
        "type": "EntityTypeInfo",
        "typeName": answer.name(&entity_type),
        "entityCount": counted.map_or(0, |counted| counted.count) + others.count,
        "attributeDetails": attributes,
    }));
    Ok(warned(described, &warnings))
}
