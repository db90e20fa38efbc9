//! Conditions on entities behind links: `managedBy{Person:name}=="Lan"`.
//!
//! What stands behind a link is what whoever asks sees of it: an entity that is hidden is not there, an attribute that is
//! masked is compared as its mask. Where the types behind a link are named and an index finds the few entities there that
//! meet the condition, the index of links leads from them to those that point at them; everything found is looked at.

use std::collections::HashMap;
use std::sync::Arc;

use dinh_model::{Entity, EntityId};
use dinh_ngsild::query::{EntityQuery, Link, Q};

use super::conditions::MAX_LANES;
use super::fetch::Scene;
use super::source::Source;
use crate::Error;
use crate::names::NameId;
use crate::spec::Specs;
use crate::sqlite::failure::Failed;

/// Entities behind links that are remembered while one query is answered.
const REMEMBERED: usize = 10_000;
/// Most entities behind a link that an index may give for it to lead to those in front.
const FEW: usize = 1_000;

/// Compares entities with a query.
pub(super) struct Judge<'a> {
    query: &'a EntityQuery,
    /// Entities behind links; none if the query looks behind no link.
    behind: Option<Behind<'a>>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(scene: Scene<'a>, query: &'a EntityQuery) -> Self {
        Self { query, behind: (query.link_depth() > 0).then(|| Behind::new(scene)) }
    }

    /// True if the entity, as it is seen, meets all conditions.
    pub(super) fn finds(&mut self, entity: &Entity) -> Failed<bool> {
        match &mut self.behind {
            None => Ok(self.query.matches(entity)),
            Some(behind) => {
                let found = self.query.matches_with(entity, &mut |id| behind.get(id));
                behind.failure()?;
                Ok(found)
            }
        }
    }
}

/// The entities behind links, up to a budget.
struct Behind<'a> {
    scene: Scene<'a>,
    kept: HashMap<EntityId, Option<Arc<Entity>>>,
    left: usize,
    failed: Option<Error>,
}

impl<'a> Behind<'a> {
    fn new(scene: Scene<'a>) -> Self {
        Self { scene, kept: HashMap::new(), left: scene.shared.options.scan_budget, failed: None }
    }

    fn get(&mut self, id: &EntityId) -> Option<Arc<Entity>> {
        if let Some(known) = self.kept.get(id) {
            return known.clone();
        }
        if self.failed.is_some() {
            return None;
        }
        let Some(left) = self.left.checked_sub(1) else {
            let bound = self.scene.shared.options.scan_budget;
            self.failed = Some(Error::TooComplex { what: "looking at entities behind links", bound });
            return None;
        };
        self.left = left;
        match self.scene.entity(id) {
            Ok(found) => {
                if self.kept.len() >= REMEMBERED {
                    self.kept.clear();
                }
                let found = found.map(|stored| stored.entity);
                self.kept.insert(id.clone(), found.clone());
                found
            }
            Err(error) => {
                self.failed = Some(error);
                None
            }
        }
    }

    fn failure(&mut self) -> Failed<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

impl Scene<'_> {
    /// Entities that point at what meets the condition behind a link, where an index finds that.
    pub(super) fn in_front(&self, link: &Link, types: &[NameId], specs: &Specs) -> Failed<Option<Source>> {
        if types == [0] || link.types.is_empty() || !self.finds_by(types, &link.relation.attribute) {
            return Ok(None);
        }
        let Some(relation) = self.name(&link.relation.attribute) else { return Ok(Some(Source::Nothing)) };
        let behind: Vec<NameId> = link.types.iter().filter_map(|term| self.name(term)).collect();
        if behind.is_empty() {
            return Ok(Some(Source::Nothing));
        }
        let source = match &link.inner {
            Q::Linked(next) => self.in_front(next, &behind, specs)?,
            inner => self.value_lanes(inner, &behind, specs).map(Source::Values),
        };
        let Some(source) = source else { return Ok(None) };
        if self.estimate(&source)? > FEW.min(self.shared.options.scan_budget) {
            return Ok(None);
        }
        let mut found = Vec::new();
        let (mut fetch, mut judge) = (self.fetch()?, Behind::new(*self));
        for pk in self.candidates(&source)? {
            let Some(stored) = fetch.get(pk)? else { continue };
            let meets = link.is_of(&stored.entity.types)
                && link.inner.matches_with(&stored.entity, &mut |id| judge.get(id));
            judge.failure()?;
            if meets {
                found.push(stored.entity.id.clone());
            }
        }
        Ok(match found.len() {
            0 => Some(Source::Nothing),
            few if few <= MAX_LANES => Some(Source::Pointing(relation, found)),
            _ => None,
        })
    }
}
