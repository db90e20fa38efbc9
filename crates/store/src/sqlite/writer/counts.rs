//! Exact counts, kept in the transaction.
//!
//! A commit collects differences; they are added to the group's when the commit stands, and written once for the
//! group, so that a batch that creates a thousand entities of a type writes one counter.

use std::collections::HashMap;
use std::hash::Hash;

use rusqlite::{Connection, params};

use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::sqlite::shared::TenantId;

/// Differences.
#[derive(Default)]
pub(super) struct Counts {
    /// Entities by tenant and type; type 0 for all.
    pub(super) types: HashMap<(TenantId, NameId), i64>,
    /// Entities by tenant, type and attribute.
    pub(super) attributes: HashMap<(TenantId, NameId, NameId), i64>,
    /// Points by tenant, property, type and coarse cell.
    pub(super) grid: HashMap<(TenantId, NameId, NameId, i64), i64>,
    /// Records by tenant and kind.
    pub(super) records: HashMap<(TenantId, String), i64>,
}

pub(super) fn add<K: Eq + Hash>(counts: &mut HashMap<K, i64>, key: K, by: i64) {
    *counts.entry(key).or_default() += by;
}

fn merge<K: Eq + Hash>(into: &mut HashMap<K, i64>, from: &mut HashMap<K, i64>) {
    for (key, by) in from.drain() {
        add(into, key, by);
    }
}

impl Counts {
    /// Takes all differences of `from`.
    pub(super) fn take(&mut self, from: &mut Self) {
        merge(&mut self.types, &mut from.types);
        merge(&mut self.attributes, &mut from.attributes);
        merge(&mut self.grid, &mut from.grid);
        merge(&mut self.records, &mut from.records);
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Writes all differences and forgets them.
    pub(super) fn flush(&mut self, connection: &Connection) -> Failed<()> {
        for ((tenant, entity_type), by) in self.types.drain() {
            let row = params![tenant, entity_type, by];
            bump(connection, "type_count", "tenant = ?1 AND type = ?2", row, by)?;
        }
        for ((tenant, entity_type, attribute), by) in self.attributes.drain() {
            let row = params![tenant, entity_type, attribute, by];
            bump(connection, "attribute_count", "tenant = ?1 AND type = ?2 AND attribute = ?3", row, by)?;
        }
        for ((tenant, property, entity_type, cell), by) in self.grid.drain() {
            let row = params![tenant, property, entity_type, cell, by];
            bump(
                connection,
                "geo_grid",
                "tenant = ?1 AND property = ?2 AND type = ?3 AND cell = ?4",
                row,
                by,
            )?;
        }
        for ((tenant, kind), by) in self.records.drain() {
            bump(connection, "record_count", "tenant = ?1 AND kind = ?2", params![tenant, kind, by], by)?;
        }
        Ok(())
    }
}

/// Adds `by`, the last of `row`, to a counter. A counter that comes to nothing goes.
fn bump(
    connection: &Connection,
    table: &str,
    place: &str,
    row: &[&dyn rusqlite::ToSql],
    by: i64,
) -> Failed<()> {
    let last = row.len();
    if by > 0 {
        let places: Vec<String> = (1..=last).map(|n| format!("?{n}")).collect();
        let insert = format!(
            "INSERT INTO {table} VALUES ({}) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            places.join(", ")
        );
        connection.prepare_cached(&insert)?.execute(row)?;
    } else if by < 0 {
        let less = format!("UPDATE {table} SET n = n + ?{last} WHERE {place} AND n + ?{last} > 0");
        if connection.prepare_cached(&less)?.execute(row)? == 0 {
            let gone = format!("DELETE FROM {table} WHERE {place} AND n + ?{last} = 0");
            connection.prepare_cached(&gone)?.execute(row)?;
        }
    }
    Ok(())
}
