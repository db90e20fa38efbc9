//! All entities of some types, or all that point at some entities, in the order in which they came.

use dinh_model::EntityId;
use rusqlite::{OptionalExtension as _, params};

use super::fetch::Scene;
use crate::names::NameId;
use crate::sqlite::failure::Failed;

/// Keys read at a time, at first and at most: whoever wants a page does not pay for a book.
const CHUNK: (usize, usize) = (64, 1024);

/// What the keys of a lane have in common. An index holds them in order.
enum Of {
    /// They have a type.
    Type(NameId),
    /// They point at an entity by an attribute.
    Link(EntityId, NameId),
    /// It is this one.
    Key(i64),
}

/// Keys with something in common, read ahead.
struct Lane {
    of: Of,
    ahead: std::vec::IntoIter<i64>,
    chunk: usize,
    last: i64,
    ended: bool,
}

/// The keys of all entities of some lanes, ascending, each once.
pub(super) struct Walk<'a> {
    scene: Scene<'a>,
    lanes: Vec<Lane>,
}

impl<'a> Walk<'a> {
    /// The keys above `after`. Type 0 is every type.
    pub(super) fn new(scene: Scene<'a>, types: &[NameId], after: i64) -> Self {
        Self { scene, lanes: types.iter().map(|of| Lane::new(Of::Type(*of), after)).collect() }
    }

    /// The keys above `after` of the entities that point at one of some entities, or are one.
    pub(super) fn linked(scene: Scene<'a>, at: &[EntityId], after: i64) -> Failed<Self> {
        let mut lanes = Vec::new();
        for id in at {
            lanes.extend(scene.key(id)?.map(|key| Lane::new(Of::Key(key), after)));
            let mut last = -1;
            while let Some(attribute) = attribute_after(scene, id, last)? {
                lanes.push(Lane::new(Of::Link(id.clone(), attribute), after));
                last = i64::from(attribute);
            }
        }
        Ok(Self { scene, lanes })
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
        if let [lane] = self.lanes.as_mut_slice()
            && let Of::Type(entity_type) = lane.of
        {
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
                .query_row(params![self.scene.tenant, entity_type, place], |row| row.get(0))?;
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

/// The next attribute by which anything points at an entity.
fn attribute_after(scene: Scene<'_>, id: &EntityId, last: i64) -> Failed<Option<NameId>> {
    let mut statement = scene.connection.prepare_cached(
        "SELECT attribute FROM link WHERE tenant = ?1 AND object = ?2 AND attribute > ?3 \
         ORDER BY attribute LIMIT 1",
    )?;
    Ok(statement.query_row(params![scene.tenant, id.as_str(), last], |row| row.get(0)).optional()?)
}

impl Lane {
    fn new(of: Of, after: i64) -> Self {
        Self { of, ahead: Vec::new().into_iter(), chunk: CHUNK.0, last: after, ended: false }
    }

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
        let keys = self.keys(scene)?;
        self.ended = keys.len() < self.chunk;
        self.chunk = (self.chunk * 2).min(CHUNK.1);
        self.last = keys.last().copied().unwrap_or(self.last);
        self.ahead = keys.into_iter();
        Ok(())
    }

    fn keys(&self, scene: Scene<'_>) -> Failed<Vec<i64>> {
        let (last, chunk) = (self.last, i64::try_from(self.chunk).unwrap_or(i64::MAX));
        let read = |sql: &str, binds: &[&dyn rusqlite::ToSql]| -> Failed<Vec<i64>> {
            let mut statement = scene.connection.prepare_cached(sql)?;
            let keys = statement.query_map(binds, |row| row.get(0))?;
            Ok(keys.collect::<Result<_, _>>()?)
        };
        match &self.of {
            Of::Type(entity_type) => read(
                "SELECT pk FROM entity_type WHERE tenant = ?1 AND type = ?2 AND pk > ?3 ORDER BY pk LIMIT ?4",
                params![scene.tenant, entity_type, last, chunk],
            ),
            Of::Link(object, attribute) => read(
                "SELECT pk FROM link WHERE tenant = ?1 AND object = ?2 AND attribute = ?3 AND pk > ?4 \
                 ORDER BY pk LIMIT ?5",
                params![scene.tenant, object.as_str(), attribute, last, chunk],
            ),
            Of::Key(key) => Ok(if *key > last { vec![*key] } else { Vec::new() }),
        }
    }
}
