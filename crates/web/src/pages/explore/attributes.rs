//! `GET /{tenant}/explore/attributes` and one of them.

use axum::extract::Path;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Question;
use super::desk::{Desk, Place, counted, desk, href, show};
use crate::pages::asked::Asked;
use crate::pages::fault::Fault;
use crate::pages::visitor::{Visitor, encode};

/// Attributes listed at once.
const MOST: usize = 1_000;

#[derive(Serialize)]
struct List {
    #[serde(flatten)]
    desk: Desk,
    attributes: Vec<Row>,
    words: String,
    more: Option<String>,
}

/// An attribute.
#[derive(Serialize)]
struct Row {
    name: String,
    href: String,
    types: Vec<Way>,
}

/// A name that leads somewhere.
#[derive(Serialize)]
struct Way {
    name: String,
    href: String,
}

#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    desk: Desk,
    name: String,
    term: String,
    count: String,
    kinds: Vec<String>,
    types: Vec<Used>,
    entities_href: String,
    attributes_href: String,
}

/// A type that has the attribute.
#[derive(Serialize)]
struct Used {
    name: String,
    href: String,
    entities_href: String,
}

/// The page of all attributes; with `q` of those whose name has it.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let asked = Asked::of(&visitor.uri);
    let words = asked.words().unwrap_or_default();
    let question = Question::get("/ngsi-ld/v1/attributes").with("details", "true");
    let told = question.ask(&visitor).await.json();
    let wanted = words.to_lowercase();
    let all: Vec<&Json> = told
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| name(one).to_lowercase().contains(&wanted))
        .collect();
    let more = all.len().saturating_sub(MOST);
    let attributes = all.iter().take(MOST).map(|one| Row {
        name: name(one).to_owned(),
        href: href(&visitor, &format!("attributes/{}", encode(name(one)))),
        types: texts(&one["typeNames"]).map(|name| way(&visitor, name)).collect(),
    });
    let values = List {
        attributes: attributes.collect(),
        desk: desk(&visitor, visitor.lang().say("explore-attributes"), Place::Attributes, Some(&question)),
        more: (more > 0).then(|| counted(&visitor, u64::try_from(more).unwrap_or(u64::MAX))),
        words,
    };
    show(&visitor, "explore_attributes.html", values)
}

/// The page of one attribute.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, named)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let question = Question::get(format!("/ngsi-ld/v1/attributes/{}", encode(&named)));
    let Ok(told) = question.ask(&visitor).await.taken() else {
        return Err(Fault::not_found(visitor.taste));
    };
    let name = name(&told).to_owned();
    let entities = |entity_type: &str| {
        let narrowed =
            if entity_type.is_empty() { String::new() } else { format!("type={}&", encode(entity_type)) };
        format!("{}?{narrowed}attrs={}", href(&visitor, "entities"), encode(&name))
    };
    let types = texts(&told["typeNames"]).map(|entity_type| Used {
        name: entity_type.to_owned(),
        href: way(&visitor, entity_type).href,
        entities_href: entities(entity_type),
    });
    let values = One {
        types: types.collect(),
        term: told["id"].as_str().unwrap_or_default().to_owned(),
        count: counted(&visitor, told["attributeCount"].as_u64().unwrap_or_default()),
        kinds: texts(&told["attributeTypes"]).map(str::to_owned).collect(),
        entities_href: entities(""),
        attributes_href: href(&visitor, "attributes"),
        desk: desk(&visitor, name.clone(), Place::Attributes, Some(&question)),
        name,
    };
    show(&visitor, "explore_attribute.html", values)
}

fn name(told: &Json) -> &str {
    told["attributeName"].as_str().unwrap_or_default()
}

fn way(visitor: &Visitor, name: &str) -> Way {
    Way { name: name.to_owned(), href: href(visitor, &format!("types/{}", encode(name))) }
}

fn texts(list: &Json) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Json::as_str)
}
