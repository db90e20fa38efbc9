//! Following links: level by level, each entity once, up to a bound.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Iri, Term, Value};

use super::Shown;
use crate::query::DatasetId;

/// Most linked entities in one answer.
const MOST: usize = 1_000;

/// More entities are linked than one answer tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("There are more than {MOST} linked entities; ask for fewer levels or fewer entities.")]
pub struct TooMany;

/// The entities behind the links of an answer.
#[derive(Debug)]
pub struct Linked<'f> {
    /// By identifier.
    pub entities: HashMap<EntityId, Arc<Entity>>,
    /// In the order in which they were met, each with what is shown of it.
    pub in_order: Vec<(Arc<Entity>, Shown<'f>)>,
    /// Those that are told of already.
    met: HashSet<EntityId>,
    /// What the last entities lead to.
    ahead: Vec<(EntityId, Shown<'f>)>,
    datasets: &'f [DatasetId],
}

impl<'f> Linked<'f> {
    /// Begins at `roots`, of which `shown` is shown; what was `met` is not told again.
    pub fn begin(
        roots: &[&Entity],
        mut met: HashSet<EntityId>,
        shown: Shown<'f>,
        datasets: &'f [DatasetId],
    ) -> Self {
        met.extend(roots.iter().map(|entity| entity.id.clone()));
        let ahead = roots.iter().flat_map(|entity| links(entity, shown, datasets)).collect();
        Self { entities: HashMap::new(), in_order: Vec::new(), met, ahead, datasets }
    }

    /// The entities of the next level.
    pub fn wanted(&mut self) -> Result<Vec<EntityId>, TooMany> {
        let Self { met, ahead, .. } = self;
        ahead.retain(|(id, _)| met.insert(id.clone()));
        if self.in_order.len() + self.ahead.len() > MOST {
            return Err(TooMany);
        }
        Ok(self.ahead.iter().map(|(id, _)| id.clone()).collect())
    }

    /// Takes what was found of them, and looks where that leads to.
    pub fn take(&mut self, mut found: HashMap<EntityId, Arc<Entity>>) {
        for (id, shown) in std::mem::take(&mut self.ahead) {
            let Some(entity) = found.remove(&id) else { continue };
            self.ahead.extend(links(&entity, shown, self.datasets));
            self.entities.insert(id, Arc::clone(&entity));
            self.in_order.push((entity, shown));
        }
    }
}

/// Where the relationships of an entity lead that are shown, each with what is shown behind it.
fn links<'e, 'f>(
    entity: &'e Entity,
    shown: Shown<'f>,
    datasets: &'e [DatasetId],
) -> impl Iterator<Item = (EntityId, Shown<'f>)> + use<'e, 'f> {
    let names = entity.attributes.iter().filter(move |(name, _)| shown.has(name.as_str()));
    names.flat_map(move |(name, instances)| {
        let chosen = instances.iter().filter(|one| datasets.is_empty() || datasets.contains(&one.dataset_id));
        let behind = shown.behind(name);
        chosen.flat_map(objects).map(move |id| (id.clone(), behind))
    })
}

/// The entities that an instance of an attribute leads to.
pub(crate) fn objects(attribute: &Attribute) -> &[Iri] {
    match &attribute.value {
        Value::Relationship { object, .. } => object.as_slice(),
        Value::ListRelationship { objects, .. } => objects,
        _ => &[],
    }
}

/// True for an attribute that is a relationship in at least one instance.
pub(super) fn is_relationship(entity: &Entity, name: &Term) -> bool {
    let instances = entity.attributes.get(name).map(Vec::as_slice).unwrap_or_default();
    let kinds =
        |one: &Attribute| matches!(one.value, Value::Relationship { .. } | Value::ListRelationship { .. });
    instances.iter().any(kinds)
}
