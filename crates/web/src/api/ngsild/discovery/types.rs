//! Entity types in use (CIM 009 clauses 5.7.5, 5.7.6 and 6.25).

use std::collections::BTreeSet;

use axum::response::Response;
use dinh_federation::Inquiry;
use dinh_model::Term;
use serde_json::json;

use super::survey::Survey;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::federated::{inventory, warned};
use crate::api::ngsild::known::{DETAILS, LOCAL};
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Visit};

/// Entity types in use.
pub(crate) struct Types;

impl Operation for Types {
    const PARAMETERS: &'static [Known] = &[DETAILS, LOCAL];
}

/// List entity types in use
///
/// Answers with the types of which there are entities; with details=true, with the attributes of each too.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/types", tag = "discovery",
    extensions(("x-summary-vi" = json!("Liệt kê các loại thực thể đang có"))),
    params(Parameters<Types>, ReadHeaders),
    responses((status = 200, description = "The types.", body = Object), ReadRefusals)
)]
pub(crate) async fn list_types(visit: Visit, parameters: Parameters<Types>) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let (details, local) = (parameters.flag("details")?, parameters.flag("local")?);
    let (others, warnings) =
        Box::pin(inventory(&visit, &answer.context, Inquiry::Types(details), local)).await;
    if !details {
        let counted = visit.session.type_counts().await?;
        let all: BTreeSet<&Term> =
            counted.iter().map(|counted| &counted.entity_type).chain(others.types.keys()).collect();
        let names = answer.names(all);
        let id = format!("urn:ngsi-ld:EntityTypeList:{}", visit.app.ids.uuid());
        let list = answer.one(json!({ "id": id, "type": "EntityTypeList", "typeList": names }));
        return Ok(warned(list, &warnings));
    }
    let survey = Survey::of(&visit).await?.and(others);
    let described = survey.types.iter().map(|(entity_type, attributes)| {
        json!({
            "id": entity_type.as_str(),
            "type": "EntityType",
            "typeName": answer.name(entity_type),
            "attributeNames": answer.names(attributes),
        })
    });
    Ok(warned(answer.list(described.collect()), &warnings))
}
