//! The attributes of an entity as the API tells them, as rows.

use dinh_model::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::desk::entity_href;
use super::paint::escape;
use crate::look;
use crate::pages::present::age;
use crate::pages::view::Age;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Members of an entity that are no attributes.
const NO_ATTRIBUTES: [&str; 7] = ["id", "type", "scope", "@context", "createdAt", "modifiedAt", "expiresAt"];
/// Members of an attribute that say what it is, and are told in their own columns.
const TOLD: [&str; 16] = [
    "type",
    "value",
    "object",
    "objectType",
    "objectList",
    "languageMap",
    "vocab",
    "json",
    "valueList",
    "unitCode",
    "observedAt",
    "createdAt",
    "modifiedAt",
    "datasetId",
    "instanceId",
    "previousValue",
];
/// Longest value shown in a row, in characters; the whole of it stands in the record below.
const LONGEST: usize = 300;

/// One instance of an attribute.
#[derive(Serialize)]
pub(super) struct Row {
    name: String,
    title: String,
    kind: String,
    /// HTML, escaped; relationships are links.
    value: String,
    unit: String,
    /// Which instance, where there are several.
    dataset: Option<String>,
    observed: Option<Age>,
    changed: Age,
    /// Properties and relationships of the attribute itself: name and value.
    under: Vec<(String, String)>,
    history_href: String,
    attribute_href: String,
}

/// The attributes of an entity, by name.
pub(super) fn rows(visitor: &Visitor, entity: &Json, types: &[dinh_model::Term]) -> Vec<Row> {
    let id = entity["id"].as_str().unwrap_or_default();
    let members = entity.as_object().into_iter().flatten();
    let attributes = members.filter(|(name, _)| !NO_ATTRIBUTES.contains(&name.as_str()));
    let instances = attributes.flat_map(|(name, told)| match told {
        Json::Array(all) => all.iter().map(|one| (name, one)).collect::<Vec<_>>(),
        one => vec![(name, one)],
    });
    instances.map(|(name, one)| row(visitor, (id, types), name, one)).collect()
}

fn row(visitor: &Visitor, (id, types): (&str, &[dinh_model::Term]), name: &str, told: &Json) -> Row {
    let lang = visitor.lang();
    let term = visitor.app.context.ld_contexts().core().expand(name);
    let described = visitor.app.context.types().attribute(types, term.as_str());
    let empty = Map::new();
    let members = told.as_object().unwrap_or(&empty);
    let under = members.iter().filter(|(name, _)| !TOLD.contains(&name.as_str()));
    let unit = told["unitCode"].as_str().map(|code| look::symbol(code).to_owned());
    let observed = instant(&told["observedAt"]);
    Row {
        name: name.to_owned(),
        title: described
            .map(|_| crate::pages::present::title_of(described, term.as_str(), lang))
            .unwrap_or_default(),
        kind: told["type"].as_str().unwrap_or_default().to_owned(),
        value: value(visitor, told),
        unit: unit.unwrap_or_default(),
        dataset: told["datasetId"].as_str().map(str::to_owned),
        observed: observed.map(|at| age(Some(at), visitor.now, lang)),
        changed: age(instant(&told["modifiedAt"]), visitor.now, lang),
        under: under.map(|(name, told)| (name.clone(), value(visitor, told))).collect(),
        history_href: format!("{}?attr={}#history", entity_href(visitor, id), encode(name)),
        attribute_href: super::desk::href(visitor, &format!("attributes/{}", encode(name))),
    }
}

/// What an instance says, as HTML.
fn value(visitor: &Visitor, told: &Json) -> String {
    for (member, links) in [("object", true), ("objectList", true), ("value", false), ("languageMap", false)]
    {
        if let Some(said) = told.get(member) {
            return if links { objects(visitor, said) } else { code(said) };
        }
    }
    ["vocab", "valueList", "json"]
        .iter()
        .find_map(|member| told.get(*member))
        .map_or_else(|| code(told), code)
}

fn objects(visitor: &Visitor, said: &Json) -> String {
    let link = |id: &str| format!("<a href=\"{}\">{}</a>", escape(&entity_href(visitor, id)), escape(id));
    match said {
        Json::String(id) => link(id),
        Json::Array(all) => {
            let each = all.iter().map(|one| match one.get("object").unwrap_or(one) {
                Json::String(id) => link(id),
                other => code(other),
            });
            each.collect::<Vec<_>>().join(", ")
        }
        other => code(other),
    }
}

fn code(said: &Json) -> String {
    let text = match said {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut cut: String = text.chars().take(LONGEST).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    escape(&cut)
}

/// A time as the API writes it.
pub(super) fn instant(json: &Json) -> Option<Timestamp> {
    json.as_str()?.parse().ok()
}

/// The text of an attribute, in the visitor's language where it has several.
pub(super) fn one_text(attribute: &Json, lang: Lang) -> Option<String> {
    let instance = attribute.as_array().and_then(|all| all.first()).unwrap_or(attribute);
    let said = instance.get("value").or_else(|| instance.get("languageMap")?.get(lang.tag()));
    said.and_then(Json::as_str).map(str::to_owned)
}
