//! The limit of durable updates: a bare loop on a copy of the same database that writes the same rows with the same
//! durability, and does nothing else. It knows the tables of `crates/store`; when they change, this changes with them.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use rand::Rng as _;
use rusqlite::{Connection, Transaction, params};

use crate::options::Options;
use crate::report::say;

/// Rows in a transaction: one request, and all requests that sixteen connections can have under way.
const SIZES: [u32; 2] = [100, 1600];

/// A row to write again: what the server wrote for its last update.
struct Pattern {
    document: Vec<u8>,
    observation: Vec<u8>,
    change: Vec<u8>,
    by: String,
    tenant: i64,
    kind: i64,
}

/// Entities written a second, each with `observations` of its attributes, by the better of the two transaction sizes.
pub(crate) fn bare_updates(options: &Options, data: &Path, observations: u32) -> Result<f64> {
    say("Updating with a bare SQLite loop");
    let copy = data.with_extension("bare");
    let mut best: f64 = 0.0;
    for size in SIZES {
        let file = copy_database(data, &copy)?;
        let rate = run(&file, size, observations, Duration::from_secs(options.seconds))?;
        say(&format!("  {size} rows a transaction: {rate:.0} updates/s"));
        best = best.max(rate);
    }
    std::fs::remove_dir_all(copy)?;
    Ok(best)
}

/// Copies the folder's database and returns the copy's file.
fn copy_database(data: &Path, copy: &Path) -> Result<PathBuf> {
    drop(std::fs::remove_dir_all(copy));
    std::fs::create_dir_all(copy)?;
    let mut found = None;
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        let name = path.file_name().context("a file has a name")?;
        let target = copy.join(name);
        if path.is_file() {
            std::fs::copy(&path, &target)?;
            if is_database(&path) {
                found = Some(target);
            }
        }
    }
    found.with_context(|| format!("no database in {}", data.display()))
}

fn is_database(path: &Path) -> bool {
    let mut start = [0; 16];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start));
    read.is_ok() && start == *b"SQLite format 3\0"
}

fn run(file: &Path, size: u32, observations: u32, length: Duration) -> Result<f64> {
    let mut connection = Connection::open(file)?;
    let _mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -65_536)?;
    let pattern = pattern(&connection)?;
    let last: i64 = connection.query_row("SELECT max(pk) FROM entity", [], |row| row.get(0))?;
    let (mut sequence, mut at): (i64, i64) =
        connection
            .query_row("SELECT max(seq), max(at) FROM feed", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut updates = 0_u32;
    let begun = Instant::now();
    while begun.elapsed() < length {
        let transaction = connection.transaction()?;
        for _ in 0..size {
            sequence += 1;
            at += 1;
            let of = Of { pk: rand::rng().random_range(1..=last), observations };
            write(&transaction, &pattern, &of, sequence, at)?;
        }
        transaction.commit()?;
        updates += size;
    }
    Ok(f64::from(updates) / begun.elapsed().as_secs_f64())
}

fn pattern(connection: &Connection) -> Result<Pattern> {
    let change = "SELECT tenant, kind, by, body FROM feed ORDER BY seq DESC LIMIT 1";
    let (tenant, kind, by, change) =
        connection.query_row(change, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let document = "SELECT doc FROM entity ORDER BY pk DESC LIMIT 1";
    let observation = "SELECT body FROM observation LIMIT 1";
    Ok(Pattern {
        document: connection.query_row(document, [], |row| row.get(0))?,
        observation: connection.query_row(observation, [], |row| row.get(0))?,
        change,
        by,
        tenant,
        kind,
    })
}

/// What one update is of.
struct Of {
    pk: i64,
    observations: u32,
}

/// What one update writes: the entity, observations of its history, a change in the feed.
fn write(transaction: &Transaction<'_>, pattern: &Pattern, of: &Of, sequence: i64, at: i64) -> Result<()> {
    let id: String = transaction
        .prepare_cached("UPDATE entity SET version = version + 1, doc = ?2 WHERE pk = ?1 RETURNING id")?
        .query_row(params![of.pk, pattern.document], |row| row.get(0))?;
    let mut select =
        transaction.prepare_cached("SELECT id FROM series WHERE pk = ?1 ORDER BY attribute LIMIT ?2")?;
    let series = select
        .query_map(params![of.pk, of.observations], |row| row.get(0))?
        .collect::<Result<Vec<i64>, _>>()?;
    let mut insert = transaction
        .prepare_cached("INSERT OR REPLACE INTO observation (series, at, body) VALUES (?1, ?2, ?3)")?;
    for series in series {
        insert.execute(params![series, at, pattern.observation])?;
    }
    transaction
        .prepare_cached(
            "INSERT INTO feed (seq, tenant, entity, kind, at, by, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![sequence, pattern.tenant, id, pattern.kind, at, pattern.by, pattern.change])?;
    Ok(())
}
