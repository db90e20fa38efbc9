//! Checking every invariant of a store against its entities, on one state, while it is used.
//!
//! Forward: every entity is decoded and every row that the indexes must hold of it is looked for. Backward: each index
//! must have exactly as many rows as were looked for, so that none is left over. Counters are counted again. Full text
//! is compared word by word, feed and history by their own rules, and the engine checks its own pages.

mod audit;
mod counters;
mod entities;
mod feed;
mod history;
mod rows;
mod words;

pub(super) use self::audit::inspect as inspect_audit;

use std::sync::Arc;

use rusqlite::Connection;

use self::entities::Expected;
use super::connect;
use super::engine::Engine;
use super::failure::Failed;
use super::shared::Shared;
use crate::report::{Check, FAULTS_TOLD};
use crate::{Error, Report};

impl Engine {
    pub(crate) async fn verify(&self) -> Failed<Report> {
        self.pool.check_open()?;
        let shared = Arc::clone(&self.shared);
        let checking = tokio::task::spawn_blocking(move || {
            let connection = connect::inspector(&shared.file)?;
            let report = inspect(&connection, &shared)?;
            for check in report.checks.iter().filter(|check| check.fault_count > 0) {
                tracing::error!(
                    check.name,
                    check.faults = check.fault_count,
                    "the store does not hold an invariant"
                );
            }
            Ok(report)
        });
        checking.await.map_err(|error| Error::Engine(format!("the verification did not finish: {error}")))?
    }
}

/// What the checks work with.
#[derive(Clone, Copy)]
struct Scene<'a> {
    connection: &'a Connection,
    shared: &'a Shared,
}

impl Scene<'_> {
    /// One number.
    fn number(&self, sql: &str) -> Failed<i64> {
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// Checks that a question whose rows are faults has none; each row is one sentence.
    fn none(&self, check: &mut Check, sql: &str) -> Failed<()> {
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let fault: String = row.get(0)?;
            check.fault(|| fault);
        }
        Ok(())
    }
}

fn inspect(connection: &Connection, shared: &Shared) -> Failed<Report> {
    connection.execute_batch("CREATE VIRTUAL TABLE temp.tokens USING fts5vocab(main, words, instance)")?;
    connection.execute_batch("BEGIN")?;
    let scene = Scene { connection, shared };
    let mut report = Report { checks: vec![pages(scene)?, feed::check(scene)?, audit::check(connection)?] };
    let mut expected = Expected::default();
    report.checks.extend(entities::check(scene, &mut expected)?);
    report.checks.extend(counters::check(scene, &expected)?);
    report.checks.push(words::check(scene, expected.words)?);
    report.checks.push(history::check(scene)?);
    if let Some(vault) = &shared.vault {
        report.checks.push(vault.verify()?);
    }
    connection.execute_batch("COMMIT")?;
    Ok(report)
}

/// The engine's own check of its pages and of every index of its tables.
fn pages(scene: Scene<'_>) -> Failed<Check> {
    let mut check = Check::new("database pages");
    check.checked = scene.number("PRAGMA page_count")?.unsigned_abs();
    let mut statement = scene.connection.prepare(&format!("PRAGMA integrity_check({FAULTS_TOLD})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let fault: String = row.get(0)?;
        if fault != "ok" {
            check.fault(|| fault);
        }
    }
    Ok(check)
}
