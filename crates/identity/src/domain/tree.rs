//! Units below units.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use dinh_model::Iri;
use jiff::civil::Date;

use super::Days;

/// Most units that one position may stand for, those below included.
const MOST: usize = 5_000;

/// Which units belong to which, with dates: what the graph says about entities of the type `Unit`.
#[derive(Clone, Debug, Default)]
pub struct UnitTree(HashMap<Iri, Vec<(Iri, Days)>>);

impl UnitTree {
    /// A tree of `(unit, the unit that it belongs to, when it exists)`.
    pub fn new(units: impl IntoIterator<Item = (Iri, Iri, Days)>) -> Self {
        let mut below: HashMap<Iri, Vec<(Iri, Days)>> = HashMap::new();
        for (unit, parent, days) in units {
            below.entry(parent).or_default().push((unit, days));
        }
        Self(below)
    }

    /// Adds `unit` to `units` with everything below it on `day`. Units that are there already are not followed again,
    /// so that a circle ends.
    pub(super) fn add(&self, units: &mut BTreeSet<Arc<str>>, unit: &Iri, day: Date) {
        let mut waiting = vec![unit];
        while let Some(unit) = waiting.pop() {
            if units.len() >= MOST || !units.insert(unit.as_str().into()) {
                continue;
            }
            let below = self.0.get(unit).into_iter().flatten();
            waiting.extend(below.filter(|(_, days)| days.contains(day)).map(|(unit, _)| unit));
        }
    }
}
