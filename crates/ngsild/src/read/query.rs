//! Queries in a body (clauses 5.2.23, 5.2.33 and 5.2.43).

use serde_json::{Map, Value as Json};

use super::entity::object;
use super::{ReadError, dataset_ids};
use crate::context::Context;
use crate::query::{
    EntityQuery, EntitySelector, GeoQuery, OrderKey, Projection, Q, QueryError, ScopeExpr, TypeExpr,
};
use crate::subscription;
use crate::temporal::TemporalQuery;
use crate::write::Languages;

/// Most names in a list.
const NAMES: usize = 1_000;

/// A query as a body says it: which entities, and what of them to show. `limit`, `offset` and `count` come with the
/// request, not in the body.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct QueryRequest {
    /// Which entities.
    pub query: EntityQuery,
    /// These members only.
    pub pick: Option<Projection>,
    /// All members but these.
    pub omit: Option<Projection>,
    /// `attrs`: which attributes to show; they are a condition of the query as well.
    pub attrs: Option<Projection>,
    /// In which languages.
    pub languages: Option<Languages>,
    /// Which time, in queries for evolutions.
    pub temporal: Option<TemporalQuery>,
}

/// Reads a `Query` object.
pub fn query(json: Json, context: &Context) -> Result<QueryRequest, ReadError> {
    let object = object(json)?;
    if object.get("type").or_else(|| object.get("@type")).and_then(Json::as_str) != Some("Query") {
        return Err(ReadError::at("type", "it must be Query"));
    }
    refuse_join(&object)?;
    let mut request = QueryRequest {
        pick: projection(&object, "pick", context)?,
        omit: projection(&object, "omit", context)?,
        attrs: projection(&object, "attrs", context)?,
        languages: text(&object, "lang")?.map(Languages::parse).transpose().map_err(|e| wrong("lang", &e))?,
        temporal: object.get("temporalQ").map(temporal).transpose()?,
        ..QueryRequest::default()
    };
    let query = &mut request.query;
    if let Some(entities) = object.get("entities") {
        put_selectors(query, subscription::read_selectors(entities, context)?);
    }
    let expand = texts(&object, "expandValues")?;
    query.q = text(&object, "q")?
        .map(|q| Q::parse_expanding(q, context, &expand))
        .transpose()
        .map_err(|error| wrong("q", &error))?;
    query.geo = object
        .get("geoQ")
        .map(|geo| GeoQuery::from_json(geo, context))
        .transpose()
        .map_err(|error| wrong("geoQ", &error))?;
    query.scopes = text(&object, "scopeQ")?
        .map(ScopeExpr::parse)
        .transpose()
        .map_err(|error| wrong("scopeQ", &error))?;
    let datasets = texts(&object, "datasetId")?;
    if !datasets.is_empty() {
        query.dataset_ids = dataset_ids(&datasets.join(","))?;
    }
    if let Some(ordering) = object.get("ordering") {
        query.order = order(ordering, context)?;
    }
    query.attrs =
        request.attrs.as_ref().map(|attrs| attrs.attributes().cloned().collect()).unwrap_or_default();
    Ok(request)
}

/// One selector is a condition of the query itself; of several, what they have in common helps a store to plan.
fn put_selectors(query: &mut EntityQuery, mut selectors: Vec<EntitySelector>) {
    if let [_] = selectors.as_slice()
        && let Some(only) = selectors.pop()
    {
        query.id_pattern = only.id_pattern.filter(|_| only.ids.is_empty());
        query.ids = only.ids;
        query.types = only.types;
        return;
    }
    let types: Option<Vec<TypeExpr>> = selectors.iter().map(|selector| selector.types.clone()).collect();
    query.types = types.map(TypeExpr::Any);
    query.selectors = selectors;
}

fn wrong(at: &str, reason: &QueryError) -> ReadError {
    ReadError::at(at, reason.to_string())
}

fn text<'j>(object: &'j Map<String, Json>, name: &str) -> Result<Option<&'j str>, ReadError> {
    match object.get(name) {
        None => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(_) => Err(ReadError::at(name, "it must be a text")),
    }
}

/// Texts given as an array, or separated by commas; none if the member is missing.
fn texts<'j>(object: &'j Map<String, Json>, name: &str) -> Result<Vec<&'j str>, ReadError> {
    let texts: Option<Vec<&str>> = match object.get(name) {
        None => return Ok(Vec::new()),
        Some(Json::String(text)) => Some(text.split(',').map(str::trim).collect()),
        Some(Json::Array(items)) => items.iter().map(Json::as_str).collect(),
        Some(_) => None,
    };
    texts
        .filter(|texts| (1..=NAMES).contains(&texts.len()))
        .ok_or_else(|| ReadError::at(name, format!("it must be an array of 1 to {NAMES} texts")))
}

fn projection(
    object: &Map<String, Json>,
    name: &'static str,
    context: &Context,
) -> Result<Option<Projection>, ReadError> {
    if !object.contains_key(name) {
        return Ok(None);
    }
    let joined = texts(object, name)?.join(",");
    let read = if name == "attrs" {
        Projection::parse_attrs(&joined, context)
    } else {
        Projection::parse(name, &joined, context)
    };
    read.map(Some).map_err(|error| wrong(name, &error))
}

fn order(json: &Json, context: &Context) -> Result<Vec<OrderKey>, ReadError> {
    let object = json.as_object().ok_or_else(|| ReadError::at("ordering", "it must be an object"))?;
    let geometry = text(object, "geometry")?;
    let from = object
        .get("coordinates")
        .map(|coordinates| OrderKey::from_coordinates(coordinates, geometry))
        .transpose()
        .map_err(|error| wrong("ordering.coordinates", &error))?;
    let keys = texts(object, "orderBy")?.join(",");
    if keys.is_empty() {
        return Err(ReadError::at("ordering.orderBy", "it must be an array of names"));
    }
    OrderKey::parse_list(&keys, from.as_ref(), context).map_err(|error| wrong("ordering.orderBy", &error))
}

fn temporal(json: &Json) -> Result<TemporalQuery, ReadError> {
    let object = json.as_object().ok_or_else(|| ReadError::at("temporalQ", "it must be an object"))?;
    let last = match object.get("lastN") {
        None => None,
        Some(Json::Number(number)) => Some(number.to_string()),
        Some(_) => return Err(ReadError::at("temporalQ.lastN", "it is a whole number above 0")),
    };
    TemporalQuery::parse(
        text(object, "timerel")?,
        text(object, "timeAt")?,
        text(object, "endTimeAt")?,
        text(object, "timeproperty")?,
        last.as_deref(),
    )
}

fn refuse_join(object: &Map<String, Json>) -> Result<(), ReadError> {
    match text(object, "join")? {
        None | Some("@none") => Ok(()),
        Some(_) => {
            Err(ReadError::NotSupported { at: "join".to_owned(), what: "retrieval of linked entities" })
        }
    }
}
