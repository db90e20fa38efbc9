//! The database of the vault.

use std::path::Path;

use dinh_model::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};

use super::cipher::{Cipher, NONCE};
use super::options::Randomness;
use crate::{Error, Result};

/// Name of the database in the folder of the keys.
pub(super) const FILE: &str = "vault.sqlite";

/// The newest schema.
const SCHEMA: u32 = 1;

/// What is sealed as the proof that a master key is the right one.
const PROOF: &[u8] = b"dinh vault 1";

/// Which vault it is.
pub(crate) type VaultId = [u8; 16];

/// Opens the database, or makes it, and checks that `master` is the key that it was made with.
pub(super) fn open(
    folder: &Path,
    master: &Cipher,
    random: &dyn Randomness,
    now: Timestamp,
) -> Result<(Connection, VaultId)> {
    let connection = Connection::open(folder.join(FILE))?;
    prepare(&connection)?;
    let _mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    let schema: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if schema > SCHEMA {
        return Err(Error::Newer { found: schema, known: SCHEMA });
    }
    if schema == 0 {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        connection.execute_batch(include_str!("vault.sql"))?;
        found(&connection, master, random, now)?;
        connection.pragma_update(None, "user_version", SCHEMA)?;
        connection.execute_batch("COMMIT")?;
    }
    let id = check(&connection, master, folder)?;
    Ok((connection, id))
}

/// A further connection, which only reads.
pub(super) fn reader(folder: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(FILE), flags)?;
    prepare(&connection)?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten: a destroyed key must not be found in a free page.
    connection.pragma_update(None, "secure_delete", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(())
}

/// Copies the log into the database and empties it: what was overwritten is in neither.
pub(super) fn empty_log(connection: &Connection) -> Result<()> {
    let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 {
        Ok(())
    } else {
        Err(Error::Engine("the log of the vault could not be emptied after keys were destroyed".into()))
    }
}

/// Nobody but the owner may look into the folder.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    let made = {
        use std::os::unix::fs::DirBuilderExt as _;
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
    };
    #[cfg(not(unix))]
    let made = std::fs::create_dir_all(folder);
    made.map_err(|error| Error::file(folder, &error))
}

fn found(connection: &Connection, master: &Cipher, random: &dyn Randomness, now: Timestamp) -> Result<()> {
    let mut id: VaultId = [0; 16];
    let mut nonce = [0; NONCE];
    for bytes in [id.as_mut_slice(), nonce.as_mut_slice()] {
        random.fill(bytes).map_err(|none| Error::Engine(none.to_string()))?;
    }
    let sealed = master.seal(nonce, &id, PROOF.to_vec()).unwrap_or_default();
    let proof = [nonce.as_slice(), &sealed].concat();
    connection.execute(
        "INSERT INTO vault (id, made, proof) VALUES (?1, ?2, ?3)",
        params![id, now.as_micros(), proof],
    )?;
    Ok(())
}

pub(super) fn check(connection: &Connection, master: &Cipher, folder: &Path) -> Result<VaultId> {
    let row: Option<(Vec<u8>, Vec<u8>)> = connection
        .query_row("SELECT id, proof FROM vault", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let damaged = || Error::Damaged("the vault does not say which one it is".into());
    let (id, proof) = row.ok_or_else(damaged)?;
    let id: VaultId = id.try_into().map_err(|_length| damaged())?;
    let (nonce, sealed) = proof.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
    match master.open(*nonce, &id, sealed) {
        Some(proof) if proof == PROOF => Ok(id),
        _ => Err(Error::WrongMaster(folder.to_owned())),
    }
}
