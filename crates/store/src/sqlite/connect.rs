//! Opening connections.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::failure::Failed;
use crate::{Error, Options};

/// Bytes in a database page. Measured with random updates of one million entities: pages of 4 KiB write half as much
/// to the log as pages of 8 KiB, and reads do not differ.
const PAGE_BYTES: u32 = 4096;

/// Prepared statements kept by each connection.
const STATEMENTS: usize = 128;

/// The connection that writes. Creates the database if there is none.
pub(super) fn writer(file: &Path, options: &Options) -> Failed<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if !mode.eq_ignore_ascii_case("wal") {
        return Err(Error::Engine(format!(
            "the database cannot keep a write-ahead log here (it offers {mode}); use a local disk"
        )));
    }
    // Every commit reaches the disk before it is acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The writer copies the log itself, between transactions (module checkpoint).
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    // Keeps the log file from staying at its largest size for ever.
    connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    common(&connection, options.writer_cache_kib)?;
    set_max_bytes(&connection, options.max_bytes)?;
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(file: &Path, cache_kib: usize) -> Failed<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.pragma_update(None, "query_only", true)?;
    common(&connection, cache_kib)?;
    Ok(connection)
}

/// A connection that only reads, but may have tables of its own in memory.
pub(super) fn inspector(file: &Path) -> Failed<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    common(&connection, 32 * 1024)?;
    Ok(connection)
}

/// A connection to a file that nobody writes, and that leaves no trace beside it.
pub(super) fn resting(file: &Path) -> Failed<Connection> {
    let path = file.to_str().ok_or_else(|| Error::Invalid(format!("{} is not UTF-8", file.display())))?;
    // The characters that mean something in a URI of the engine.
    let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    Ok(Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)?)
}

/// A connection that copies the log.
pub(super) fn helper(file: &Path) -> Failed<Connection> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    common(&connection, 256)?;
    Ok(connection)
}

fn common(connection: &Connection, cache_kib: usize) -> Failed<()> {
    let kib = i64::try_from(cache_kib).unwrap_or(i64::MAX);
    connection.pragma_update(None, "cache_size", -kib)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // Resident memory stays what the caches say; the system's own page cache does the rest.
    connection.pragma_update(None, "mmap_size", 0)?;
    // Readers and the writer wait for one another only while the log starts over or is recovered.
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(())
}

/// Bounds the size of the database.
fn set_max_bytes(connection: &Connection, max_bytes: Option<u64>) -> Failed<()> {
    let Some(bytes) = max_bytes else { return Ok(()) };
    let page: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = (bytes / page.max(1).unsigned_abs()).clamp(1, u64::from(u32::MAX - 1));
    // The engine never sets it below what is in use; the answer is what it has set.
    let _set: i64 =
        connection.pragma_update_and_check(None, "max_page_count", pages.cast_signed(), |row| row.get(0))?;
    Ok(())
}
