//! Following links: level by level, each entity once, up to a bound.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Attribute, Entity, EntityId, Iri, Term, Value};
use dinh_ngsild::bounds::PAGE;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::{DatasetId, EntityQuery};

use super::{Join, Shown};
use crate::api::ngsild::form::Form;
use crate::api::reply::Refusal;
use crate::api::request::Visit;

/// Most linked entities in one answer.
const MOST: usize = 1_000;

/// The entities behind the links of an answer.
pub(in crate::api::ngsild) struct Linked<'f> {
    /// By identifier.
    pub(super) entities: HashMap<EntityId, Arc<Entity>>,
    /// In the order in which they were met, each with what is shown of it.
    pub(in crate::api::ngsild) in_order: Vec<(Arc<Entity>, Shown<'f>)>,
}

impl<'f> Linked<'f> {
    /// Follows the links of `roots` as far as `join` asks for.
    pub(in crate::api::ngsild) async fn of(
        visit: &Visit,
        roots: &[&Entity],
        join: &Join,
        form: &'f Form,
    ) -> Result<Self, Refusal> {
        let mut linked = Self { entities: HashMap::new(), in_order: Vec::new() };
        let mut met = join.met.clone();
        met.extend(roots.iter().map(|entity| entity.id.clone()));
        let shown = form.shown();
        let mut wanted: Vec<(EntityId, Shown<'f>)> =
            roots.iter().flat_map(|entity| links(entity, shown, &form.dataset_ids)).collect();
        for _level in 0..join.levels {
            wanted.retain(|(id, _)| met.insert(id.clone()));
            if linked.in_order.len() + wanted.len() > MOST {
                let detail = format!(
                    "There are more than {MOST} linked entities; ask for fewer levels or fewer entities."
                );
                return Err(Problem::new(ProblemKind::TooComplexQuery, detail).into());
            }
            let begun = linked.in_order.len();
            linked.load(visit, wanted).await?;
            let fresh = linked.in_order.get(begun..).unwrap_or_default();
            wanted =
                fresh.iter().flat_map(|(entity, shown)| links(entity, *shown, &form.dataset_ids)).collect();
        }
        Ok(linked)
    }

    async fn load(&mut self, visit: &Visit, wanted: Vec<(EntityId, Shown<'f>)>) -> Result<(), Refusal> {
        let mut found: HashMap<EntityId, Arc<Entity>> = HashMap::new();
        for part in wanted.chunks(PAGE) {
            let ids: Vec<EntityId> = part.iter().map(|(id, _)| id.clone()).collect();
            let page =
                visit.session.query(EntityQuery { limit: ids.len(), ids, ..EntityQuery::default() }).await?;
            found.extend(page.entities.into_iter().map(|s| (s.entity.id.clone(), s.entity)));
        }
        for (id, shown) in wanted {
            if let Some(entity) = found.remove(&id) {
                self.entities.insert(id, Arc::clone(&entity));
                self.in_order.push((entity, shown));
            }
        }
        Ok(())
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

fn objects(attribute: &Attribute) -> &[Iri] {
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
