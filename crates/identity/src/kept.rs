//! The records that accounts are kept in: small documents of the store, all with the default tenant.
//!
//! Records have no versions, so two writers that each read, change and write could lose one change. All writing goes
//! through this crate in the one process that holds the store open, which makes locks in memory enough: [`Locks`] has
//! one for each account. They keep a change whole (read, decide, write, forget what is cached) and cost nothing that
//! would need cleaning up.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use dinh_context::Session;
use dinh_context::graph::{Commit, Op};
use dinh_context::{Context, Error as DoorError};
use dinh_model::Tenant;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{Mutex, MutexGuard};

use crate::Error;

/// Kinds of records. Their keys are given in the documentation of the crate.
pub(crate) mod kind {
    pub(crate) const ACCOUNT: &str = "identity-account";
    pub(crate) const HANDLE: &str = "identity-handle";
    pub(crate) const SECRET: &str = "identity-secret";
    pub(crate) const SESSION: &str = "identity-session";
    pub(crate) const TRIES: &str = "identity-tries";
    pub(crate) const KEY: &str = "identity-key";
    pub(crate) const SET_UP: &str = "identity-set-up";
    pub(crate) const BY_CARD: &str = "identity-by-card";
}

/// Number of locks: accounts share them, which only makes some wait for strangers.
const STRIPES: usize = 256;

/// Reads and writes records.
#[derive(Clone)]
pub(crate) struct Kept(Session);

impl Kept {
    pub(crate) fn new(context: &Context) -> Self {
        Self(context.system("identity", Tenant::default_tenant()))
    }

    pub(crate) async fn get<T: DeserializeOwned>(&self, kind: &str, key: &str) -> Result<Option<T>, Error> {
        let Some(record) = self.0.record(kind, key).await? else { return Ok(None) };
        read(kind, key, record.body).map(Some)
    }

    /// At most `limit` records with keys after `after`.
    pub(crate) async fn list<T: DeserializeOwned>(
        &self,
        kind: &str,
        after: &str,
        limit: usize,
    ) -> Result<Vec<(String, T)>, Error> {
        let records = self.0.records(kind, after, limit).await?;
        let read = |key: String, body| read(kind, &key, body).map(|value| (key, value));
        records.into_iter().map(|record| read(record.key, record.body)).collect()
    }

    pub(crate) async fn count(&self, kind: &str) -> Result<u64, Error> {
        Ok(self.0.record_count(kind).await?)
    }

    /// Commits all of `ops` or none.
    pub(crate) async fn write(&self, ops: Vec<Op>) -> Result<(), Error> {
        if ops.is_empty() {
            return Ok(());
        }
        let receipt = self.0.commit(Commit::atomic(ops)).await?;
        for result in receipt.results {
            result.map_err(DoorError::from)?;
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(kind: &str, key: &str, body: serde_json::Value) -> Result<T, Error> {
    serde_json::from_value(body).map_err(|error| Error::Damaged(format!("the record {kind}/{key}: {error}")))
}

/// Creates or replaces a record.
pub(crate) fn put<T: Serialize>(kind: &str, key: &str, value: &T) -> Result<Op, Error> {
    let body = serde_json::to_value(value).map_err(|error| Error::Damaged(error.to_string()))?;
    Ok(Op::PutRecord { kind: kind.to_owned(), key: key.to_owned(), body })
}

/// Removes a record, which must be there.
pub(crate) fn delete(kind: &str, key: &str) -> Op {
    Op::DeleteRecord { kind: kind.to_owned(), key: key.to_owned() }
}

/// One lock for each account.
pub(crate) struct Locks(Vec<Mutex<()>>);

impl Default for Locks {
    fn default() -> Self {
        Self((0..STRIPES).map(|_| Mutex::default()).collect())
    }
}

impl Locks {
    /// Waits until nobody else changes what `of` names.
    pub(crate) async fn of(&self, of: &str) -> Option<MutexGuard<'_, ()>> {
        let mut hasher = DefaultHasher::new();
        of.hash(&mut hasher);
        let stripe = usize::try_from(hasher.finish() % STRIPES as u64).unwrap_or(0);
        match self.0.get(stripe) {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }
}
