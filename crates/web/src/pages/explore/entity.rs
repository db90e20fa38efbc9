//! `GET /{tenant}/explore/entities/{id}`: one entity whole, as the API tells it.

use axum::extract::Path;
use axum::response::Response;
use dinh_model::Term;
use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Question;
use super::desk::{Asked, Desk, Place, desk, entity_href, href, show};
use super::evolution::{Evolution, evolution};
use super::instances::{Row, instant, one_text, rows};
use super::paint::paint;
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::visitor::{Visitor, encode};

/// Entities that point here which are listed.
const REFERRERS: usize = 50;

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    id: String,
    name: String,
    types: Vec<Type>,
    scopes: Vec<String>,
    created: String,
    changed: String,
    attributes: Vec<Row>,
    referrers: Vec<Referrer>,
    history: Option<Evolution>,
    /// What was asked for the history.
    history_asked: Option<Asked>,
    /// The record in JSON-LD, laid out.
    record: String,
    record_cut: bool,
    people_href: String,
    entities_href: String,
}

#[derive(Serialize)]
struct Type {
    name: String,
    href: String,
}

/// An entity that points at this one.
#[derive(Serialize)]
struct Referrer {
    id: String,
    relation: String,
    href: String,
}

/// The page; with `attr` the history of an attribute.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let question = Question::get(format!("/ngsi-ld/v1/entities/{}", encode(&id)))
        .with("options", "sysAttrs")
        .accepting("application/ld+json");
    let Ok(told) = question.ask(&visitor).await.taken() else {
        return Err(Fault::no_entity(visitor.taste, &id));
    };
    let context = visitor.app.context.ld_contexts().core();
    let names = texts(&told["type"]);
    let types: Vec<Term> = names.iter().map(|name| context.expand(name)).collect();
    let lang = visitor.lang();
    let said = |member: &str| instant(&told[member]).map(|at| look::date_time(at, lang)).unwrap_or_default();
    let asked = crate::pages::asked::Asked::of(&visitor.uri);
    let (history, history_asked) = match asked.get("attr") {
        Some(attribute) => {
            let (history, question) = evolution(&visitor, &told, attribute).await;
            (Some(history), Some(Asked::new(&visitor, &question)))
        }
        None => (None, None),
    };
    let label = visitor.app.context.types().of(&types).next().map_or("name", |one| one.label.as_str());
    let name = one_text(&told[label], lang).unwrap_or_default();
    let title = if name.is_empty() { id.clone() } else { name.clone() };
    let painted = paint(&told, &|id| entity_href(&visitor, id));
    let values = Values {
        desk: desk(&visitor, title, Place::Entities, Some(&question)),
        name,
        types: names
            .iter()
            .map(|name| Type { name: name.clone(), href: href(&visitor, &format!("types/{}", encode(name))) })
            .collect(),
        scopes: texts(&told["scope"]),
        created: said("createdAt"),
        changed: said("modifiedAt"),
        attributes: rows(&visitor, &told, &types),
        referrers: referrers(&visitor, &id).await?,
        history,
        history_asked,
        record: painted.html,
        record_cut: painted.cut,
        people_href: visitor.entity_href(&id),
        entities_href: super::entities::of_type_href(&visitor, names.first().map_or("", String::as_str)),
        id,
    };
    show(&visitor, "explore_entity.html", values)
}

async fn referrers(visitor: &Visitor, id: &str) -> Result<Vec<Referrer>, Fault> {
    let Ok(id) = dinh_model::EntityId::parse(id) else { return Ok(Vec::new()) };
    let found = visitor.session.referrers(&id, 0, REFERRERS).await;
    let found = found.map_err(|error| Fault::of(visitor.taste, error))?;
    let context = visitor.app.context.ld_contexts().core();
    let told = found.into_iter().map(|one| Referrer {
        href: entity_href(visitor, one.id.as_str()),
        id: one.id.to_string(),
        relation: context.compact(&one.attribute).into_owned(),
    });
    Ok(told.collect())
}

fn texts(json: &Json) -> Vec<String> {
    match json {
        Json::Array(all) => all.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        one => one.as_str().map(str::to_owned).into_iter().collect(),
    }
}
