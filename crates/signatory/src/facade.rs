//! The one facade of signing where documents are issued.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_casework::{Casework, Issued, Signer};
use dinh_context::Session;
use dinh_documents::Digest;
use dinh_model::{EntityId, Tenant};
use dinh_signing::signatures::{Picture, Report, SignFault, Verdict};
use dinh_signing::{Key, KeyUse, Signing, Wanted};
use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};

use crate::Error;
use crate::seen::Plan;
use crate::status::Reports;
use crate::waiting::Waiting;

pub use dinh_signing::Begun;

/// Most documents of one batch.
pub const MOST: usize = 1_000;
/// Documents of a batch that are worked on beside one another: their commits share flushes of the disk.
const BESIDE: usize = 8;

/// Signs documents where they are issued. Cheap to clone.
#[derive(Clone)]
pub struct Signatory(Arc<Inner>);

struct Inner {
    casework: Casework,
    signing: Signing,
    waiting: Waiting,
    reports: Reports,
}

/// What came of a document of a batch.
#[derive(Debug)]
pub struct Done {
    /// Which document.
    pub id: EntityId,
    /// The digest of its file as it is now, or why it was not signed.
    pub signed: Result<Digest, Error>,
    /// Whether it was issued, where that was asked for and it is sealed.
    pub issued: Option<Result<(), Error>>,
}

impl Signatory {
    /// On documents and keys.
    pub fn new(casework: &Casework, signing: &Signing) -> Self {
        Self(Arc::new(Inner {
            casework: casework.clone(),
            signing: signing.clone(),
            waiting: Waiting::default(),
            reports: Reports::default(),
        }))
    }

    pub(crate) fn signing(&self) -> &Signing {
        &self.0.signing
    }

    pub(crate) fn waiting(&self) -> &Waiting {
        &self.0.waiting
    }

    /// As what a key signs documents.
    pub const fn as_what(key: &Key) -> Signer {
        match key.purpose {
            KeyUse::Personal => Signer::Person,
            KeyUse::Seal => Signer::Seal,
        }
    }

    /// The keys with which whoever asks may sign a document as it stands now.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn keys_for(&self, session: &Session, one: &Issued) -> Result<Vec<Key>, Error> {
        let mut keys = self.0.signing.own_keys(session).await?;
        let account = account(session);
        keys.retain(|key| {
            let fits = key.unit.as_ref() == Some(&one.issued_by) && !key.chain.is_empty();
            fits && one.takes(Self::as_what(key), account).is_ok()
        });
        Ok(keys)
    }

    /// Signs documents with a key that is here, all with one confirmation, and issues their cases after the seal if that is
    /// wanted. Each says what came of it; one that is sealed already is only issued.
    ///
    /// # Errors
    /// What holds for all: [`Error::TooMany`], [`Error::NotSeal`], and that the key cannot be used.
    pub async fn sign(
        &self,
        session: &Session,
        key: &str,
        what: (&[EntityId], bool),
    ) -> Result<Vec<Done>, Error> {
        self.sign_within(session, key, what, SignedDuration::MAX).await
    }

    /// The same within some time, as somebody waits for the answer: what was not begun by then is [`Error::Late`], and is
    /// named again.
    ///
    /// # Errors
    /// As [`Signatory::sign`].
    pub async fn sign_within(
        &self,
        session: &Session,
        key: &str,
        (documents, issue): (&[EntityId], bool),
        within: SignedDuration,
    ) -> Result<Vec<Done>, Error> {
        let late = self.0.signing.now().saturating_add(within).unwrap_or(Timestamp::MAX);
        if documents.is_empty() || documents.len() > MOST {
            return Err(Error::TooMany { most: MOST });
        }
        let key = self.0.signing.usable(session, key).await?;
        if issue && Self::as_what(&key) != Signer::Seal {
            return Err(Error::NotSeal);
        }
        let mut named = BTreeSet::new();
        let mut once: Vec<EntityId> = Vec::with_capacity(documents.len());
        for id in documents {
            if named.insert(id.clone()) {
                once.push(id.clone());
            }
        }
        let work =
            once.into_iter().map(|id| self.clone().sign_into(session.clone(), key.clone(), (id, late)));
        let mut all: Vec<Done> = stream::iter(work).buffered(BESIDE).collect().await;
        if issue {
            self.issue(session, &mut all, late).await;
        }
        Ok(all)
    }

    async fn sign_into(self, session: Session, key: Key, (id, late): (EntityId, Timestamp)) -> Done {
        let over = self.0.signing.now() > late;
        let signed = if over { Err(Error::Late) } else { self.sign_one(&session, &key, &id).await };
        Done { id, signed, issued: None }
    }

    async fn sign_one(&self, session: &Session, key: &Key, id: &EntityId) -> Result<Digest, Error> {
        let signer = Self::as_what(key);
        let (one, wanted) = self.wanted(session, key, id).await?;
        let signing = &self.0.signing;
        let mut made = signing.sign(session, &key.id, vec![wanted.clone()]).await?.pop();
        if let Some(Err(dinh_signing::Error::Sign(SignFault::Font(fault)))) = &made {
            // A name that cannot be drawn is no reason not to sign: the signature holds without being seen.
            tracing::warn!(%fault, "a signature is not seen on its document");
            made = signing.sign(session, &key.id, vec![Wanted { seen: None, ..wanted }]).await?.pop();
        }
        let pdf = made.unwrap_or(Err(dinh_signing::Error::CutShort))?;
        self.take(session, (id, one.version), pdf, (signer, &key.id)).await
    }

    /// A document as it is to be signed with a key.
    pub(crate) async fn wanted(
        &self,
        session: &Session,
        key: &Key,
        id: &EntityId,
    ) -> Result<(Issued, Wanted), Error> {
        let signer = Self::as_what(key);
        let casework = &self.0.casework;
        let (one, pdf) = casework.document_to_sign(session, id, signer).await?;
        if key.unit.as_ref() != Some(&one.issued_by) {
            return Err(dinh_signing::Error::OtherUnit.into());
        }
        let agency = casework.agency_name(session.tenant(), &one.issued_by).await?;
        let (font, at) = (casework.signature_font(), self.0.signing.now());
        let picture = match signer {
            Signer::Seal => self.picture(session.tenant(), &one.issued_by).await?,
            Signer::Person => None,
        };
        let wanted = Plan { key, signer, agency: &agency, font, at, picture }.of(&one, pdf);
        Ok((one, wanted))
    }

    /// The picture of the seal of a unit. One that cannot be read is no reason not to sign.
    async fn picture(&self, tenant: &Tenant, unit: &EntityId) -> Result<Option<Picture>, Error> {
        let png = self.0.signing.seal_picture(tenant, unit).await?;
        let points = png.and_then(|png| dinh_uploads::points(&png).ok());
        Ok(points.map(|(width, height, points)| Picture { width, height, points }))
    }

    /// Takes a signed file in place of the one before, if all its signatures hold.
    pub(crate) async fn take(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        pdf: Vec<u8>,
        by: (Signer, &str),
    ) -> Result<Digest, Error> {
        let report = self.0.signing.check(pdf.clone()).await?;
        let verdict = report.verdict().unwrap_or(Verdict::Altered);
        // An authority that is away is borne: what it says later is told later.
        if !matches!(verdict, Verdict::Genuine | Verdict::Unknown) {
            return Err(Error::NotBelieved(verdict));
        }
        let digest = self.0.casework.add_to_document(session, (id, version), pdf, by).await?;
        self.0.reports.keep(&digest.to_string(), Arc::new(report), self.0.signing.now());
        Ok(digest)
    }

    /// Issues what is sealed, one case after another.
    pub(crate) async fn issue(&self, session: &Session, all: &mut [Done], late: Timestamp) {
        for done in all {
            // What was sealed before, by a batch that was cut short, is only left to be issued.
            if done.signed.is_ok() || sealed_before(&done.signed) {
                let over = self.0.signing.now() > late;
                let issued = self.issue_one(session, &done.id, over).await;
                done.issued = Some(issued);
            }
        }
    }

    async fn issue_one(&self, session: &Session, id: &EntityId, over: bool) -> Result<(), Error> {
        if over {
            return Err(Error::Late);
        }
        Ok(self.0.casework.issue_sealed(session, id).await.map(drop)?)
    }

    /// What the signatures of a document are worth now; none if it has none or its file is gone. Whether somebody may know
    /// is for the caller.
    ///
    /// # Errors
    /// Those of the graph; [`dinh_signing::Error::Pdf`].
    pub async fn status(
        &self,
        tenant: &Tenant,
        (id, digest): (&EntityId, &str),
    ) -> Result<Option<Arc<Report>>, Error> {
        let now = self.0.signing.now();
        if let Some(known) = self.0.reports.get(digest, now) {
            return Ok(Some(known));
        }
        let Some(pdf) = self.0.casework.signed_content(tenant, id).await? else { return Ok(None) };
        let report = Arc::new(self.0.signing.check(pdf).await?);
        self.0.reports.keep(digest, Arc::clone(&report), now);
        Ok(Some(report))
    }
}

/// The account of whoever asks; empty for who has none.
fn account(session: &Session) -> &str {
    match session.principal() {
        dinh_access::Principal::Account(account) => &account.id,
        _ => "",
    }
}

const fn sealed_before(signed: &Result<Digest, Error>) -> bool {
    matches!(signed, Err(Error::Casework(dinh_casework::Error::SignedAlready)))
}
