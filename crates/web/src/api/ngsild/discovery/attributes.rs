//! Attributes in use (CIM 009 clauses 5.7.8, 5.7.9 and 6.27).

use axum::response::Response;
use dinh_federation::Inquiry;
use serde_json::json;

use super::survey::Survey;
use crate::api::ngsild::document::Answer;
use crate::api::ngsild::federated::{inventory, warned};
use crate::api::ngsild::known::{DETAILS, LOCAL};
use crate::api::reply::{ReadHeaders, ReadRefusals, Refusal};
use crate::api::request::{Known, Operation, Parameters, Visit};

/// Attributes in use.
pub(crate) struct Attributes;

impl Operation for Attributes {
    const PARAMETERS: &'static [Known] = &[DETAILS, LOCAL];
}

/// List attributes in use
///
/// Answers with the attributes that entities have; with details=true, with the types that have each too.
#[utoipa::path(
    get, path = "/ngsi-ld/v1/attributes", tag = "discovery",
    extensions(("x-summary-vi" = json!("Liệt kê các thuộc tính đang có"))),
    params(Parameters<Attributes>, ReadHeaders),
    responses((status = 200, description = "The attributes.", body = Object), ReadRefusals)
)]
pub(crate) async fn list_attributes(
    visit: Visit,
    parameters: Parameters<Attributes>,
) -> Result<Response, Refusal> {
    let answer = Answer::wanted(&visit).await?;
    let (details, local) = (parameters.flag("details")?, parameters.flag("local")?);
    let (others, warnings) =
        Box::pin(inventory(&visit, &answer.context, Inquiry::Attributes(details), local)).await;
    let survey = Survey::of(&visit).await?.and(others);
    let attributes = survey.attributes();
    if !details {
        let id = format!("urn:ngsi-ld:AttributeList:{}", visit.app.ids.uuid());
        let names = answer.names(attributes.into_keys());
        let list = answer.one(json!({ "id": id, "type": "AttributeList", "attributeList": names }));
        return Ok(warned(list, &warnings));
    }
    let described = attributes.into_iter().map(|(attribute, types)| {
        json!({
            "id": attribute.as_str(),
            "type": "Attribute",
            "attributeName": answer.name(attribute),
            "typeNames": answer.names(types),
        })
    });
    Ok(warned(answer.list(described.collect()), &warnings))
}
