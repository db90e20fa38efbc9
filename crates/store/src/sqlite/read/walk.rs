//! All entities of some types, in the order in which they came.

use rusqlite::params;

use super::fetch::Scene;
use crate::names::NameId;
use crate::sqlite::failure::Failed;

/// Keys read at a time.
const CHUNK: usize = 512;

/// The entities of one type, read ahead.
struct Lane {
    entity_type: NameId,
    ahead: std::vec::IntoIter<i64>,
    last: i64,
    ended: bool,
}

/// The keys of all entities that have one of some types, ascending, each once.
pub(super) struct Walk<'a> {
    scene: Scene<'a>,
    lanes: Vec<Lane>,
}

impl<'a> Walk<'a> {
    /// The keys above `after`. Type 0 is every type.
    pub(super) fn new(scene: Scene<'a>, types: &[NameId], after: i64) -> Self {
        let lane = |entity_type: &NameId| Lane {
            entity_type: *entity_type,
            ahead: Vec::new().into_iter(),
            last: after,
            ended: false,
        };
        Self { scene, lanes: types.iter().map(lane).collect() }
    }

    pub(super) fn next(&mut self) -> Failed<Option<i64>> {
        for lane in &mut self.lanes {
            lane.read_ahead(self.scene)?;
        }
        let next = self.lanes.iter().filter_map(Lane::peek).min();
        if let Some(pk) = next {
            self.lanes.iter_mut().filter(|lane| lane.peek() == Some(pk)).for_each(Lane::pass);
        }
        Ok(next)
    }

    /// Passes over so many keys; quick for one type.
    pub(super) fn skip(&mut self, count: usize) -> Failed<()> {
        if let [lane] = self.lanes.as_mut_slice() {
            if count == 0 {
                return Ok(());
            }
            let place = i64::try_from(count - 1).unwrap_or(i64::MAX);
            let last: Option<i64> = self
                .scene
                .connection
                .prepare_cached(
                    "SELECT max(pk) FROM (SELECT pk FROM entity_type WHERE tenant = ?1 AND type = ?2 \
                     ORDER BY pk LIMIT 1 OFFSET ?3)",
                )?
                .query_row(params![self.scene.tenant, lane.entity_type, place], |row| row.get(0))?;
            match last {
                Some(pk) => lane.last = pk,
                None => lane.ended = true,
            }
            return Ok(());
        }
        for _ in 0..count {
            if self.next()?.is_none() {
                break;
            }
        }
        Ok(())
    }
}

impl Lane {
    fn peek(&self) -> Option<i64> {
        self.ahead.as_slice().first().copied()
    }

    fn pass(&mut self) {
        self.ahead.next();
    }

    fn read_ahead(&mut self, scene: Scene<'_>) -> Failed<()> {
        if self.ended || self.peek().is_some() {
            return Ok(());
        }
        let mut statement = scene.connection.prepare_cached(
            "SELECT pk FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk > ?3 ORDER BY pk LIMIT ?4",
        )?;
        let chunk = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let keys: Vec<i64> = statement
            .query_map(params![scene.tenant, self.entity_type, self.last, chunk], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        self.ended = keys.len() < CHUNK;
        self.last = keys.last().copied().unwrap_or(self.last);
        self.ahead = keys.into_iter();
        Ok(())
    }
}
