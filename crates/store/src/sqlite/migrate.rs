//! Brings a database to the newest schema. Each step runs in one transaction with its `user_version`, so a crash
//! leaves the schema before or after it. Steps only ever add (expand now, contract a release later).

use rusqlite::Connection;

use super::failure::Failed;
use crate::Error;

/// The steps, oldest first; the schema after the first is 1.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_graph.sql"),
    include_str!("migrations/0002_audit.sql"),
    include_str!("migrations/0003_vault.sql"),
    include_str!("migrations/0004_evolution.sql"),
];

/// The newest schema.
pub(super) fn newest() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// The schema of a database; 0 for an empty one.
pub(super) fn schema(connection: &Connection) -> Failed<u32> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

pub(super) fn run(connection: &Connection) -> Failed<()> {
    let found = schema(connection)?;
    if found > newest() {
        return Err(Error::Newer { found, known: newest() });
    }
    for (step, version) in STEPS.iter().zip(1u32..).skip(usize::try_from(found).unwrap_or(usize::MAX)) {
        let sql = format!("BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {version};\nCOMMIT;");
        connection.execute_batch(&sql)?;
        tracing::info!(schema.version = version, "brought the schema of the store up");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_database_becomes_the_newest_and_a_newer_one_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        run(&connection).unwrap();
        assert_eq!(schema(&connection).unwrap(), newest());
        run(&connection).unwrap();
        connection.pragma_update(None, "user_version", newest() + 1).unwrap();
        assert!(matches!(run(&connection), Err(Error::Newer { .. })));
    }
}
