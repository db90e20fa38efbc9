//! The attributes of an entity as rows.

use dinh_access::Mask;
use dinh_context::schema::AttributeType;
use dinh_model::{Attribute, Entity, Term, Value};
use serde_json::Value as Json;

use super::history::has_history;
use crate::layers::Layer;
use crate::pages::present::{age, shown, title_of};
use crate::pages::view::AttributeRow;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

const QUALITY_FLAG: &str = "https://uri.etsi.org/ngsi-ld/default-context/qualityFlag";
const SOURCE: &str = "https://uri.etsi.org/ngsi-ld/default-context/source";
/// Attributes that the page shows elsewhere.
const ELSEWHERE: [&str; 3] = [
    "https://uri.etsi.org/ngsi-ld/default-context/dataProvider",
    "https://uri.etsi.org/ngsi-ld/default-context/feed",
    "https://uri.etsi.org/ngsi-ld/default-context/exercise",
];

/// Rows for what the visitor may see: first the layer's value, then what is observed, then the columns of the layer,
/// then the rest by name.
pub(super) fn rows(visitor: &Visitor, entity: &Entity, layer: Option<&Layer>) -> Vec<AttributeRow> {
    let value = layer.and_then(|layer| layer.value.as_ref()).map(|value| &value.attribute);
    let place = |name: &Term| {
        if Some(name) == value {
            return 0;
        }
        let is_observed = entity.attribute(name.as_str()).is_some_and(has_history);
        let column =
            layer.and_then(|layer| layer.columns.iter().position(|column| column.attribute == *name));
        match (is_observed, column) {
            (true, _) => 1,
            (false, Some(column)) => 2 + column,
            (false, None) => usize::MAX,
        }
    };
    let mut names: Vec<&Term> =
        entity.attributes.keys().filter(|name| !ELSEWHERE.contains(&name.as_str())).collect();
    names.sort_by_key(|name| place(name));
    names.into_iter().flat_map(|name| instances(visitor, entity, name)).collect()
}

fn instances(visitor: &Visitor, entity: &Entity, name: &Term) -> Vec<AttributeRow> {
    let kind = visitor.app.context.types().attribute(&entity.types, name.as_str());
    let all = entity.attributes.get(name).into_iter().flatten();
    all.filter_map(|attribute| row(visitor, entity, name, kind, attribute)).collect()
}

fn row(
    visitor: &Visitor,
    entity: &Entity,
    name: &Term,
    kind: Option<&AttributeType>,
    attribute: &Attribute,
) -> Option<AttributeRow> {
    let lang = visitor.lang();
    let value = shown(attribute, kind, visitor.voice(&entity.types))?;
    let short = short(name);
    let own_source = attribute.sub.get(SOURCE).and_then(|all| all.first()).and_then(Attribute::text);
    let at = attribute.observed_at.unwrap_or(attribute.modified_at);
    let mut notes = Vec::new();
    if let Some(dataset) = &attribute.dataset_id {
        notes.push(dataset.to_string());
    }
    if value.text.starts_with("<\u{a0}") {
        notes.push(lang.say("below-detection"));
    }
    if kind.is_some_and(|kind| kind.privacy.is_of_a_person()) && Mask::covers(attribute) {
        notes.push(lang.say("masked"));
    }
    if let Some(at) = crate::layers::replay_of(attribute) {
        notes.push(lang.say_with("replayed-of", &args([("when", crate::look::date_time(at, lang))])));
    }
    Some(AttributeRow {
        name: short.to_owned(),
        title: title_of(kind, name.as_str(), lang),
        href: has_history(attribute)
            .then(|| format!("{}?attr={short}", visitor.entity_href(entity.id.as_str()))),
        value: value.text,
        is_number: value.is_number,
        age: age(Some(at), visitor.now, lang),
        source: own_source.map(str::to_owned).or_else(|| kind.and_then(|kind| kind.source.clone())),
        quality: quality(attribute, lang),
        notes,
    })
}

fn short(name: &Term) -> &str {
    name.as_str().rsplit(['/', '#']).next().unwrap_or(name.as_str())
}

/// What the quality control found of a value, in words.
pub(super) fn quality(attribute: &Attribute, lang: Lang) -> Option<String> {
    let flag = &attribute.sub.get(QUALITY_FLAG)?.first()?.value;
    let flags: Vec<&str> = match flag {
        Value::Property(Json::String(flag)) => vec![flag.as_str()],
        Value::Property(Json::Array(flags)) => flags.iter().filter_map(Json::as_str).collect(),
        _ => return None,
    };
    let words: Vec<String> = flags
        .into_iter()
        .map(|flag| match flag {
            "suspect-range" => lang.say("quality-suspect-range"),
            "suspect-stuck" => lang.say("quality-suspect-stuck"),
            "suspect-step" => lang.say("quality-suspect-step"),
            "suspect-gap" => lang.say("quality-suspect-gap"),
            "suspect-bounds" | "suspect-swapped-coordinates" => lang.say("quality-suspect-bounds"),
            "mended-swapped-coordinates" => lang.say("quality-swapped-coordinates"),
            _ => lang.say("quality-other"),
        })
        .collect();
    (!words.is_empty()).then(|| words.join(", "))
}
