//! What types and attributes are in use, from the counters that the store keeps exactly (CIM 009 clauses 5.7.5 –
//! 5.7.11). Nothing is scanned, but for the kinds of attributes, which come from a sample.

use std::collections::{BTreeMap, BTreeSet};

use dinh_federation::Inventory;
use dinh_model::{Term, Value};
use dinh_ngsild::AttributeKind;
use dinh_ngsild::query::{EntityQuery, TypeExpr};

use crate::api::reply::Refusal;
use crate::api::request::Visit;

/// Entities looked at to learn of which kinds an attribute is.
const SAMPLE: usize = 50;

/// Which attributes the entities of each type have.
pub(super) struct Survey {
    /// Attributes by type.
    pub(super) types: BTreeMap<Term, Vec<Term>>,
    /// Types by attribute, as others tell of them.
    others: BTreeMap<Term, BTreeSet<Term>>,
}

impl Survey {
    /// Asks for all types with their attributes.
    pub(super) async fn of(visit: &Visit) -> Result<Self, Refusal> {
        let mut types = BTreeMap::new();
        for counted in visit.session.type_counts().await? {
            let attributes = attributes_of(visit, &counted.entity_type).await?;
            types.insert(counted.entity_type, attributes);
        }
        Ok(Self { types, others: BTreeMap::new() })
    }

    /// The same with what others have.
    pub(super) fn and(mut self, inventory: Inventory) -> Self {
        for (entity_type, attributes) in inventory.types {
            let known = self.types.entry(entity_type).or_default();
            for attribute in attributes {
                if !known.contains(&attribute) {
                    known.push(attribute);
                }
            }
        }
        self.others = inventory.attributes;
        self
    }

    /// Types by attribute.
    pub(super) fn attributes(&self) -> BTreeMap<&Term, Vec<&Term>> {
        let mut all: BTreeMap<&Term, Vec<&Term>> = BTreeMap::new();
        for (entity_type, attributes) in &self.types {
            for attribute in attributes {
                all.entry(attribute).or_default().push(entity_type);
            }
        }
        for (attribute, types) in &self.others {
            let known = all.entry(attribute).or_default();
            known.extend(types);
            known.sort_unstable();
            known.dedup();
        }
        all
    }
}

/// The attributes that entities of a type have.
pub(super) async fn attributes_of(visit: &Visit, entity_type: &Term) -> Result<Vec<Term>, Refusal> {
    let counted = visit.session.attributes_of_type(entity_type).await?;
    Ok(counted.into_iter().map(|c| c.attribute).collect())
}

/// The kinds of some attributes, as a sample of the entities that `query` asks for has them.
pub(super) async fn kinds(
    visit: &Visit,
    query: EntityQuery,
) -> Result<BTreeMap<Term, BTreeSet<&'static str>>, Refusal> {
    let page = visit.session.query(EntityQuery { limit: SAMPLE, ..query }).await?;
    let mut kinds: BTreeMap<Term, BTreeSet<&'static str>> = BTreeMap::new();
    for stored in &page.entities {
        for (name, instances) in &stored.entity.attributes {
            let of_name = kinds.entry(name.clone()).or_default();
            of_name.extend(instances.iter().map(|instance| kind(&instance.value)));
        }
    }
    Ok(kinds)
}

/// Entities of a type.
pub(super) fn of_type(entity_type: &Term) -> EntityQuery {
    EntityQuery { types: Some(TypeExpr::Is(entity_type.clone())), ..EntityQuery::default() }
}

/// Entities with an attribute.
pub(super) fn with_attribute(attribute: &Term) -> EntityQuery {
    EntityQuery { attrs: vec![attribute.clone()], ..EntityQuery::default() }
}

fn kind(value: &Value) -> &'static str {
    AttributeKind::of(value).as_str()
}
