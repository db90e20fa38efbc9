//! Units as the graph holds them.

use dinh_identity::domain::Days;
use dinh_model::{Entity, EntityId, Term, Value};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::EntityQuery;
use jiff::civil::Date;
use serde_json::Value as Json;

use crate::pages::admin::guard::Stop;
use crate::pages::fault::Fault;
use crate::pages::visitor::Visitor;

/// Type of units.
pub(super) const UNIT: &str = "Unit";
/// Most units that the pages show.
pub(super) const MOST: usize = 5_000;
/// Units read at once.
const PAGE: usize = 1_000;

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages::admin) struct Unit {
    pub(in crate::pages::admin) id: EntityId,
    pub(in crate::pages::admin) name: String,
    pub(in crate::pages::admin) english: String,
    pub(in crate::pages::admin) code: String,
    pub(in crate::pages::admin) kind: String,
    pub(in crate::pages::admin) parent: Option<String>,
    pub(in crate::pages::admin) days: Days,
    /// The unit that takes over.
    pub(in crate::pages::admin) successor: Option<String>,
}

/// All units of the province, in order of their names: the first 5,000.
pub(in crate::pages::admin) async fn all(visitor: &Visitor) -> Result<Vec<Unit>, Stop> {
    let query = EntityQuery { limit: PAGE, ..EntityQuery::of_type(LdContext::core().expand(UNIT)) };
    let mut units = Vec::new();
    while units.len() < MOST {
        let page = visitor.session.query(EntityQuery { offset: units.len(), ..query.clone() }).await;
        let page = page.map_err(|e| Fault::of(visitor.taste, e))?;
        units.extend(page.entities.iter().map(|stored| unit(&stored.entity)));
        if page.entities.len() < PAGE {
            break;
        }
    }
    units.truncate(MOST);
    units.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(units)
}

fn unit(entity: &Entity) -> Unit {
    let term = |name: &str| LdContext::core().expand(name);
    let value = |name: &str| entity.attribute(term(name).as_str()).map(|attribute| &attribute.value);
    let text = |name: &str| match value(name) {
        Some(Value::Property(Json::String(text))) => text.clone(),
        _ => String::new(),
    };
    let day = |name: &str| -> Option<Date> { text(name).get(..10)?.parse().ok() };
    let unit = |name: &str| match value(name) {
        Some(Value::Relationship { object, .. }) => object.as_slice().first().map(ToString::to_string),
        _ => None,
    };
    Unit {
        name: named(entity, &term("name"), &["vi", "en"]).unwrap_or_else(|| entity.id.to_string()),
        english: named(entity, &term("name"), &["en"]).unwrap_or_default(),
        code: text("code"),
        kind: text("unitKind"),
        parent: unit("parent"),
        successor: unit("succeededBy"),
        days: Days { from: day("validFrom"), to: day("validTo") },
        id: entity.id.clone(),
    }
}

fn named(entity: &Entity, name: &Term, tags: &[&str]) -> Option<String> {
    match &entity.attribute(name.as_str())?.value {
        Value::Language(texts) => {
            let text = tags.iter().find_map(|tag| texts.get(*tag));
            text.and_then(|text| text.as_slice().first()).cloned()
        }
        Value::Property(Json::String(text)) if tags.contains(&"vi") => Some(text.clone()),
        _ => None,
    }
}

impl Unit {
    /// What it is called in the visitor's language.
    pub(in crate::pages::admin) fn title(&self, visitor: &Visitor) -> String {
        let english = visitor.lang() == crate::words::Lang::En && !self.english.is_empty();
        if english { self.english.clone() } else { self.name.clone() }
    }
}

/// The units at or below one, itself included.
pub(super) fn below(units: &[Unit], top: &str) -> Vec<EntityId> {
    let mut found: Vec<EntityId> =
        units.iter().filter(|unit| unit.id.as_str() == top).map(|unit| unit.id.clone()).collect();
    let mut at = 0;
    while let Some(parent) = found.get(at).cloned() {
        let children = units.iter().filter(|unit| unit.parent.as_deref() == Some(parent.as_str()));
        let fresh: Vec<_> =
            children.filter(|unit| !found.contains(&unit.id)).map(|unit| unit.id.clone()).collect();
        found.extend(fresh);
        at += 1;
    }
    found
}
