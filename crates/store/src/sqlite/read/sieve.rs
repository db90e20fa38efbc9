//! Passing over candidates that another index knows not to match, without a look at them.
//!
//! What was late in June and is a confirmation of residence: one index has four thousand that were late, another twenty-five
//! thousand confirmations. The fewer are walked; whether each of them is in the other is one step down a tree, where
//! decoding it to find out would cost a hundred times as much.

use rusqlite::params;

use super::fetch::Scene;
use super::source::{Source, ValueLane};
use crate::sqlite::failure::Failed;

/// Most values of one condition that are asked for: `kind=="a","b"`.
const MOST_LANES: usize = 8;

/// Conditions that candidates must meet besides the one that they come from.
pub(super) struct Sieve<'a> {
    scene: Scene<'a>,
    wanted: Vec<Vec<ValueLane>>,
}

impl<'a> Sieve<'a> {
    /// Of the other sources of a query, those in which one key can be looked up: each holds every entity that matches.
    pub(super) fn of(scene: Scene<'a>, others: Vec<Source>) -> Self {
        let wanted = others.into_iter().filter_map(|source| match source {
            Source::Values(lanes) if is_exact(&lanes) => Some(lanes),
            _ => None,
        });
        Self { scene, wanted: wanted.collect() }
    }

    /// False for what cannot match.
    pub(super) fn lets_through(&self, pk: i64) -> Failed<bool> {
        for lanes in &self.wanted {
            let mut has = false;
            for lane in lanes {
                has = has || self.has(lane, pk)?;
            }
            if !has {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn has(&self, lane: &ValueLane, pk: i64) -> Failed<bool> {
        let mut statement = self.scene.connection.prepare_cached(
            "SELECT 1 FROM value_index WHERE tenant = ?1 AND type = ?2 AND attribute = ?3 AND value = ?4 AND pk = ?5",
        )?;
        Ok(statement.exists(params![
            self.scene.tenant,
            lane.entity_type,
            lane.attribute,
            lane.range.0,
            pk
        ])?)
    }
}

fn is_exact(lanes: &[ValueLane]) -> bool {
    lanes.len() <= MOST_LANES && lanes.iter().all(|lane| lane.range.0 == lane.range.1)
}
