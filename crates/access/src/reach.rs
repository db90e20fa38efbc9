//! What somebody may change.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Entity, Term};

use crate::catalogue::{Catalogue, TypeMarks};
use crate::filter::{Filter, Kind, Ties, types_told};
use crate::{Privacy, Sight};

/// What somebody may change of the graph.
#[derive(Clone, Debug)]
pub struct Reach(Option<Box<Limits>>);

/// What the policy lets be written. Without limits, everything is: by the program's own parts.
#[derive(Clone, Debug)]
struct Limits {
    catalogue: Arc<Catalogue>,
    types: HashMap<Term, OfType>,
    unknown: OfType,
    sight: Arc<Sight>,
}

impl Limits {
    fn of(&self, entity_type: &Term) -> &OfType {
        self.types.get(entity_type).unwrap_or(&self.unknown)
    }
}

/// What may be changed of the entities of one type.
#[derive(Clone, Debug)]
struct OfType {
    /// Which of them.
    entity: Filter,
    /// Of which of them what is marked so, from the most open mark on.
    marked: [Filter; Privacy::ALL.len()],
    /// True if all of it of all of them.
    all: bool,
}

/// Why a change is out of somebody's reach.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutOfReach {
    /// The entity is.
    #[error("this account may not change this entity")]
    Entity,
    /// An attribute is.
    #[error("this account may not change {0}")]
    Attribute(Term),
}

impl Reach {
    /// Reaches everything: for what belongs to no tenant.
    pub const EVERYTHING: Self = Self(None);

    /// Reaches what `write` passes, for somebody who sees `sight`.
    pub(crate) fn new(catalogue: &Arc<Catalogue>, write: &Filter, sight: Arc<Sight>) -> Self {
        let of = |entity_type: &Term, marks: &TypeMarks| {
            let marked = Privacy::ALL.map(|privacy| write.for_kind(Kind::of(entity_type, marks, privacy)));
            let kind = Kind::of(entity_type, marks, marks.privacy);
            let all = marked.iter().all(|filter| *filter == Filter::Const(true));
            OfType { entity: write.for_kind(kind), marked, all }
        };
        let told = types_told(catalogue, &[write]);
        let types = told.into_iter().map(|(entity_type, marks)| {
            let written = of(&entity_type, marks);
            (entity_type, written)
        });
        let types = types.collect();
        let unknown = of(&Term::from(""), catalogue.unknown());
        Self(Some(Box::new(Limits { catalogue: Arc::clone(catalogue), types, unknown, sight })))
    }

    /// True if there is nothing that it reaches, whatever the entity.
    pub fn is_nothing(&self) -> bool {
        let shut = |of: &OfType| of.marked.iter().all(|filter| *filter == Filter::Const(false));
        self.0.as_ref().is_some_and(|limits| limits.types.values().chain([&limits.unknown]).all(shut))
    }

    /// True if it reaches every entity of a type, whoever it is tied to.
    pub fn is_all_of(&self, entity_type: &Term) -> bool {
        self.0.as_ref().is_none_or(|limits| limits.of(entity_type).entity == Filter::Const(true))
    }

    /// Checks a change of `attributes`: the entity must be within reach as it was and as it is now, so that nobody takes
    /// what is not theirs, nor gives away what they may not.
    pub fn check(
        &self,
        before: Option<&Entity>,
        after: Option<&Entity>,
        attributes: &(impl Iterator<Item = Term> + Clone),
    ) -> Result<(), OutOfReach> {
        let Some(limits) = &self.0 else { return Ok(()) };
        let (of, catalogue) = (|entity_type: &Term| limits.of(entity_type), &limits.catalogue);
        for entity in before.into_iter().chain(after) {
            if entity.types.iter().all(|t| of(t).all) {
                continue;
            }
            let ties = catalogue.ties(entity);
            if !entity.types.iter().all(|t| of(t).entity.passes(&ties)) {
                return Err(OutOfReach::Entity);
            }
            for attribute in attributes.clone() {
                let (privacy, _mask) = catalogue.strictest(&entity.types, &attribute);
                if !entity.types.iter().all(|t| of(t).passes(privacy, &ties)) {
                    return Err(OutOfReach::Attribute(attribute));
                }
            }
        }
        Ok(())
    }

    /// True if somebody who may not change the entity may at least know that it is there.
    pub fn sees(&self, entity: &Arc<Entity>) -> bool {
        self.0.as_ref().is_none_or(|limits| limits.sight.view(entity).is_some())
    }
}

impl OfType {
    fn passes(&self, privacy: Privacy, ties: &Ties) -> bool {
        let filter = Privacy::ALL.iter().zip(&self.marked).find(|(mark, _)| **mark == privacy);
        filter.is_some_and(|(_, filter)| filter.passes(ties))
    }
}
