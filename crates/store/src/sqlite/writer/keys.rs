//! Idempotency keys: a repeated request is answered as it was the first time, and done once.

use dinh_model::Timestamp;
use rusqlite::{OptionalExtension as _, params};

use super::Writer;
use super::group::Outcome;
use crate::fingerprint::Digest;
use crate::names::NameId;
use crate::sqlite::failure::Failed;
use crate::{Done, Error, OpError, Receipt};

impl Writer {
    /// The answer of an earlier commit under this key, or the refusal of another commit under it.
    pub(super) fn known_key(
        &self,
        (tenant, by): (NameId, &str),
        key: &str,
        digest: &Digest,
        now: Timestamp,
    ) -> Failed<Option<Outcome>> {
        let known = self
            .connection
            .prepare_cached("SELECT at, digest, results FROM idempotency WHERE tenant = ?1 AND key = ?2")?
            .query_row(params![tenant, own(by, key)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((at, known_digest, results)) = known else { return Ok(None) };
        if now.micros_since(Timestamp::from_micros(at)) > self.key_micros() {
            return Ok(None);
        }
        if known_digest != digest {
            return Ok(Some(Err(Error::KeyReused(key.to_owned()))));
        }
        let results = serde_json::from_str(&results).map_err(|error| {
            Error::Damaged(format!("the answer kept under an idempotency key is unreadable: {error}"))
        })?;
        Ok(Some(Ok(Receipt { results, head: self.place.head, replayed: true })))
    }

    pub(super) fn remember_key(
        &self,
        (tenant, by): (NameId, &str),
        key: &str,
        digest: &Digest,
        now: Timestamp,
        results: &[Result<Done, OpError>],
    ) -> Failed<()> {
        let results = serde_json::to_string(results)
            .map_err(|error| Error::Engine(format!("the answer cannot be kept: {error}")))?;
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO idempotency (tenant, key, at, digest, results) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![tenant, own(by, key), now.as_micros(), digest.as_slice(), results])?;
        Ok(())
    }

    pub(super) fn key_micros(&self) -> i64 {
        i64::try_from(self.shared.options.key_keep.as_micros()).unwrap_or(i64::MAX)
    }
}

/// The key as it is kept: everybody has their own, so that whoever guesses another's learns nothing by it.
fn own(by: &str, key: &str) -> String {
    format!("{by} {key}")
}
