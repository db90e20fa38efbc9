//! Which entities (clause 5.2.33), from and to JSON.

use dinh_model::EntityId;
use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::query::{EntitySelector, IdPattern, TypeExpr};
use crate::read::{ReadError, entity_id};

/// Most selectors, and most identifiers in one.
const MOST: usize = 1_000;

/// Reads an array of selectors that is not empty.
pub(crate) fn read_all(json: &Json, context: &Context) -> Result<Vec<EntitySelector>, ReadError> {
    let items = json.as_array().filter(|items| (1..=MOST).contains(&items.len()));
    let items = items
        .ok_or_else(|| ReadError::at("entities", format!("it must be an array of 1 to {MOST} selectors")))?;
    items.iter().map(|item| read(item, context)).collect()
}

fn read(json: &Json, context: &Context) -> Result<EntitySelector, ReadError> {
    let at = "entities";
    let object = json.as_object().ok_or_else(|| ReadError::at(at, "a selector is an object"))?;
    let types = match object.get("type").or_else(|| object.get("@type")) {
        Some(Json::String(text)) => TypeExpr::parse(text, context)
            .map_err(|reason| ReadError::at("entities.type", reason.to_string()))?,
        Some(_) => return Err(ReadError::at("entities.type", "it must be a text")),
        None => return Err(ReadError::at("entities.type", "a selector needs a type; * stands for any")),
    };
    let id_pattern = match object.get("idPattern") {
        None => None,
        Some(Json::String(text)) => Some(
            IdPattern::parse(text)
                .map_err(|reason| ReadError::at("entities.idPattern", reason.to_string()))?,
        ),
        Some(_) => return Err(ReadError::at("entities.idPattern", "it must be a text")),
    };
    let ids = match object.get("id").or_else(|| object.get("@id")) {
        None => Vec::new(),
        Some(json) => ids(json)?,
    };
    Ok(EntitySelector { ids, id_pattern, types })
}

fn ids(json: &Json) -> Result<Vec<EntityId>, ReadError> {
    let at = "entities.id";
    let items = match json {
        Json::Array(items) if (1..=MOST).contains(&items.len()) => items.as_slice(),
        Json::Array(_) => return Err(ReadError::at(at, format!("it must hold 1 to {MOST} URIs"))),
        one => std::slice::from_ref(one),
    };
    items
        .iter()
        .map(|item| {
            entity_id(
                at,
                item.as_str().ok_or_else(|| ReadError::at(at, "it must be a URI or an array of URIs"))?,
            )
        })
        .collect()
}

/// Writes a selector.
pub(crate) fn to_json(selector: &EntitySelector, context: &Context) -> Json {
    let mut object = Map::new();
    let types = selector.types.as_ref().map_or_else(|| "*".to_owned(), |types| types.to_text(context));
    object.insert("type".into(), types.into());
    match selector.ids.as_slice() {
        [] => {}
        [one] => {
            object.insert("id".into(), one.as_str().into());
        }
        many => {
            object.insert("id".into(), many.iter().map(|id| Json::from(id.as_str())).collect());
        }
    }
    if let Some(pattern) = &selector.id_pattern {
        object.insert("idPattern".into(), pattern.as_str().into());
    }
    Json::Object(object)
}
