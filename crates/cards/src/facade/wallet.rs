//! Cards for wallets: OpenID4VCI 1.0 with a pre-authorised code. The code is good once and for minutes; so is the nonce that
//! the wallet's key signs.

use dinh_context::Session;
use dinh_context::graph::{Op, Record};
use dinh_credentials::Refused;
use dinh_credentials::jwt::Jwt;
use dinh_credentials::key::{Jwk, PublicKey};
use dinh_credentials::sdjwt::{Issue, issue};
use dinh_model::{EntityId, Tenant};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest as _, Sha256};

use super::Cards;
use super::status::A_LIST;
use crate::{Card, Error};

/// Kinds of records: codes, tokens, nonces. Their keys are hashes: whoever reads the store cannot use them.
const CODE: &str = "card-offer";
const TOKEN: &str = "card-token";
const NONCE: &str = "card-nonce";
/// For how many seconds each is good.
const CODE_LASTS: i64 = 600;
const TOKEN_LASTS: i64 = 600;
const NONCE_LASTS: i64 = 300;
/// Most of a kind at once.
const MOST: u64 = 10_000;
/// Records that are looked through for old ones whenever one is made.
const SWEPT: usize = 50;
/// Type of the proof that a wallet has its key (OpenID4VCI 1.0, appendix F.1).
const PROOF: &str = "openid4vci-proof+jwt";

/// A card that a wallet may fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The code, to be used once.
    pub code: String,
    /// Which credential: the kind's name.
    pub kind: &'static str,
    /// For how many seconds it is good.
    pub lasts: i64,
}

impl Cards {
    /// Offers one's own card to a wallet of one's own.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for somebody else's card, [`Error::NotValid`], [`Error::TooMany`].
    pub async fn offer(&self, session: &Session, id: &EntityId) -> Result<Offer, Error> {
        let card = self.whole(session.tenant(), id).await?;
        self.holder(session, &card)?;
        if !card.holds(self.now()) {
            return Err(Error::NotValid(card.state));
        }
        let code = self.secret()?;
        self.put(session.tenant(), (CODE, &code), json!({"card": id.as_str()}), CODE_LASTS).await?;
        Ok(Offer { code, kind: card.kind.name(), lasts: CODE_LASTS })
    }

    /// Takes a code for a token: the token, and for how many seconds it is good.
    ///
    /// # Errors
    /// [`Error::Spent`].
    pub async fn redeem(&self, tenant: &Tenant, code: &str) -> Result<(String, i64), Error> {
        let body = self.spend(tenant, (CODE, code), "code").await?;
        let token = self.secret()?;
        self.put(tenant, (TOKEN, &token), body, TOKEN_LASTS).await?;
        Ok((token, TOKEN_LASTS))
    }

    /// A fresh nonce for a wallet's proof.
    ///
    /// # Errors
    /// [`Error::TooMany`].
    pub async fn nonce(&self, tenant: &Tenant) -> Result<String, Error> {
        let nonce = self.secret()?;
        self.put(tenant, (NONCE, &nonce), json!({}), NONCE_LASTS).await?;
        Ok(nonce)
    }

    /// The credential of a token, tied to the key that the wallet proves to have. `site` is the address of this house,
    /// `issuer` what the wallet knows the issuer by.
    ///
    /// # Errors
    /// [`Error::Spent`] for a token or nonce that is used or old, [`Error::Refused`] for a proof that is none,
    /// [`Error::NotValid`] for a card that does not hold any more.
    pub async fn credential(
        &self,
        tenant: &Tenant,
        token: &str,
        proof: &str,
        (issuer, status): (&str, &str),
    ) -> Result<String, Error> {
        if !self.is_offered(tenant) {
            return Err(Error::NotOffered);
        }
        let holder = self.proved(tenant, proof, issuer).await?;
        let body = self.spend(tenant, (TOKEN, token), "token").await?;
        let id = body["card"].as_str().unwrap_or_default();
        let card = self.whole(tenant, &EntityId::trusted(id.to_owned())).await?;
        if !card.holds(self.now()) {
            return Err(Error::NotValid(card.state));
        }
        let signer = self.signer(tenant).await?;
        let what = self.claims(&card, holder, (issuer, status))?;
        Ok(issue(&what, &signer, self.random())?)
    }

    /// The key that a wallet proves to have: it has signed the issuer's nonce, for this issuer, lately.
    async fn proved(&self, tenant: &Tenant, proof: &str, issuer: &str) -> Result<Jwk, Error> {
        let jwt = Jwt::read(proof)?;
        jwt.of_type(PROOF)?;
        let malformed = |why: &str| Refused::Malformed { what: "proof", why: why.to_owned() };
        let jwk: Option<Jwk> = serde_json::from_value(jwt.header["jwk"].clone()).ok();
        let jwk = jwk.ok_or_else(|| malformed("the header has no jwk of P-256"))?;
        let key = PublicKey::from_jwk(&jwk)?;
        jwt.verify(&key)?;
        let found = jwt.claims["aud"].as_str().unwrap_or_default();
        if found != issuer {
            let (found, expected) = (found.to_owned(), issuer.to_owned());
            return Err(Refused::Other { claim: "aud", found, expected }.into());
        }
        let (made, now) = (jwt.issued_at()?, self.seconds());
        if (made - now).abs() > NONCE_LASTS {
            return Err(malformed("iat is not within five minutes").into());
        }
        self.spend(tenant, (NONCE, jwt.claims["nonce"].as_str().unwrap_or_default()), "nonce").await?;
        Ok(key.to_jwk())
    }

    fn claims(&self, card: &Card, holder: Jwk, (issuer, status): (&str, &str)) -> Result<Issue, Error> {
        let serial = card.serial.ok_or(Error::NotValid(card.state))?;
        let expires = card.expires.map(|at| at.to_jiff().as_second()).unwrap_or_default();
        let mut open = Map::new();
        let mut put = |name: &str, value: Json| open.insert(name.to_owned(), value);
        put("iss", json!(issuer));
        put("iat", json!(self.seconds()));
        put("exp", json!(expires));
        put("vct", json!(self.rules()?.kind(card.kind)?.credential));
        let uri = format!("{status}/{}", serial / A_LIST);
        put("status", json!({"status_list": {"idx": serial % A_LIST, "uri": uri}}));
        let mut hidden = vec![("serial".to_owned(), json!(serial)), ("name".to_owned(), json!(card.name))];
        for (name, value) in [("unit", &card.unit_name), ("position", &card.position)] {
            if !value.is_empty() {
                hidden.push((name.to_owned(), json!(value)));
            }
        }
        if let Some(number) = &card.number {
            hidden.push(("card_number".to_owned(), json!(number)));
        }
        if !self.rules()?.kind(card.kind)?.of_unit {
            // Also where there are none: a wallet that is asked can then say so.
            let codes: Vec<&str> = self.benefits_now(card).map(|benefit| benefit.code.as_str()).collect();
            hidden.push(("benefits".to_owned(), json!(codes)));
        }
        Ok(Issue { open, hidden, holder: Some(holder) })
    }

    /// Keeps something under the hash of its secret.
    pub(super) async fn put(
        &self,
        tenant: &Tenant,
        (kind, secret): (&str, &str),
        body: Json,
        lasts: i64,
    ) -> Result<(), Error> {
        self.put_at(tenant, (kind, hashed(secret)), body, lasts).await
    }

    /// The same where only the hash is known. What is too old goes whenever something is kept.
    pub(super) async fn put_at(
        &self,
        tenant: &Tenant,
        (kind, key): (&str, String),
        body: Json,
        lasts: i64,
    ) -> Result<(), Error> {
        if !self.is_offered(tenant) {
            return Err(Error::NotOffered);
        }
        let own = self.own(tenant);
        let mut body = body;
        body["until"] = json!(self.seconds() + lasts);
        let kept = Op::PutRecord { kind: kind.to_owned(), key, body };
        let swept = self.sweep(tenant, kind).await?;
        if swept == 0 && own.record_count(kind).await? >= MOST {
            return Err(Error::TooMany { what: "codes", most: usize::try_from(MOST).unwrap_or(usize::MAX) });
        }
        self.write(&own, vec![kept]).await
    }

    /// Lets some of what is too old go; answers how many.
    pub(super) async fn sweep(&self, tenant: &Tenant, kind: &str) -> Result<usize, Error> {
        let (own, now) = (self.own(tenant), self.seconds());
        let old = own.records(kind, "", SWEPT).await?;
        let is_over = |record: &&Record| record.body["until"].as_i64().unwrap_or_default() <= now;
        let over: Vec<&Record> = old.iter().filter(is_over).collect();
        for record in &over {
            let gone = Op::DeleteRecord { kind: kind.to_owned(), key: record.key.clone() };
            // Somebody else may sweep at the same time: what is gone already is no reason to fail.
            drop(self.write(&own, vec![gone]).await);
        }
        Ok(over.len())
    }

    /// Takes something that is good once. Of two who take it at the same time one gets it.
    pub(super) async fn spend(
        &self,
        tenant: &Tenant,
        (kind, secret): (&str, &str),
        what: &'static str,
    ) -> Result<Json, Error> {
        let (own, key) = (self.own(tenant), hashed(secret));
        let record = own.record(kind, &key).await?.ok_or(Error::Spent(what))?;
        let gone = Op::DeleteRecord { kind: kind.to_owned(), key };
        self.write(&own, vec![gone]).await.map_err(|_gone| Error::Spent(what))?;
        let until = record.body["until"].as_i64().unwrap_or_default();
        if until <= self.seconds() {
            return Err(Error::Spent(what));
        }
        Ok(record.body)
    }
}

/// The hash of a secret, in hexadecimal digits.
pub(super) fn hashed(secret: &str) -> String {
    let digest = Sha256::digest(secret);
    digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
