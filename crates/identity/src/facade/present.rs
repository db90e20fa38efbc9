//! Who is signed in: the question of every request.

use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_model::{Tenant, Timestamp};

use super::Identity;
use super::trees::FRESH;
use crate::Error;
use crate::domain::{AccountId, AccountRecord, Moment, State, acting};
use crate::kept::{kind, put};
use crate::secret::same;
use crate::session::{Known, Live, SessionRecord, Token};

/// How often it is saved that a session is in use, in microseconds.
const SAVED_EVERY: i64 = 60_000_000;

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Present {
    pub(crate) acting: Arc<Account>,
    pub(crate) account: Arc<AccountRecord>,
    pub(crate) live: Arc<Live>,
}

impl Present {
    /// As the door knows them.
    pub fn principal(&self) -> Principal {
        Principal::Account(Arc::clone(&self.acting))
    }

    /// Their account.
    pub fn account(&self) -> &AccountRecord {
        &self.account
    }

    /// Identifier of their account.
    pub fn id(&self) -> &AccountId {
        &self.account.id
    }

    /// Their session.
    pub fn session(&self) -> &SessionRecord {
        &self.live.record
    }

    /// Whether a second factor or passkey was shown lately enough for sensitive acts.
    pub fn stepped_up(&self) -> bool {
        self.acting.stepped_up
    }
}

impl Identity {
    /// Who shows this token, as they act in `tenant`; none if it opens no session (any more). From memory when the
    /// account is in use, which takes about a microsecond.
    pub async fn session(&self, token: &str, tenant: &Tenant) -> Result<Option<Present>, Error> {
        let Some(present) = self.session_unseen(token, tenant).await? else { return Ok(None) };
        if present.live.touch(self.now(), SAVED_EVERY) {
            self.save_seen(Arc::clone(&present.live));
        }
        Ok(Some(present))
    }

    /// The same without keeping the session alive: for what goes on by itself, such as a stream that was opened before.
    pub async fn session_unseen(&self, token: &str, tenant: &Tenant) -> Result<Option<Present>, Error> {
        let Some(token) = Token::parse(token) else { return Ok(None) };
        let now = self.now();
        let known = match self.0.cache.get(&token.account) {
            Some(known) => known,
            None => match self.learn(&token.account).await? {
                Some(known) => known,
                None => return Ok(None),
            },
        };
        let Some(live) = known.session(&token.session.text()) else { return Ok(None) };
        let right = same(&live.record.secret_hash, &token.hash());
        if !right || live.is_over(now) || known.account.state != State::Active {
            return Ok(None);
        }
        let acting = match live.acts.get(tenant, now) {
            Some(acting) => acting,
            None => match self.act(&known.account, live, tenant, now).await? {
                Some(acting) => acting,
                None => return Ok(None),
            },
        };
        Ok(Some(Present { acting, account: Arc::clone(&known.account), live: Arc::clone(live) }))
    }

    /// The same session as things stand now: what was done with it may have changed the account. None if it has ended.
    pub async fn renewed(&self, present: &Present, tenant: &Tenant) -> Result<Option<Present>, Error> {
        let Some(known) = self.learn(present.id()).await? else { return Ok(None) };
        let Some(live) = known.session(&present.session().id) else { return Ok(None) };
        let acting = self.act(&known.account, live, tenant, self.now()).await?;
        Ok(acting.map(|acting| Present {
            acting,
            account: Arc::clone(&known.account),
            live: Arc::clone(live),
        }))
    }

    /// Reads an account and its sessions into memory.
    async fn learn(&self, id: &AccountId) -> Result<Option<Arc<Known>>, Error> {
        // Held until it is in memory: what is changed meanwhile must not be forgotten before it is remembered.
        let _lock = self.0.locks.of(id.as_str()).await;
        if let Some(known) = self.0.cache.get(id) {
            return Ok(Some(known));
        }
        let Some(account) = self.0.kept.get::<AccountRecord>(kind::ACCOUNT, id.as_str()).await? else {
            return Ok(None);
        };
        let sessions = self.kept_sessions(id).await?;
        if sessions.is_empty() {
            return Ok(None);
        }
        let sessions = sessions.into_iter().map(|record| Arc::new(Live::new(record))).collect();
        let known = Arc::new(Known { account: Arc::new(account), sessions });
        self.0.cache.put(id.clone(), Arc::clone(&known));
        Ok(Some(known))
    }

    async fn act(
        &self,
        account: &AccountRecord,
        live: &Live,
        tenant: &Tenant,
        now: Timestamp,
    ) -> Result<Option<Arc<Account>>, Error> {
        let units = self.units(tenant).await?;
        let acting_for = live.record.acting_for.as_ref().filter(|(of, _)| of == tenant).map(|(_, unit)| unit);
        let stepped_up_until = live.record.stepped_up_in(tenant);
        let moment = Moment { tenant, now, units: &units, acting_for, stepped_up_until };
        let Some(acting) = acting(account, &moment) else { return Ok(None) };
        let shared = Arc::new(acting.account);
        live.acts.put(tenant, Arc::clone(&shared), acting.until.min(now.plus_micros(FRESH)));
        Ok(Some(shared))
    }

    /// Saves when a session was last used, unless it has ended meanwhile. Nobody waits for it.
    fn save_seen(&self, live: Arc<Live>) {
        let identity = self.clone();
        tokio::spawn(async move {
            let id = &live.record.account;
            let _lock = identity.0.locks.of(id.as_str()).await;
            let known = identity.0.cache.get(id);
            let current = known.as_ref().and_then(|known| known.session(&live.record.id));
            if current.is_some_and(|current| Arc::ptr_eq(current, &live)) {
                let seen = SessionRecord { seen: live.seen(), ..live.record.clone() };
                let written = match put(kind::SESSION, &seen.key(), &seen) {
                    Ok(op) => identity.0.kept.write(vec![op]).await,
                    Err(error) => Err(error),
                };
                if let Err(error) = written {
                    tracing::warn!(%error, "it was not saved that a session is in use");
                }
            }
        });
    }
}
