//! What somebody may change.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_model::{Entity, Term};

use crate::Privacy;
use crate::catalogue::Catalogue;
use crate::filter::{Filter, Kind};

/// What somebody may change of the graph.
#[derive(Clone, Debug)]
pub struct Reach(Kinds);

#[derive(Clone, Debug)]
enum Kinds {
    /// Everything: the program's own parts.
    All,
    /// What the policy lets be written.
    Some { catalogue: Arc<Catalogue>, write: Filter, read: Filter, always: BTreeMap<Privacy, bool> },
}

/// Why a change is out of somebody's reach.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// The entity is: nobody learns here whether it exists.
    #[error("this account may not see or change this entity")]
    Entity,
    /// An attribute is.
    #[error("this account may not change {0}")]
    Attribute(Term),
}

impl Reach {
    /// Reaches everything.
    pub(crate) const fn all() -> Self {
        Self(Kinds::All)
    }

    /// Reaches what `write` passes.
    pub(crate) fn new(catalogue: &Arc<Catalogue>, write: Filter, read: Filter) -> Self {
        let always = Privacy::ALL.map(|privacy| {
            let reached = catalogue
                .types()
                .map(|(entity_type, marks)| (entity_type.clone(), marks))
                .chain([(Term::from(""), catalogue.unknown())])
                .all(|(entity_type, marks)| {
                    let kind = Kind { entity_type: &entity_type, sector: &marks.sector, privacy };
                    write.for_kind(kind) == Filter::Const(true)
                });
            (privacy, reached)
        });
        Self(Kinds::Some { catalogue: Arc::clone(catalogue), write, read, always: always.into() })
    }

    /// True if there is nothing that it reaches, whatever the entity.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.0, Kinds::Some { write: Filter::Const(false), .. })
    }

    /// True if every change is within reach: whoever writes need not look at each.
    pub fn is_all(&self) -> bool {
        match &self.0 {
            Kinds::All => true,
            Kinds::Some { always, .. } => always.values().all(|reached| *reached),
        }
    }

    /// Checks a change of `attributes`: the entity must be in reach as it was and as it is now, so that nobody takes
    /// what is not theirs, nor gives away what they may not.
    pub fn check(
        &self,
        before: Option<&Entity>,
        after: Option<&Entity>,
        attributes: impl IntoIterator<Item = Term>,
    ) -> Result<(), OutOfReach> {
        let Kinds::Some { catalogue, write, .. } = &self.0 else { return Ok(()) };
        let states = || before.into_iter().chain(after);
        for entity in states() {
            let ties = catalogue.ties(entity);
            let reached = entity.types.iter().all(|entity_type| {
                let marks = catalogue.marks(entity_type);
                let kind = Kind { entity_type, sector: &marks.sector, privacy: marks.privacy };
                write.for_kind(kind).passes(&ties)
            });
            if !reached {
                return Err(OutOfReach::Entity);
            }
        }
        for attribute in attributes {
            for entity in states() {
                let (privacy, _mask) = catalogue.strictest(&entity.types, &attribute);
                let ties = catalogue.ties(entity);
                let reached = entity.types.iter().all(|entity_type| {
                    let sector = &catalogue.marks(entity_type).sector;
                    write.for_kind(Kind { entity_type, sector, privacy }).passes(&ties)
                });
                if !reached {
                    return Err(OutOfReach::Attribute(attribute));
                }
            }
        }
        Ok(())
    }

    /// True if somebody who may not change the entity may at least know that it is there.
    pub fn sees(&self, entity: &Entity) -> bool {
        let Kinds::Some { catalogue, read, .. } = &self.0 else { return true };
        let ties = catalogue.ties(entity);
        entity.types.iter().all(|entity_type| {
            let marks = catalogue.marks(entity_type);
            let kind = Kind { entity_type, sector: &marks.sector, privacy: marks.privacy };
            read.for_kind(kind).passes(&ties)
        })
    }
}
