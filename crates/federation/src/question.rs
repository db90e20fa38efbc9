//! What a source is asked: a question, cut down to a part of what it is registered for, in its words.

use dinh_model::{EntityId, Term};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntityQuery, TypeExpr};
use dinh_ngsild::registration::{Information, Types, Wanted};
use dinh_ngsild::vocabulary;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};

use crate::Call;

/// What must be escaped in a part of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b':')
    .remove(b'@')
    .remove(b'+');

/// Conditions as they were written, where they are passed on so.
#[derive(Clone, Debug, Default)]
pub struct QueryTexts {
    /// `scopeQ`.
    pub scope_q: Option<String>,
    /// `georel`, `geometry` and `coordinates`.
    pub geo: Option<[String; 3]>,
    /// Whether an entity may be told in parts by several: then conditions are looked at when it is whole (`splitEntities`).
    pub split: bool,
}

/// How a part of a registration narrows what is asked.
pub(crate) struct Narrowed {
    pub(crate) types: Option<String>,
    pub(crate) ids: Vec<EntityId>,
    pub(crate) id_pattern: Option<String>,
    pub(crate) attributes: Vec<Term>,
}

/// What of a query concerns a part of a registration (clause 4.3.6.1).
pub(crate) fn narrowed(query: &EntityQuery, part: &Information, context: &LdContext) -> Narrowed {
    let selected = |types: Option<&TypeExpr>, ids: &[EntityId]| {
        let wanted = Wanted {
            ids,
            id_pattern: query.id_pattern.as_ref(),
            types: types.map_or(Types::Any, Types::Selected),
            ..Wanted::default()
        };
        part.entities.iter().filter(|info| wanted.concerns(info)).collect::<Vec<_>>()
    };
    let (mut infos, mut ids) = (selected(query.types.as_ref(), &query.ids), query.ids.clone());
    let mut asked = query.types.clone();
    for selector in &query.selectors {
        infos.extend(selected(selector.types.as_ref(), &selector.ids));
        ids.extend(selector.ids.iter().cloned());
        asked = asked.or_else(|| selector.types.clone());
    }
    let mut types: Vec<String> = Vec::new();
    for info in &infos {
        let names: Vec<String> = info.types.iter().map(|one| context.compact(one).into_owned()).collect();
        let name = if names.len() > 1 { format!("({})", names.join(";")) } else { names.concat() };
        if !types.contains(&name) {
            types.push(name);
        }
    }
    let types = if types.is_empty() { asked.map(|one| one.to_text(context)) } else { Some(types.join(",")) };
    if !infos.is_empty() {
        let fits = |id: &EntityId| {
            let wanted = Wanted { ids: std::slice::from_ref(id), ..Wanted::default() };
            infos.iter().any(|info| wanted.concerns(info))
        };
        ids.retain(fits);
    }
    if ids.is_empty() && !infos.is_empty() && infos.iter().all(|info| info.id.is_some()) {
        ids = infos.iter().filter_map(|info| info.id.clone()).collect();
    }
    let own_pattern = || match infos.as_slice() {
        [one] => one.id_pattern.as_ref(),
        _ => None,
    };
    let id_pattern = if ids.is_empty() { query.id_pattern.as_ref().or_else(own_pattern) } else { None };
    let attributes = if part.names_attributes() {
        part.attributes()
            .filter(|name| query.attrs.is_empty() || query.attrs.contains(name))
            .cloned()
            .collect()
    } else {
        query.attrs.clone()
    };
    Narrowed { types, ids, id_pattern: id_pattern.map(|pattern| pattern.as_str().to_owned()), attributes }
}

pub(crate) fn names(terms: &[Term], context: &LdContext) -> Vec<String> {
    terms.iter().map(|term| context.compact(term).into_owned()).collect()
}

pub(crate) fn retrieving(id: &EntityId, narrowed: &Narrowed, context: &LdContext) -> Call {
    let mut query = Vec::new();
    if !narrowed.attributes.is_empty() {
        query.push(("attrs", names(&narrowed.attributes, context).join(",")));
    }
    query.push(system_times());
    let path = format!("/entities/{}", segment(id.as_str()));
    Call { method: Method::GET, path, query, body: None }
}

/// The conditions of a query, as parameters.
pub(crate) fn conditions(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
) -> Vec<(&'static str, String)> {
    let mut pairs: Vec<(&'static str, String)> = Vec::new();
    let mut set = |name: &'static str, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push((name, value));
        }
    };
    set("type", narrowed.types.clone());
    set("id", Some(narrowed.ids.iter().map(EntityId::as_str).collect::<Vec<_>>().join(",")));
    set("idPattern", narrowed.id_pattern.clone());
    set("attrs", Some(names(&narrowed.attributes, context).join(",")));
    if !texts.split {
        set("q", query.q.as_ref().map(|q| q.to_text(context)));
        set("scopeQ", texts.scope_q.clone());
        if let (Some([georel, geometry, coordinates]), Some(geo)) = (&texts.geo, &query.geo) {
            set("georel", Some(georel.clone()));
            set("geometry", Some(geometry.clone()));
            set("coordinates", Some(coordinates.clone()));
            if geo.property.as_str() != vocabulary::LOCATION {
                set("geoproperty", Some(context.compact(&geo.property).into_owned()));
            }
        }
    }
    pairs
}

pub(crate) fn querying(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
    page: usize,
) -> Call {
    let mut pairs = conditions(narrowed, query, texts, context);
    pairs.push(system_times());
    pairs.extend(paged(page));
    Call { method: Method::GET, path: "/entities".to_owned(), query: pairs, body: None }
}

/// What tells which of two instances is the later one (clause 4.5.5).
fn system_times() -> (&'static str, String) {
    ("options", "sysAttrs".to_owned())
}

/// Which page of an answer is asked for.
pub(crate) fn paged(page: usize) -> impl Iterator<Item = (&'static str, String)> {
    let offset = (page > 0).then(|| ("offset", (page * PAGE).to_string()));
    [("limit", PAGE.to_string())].into_iter().chain(offset)
}

pub(crate) fn querying_by_body(
    narrowed: &Narrowed,
    query: &EntityQuery,
    texts: &QueryTexts,
    context: &LdContext,
    page: usize,
) -> Call {
    let mut selector = Map::new();
    if let Some(types) = &narrowed.types {
        selector.insert("type".into(), types.as_str().into());
    }
    match narrowed.ids.as_slice() {
        [] => {}
        [one] => drop(selector.insert("id".into(), one.as_str().into())),
        many => drop(selector.insert("id".into(), many.iter().map(EntityId::as_str).collect())),
    }
    if let Some(pattern) = &narrowed.id_pattern {
        selector.insert("idPattern".into(), pattern.as_str().into());
    }
    let mut body = Map::new();
    body.insert("type".into(), "Query".into());
    if !selector.is_empty() {
        body.insert("entities".into(), json!([selector]));
    }
    if !narrowed.attributes.is_empty() {
        body.insert("attrs".into(), names(&narrowed.attributes, context).into());
    }
    if !texts.split {
        if let Some(q) = &query.q {
            body.insert("q".into(), q.to_text(context).into());
        }
        if let Some(scope_q) = &texts.scope_q {
            body.insert("scopeQ".into(), scope_q.as_str().into());
        }
        if let (Some([georel, geometry, coordinates]), Some(geo)) = (&texts.geo, &query.geo) {
            let places: Json = serde_json::from_str(coordinates).unwrap_or_default();
            body.insert(
                "geoQ".into(),
                json!({"georel": georel, "geometry": geometry, "coordinates": places, "geoproperty": context.compact(&geo.property)}),
            );
        }
    }
    let path = "/entityOperations/query".to_owned();
    let pairs = [system_times()].into_iter().chain(paged(page)).collect();
    Call { method: Method::POST, path, query: pairs, body: Some(Json::Object(body)) }
}

/// A part of a path.
pub(crate) fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}
