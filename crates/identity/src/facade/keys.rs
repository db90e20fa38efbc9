//! Keys: who shows one.

use std::net::IpAddr;
use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_model::{Tenant, Timestamp};

use super::trees::FRESH;
use super::{By, Identity};
use crate::domain::{AccountId, Moment, State, acting};
use crate::event::{Origin, What};
use crate::kept::{kind, put};
use crate::key::{KeyRecord, KeyText, LiveKey};
use crate::{Error, KeyFault};

/// How often it is saved that a key is in use, in microseconds.
const SAVED_EVERY: i64 = 300_000_000;

/// A device or system that has shown a key.
#[derive(Clone)]
pub struct KeyHolder {
    acting: Arc<Account>,
    key: Arc<LiveKey>,
}

impl KeyHolder {
    /// As the door knows it.
    pub fn principal(&self) -> Principal {
        Principal::Account(Arc::clone(&self.acting))
    }

    /// The key.
    pub fn key(&self) -> &KeyRecord {
        &self.key.record
    }
}

impl Identity {
    /// True for what looks like a key of ours: what else stands behind `Bearer` is somebody else's business.
    pub fn is_key(text: &str) -> bool {
        KeyText::is_one(text)
    }

    /// Who shows this key, from this address, as it acts in `tenant`. Refusals are [`Error::KeyRefused`]; the same one
    /// goes to the audit once a minute.
    pub async fn key(&self, text: &str, from: &Origin, tenant: &Tenant) -> Result<KeyHolder, Error> {
        let now = self.now();
        let address = from.address.unwrap_or(IpAddr::from([127, 0, 0, 1]));
        let Some(shown) = KeyText::parse(text) else {
            return self.refuse(None, KeyFault::Unknown, from).await;
        };
        let live = match self.0.keys.get(&shown.id) {
            Some(live) => live,
            None => match self.learn_key(&shown.id).await? {
                Some(live) => live,
                None => return self.refuse(None, KeyFault::Unknown, from).await,
            },
        };
        if !live.record.opens(&shown.hash(), now) {
            return self.refuse(None, KeyFault::Unknown, from).await;
        }
        if let Some(fault) = live.record.fault(tenant, address, now) {
            return self.refuse(Some(&live), fault, from).await;
        }
        if live.account.state != State::Active {
            return self.refuse(Some(&live), KeyFault::Revoked, from).await;
        }
        if !live.admits(now) {
            return self.refuse(Some(&live), KeyFault::Rate, from).await;
        }
        if live.touch(now, SAVED_EVERY) {
            self.save_used(Arc::clone(&live), now);
        }
        let acting = match live.acts.get(tenant, now) {
            Some(acting) => acting,
            None => self.act_by_key(&live, tenant, now).await?,
        };
        Ok(KeyHolder { acting, key: live })
    }

    /// Whether a key of an account is good in a tenant today, wherever it is shown.
    pub(crate) async fn key_holds(
        &self,
        account: &AccountId,
        id: &str,
        tenant: &Tenant,
    ) -> Result<bool, Error> {
        let live = match self.0.keys.get(id) {
            Some(live) => Some(live),
            None => self.learn_key(id).await?,
        };
        let now = self.now();
        Ok(live.is_some_and(|live| live.account.id == *account && live.record.holds(tenant, now)))
    }

    async fn refuse<T>(&self, key: Option<&LiveKey>, why: KeyFault, from: &Origin) -> Result<T, Error> {
        let id = key.map(|key| key.record.id.clone());
        let subject = id.clone().or_else(|| from.address.map(|address| address.to_string()));
        if self.0.told.is_new(format!("{why:?} {}", subject.unwrap_or_default()), self.now()) {
            let account = key.map(|key| &key.account.id);
            self.note(&By::anybody(from), account, What::KeyRefused { key: id, why }).await?;
        }
        Err(Error::KeyRefused(why))
    }

    /// Reads a key and its account into memory.
    async fn learn_key(&self, id: &str) -> Result<Option<Arc<LiveKey>>, Error> {
        let Some(KeyRecord { account, .. }) = self.0.kept.get(kind::KEY, id).await? else { return Ok(None) };
        // Held until it is in memory: what is changed meanwhile must not be forgotten before it is remembered.
        let _lock = self.0.locks.of(account.as_str()).await;
        let Some(record) = self.0.kept.get::<KeyRecord>(kind::KEY, id).await? else { return Ok(None) };
        let key = Arc::new(LiveKey::new(record, self.record(&account).await?));
        self.0.keys.put(&key);
        Ok(Some(key))
    }

    async fn act_by_key(
        &self,
        live: &LiveKey,
        tenant: &Tenant,
        now: Timestamp,
    ) -> Result<Arc<Account>, Error> {
        let units = self.units(tenant).await?;
        let moment = Moment { tenant, now, units: &units, acting_for: None, stepped_up_until: None };
        let acting = acting(&live.account, &moment).ok_or(Error::KeyRefused(KeyFault::Revoked))?;
        let mut account = acting.account;
        let scope = &live.record.scope;
        account.roles.retain(|role| scope.roles.is_empty() || scope.roles.contains(role.as_ref()));
        account.types.clone_from(&scope.types);
        account.key = Some(live.record.id.as_str().into());
        let shared = Arc::new(account);
        live.acts.put(tenant, Arc::clone(&shared), acting.until.min(now.plus_micros(FRESH)));
        Ok(shared)
    }

    /// Saves when a key was last used, unless it was changed meanwhile. Nobody waits for it.
    fn save_used(&self, live: Arc<LiveKey>, now: Timestamp) {
        let identity = self.clone();
        tokio::spawn(async move {
            let _lock = identity.0.locks.of(live.account.id.as_str()).await;
            let current = identity.0.keys.get(&live.record.id);
            if current.is_some_and(|current| Arc::ptr_eq(&current, &live)) {
                let used = KeyRecord { last_used: Some(now), ..live.record.clone() };
                let written = match put(kind::KEY, &used.id, &used) {
                    Ok(op) => identity.0.kept.write(vec![op]).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = written {
                    tracing::warn!(%error, "it was not saved that a key is in use");
                }
            }
        });
    }

    /// A key of an account, as it is kept.
    pub(crate) async fn kept_key(&self, account: &AccountId, id: &str) -> Result<KeyRecord, Error> {
        let kept: Option<KeyRecord> = self.0.kept.get(kind::KEY, id).await?;
        kept.filter(|key| key.account == *account).ok_or(Error::NoSuch("key"))
    }
}
