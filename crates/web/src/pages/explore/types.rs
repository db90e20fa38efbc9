//! `GET /{tenant}/explore/types` and one of them.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use dinh_access::Privacy;
use dinh_context::graph::TypeCount;
use dinh_model::Term;
use serde::Serialize;
use serde_json::Value as Json;

use super::ask::Question;
use super::desk::{Desk, Place, counted, desk, href, short, show};
use crate::pages::fault::Fault;
use crate::pages::present::title_of;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Types listed at once.
const MOST: usize = 500;

#[derive(Serialize)]
struct List {
    #[serde(flatten)]
    desk: Desk,
    types: Vec<Row>,
    /// How many there are beyond those listed.
    more: Option<String>,
}

/// A type.
#[derive(Serialize)]
pub(super) struct Row {
    /// Short name.
    name: String,
    /// What people call it; empty if no pack says.
    title: String,
    count: String,
    /// How many attributes it has, where that is known.
    attributes: Option<usize>,
    href: String,
    entities_href: String,
}

#[derive(Serialize)]
struct One {
    #[serde(flatten)]
    desk: Desk,
    name: String,
    term: String,
    title: String,
    description: String,
    pack: Option<String>,
    privacy: Option<String>,
    count: String,
    attributes: Vec<AttributeRow>,
    entities_href: String,
    query_href: String,
    types_href: String,
}

/// An attribute of a type.
#[derive(Serialize)]
struct AttributeRow {
    name: String,
    title: String,
    kinds: String,
    unit: String,
    privacy: Option<String>,
    count: String,
    /// Of a hundred entities of the type, so many have it.
    share: u64,
    href: String,
    entities_href: String,
}

/// How a type is told in a list.
pub(super) fn row(visitor: &Visitor, one: &TypeCount, attributes: Option<usize>) -> Row {
    let described = visitor.app.context.types().entity_type(one.entity_type.as_str());
    let name = name_of(visitor, &one.entity_type);
    Row {
        title: described.map(|described| visitor.title(&described.title).to_owned()).unwrap_or_default(),
        count: counted(visitor, one.count),
        attributes,
        href: href(visitor, &format!("types/{}", encode(&name))),
        entities_href: format!("{}?type={}", href(visitor, "entities"), encode(&name)),
        name,
    }
}

/// The name of a type or attribute as the API tells it.
pub(super) fn name_of(visitor: &Visitor, term: &Term) -> String {
    visitor.app.context.ld_contexts().core().compact(term).into_owned()
}

/// The page of all types.
pub(in crate::pages) async fn list(visitor: Visitor) -> Result<Response, Fault> {
    let question = Question::get("/ngsi-ld/v1/types").with("details", "true");
    let told = question.ask(&visitor).await.json();
    let attributes: BTreeMap<&str, usize> = told
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| Some((one["id"].as_str()?, one["attributeNames"].as_array()?.len())))
        .collect();
    let mut counts = visitor.session.type_counts().await.map_err(|error| Fault::of(visitor.taste, error))?;
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.entity_type.cmp(&b.entity_type)));
    let more = counts.len().saturating_sub(MOST);
    let types = counts.iter().take(MOST);
    let types = types.map(|one| row(&visitor, one, attributes.get(one.entity_type.as_str()).copied()));
    let values = List {
        types: types.collect(),
        more: (more > 0).then(|| counted(&visitor, u64::try_from(more).unwrap_or(u64::MAX))),
        desk: desk(&visitor, visitor.lang().say("explore-types"), Place::Types, Some(&question)),
    };
    show(&visitor, "explore_types.html", values)
}

/// The page of one type.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let question = Question::get(format!("/ngsi-ld/v1/types/{}", encode(&name)));
    let Ok(told) = question.ask(&visitor).await.taken() else {
        return Err(Fault::not_found(visitor.taste));
    };
    let term = Term::from(told["id"].as_str().unwrap_or_default());
    let counts = visitor.session.attributes_of_type(&term).await;
    let counts = counts.map_err(|error| Fault::of(visitor.taste, error))?;
    let counts: BTreeMap<&str, u64> = counts.iter().map(|one| (one.attribute.as_str(), one.count)).collect();
    let (lang, all) = (visitor.lang(), told["entityCount"].as_u64().unwrap_or_default());
    let described = visitor.app.context.types().entity_type(term.as_str());
    let name = told["typeName"].as_str().unwrap_or_else(|| short(&name)).to_owned();
    let attributes = told["attributeDetails"].as_array().into_iter().flatten().map(|attribute| {
        let attribute_term = attribute["id"].as_str().unwrap_or_default();
        let count = counts.get(attribute_term).copied().unwrap_or_default();
        attribute_row(&visitor, (&name, &term), attribute, (count, all))
    });
    let values = One {
        attributes: attributes.collect(),
        desk: desk(&visitor, name.clone(), Place::Types, Some(&question)),
        title: described.map(|one| visitor.title(&one.title).to_owned()).unwrap_or_default(),
        description: described.map(|one| visitor.title(&one.description).to_owned()).unwrap_or_default(),
        pack: described.map(|one| one.pack.clone()),
        privacy: described.map(|one| privacy(one.privacy, lang)),
        count: counted(&visitor, all),
        entities_href: format!("{}?type={}", href(&visitor, "entities"), encode(&name)),
        query_href: format!("{}?type={}", href(&visitor, "query"), encode(&name)),
        types_href: href(&visitor, "types"),
        term: term.as_str().to_owned(),
        name,
    };
    show(&visitor, "explore_type.html", values)
}

fn attribute_row(
    visitor: &Visitor,
    (type_name, term): (&str, &Term),
    told: &Json,
    (count, all): (u64, u64),
) -> AttributeRow {
    let name = told["attributeName"].as_str().unwrap_or_default().to_owned();
    let full = told["id"].as_str().unwrap_or_default();
    let types = std::slice::from_ref(term);
    let described = visitor.app.context.types().attribute(types, full);
    let kinds: Vec<&str> =
        told["attributeTypes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    AttributeRow {
        title: described.map(|_| title_of(described, full, visitor.lang())).unwrap_or_default(),
        kinds: kinds.join(", "),
        unit: described
            .and_then(|one| one.unit.as_ref())
            .map(|unit| format!("{} ({})", unit.symbol, unit.code))
            .unwrap_or_default(),
        privacy: described
            .filter(|one| one.privacy > Privacy::Open)
            .map(|one| privacy(one.privacy, visitor.lang())),
        count: counted(visitor, count),
        share: (count * 100).checked_div(all).unwrap_or_default().min(100),
        href: href(visitor, &format!("attributes/{}", encode(&name))),
        entities_href: format!(
            "{}?type={}&attrs={}",
            href(visitor, "entities"),
            encode(type_name),
            encode(&name)
        ),
        name,
    }
}

/// How private something is, in words.
pub(super) fn privacy(privacy: Privacy, lang: Lang) -> String {
    match privacy {
        Privacy::Open => lang.say("explore-privacy-open"),
        Privacy::Internal => lang.say("explore-privacy-internal"),
        Privacy::Personal => lang.say("explore-privacy-personal"),
        Privacy::Sensitive => lang.say("explore-privacy-sensitive"),
    }
}
