//! What became of a unit, and what a unit was made from.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Register, Share, Succession, Unit};
use crate::EntityId;

/// A unit reached by following successions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Descent<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Full if every step on the way was: all territory of the earlier unit lies in the later one.
    pub share: Share,
}

impl Register {
    /// The units that directly took over territory of `id`.
    pub fn successors(&self, id: &EntityId) -> Vec<Descent<'_>> {
        let links = self.get(id).map(|unit| unit.successors.as_slice()).unwrap_or_default();
        links.iter().filter_map(|link| self.descent(link)).collect()
    }

    fn descent(&self, link: &Succession) -> Option<Descent<'_>> {
        Some(Descent { unit: self.get(&link.unit)?, share: link.share })
    }

    /// The units whose territory `id` directly took over.
    pub fn predecessors(&self, id: &EntityId) -> Vec<Descent<'_>> {
        let links = self.predecessors.get(id).map(Vec::as_slice).unwrap_or_default();
        links
            .iter()
            .filter_map(|&(place, share)| Some(Descent { unit: self.units.get(place)?, share }))
            .collect()
    }

    /// What `id` had become by `day`: itself if it was still in force, else the ends of its chains of successors
    /// that were in force. Empty if `id` is unknown, not yet in force, or all successors are missing.
    pub fn on(&self, id: &EntityId, day: Date) -> Vec<Descent<'_>> {
        self.follow(id, day, |unit| self.successors(&unit.id))
    }

    /// What `id` was made from, as of the earlier `day`: itself if it was in force then, else the starts of its
    /// chains of predecessors.
    pub fn origins(&self, id: &EntityId, day: Date) -> Vec<Descent<'_>> {
        self.follow(id, day, |unit| self.predecessors(&unit.id))
    }

    /// Walks from `id` by `next` until units in force on `day` are reached; a unit reached by several ways keeps its
    /// largest share. No unit is walked through more than twice, so the walk ends whatever the links say.
    fn follow<'a>(
        &'a self,
        id: &EntityId,
        day: Date,
        next: impl Fn(&'a Unit) -> Vec<Descent<'a>>,
    ) -> Vec<Descent<'a>> {
        let mut seen: BTreeMap<&EntityId, Descent<'a>> = BTreeMap::new();
        let start = self.get(id).map(|unit| Descent { unit, share: Share::Full });
        let mut waiting: Vec<_> = start.into_iter().collect();
        while let Some(step) = waiting.pop() {
            match seen.get(&step.unit.id) {
                Some(before) if before.share <= step.share => continue,
                _ => seen.insert(&step.unit.id, step),
            };
            if !step.unit.span.contains(day) {
                let further = next(step.unit).into_iter();
                waiting.extend(further.map(|d| Descent { unit: d.unit, share: step.share.then(d.share) }));
            }
        }
        seen.into_values().filter(|found| found.unit.span.contains(day)).collect()
    }
}
