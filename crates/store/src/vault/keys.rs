//! Keys: made by the writer, opened by everybody, destroyed by erasures.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dinh_model::{EntityId, Tenant, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::cipher::{Cipher, KEY, NONCE};
use super::file::{self, VaultId};
use super::opened::{Opened, Whose};
use super::options::{Marks, Randomness, VaultOptions};
use crate::{Error, Result};

/// A key that no transaction has made durable yet.
struct New {
    whose: Whose,
    made: Timestamp,
    wrapped: Vec<u8>,
    cipher: Arc<Cipher>,
}

/// Keys made for the group of commits that is being written.
#[derive(Default)]
struct Pending {
    numbers: HashMap<Whose, u64>,
    keys: HashMap<u64, New>,
    last: u64,
}

/// The vault. One thread writes; all threads open.
pub(crate) struct Vault {
    id: VaultId,
    master: Cipher,
    pub(super) marks: Arc<dyn Marks>,
    random: Arc<dyn Randomness>,
    writing: Mutex<Connection>,
    reading: Mutex<Connection>,
    opened: Mutex<Opened>,
    pending: Mutex<Pending>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Vault {
    /// Opens or makes the vault in a folder, which this process alone may have open.
    ///
    /// # Errors
    /// [`Error::WrongMaster`] if the keys were made with another master key.
    pub(crate) fn open(options: &VaultOptions, now: Timestamp) -> Result<Self> {
        let folder: &Path = &options.folder;
        let master = Cipher::new(&options.master)?;
        let random = Arc::clone(&options.random);
        let (writing, id) = file::open(folder, &master, random.as_ref(), now)?;
        let reading = file::reader(folder)?;
        let last = last(&writing, "key")?;
        Ok(Self {
            id,
            master,
            marks: Arc::clone(&options.marks),
            random,
            writing: Mutex::new(writing),
            reading: Mutex::new(reading),
            opened: Mutex::new(Opened::new()),
            pending: Mutex::new(Pending { last, ..Pending::default() }),
        })
    }

    /// Which vault it is.
    pub(crate) fn id(&self) -> &VaultId {
        &self.id
    }

    /// Number of the last key ever made durable.
    pub(crate) fn last_key(&self) -> Result<u64> {
        last(&locked(&self.writing), "key")
    }

    pub(crate) fn random(&self) -> &dyn Randomness {
        self.random.as_ref()
    }

    pub(super) fn writing(&self) -> MutexGuard<'_, Connection> {
        locked(&self.writing)
    }

    /// The key of an entity with these subjects; a new one if there is none. For the writer alone: a new key becomes
    /// durable with [`Vault::flush`].
    pub(super) fn key(&self, whose: Whose, now: Timestamp) -> Result<(u64, Arc<Cipher>)> {
        let known = locked(&self.pending).numbers.get(&whose).copied();
        let known = known.or_else(|| locked(&self.opened).number(&whose));
        if let Some(number) = known
            && let Some(cipher) = self.cipher(number)?
        {
            return Ok((number, cipher));
        }
        let row: Option<(i64, Vec<u8>)> = self
            .writing()
            .prepare_cached(
                "SELECT number, wrapped FROM key \
                 WHERE tenant = ?1 AND entity = ?2 AND subjects = ?3 AND wrapped IS NOT NULL",
            )?
            .query_row(params![whose.tenant.as_str(), whose.entity.as_str(), whose.subjects], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((number, wrapped)) = row else { return self.make(whose, now) };
        let number = number.cast_unsigned();
        let cipher = Arc::new(self.unwrap(number, (&whose.tenant, &whose.entity), &wrapped)?);
        let mut opened = locked(&self.opened);
        let destructions = opened.destructions();
        opened.keep(number, &cipher, destructions);
        opened.know(whose, number);
        Ok((number, cipher))
    }

    fn make(&self, whose: Whose, now: Timestamp) -> Result<(u64, Arc<Cipher>)> {
        let (mut key, mut nonce) = ([0; KEY], [0; NONCE]);
        for bytes in [key.as_mut_slice(), nonce.as_mut_slice()] {
            self.random.fill(bytes).map_err(|none| Error::Engine(none.to_string()))?;
        }
        let mut pending = locked(&self.pending);
        let number = pending.last + 1;
        let bound = self.bound(number, (&whose.tenant, &whose.entity));
        let sealed = self.master.seal(nonce, &bound, key.to_vec()).unwrap_or_default();
        let cipher = Arc::new(Cipher::new(&key)?);
        let wrapped = [nonce.as_slice(), &sealed].concat();
        pending.last = number;
        pending.numbers.insert(whose.clone(), number);
        pending.keys.insert(number, New { whose, made: now, wrapped, cipher: Arc::clone(&cipher) });
        Ok((number, cipher))
    }

    /// The key of this number; `None` if it is destroyed.
    ///
    /// # Errors
    /// [`Error::Damaged`] if there never was one.
    pub(crate) fn cipher(&self, number: u64) -> Result<Option<Arc<Cipher>>> {
        let destructions = {
            let mut opened = locked(&self.opened);
            if let Some(cipher) = opened.cipher(number) {
                return Ok(Some(cipher));
            }
            opened.destructions()
        };
        if let Some(new) = locked(&self.pending).keys.get(&number) {
            return Ok(Some(Arc::clone(&new.cipher)));
        }
        let row: Option<(String, String, Option<Vec<u8>>)> = locked(&self.reading)
            .prepare_cached("SELECT tenant, entity, wrapped FROM key WHERE number = ?1")?
            .query_row([number.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        let (tenant, entity, wrapped) =
            row.ok_or_else(|| Error::Damaged(format!("the vault never had a key {number}")))?;
        let Some(wrapped) = wrapped else { return Ok(None) };
        let of = (&Tenant::trusted(tenant), &EntityId::trusted(entity));
        let cipher = Arc::new(self.unwrap(number, of, &wrapped)?);
        locked(&self.opened).keep(number, &cipher, destructions);
        Ok(Some(cipher))
    }

    /// The tenant and the entity that a key belongs to, or belonged to; none if there never was one.
    pub(crate) fn whose(&self, number: u64) -> Result<Option<(Tenant, EntityId)>> {
        let row: Option<(String, String)> = locked(&self.reading)
            .prepare_cached("SELECT tenant, entity FROM key WHERE number = ?1")?
            .query_row([number.cast_signed()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        Ok(row.map(|(tenant, entity)| (Tenant::trusted(tenant), EntityId::trusted(entity))))
    }

    fn unwrap(&self, number: u64, of: (&Tenant, &EntityId), wrapped: &[u8]) -> Result<Cipher> {
        let damaged = || Error::Damaged(format!("key {number} of the vault is not as it was written"));
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE>().ok_or_else(damaged)?;
        let key = self.master.open(*nonce, &self.bound(number, of), sealed).ok_or_else(damaged)?;
        Cipher::new(&key.try_into().map_err(|_length| damaged())?)
    }

    /// What a wrapped key is bound to, so that no key can be put in the place of another.
    fn bound(&self, number: u64, (tenant, entity): (&Tenant, &EntityId)) -> Vec<u8> {
        let mut bound = b"dinh key 1".to_vec();
        bound.extend_from_slice(&self.id);
        bound.extend_from_slice(&number.to_le_bytes());
        for text in [tenant.as_str(), entity.as_str()] {
            bound.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bound.extend_from_slice(text.as_bytes());
        }
        bound
    }

    /// Makes the keys of the group durable; the number of the last one, or `None` if there were none. To be called
    /// before the group is committed.
    pub(crate) fn flush(&self) -> Result<Option<u64>> {
        let mut pending = locked(&self.pending);
        if pending.keys.is_empty() {
            return Ok(None);
        }
        let mut connection = self.writing();
        let transaction = connection.transaction()?;
        for (number, new) in &pending.keys {
            let Whose { tenant, entity, subjects } = &new.whose;
            transaction
                .prepare_cached(
                    "INSERT INTO key (number, tenant, entity, subjects, made, wrapped) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![
                    number.cast_signed(),
                    tenant.as_str(),
                    entity.as_str(),
                    subjects,
                    new.made.as_micros(),
                    new.wrapped
                ])?;
            let mut statement = transaction
                .prepare_cached("INSERT INTO key_subject (tenant, subject, key) VALUES (?1, ?2, ?3)")?;
            for subject in subjects.lines() {
                statement.execute(params![tenant.as_str(), subject, number.cast_signed()])?;
            }
        }
        transaction.commit()?;
        drop(connection);
        let mut opened = locked(&self.opened);
        let destructions = opened.destructions();
        for (number, new) in std::mem::take(&mut pending.keys) {
            opened.keep(number, &new.cipher, destructions);
            opened.know(new.whose, number);
        }
        pending.numbers.clear();
        Ok(Some(pending.last))
    }

    /// Forgets the keys of a group that is not committed. Their numbers are not given out again.
    pub(crate) fn undo(&self) {
        let mut pending = locked(&self.pending);
        pending.keys.clear();
        pending.numbers.clear();
    }

    /// Every key that was destroyed is forgotten at once.
    pub(super) fn forget_opened(&self) {
        locked(&self.opened).forget();
    }
}

/// The last number that a table has given out.
pub(super) fn last(connection: &Connection, table: &str) -> Result<u64> {
    let number: Option<i64> = connection
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = ?1", [table], |row| row.get(0))
        .optional()?;
    Ok(number.map_or(0, i64::cast_unsigned))
}
