//! Which vault goes with the graph.

use rusqlite::{Connection, OptionalExtension as _};

use crate::sqlite::failure::Failed;

/// What the graph says of its vault.
pub(in crate::sqlite) struct VaultPlace {
    /// Which one it is.
    pub(in crate::sqlite) id: [u8; 16],
    /// The last key that something may be sealed with.
    pub(in crate::sqlite) keys: u64,
    /// The last erasure that the graph has carried out.
    pub(in crate::sqlite) erased: u64,
}

/// The vault that the graph was sealed with; none if it never had one.
pub(in crate::sqlite) fn vault_place(connection: &Connection) -> Failed<Option<VaultPlace>> {
    let read = |row: &rusqlite::Row<'_>| {
        let (keys, erased): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok(VaultPlace { id: row.get(0)?, keys: keys.cast_unsigned(), erased: erased.cast_unsigned() })
    };
    Ok(connection.query_row("SELECT id, keys, erased FROM vault", [], read).optional()?)
}
