//! The keys that sign cards: entities whose secret half is sealed like sensitive data, so that the store and its backups hold
//! cipher text alone. A new key is published before it signs; an old one stays published as long as something that it signed
//! may be verified.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_access::Principal;
use dinh_context::Session;
use dinh_context::fields::{Fields, Reading};
use dinh_context::graph::{Act, Note, Op, Stored};
use dinh_credentials::Refused;
use dinh_credentials::key::{IssuerKey, Jwk, PublicKey, Signer};
use dinh_model::{Entity, EntityId, Tenant, Timestamp};
use dinh_ngsild::query::EntityQuery;
use serde::Serialize;
use serde_json::json;

use super::Cards;
use crate::Error;

/// Type of the entities.
const KEY: &str = "CardIssuerKey";
/// Most keys of a tenant, retired ones included.
const MOST: usize = 200;

/// A key as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyShown {
    /// Its thumbprint.
    pub kid: String,
    /// From when it signs.
    pub from: Timestamp,
    /// Until when it signs or signed; none while none follows it.
    pub until: Option<Timestamp>,
    /// Whether it is the one that signs now.
    pub signs: bool,
}

/// A key as whoever verifies needs it: a JWK, and when it signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Trusted {
    /// The key.
    #[serde(flatten)]
    pub jwk: Jwk,
    /// Seconds since 1970 from which it signs.
    #[serde(rename = "nbf")]
    pub from: i64,
    /// Seconds since 1970 until which it signed.
    #[serde(rename = "exp", skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
}

pub(super) struct Key {
    id: EntityId,
    version: u64,
    pub(super) public: PublicKey,
    from: Timestamp,
    until: Option<Timestamp>,
    secret: String,
}

impl Key {
    fn signs_at(&self, now: Timestamp) -> bool {
        self.from <= now && self.until.is_none_or(|until| now < until)
    }

    fn trusted(&self) -> IssuerKey {
        let seconds = |at: Timestamp| at.to_jiff().as_second();
        IssuerKey { public: self.public, from: seconds(self.from), until: self.until.map(seconds) }
    }
}

impl Cards {
    /// The keys with which cards of a province are verified, old ones included.
    ///
    /// # Errors
    /// [`Error::NotOffered`].
    pub async fn keys(&self, tenant: &Tenant) -> Result<Vec<IssuerKey>, Error> {
        Ok(self.kept_keys(tenant).await?.iter().map(Key::trusted).collect())
    }

    /// The same as JSON (RFC 7517).
    ///
    /// # Errors
    /// [`Error::NotOffered`].
    pub async fn jwks(&self, tenant: &Tenant) -> Result<Vec<Trusted>, Error> {
        let keys = self.keys(tenant).await?;
        let told = keys.iter().map(|key| {
            let kid = Some(key.public.thumbprint());
            let (usage, alg) = (Some("sig".to_owned()), Some("ES256".to_owned()));
            let jwk = Jwk { kid, usage, alg, ..key.public.to_jwk() };
            Trusted { jwk, from: key.from, until: key.until }
        });
        Ok(told.collect())
    }

    /// The keys as those who manage cards see them, the latest first.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`].
    pub async fn keys_shown(&self, session: &Session) -> Result<Vec<KeyShown>, Error> {
        self.manager(session)?;
        let now = self.now();
        let mut keys: Vec<_> = self.kept_keys(session.tenant()).await?;
        keys.sort_by_key(|key| std::cmp::Reverse(key.from));
        let shown = keys.iter().map(|key| KeyShown {
            kid: key.public.thumbprint(),
            from: key.from,
            until: key.until,
            signs: key.signs_at(now),
        });
        Ok(shown.collect())
    }

    /// Makes a key that takes over after the time that the pack sets; until then the present one signs. One that waits
    /// already is left as it is.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::TooMany`].
    pub async fn rotate(&self, session: &Session, reason: &str) -> Result<Timestamp, Error> {
        let account = self.manager(session)?;
        if !account.roles.contains("card-officer") {
            return Err(Error::NotManager);
        }
        let reason = super::reason(reason)?;
        self.signer(session.tenant()).await?;
        let _giving = self.0.giving.lock().await;
        let (keys, now) = (self.kept_keys(session.tenant()).await?, self.now());
        if let Some(waiting) = keys.iter().find(|key| key.from > now) {
            return Ok(waiting.from);
        }
        if keys.len() >= MOST {
            return Err(Error::TooMany { what: "keys", most: MOST });
        }
        let ahead = jiff::SignedDuration::from_hours(self.rules()?.keys.ahead_hours);
        let from = Timestamp::from(now.to_jiff() + ahead);
        let mut ops = vec![self.new_key(from)?];
        for key in keys.iter().filter(|key| key.until.is_none()) {
            let change = Fields::new(self.names(), now).with("signsUntil", from.to_string()).change();
            let (id, expect) = (key.id.clone(), Some(key.version));
            ops.push(Op::Mutate { id, mutation: Box::new(change), expect, types: None });
        }
        let details = json!({"cards": "rotate", "from": from.to_string()});
        ops.push(Op::note(Note { details, reason: Some(reason), ..Note::of(Act::Key) }));
        self.write(session, ops).await?;
        Ok(from)
    }

    /// The key that signs now; the first one is made when it is asked for.
    pub(super) async fn signer(&self, tenant: &Tenant) -> Result<Signer, Error> {
        if let Some(signer) = self.present_signer(tenant).await? {
            return Ok(signer);
        }
        let _giving = self.0.giving.lock().await;
        if let Some(signer) = self.present_signer(tenant).await? {
            return Ok(signer);
        }
        let details = json!({"cards": "first key"});
        let ops = vec![self.new_key(self.now())?, Op::note(Note { details, ..Note::of(Act::Key) })];
        self.write(&self.own(tenant), ops).await?;
        let made = self.present_signer(tenant).await?;
        Ok(made.ok_or(Refused::Key("no key signs"))?)
    }

    /// The key that signs now, while `giving` is held by whoever asks.
    pub(super) async fn present_signer(&self, tenant: &Tenant) -> Result<Option<Signer>, Error> {
        let now = self.now();
        let keys = self.kept_keys(tenant).await?;
        let Some(key) = keys.iter().filter(|key| key.signs_at(now)).max_by_key(|key| key.from) else {
            return Ok(None);
        };
        let der = STANDARD.decode(&key.secret).map_err(|_error| Refused::Key("a kept key cannot be read"))?;
        Ok(Some(Signer::from_pkcs8(&der, self.random())?))
    }

    fn new_key(&self, from: Timestamp) -> Result<Op, Error> {
        let der = Signer::fresh(self.random())?;
        let signer = Signer::from_pkcs8(&der, self.random())?;
        let now = self.now();
        let mut entity = Entity::new(self.fresh(KEY), self.names().of(KEY), now);
        let jwk = signer.public().to_jwk();
        entity.attributes = Fields::new(self.names(), now)
            .with("public", format!("{}.{}", jwk.x, jwk.y))
            .with("secret", STANDARD.encode(der))
            .with("signsFrom", from.to_string())
            .attributes;
        Ok(Op::Create(Arc::new(entity)))
    }

    async fn kept_keys(&self, tenant: &Tenant) -> Result<Vec<Key>, Error> {
        if !self.is_offered(tenant) {
            return Err(Error::NotOffered);
        }
        let query = EntityQuery { limit: MOST, ..EntityQuery::of_type(self.names().of(KEY)) };
        let page = self.own(tenant).query(query).await?;
        page.entities.iter().map(|stored| self.read_key(stored)).collect()
    }

    fn read_key(&self, stored: &Stored) -> Result<Key, Error> {
        let from = Reading { names: self.names(), entity: &stored.entity };
        let jwk = |text: &str| {
            let (x, y) = text.split_once('.')?;
            let (kty, crv) = ("EC".to_owned(), "P-256".to_owned());
            let none = || None;
            let jwk =
                Jwk { kty, crv, x: x.to_owned(), y: y.to_owned(), kid: none(), usage: none(), alg: none() };
            PublicKey::from_jwk(&jwk).ok()
        };
        Ok(Key {
            id: stored.entity.id.clone(),
            version: stored.version,
            public: from.must("public", jwk)?,
            from: from.must("signsFrom", |text| text.parse().ok())?,
            until: from.text("signsUntil").and_then(|text| text.parse().ok()),
            secret: from.must("secret", |text| Some(text.to_owned()))?,
        })
    }

    /// The name of whoever acts, as steps record it.
    pub(super) fn actor(session: &Session) -> String {
        match session.principal() {
            Principal::Account(account) => format!("account:{}", account.id),
            other => other.to_string(),
        }
    }
}
