//! Lateness: an observation older than what the entity already says must not become its present value.
//!
//! Stations that were cut off send what they have gathered, files of last month arrive today, brokers deliver again
//! what was not acknowledged. The tracker knows the present value of each attribute that this feed writes, asks the
//! graph for those it does not know, and forgets those not seen for longest.

use std::num::NonZeroUsize;

use dinh_model::{Attribute, Attributes, EntityId, Iri, Tenant, Term};
use lru::LruCache;

use crate::mapping::Mapped;
use crate::sink::{EntityWrite, Late, Sink, SinkError};

/// Most entities remembered for one feed.
const MAX_ENTITIES: usize = 5_000;

/// The present values that a feed has written.
pub(super) struct Order(LruCache<EntityId, Present>);

#[derive(Default)]
struct Present(Vec<(Term, Option<Iri>, Attribute)>);

impl Order {
    pub(super) fn new() -> Self {
        Self(LruCache::new(NonZeroUsize::new(MAX_ENTITIES).unwrap_or(NonZeroUsize::MIN)))
    }

    /// Learns the present values of the entities that `fragments` are about and that are not known yet.
    pub(super) async fn learn(
        &mut self,
        tenant: &Tenant,
        sink: &dyn Sink,
        fragments: &[Mapped],
    ) -> Result<(), SinkError> {
        let mut unknown: Vec<EntityId> = Vec::new();
        for fragment in fragments.iter().filter(|fragment| fragment.observed_at().is_some()) {
            if !self.0.contains(&fragment.id) && !unknown.contains(&fragment.id) {
                unknown.push(fragment.id.clone());
            }
        }
        if unknown.is_empty() {
            return Ok(());
        }
        let entities = sink.entities(tenant, unknown.clone()).await?;
        for (id, entity) in unknown.into_iter().zip(entities) {
            let present = entity.map(|entity| Present::of(&entity.attributes)).unwrap_or_default();
            self.0.put(id, present);
        }
        Ok(())
    }

    /// Takes the late observations out of a fragment and remembers the others as present.
    pub(super) fn sort(&mut self, mut fragment: Mapped) -> EntityWrite {
        let mut late = Vec::new();
        if fragment.observed_at().is_some() {
            let present = self.0.get_or_insert_mut(fragment.id.clone(), Present::default);
            for (name, instances) in &mut fragment.attributes {
                instances.retain(|instance| match present.replace(name, instance) {
                    None => true,
                    Some(newer) => {
                        late.push(Late { name: name.clone(), observed: instance.clone(), present: newer });
                        false
                    }
                });
            }
            fragment.attributes.retain(|_, instances| !instances.is_empty());
        }
        EntityWrite { fragment, late }
    }

    /// Forgets an entity, because what was remembered of it was not written.
    pub(super) fn forget(&mut self, id: &EntityId) {
        self.0.pop(id);
    }
}

impl Present {
    fn of(attributes: &Attributes) -> Self {
        let mut all = Vec::new();
        for (name, instances) in attributes {
            for instance in instances.iter().filter(|instance| instance.observed_at.is_some()) {
                all.push((name.clone(), instance.dataset_id.clone(), instance.clone()));
            }
        }
        Self(all)
    }

    /// Makes `new` the present value, unless a newer one is known: then that one is given back.
    fn replace(&mut self, name: &Term, new: &Attribute) -> Option<Attribute> {
        let observed = new.observed_at?;
        let found = self.0.iter_mut().find(|(n, dataset, _)| n == name && *dataset == new.dataset_id);
        match found {
            Some((_, _, old)) if old.observed_at.is_some_and(|at| at > observed) => Some(old.clone()),
            Some((_, _, old)) => {
                old.clone_from(new);
                None
            }
            None => {
                self.0.push((name.clone(), new.dataset_id.clone(), new.clone()));
                None
            }
        }
    }
}
