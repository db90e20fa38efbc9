//! All units, by identifier, code, parent and place.

use std::collections::HashMap;

use jiff::civil::Date;
use rstar::RTree;
use rstar::primitives::{GeomWithData, Rectangle};

use super::place::outline_box;
use super::{Level, Unit};
use crate::EntityId;

/// Why units do not make a register.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegisterError {
    /// Two units with one identifier.
    #[error("the unit {0} is listed twice")]
    Twice(EntityId),
    /// Two units of one level had the same code on the same day.
    #[error("{first} and {second} both have the code {code} on some day; a code names one unit at a time")]
    Overlap {
        /// The shared code.
        code: String,
        /// One unit.
        first: EntityId,
        /// The other unit.
        second: EntityId,
    },
    /// A successor that began before its predecessor ended.
    #[error("{unit} names {successor} as its successor, which does not begin after {unit} ends")]
    Order {
        /// The predecessor.
        unit: EntityId,
        /// The unit named as successor.
        successor: EntityId,
    },
    /// A unit that ends before it begins.
    #[error("the unit {0} ends before it begins")]
    Backwards(EntityId),
}

/// Index of a unit in the register.
pub(super) type Slot = usize;

/// A bounding box with the unit it belongs to.
pub(super) type Boxed = GeomWithData<Rectangle<[f64; 2]>, Slot>;

/// Units and the questions that can be put to them. Immutable: a reform makes a new register.
#[derive(Debug, Default)]
pub struct Register {
    pub(super) units: Vec<Unit>,
    by_id: HashMap<EntityId, Slot>,
    by_code: HashMap<(Level, String), Vec<Slot>>,
    by_parent: HashMap<EntityId, Vec<Slot>>,
    pub(super) predecessors: HashMap<EntityId, Vec<(Slot, super::Share)>>,
    pub(super) boxes: RTree<Boxed>,
}

impl Register {
    /// Builds a register after checking that no code names two units on one day and that successors follow.
    ///
    /// A successor that is not among `units` (of a province that is not loaded) is let pass; see
    /// [`Register::dangling`].
    pub fn new(units: Vec<Unit>) -> Result<Self, RegisterError> {
        let mut register = Self::default();
        for (place, unit) in units.iter().enumerate() {
            if matches!((unit.span.from, unit.span.to), (Some(from), Some(to)) if to < from) {
                return Err(RegisterError::Backwards(unit.id.clone()));
            }
            if register.by_id.insert(unit.id.clone(), place).is_some() {
                return Err(RegisterError::Twice(unit.id.clone()));
            }
            register.by_code.entry((unit.level, unit.code.clone())).or_default().push(place);
            if let Some(parent) = &unit.parent {
                register.by_parent.entry(parent.clone()).or_default().push(place);
            }
            for link in &unit.successors {
                register.predecessors.entry(link.unit.clone()).or_default().push((place, link.share));
            }
        }
        let boxes = units.iter().enumerate().filter_map(|(place, unit)| outline_box(unit, place)).collect();
        register.boxes = RTree::bulk_load(boxes);
        register.units = units;
        register.check_codes()?;
        register.check_successors()?;
        Ok(register)
    }

    fn check_codes(&mut self) -> Result<(), RegisterError> {
        let units = &self.units;
        for places in self.by_code.values_mut() {
            places.sort_by_key(|&place| units.get(place).and_then(|u| u.span.from));
            for pair in places.windows(2) {
                if let [first, second] = pair
                    && let (Some(first), Some(second)) = (units.get(*first), units.get(*second))
                    && first.span.overlaps(second.span)
                {
                    return Err(RegisterError::Overlap {
                        code: first.code.clone(),
                        first: first.id.clone(),
                        second: second.id.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    fn check_successors(&self) -> Result<(), RegisterError> {
        for unit in &self.units {
            for link in &unit.successors {
                if let Some(successor) = self.get(&link.unit)
                    && !unit.span.ends_before(successor.span)
                {
                    return Err(RegisterError::Order {
                        unit: unit.id.clone(),
                        successor: successor.id.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    /// All units.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// A unit by its identifier.
    pub fn get(&self, id: &EntityId) -> Option<&Unit> {
        self.units.get(*self.by_id.get(id)?)
    }

    /// The unit of `level` that had `code` on `day`.
    pub fn at(&self, level: Level, code: &str, day: Date) -> Option<&Unit> {
        self.history(level, code).find(|unit| unit.span.contains(day))
    }

    /// All units of `level` that ever had `code`, the earliest first.
    pub fn history(&self, level: Level, code: &str) -> impl Iterator<Item = &Unit> {
        let places = self.by_code.get(&(level, code.to_owned())).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&place| self.units.get(place))
    }

    /// The units of `level` in force on `day`.
    pub fn in_force(&self, level: Level, day: Date) -> impl Iterator<Item = &Unit> {
        self.units.iter().filter(move |unit| unit.level == level && unit.span.contains(day))
    }

    /// The units that belong to `parent` on `day`.
    pub fn children(&self, parent: &EntityId, day: Date) -> impl Iterator<Item = &Unit> {
        let places = self.by_parent.get(parent).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|&place| self.units.get(place)).filter(move |unit| unit.span.contains(day))
    }

    /// Successors that some unit names but that are not in the register, without repeats.
    pub fn dangling(&self) -> Vec<&EntityId> {
        let mut names: Vec<_> = self.predecessors.keys().filter(|id| !self.by_id.contains_key(*id)).collect();
        names.sort();
        names
    }
}
