//! Signing: at once with keys that are here, in two steps with those that are elsewhere, many at a time.

use std::sync::Arc;

use dinh_context::Session;
use dinh_model::EntityId;
use dinh_signatures::{
    Algorithm, Certificate, Field, Look, Picture, Prepared, Signing as Plan, SoftwareKey, embed, prepare,
};
use jiff::Timestamp;
use tokio::task::JoinSet;

use super::Signing;
use super::inventory::Kept;
use crate::Error;
use crate::key::Place;
use crate::module::Module;
use crate::sources;

/// Most documents that are signed at a time.
const MOST: usize = 2_000;

/// A document to be signed. Cheap to clone but for the document.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The document (PDF).
    pub pdf: Vec<u8>,
    /// The name of the field of the signature.
    pub field: String,
    /// Why.
    pub reason: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// The unit that the document is of; a seal of another one is refused.
    pub unit: Option<EntityId>,
    /// What is seen of it.
    pub seen: Option<Seen>,
}

/// What is seen of a signature.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The page, counted from 0.
    pub page: usize,
    /// Left, bottom, right and top, in points from the lower left corner of the page.
    pub rect: [f64; 4],
    /// The lines, with composed letters (NFC).
    pub lines: Vec<String>,
    /// The font (TrueType).
    pub font: Arc<[u8]>,
    /// The picture of the seal.
    pub seal: Option<Picture>,
}

/// A signing that waits for its signature from elsewhere.
#[derive(Debug, Clone)]
pub struct Begun {
    /// Names it; good once.
    pub id: String,
    /// The hash to sign.
    pub digest: Vec<u8>,
    /// The bytes whose hash it is, for signers that hash themselves.
    pub to_sign: Vec<u8>,
    /// The way to sign.
    pub algorithm: Algorithm,
    /// The certificate by which it will be.
    pub certificate: Certificate,
    /// Until when it waits.
    pub ends: Timestamp,
}

/// What signs, opened once for many documents.
enum Hand {
    Software(Box<SoftwareKey>),
    Module(Arc<dyn Module>, String),
}

/// A key that is ready to sign.
struct Ready {
    kept: Kept,
    chain: Vec<Certificate>,
    algorithm: Algorithm,
}

impl Signing {
    /// A key that whoever asks may sign with now.
    ///
    /// # Errors
    /// [`Error::NoKey`], [`Error::StepUp`], [`Error::Withdrawn`], [`Error::NoCertificate`], [`Error::NotNow`].
    pub async fn usable(&self, session: &Session, key: &str) -> Result<crate::Key, Error> {
        Ok(self.ready(session, key).await?.kept.key)
    }

    /// Signs documents with a key that is here, all with one confirmation; each comes back signed or says why not.
    ///
    /// # Errors
    /// What holds for all: [`Error::NoKey`], [`Error::StepUp`], [`Error::NoCertificate`], [`Error::NotNow`],
    /// [`Error::Elsewhere`], [`Error::TooMany`].
    pub async fn sign(
        &self,
        session: &Session,
        key: &str,
        documents: Vec<Wanted>,
    ) -> Result<Vec<Result<Vec<u8>, Error>>, Error> {
        if documents.len() > MOST {
            return Err(Error::TooMany { most: MOST });
        }
        let ready = Arc::new(self.ready(session, key).await?);
        let hand = Arc::new(self.hand(&ready.kept)?);
        let mut signed: Vec<Result<Vec<u8>, Error>> = Vec::new();
        let mut working = JoinSet::new();
        for (at, wanted) in documents.into_iter().enumerate() {
            signed.push(Err(Error::CutShort));
            let (signing, ready, hand) = (self.clone(), Arc::clone(&ready), Arc::clone(&hand));
            working.spawn(async move { (at, signing.sign_one(ready, hand, wanted).await) });
        }
        while let Some(done) = working.join_next().await {
            if let Ok((at, result)) = done
                && let Some(place) = signed.get_mut(at)
            {
                *place = result;
            }
        }
        Ok(signed)
    }

    async fn sign_one(&self, ready: Arc<Ready>, hand: Arc<Hand>, wanted: Wanted) -> Result<Vec<u8>, Error> {
        let (signing, at) = (self.clone(), self.now());
        let (prepared, signature) = self
            .work(move || -> Result<_, Error> {
                let prepared = signing.prepared(&ready, &wanted, at)?;
                let signature = match &*hand {
                    Hand::Software(key) => {
                        key.sign(ready.algorithm, prepared.to_sign(), &signing.0.random)?
                    }
                    Hand::Module(module, label) => module.sign(label, ready.algorithm, prepared.to_sign())?,
                };
                Ok((prepared, signature))
            })
            .await??;
        self.finished(prepared, signature).await
    }

    /// Begins to sign a document with a key that is elsewhere.
    ///
    /// # Errors
    /// As [`Signing::sign`].
    pub async fn begin(&self, session: &Session, key: &str, wanted: Wanted) -> Result<Begun, Error> {
        let ready = self.ready(session, key).await?;
        let account = super::account(session).ok_or(Error::NoKey)?;
        let (signing, at, key) = (self.clone(), self.now(), ready.kept.key.id.clone());
        let prepared = self.work(move || signing.prepared(&ready, &wanted, at)).await??;
        let certificate = prepared.certificate().cloned().ok_or(Error::NoCertificate)?;
        let (digest, to_sign, algorithm) =
            (prepared.digest(), prepared.to_sign().to_vec(), prepared.algorithm());
        let id = self.0.context.ids().uuid().to_string();
        let whose = (session.tenant(), &*account.id, key.as_str());
        let ends = self.0.waiting.keep(id.clone(), whose, prepared, at)?;
        Ok(Begun { id, digest, to_sign, algorithm, certificate, ends })
    }

    /// Finishes a signing with the signature from elsewhere. It is good once.
    ///
    /// # Errors
    /// [`Error::NothingWaits`] if it was finished, is over or is somebody else's; [`Error::Sign`] for a signature that does
    /// not fit; [`Error::Withdrawn`] if the key was withdrawn in between.
    pub async fn finish(&self, session: &Session, id: &str, signature: Vec<u8>) -> Result<Vec<u8>, Error> {
        let account = super::account(session).ok_or(Error::NoKey)?;
        let whose = (session.tenant(), &*account.id);
        let (key, prepared) = self.0.waiting.take(id, whose, &signature, self.now())?;
        if self.kept(session.tenant(), &key).await?.key.withdrawn.is_some() {
            return Err(Error::Withdrawn);
        }
        self.finished(prepared, signature).await
    }

    async fn finished(&self, prepared: Prepared, signature: Vec<u8>) -> Result<Vec<u8>, Error> {
        let stamp = match &self.0.settings.time_stamps {
            Some(address) => Some(sources::stamp(self.0.context.outbound(), address, &signature).await?),
            None => None,
        };
        Ok(self.work(move || embed(&prepared, &signature, stamp.as_deref())).await??)
    }

    /// A key that whoever asks may use now.
    async fn ready(&self, session: &Session, id: &str) -> Result<Ready, Error> {
        let account = super::account(session).ok_or(Error::NoKey)?;
        let kept = self.kept(session.tenant(), id).await?;
        if !kept.key.holders.iter().any(|holder| **holder == *account.id) {
            return Err(Error::NoKey);
        }
        if !account.stepped_up {
            return Err(Error::StepUp);
        }
        if kept.key.withdrawn.is_some() {
            return Err(Error::Withdrawn);
        }
        let chain = kept.key.certificates();
        let own = chain.first().ok_or(Error::NoCertificate)?;
        let now = self.now();
        if own.until() < now || own.from() > now {
            return Err(Error::NotNow { from: own.from(), until: own.until() });
        }
        let algorithm = kept.key.algorithm.ok_or(Error::NoCertificate)?;
        Ok(Ready { kept, chain, algorithm })
    }

    fn hand(&self, kept: &Kept) -> Result<Hand, Error> {
        match &kept.key.place {
            Place::Elsewhere => Err(Error::Elsewhere),
            Place::Module { label } => {
                let module = self.0.settings.module.as_ref().ok_or(Error::NoModule)?;
                Ok(Hand::Module(Arc::clone(module), label.clone()))
            }
            Place::Software => {
                let seal = self.0.settings.seal.as_ref().ok_or(Error::NoSeal)?;
                let sealed = kept.sealed.as_ref().ok_or(Error::Damaged)?;
                let secret = seal.open(&kept.key.id, sealed).ok_or(Error::Damaged)?;
                Ok(Hand::Software(Box::new(SoftwareKey::from_pkcs8(&secret, &self.0.random)?)))
            }
        }
    }

    fn prepared(&self, ready: &Ready, wanted: &Wanted, at: Timestamp) -> Result<Prepared, Error> {
        let key = &ready.kept.key;
        if wanted.unit.is_some() && wanted.unit != key.unit {
            return Err(Error::OtherUnit);
        }
        let signer = ready.chain.first().and_then(Certificate::name).unwrap_or_else(|| key.title.clone());
        let look = wanted.seen.as_ref().map(|seen| Look {
            page: seen.page,
            rect: seen.rect,
            lines: seen.lines.clone(),
            font: &seen.font,
            seal: seen.seal.clone(),
        });
        let field = Field {
            name: wanted.field.clone(),
            signer,
            reason: wanted.reason.clone(),
            place: wanted.place.clone(),
            look,
        };
        let plan = Plan {
            at,
            chain: ready.chain.clone(),
            algorithm: ready.algorithm,
            stamped: self.0.settings.time_stamps.is_some(),
        };
        Ok(prepare(&wanted.pdf, &field, &plan)?)
    }
}
