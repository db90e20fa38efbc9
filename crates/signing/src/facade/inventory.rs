//! The inventory of keys: asked for, certified, withdrawn. Private keys in software are sealed, and shown to nobody.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_access::Action;
use dinh_context::Session;
use dinh_context::graph::{Act, Commit, Note, Op};
use dinh_model::{EntityId, Tenant};
use dinh_signatures::{Algorithm, Certificate, SoftwareKey, Subject, request, signed_request};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Signing;
use crate::Error;
use crate::key::{Key, KeyUse, Place, Withdrawn};

/// Kind of the records.
const KIND: &str = "signing-key";
/// Most keys of a tenant that are listed.
pub(crate) const MOST: usize = 1_000;
/// Most certificates of a chain that are kept.
const MOST_CHAIN: usize = 5;

/// A key as it is kept.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    #[serde(flatten)]
    pub(super) key: Key,
    /// The private key, if it is here.
    pub(super) sealed: Option<String>,
}

/// A pair of keys as far as it is here.
#[derive(Default)]
struct Pair {
    /// The bits of the public key; none if they are not known yet.
    bits: Vec<u8>,
    algorithm: Option<Algorithm>,
    /// The private key, sealed.
    sealed: Option<String>,
    /// The request for a certificate.
    request: Option<String>,
}

/// A key to be made or named.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What people call it: 1 to 100 letters.
    pub title: String,
    /// What it signs as.
    pub purpose: KeyUse,
    /// The unit whose seal it is, or for which the person signs.
    pub unit: Option<EntityId>,
    /// The accounts that may use it.
    pub holders: Vec<String>,
    /// Where the private key is to be.
    pub place: Place,
    /// Whose certificate is asked for.
    pub subject: Subject,
}

impl Signing {
    /// The keys of the tenant, for those who administer.
    ///
    /// # Errors
    /// [`Error::Door`] for others.
    pub async fn keys(&self, session: &Session) -> Result<Vec<Key>, Error> {
        session.may(Action::Administer)?;
        self.all(session.tenant()).await
    }

    /// The keys that whoever asks may sign with.
    pub async fn own_keys(&self, session: &Session) -> Result<Vec<Key>, Error> {
        let Some(account) = super::account(session) else { return Ok(Vec::new()) };
        let mut keys = self.all(session.tenant()).await?;
        keys.retain(|key| key.withdrawn.is_none() && key.holders.iter().any(|one| **one == *account.id));
        Ok(keys)
    }

    async fn all(&self, tenant: &Tenant) -> Result<Vec<Key>, Error> {
        let records = self.own(tenant).records(KIND, "", MOST).await?;
        let mut keys: Vec<Key> = records
            .into_iter()
            .filter_map(|record| serde_json::from_value::<Kept>(record.body).ok())
            .map(|kept| kept.key)
            .collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.made_at));
        Ok(keys)
    }

    pub(super) async fn kept(&self, tenant: &Tenant, id: &str) -> Result<Kept, Error> {
        let record = self.own(tenant).record(KIND, id).await?.ok_or(Error::NoKey)?;
        serde_json::from_value(record.body).map_err(|_unreadable| Error::Damaged)
    }

    /// Makes a key, or names one that is elsewhere, and asks for its certificate if it can sign here.
    ///
    /// # Errors
    /// [`Error::NoSeal`] or [`Error::NoModule`] where there is nothing to keep it in, [`Error::Text`], [`Error::Door`] for
    /// those who do not administer.
    pub async fn make(&self, session: &Session, new: NewKey) -> Result<Key, Error> {
        session.may(Action::Administer)?;
        check_text("title", &new.title, 1, 100)?;
        if new.purpose == KeyUse::Personal && new.holders.len() != 1 {
            return Err(Error::Text { field: "holder", least: 1, most: 1 });
        }
        let id = self.0.context.ids().uuid().to_string();
        let Pair { bits, algorithm, sealed, request } = self.pair(&id, &new)?;
        let key = Key {
            title: new.title,
            purpose: new.purpose,
            unit: new.unit,
            holders: new.holders,
            place: new.place,
            algorithm,
            key_bits: STANDARD.encode(bits),
            request,
            chain: Vec::new(),
            made_at: self.now(),
            made_by: session.principal().to_string(),
            withdrawn: None,
            id,
        };
        self.put(session, &Kept { key: key.clone(), sealed }, "made", None).await?;
        Ok(key)
    }

    fn pair(&self, id: &str, new: &NewKey) -> Result<Pair, Error> {
        match &new.place {
            Place::Elsewhere => Ok(Pair::default()),
            Place::Software => {
                let seal = self.0.settings.seal.as_ref().ok_or(Error::NoSeal)?;
                let secret = SoftwareKey::generate(&self.0.random)?;
                let key = SoftwareKey::from_pkcs8(&secret, &self.0.random)?;
                let wanted = request(&new.subject, key.key_bits(), key.algorithm())?;
                let signature = key.sign(key.algorithm(), &wanted, &self.0.random)?;
                let asked = signed_request(&wanted, &signature, key.algorithm())?;
                let sealed = seal.seal(id, &secret, &self.0.random).ok_or(Error::NoSeal)?;
                let (bits, algorithm) = (key.key_bits().to_vec(), Some(key.algorithm()));
                Ok(Pair { bits, algorithm, sealed: Some(sealed), request: Some(asked) })
            }
            Place::Module { label } => {
                let module = self.0.settings.module.as_ref().ok_or(Error::NoModule)?;
                let (bits, algorithm) = module.public_key(label)?;
                let wanted = request(&new.subject, &bits, algorithm)?;
                let signature = module.sign(label, algorithm, &wanted)?;
                let asked = signed_request(&wanted, &signature, algorithm)?;
                Ok(Pair { bits, algorithm: Some(algorithm), sealed: None, request: Some(asked) })
            }
        }
    }

    /// Takes the certificate for a key, with those towards the root beside it in the file.
    ///
    /// # Errors
    /// [`Error::OtherCertificate`] for another key, [`Error::NotForSigning`], [`Error::NotNow`].
    pub async fn certify(&self, session: &Session, id: &str, file: &[u8]) -> Result<Key, Error> {
        session.may(Action::Administer)?;
        let certificates = Certificate::all_from(file)?;
        let _changing = self.0.changing.lock().await;
        let mut kept = self.kept(session.tenant(), id).await?;
        if kept.key.withdrawn.is_some() {
            return Err(Error::Withdrawn);
        }
        let bits = kept.key.bits();
        let own = certificates.iter().find(|one| {
            if bits.is_empty() { one.signs_documents() && !one.is_root() } else { one.key_bits() == bits }
        });
        let own = own.ok_or(Error::OtherCertificate)?;
        if !own.signs_documents() {
            return Err(Error::NotForSigning);
        }
        let now = self.now();
        if own.until() < now || own.from() > now {
            return Err(Error::NotNow { from: own.from(), until: own.until() });
        }
        let algorithm = own.algorithm().ok_or(dinh_signatures::KeyFault::NotTaken)?;
        kept.key.algorithm.get_or_insert(algorithm);
        kept.key.key_bits = STANDARD.encode(own.key_bits());
        let above = certificates.iter().filter(|one| *one != own && !one.is_root());
        kept.key.chain = std::iter::once(own).chain(above).take(MOST_CHAIN).map(Certificate::pem).collect();
        self.put(session, &kept, "certified", None).await?;
        Ok(kept.key)
    }

    /// Withdraws a key: it signs nothing any more, and its private key is forgotten.
    ///
    /// # Errors
    /// [`Error::NoKey`], [`Error::Withdrawn`] if it was before, [`Error::Text`] without a reason.
    pub async fn withdraw(&self, session: &Session, id: &str, reason: &str) -> Result<Key, Error> {
        session.may(Action::Administer)?;
        check_text("reason", reason, 5, 500)?;
        let _changing = self.0.changing.lock().await;
        let mut kept = self.kept(session.tenant(), id).await?;
        if kept.key.withdrawn.is_some() {
            return Err(Error::Withdrawn);
        }
        let (at, by) = (self.now(), session.principal().to_string());
        kept.key.withdrawn = Some(Withdrawn { at, by, reason: reason.to_owned() });
        kept.sealed = None;
        self.put(session, &kept, "withdrawn", Some(reason.to_owned())).await?;
        Ok(kept.key)
    }

    async fn put(
        &self,
        session: &Session,
        kept: &Kept,
        what: &str,
        reason: Option<String>,
    ) -> Result<(), Error> {
        let key = &kept.key;
        let body = serde_json::to_value(kept).map_err(|_unwritable| Error::Damaged)?;
        let details = json!({"signingKey": key.id, "what": what, "by": session.principal().to_string()});
        let note = Note { reason, details, ..Note::of(Act::Key) };
        let put = Op::PutRecord { kind: KIND.to_owned(), key: key.id.clone(), body };
        let receipt = self.own(session.tenant()).commit(Commit::atomic(vec![put, Op::note(note)])).await?;
        for result in receipt.results {
            result.map_err(dinh_context::Error::from)?;
        }
        Ok(())
    }
}

fn check_text(field: &'static str, text: &str, least: usize, most: usize) -> Result<(), Error> {
    let fits = (least..=most).contains(&text.trim().chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(()) } else { Err(Error::Text { field, least, most }) }
}
