//! Signings that wait for a signature from elsewhere. They are kept in memory: whoever starts the program anew begins them
//! again, and nothing was promised.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use dinh_model::Tenant;
use dinh_signatures::{Prepared, check_signature};
use jiff::{SignedDuration, Timestamp};

use crate::Error;

/// How long one waits.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Most that wait.
const MOST: usize = 1_000;
/// Most bytes of documents that wait.
const MOST_BYTES: usize = 256 << 20;
/// How many signatures that do not fit one takes before it is over.
const TRIES: u8 = 3;

struct One {
    tenant: Tenant,
    account: String,
    key: String,
    prepared: Prepared,
    ends: Timestamp,
    tries: u8,
}

/// What waits.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<String, One>>);

impl Waiting {
    fn lock(&self, now: Timestamp) -> std::sync::MutexGuard<'_, BTreeMap<String, One>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, one| one.ends > now);
        all
    }

    /// Keeps one for somebody, and says until when.
    pub(crate) fn keep(
        &self,
        id: String,
        (tenant, account, key): (&Tenant, &str, &str),
        prepared: Prepared,
        now: Timestamp,
    ) -> Result<Timestamp, Error> {
        let mut all = self.lock(now);
        let bytes: usize = all.values().map(|one| one.prepared.size()).sum();
        if all.len() >= MOST || bytes + prepared.size() > MOST_BYTES {
            return Err(Error::TooMany { most: MOST });
        }
        let ends = now.saturating_add(LIFE).unwrap_or(Timestamp::MAX);
        let (account, key) = (account.to_owned(), key.to_owned());
        all.insert(id, One { tenant: tenant.clone(), account, key, prepared, ends, tries: TRIES });
        Ok(ends)
    }

    /// Takes one out for its signature: it is good once. A signature that does not fit is refused, and after three the
    /// signing is over.
    pub(crate) fn take(
        &self,
        id: &str,
        (tenant, account): (&Tenant, &str),
        signature: &[u8],
        now: Timestamp,
    ) -> Result<(String, Prepared), Error> {
        let mut all = self.lock(now);
        // Nobody ends what waits for somebody else.
        let own = all.get(id).is_some_and(|one| one.tenant == *tenant && one.account == account);
        if !own {
            return Err(Error::NothingWaits);
        }
        let Some(mut one) = all.remove(id) else { return Err(Error::NothingWaits) };
        if let Err(fault) = check_signature(&one.prepared, signature) {
            one.tries -= 1;
            if one.tries > 0 {
                all.insert(id.to_owned(), one);
            }
            return Err(Error::Sign(fault));
        }
        Ok((one.key, one.prepared))
    }
}
