//! Indexes that nobody has declared and that queries would need: whoever asks for a value of a type again and again has
//! an index made, while everybody goes on working.
//!
//! A query that had to look at entities one after another notes at how many, for each attribute that it compares. What
//! has cost enough is declared by the writer as packs declare theirs, and kept from then on.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::names::NameId;

/// Looks at entities that an index must have been able to save before it is made.
const WORTH: usize = 20_000;
/// Looks below which a query is quick without an index.
const FEW: usize = 500;
/// Attributes of types that looks are counted for; further ones wait until some of these have their index.
const MOST_COUNTED: usize = 1_024;
/// Indexes in all, beyond which none is made that nobody has declared: every one costs something at every write.
pub(super) const MOST_INDEXES: usize = 512;

/// An attribute of the entities of a type.
pub(super) type Place = (NameId, NameId);

/// What queries have had to do without.
#[derive(Default)]
pub(super) struct Wanted {
    looks: Mutex<HashMap<Place, usize>>,
    due: AtomicBool,
}

impl Wanted {
    /// A query has looked at so many entities for want of these indexes.
    pub(super) fn note(&self, places: impl Iterator<Item = Place>, looked: usize) {
        if looked < FEW {
            return;
        }
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        for place in places {
            if looks.len() >= MOST_COUNTED && !looks.contains_key(&place) {
                continue;
            }
            let sum = looks.entry(place).or_default();
            *sum = sum.saturating_add(looked);
            if *sum >= WORTH {
                self.due.store(true, Ordering::Release);
            }
        }
    }

    /// True, once, when an index has become worth its cost.
    pub(super) fn is_due(&self) -> bool {
        self.due.load(Ordering::Acquire) && self.due.swap(false, Ordering::AcqRel)
    }

    /// The indexes to make.
    pub(super) fn take(&self) -> Vec<Place> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let worth: Vec<Place> =
            looks.iter().filter(|(_, sum)| **sum >= WORTH).map(|(place, _)| *place).collect();
        looks.retain(|_, sum| *sum < WORTH);
        worth
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_enough_is_due_once() {
        let wanted = Wanted::default();
        wanted.note([(1, 2)].into_iter(), FEW - 1);
        for _ in 0..WORTH / FEW - 1 {
            wanted.note([(1, 2)].into_iter(), FEW);
        }
        assert!(!wanted.is_due());
        wanted.note([(1, 2), (1, 3)].into_iter(), FEW);
        assert!(wanted.is_due() && !wanted.is_due());
        assert_eq!(wanted.take(), [(1, 2)]);
        assert!(wanted.take().is_empty());
    }
}
