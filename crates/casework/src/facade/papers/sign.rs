//! Signatures of documents that wait to be issued: whoever decides signs first, then the records clerk puts the seal of the
//! agency beside it (Decree 30/2020/NĐ-CP, articles 13 and 32), then they are issued.

use std::collections::BTreeMap;

use dinh_access::Principal;
use dinh_cases::{Does, Signer};
use dinh_context::Session;
use dinh_documents::{Move, Standing};
use dinh_model::{EntityId, Tenant};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::super::Casework;
use super::listed::Issued;
use crate::{Dossier, Error};

/// A signature that was added to a document here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// As what.
    #[serde(rename = "as")]
    pub signer: Signer,
    /// The key of the inventory.
    pub key: String,
    /// The account by which it was done.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// That a document was signed and sealed by hand, on paper: nobody's key can prove it, so it is written down who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// The account that says so.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// The role of kinds that signs so.
pub(super) const fn role(signer: Signer) -> &'static str {
    match signer {
        Signer::Person => "decider",
        Signer::Seal => "clerk",
    }
}

impl Issued {
    /// Whether it has a signature of this sort.
    pub fn has(&self, signer: Signer) -> bool {
        self.signed.iter().any(|one| one.signer == signer)
    }

    /// Which of the signatures that it must have is the next one to be given; none if it lacks none.
    pub fn lacks(&self) -> Option<Signer> {
        let wanted = if self.by_hand.is_some() { &[][..] } else { &self.demands };
        wanted.iter().copied().find(|signer| !self.has(*signer))
    }

    /// Refuses to issue it before it has the signatures that it must have.
    pub(super) fn may_be_issued(&self) -> Result<(), Error> {
        match self.lacks() {
            None => Ok(()),
            Some(signer) => Err(Error::Unsigned { serial: self.serial.clone(), signer }),
        }
    }

    /// How it is written down that it was signed by hand, if anything of it is: what has all its signatures needs none on
    /// paper, and what has some is not half on paper.
    pub(super) fn by_hand(&self, by: &str, at: Timestamp) -> Result<Option<ByHand>, Error> {
        match self.lacks() {
            None => Ok(None),
            Some(_) if !self.signed.is_empty() => Err(Error::HalfSigned(self.serial.clone())),
            Some(_) => Ok(Some(ByHand { by: by.to_owned(), at })),
        }
    }

    /// Refuses what would be out of order: the seal before the person, the person after the seal, anybody twice.
    ///
    /// # Errors
    /// [`Error::NotSigned`], [`Error::SignedAlready`], [`Error::Standing`] unless it waits to be issued.
    pub fn takes(&self, signer: Signer, account: &str) -> Result<(), Error> {
        self.standing.after(Move::Append)?;
        match signer {
            Signer::Seal if !self.has(Signer::Person) => Err(Error::NotSigned),
            Signer::Person if self.signed.iter().any(|one| one.by == account) => Err(Error::SignedAlready),
            _ if self.has(Signer::Seal) => Err(Error::SignedAlready),
            _ => Ok(()),
        }
    }
}

impl Casework {
    /// A document with its content as it is now, for somebody who signs it.
    ///
    /// # Errors
    /// [`Error::NoDocument`] for one that is not there or that somebody may not see; [`Error::NotYours`] without the role;
    /// those of [`Issued::takes`].
    pub async fn document_to_sign(
        &self,
        session: &Session,
        id: &EntityId,
        signer: Signer,
    ) -> Result<(Issued, Vec<u8>), Error> {
        let (one, _) = self.for_issuers(session, id, &[role(signer)]).await?;
        one.takes(signer, account(session))?;
        let content = self.content(session.tenant(), &one).await?;
        Ok((one, content))
    }

    /// Issues the case of a document, now that all that was numbered for it is sealed.
    ///
    /// # Errors
    /// [`Error::OthersWait`] if another document of the case has no seal yet; those of [`Casework::act`].
    pub async fn issue_sealed(&self, session: &Session, id: &EntityId) -> Result<Dossier, Error> {
        let (one, looked) = self.for_issuers(session, id, &[role(Signer::Seal)]).await?;
        if one.standing == Standing::Valid {
            return Ok(looked.dossier);
        }
        if one.replaces.is_some() {
            self.release_document(session, (id, one.version), false).await?;
            return Ok(looked.dossier);
        }
        let waiting = self.numbered(session.tenant(), &one.dossier).await?;
        if let Some(other) = waiting.iter().find(|other| !other.has(Signer::Seal)) {
            return Err(Error::OthersWait(other.serial.clone()));
        }
        let issues =
            |action: &dinh_cases::Action| action.does(|does| matches!(does, Does::Issue { by_hand: false }));
        let offered = self.offered(session, &one.dossier).await?;
        let action = offered.into_iter().find(|action| issues(action) && action.asks.is_empty());
        let action = action.ok_or(Error::NotYours)?;
        let on = (&one.dossier, looked.dossier.version);
        self.act(session, on, &action.code, BTreeMap::new(), BTreeMap::new()).await
    }

    /// The content of a document that was issued, for the program itself, which looks at its signatures. None if its file
    /// is gone.
    ///
    /// # Errors
    /// [`Error::NoDocument`], those of the graph.
    pub async fn signed_content(&self, tenant: &Tenant, id: &EntityId) -> Result<Option<Vec<u8>>, Error> {
        let found = self.own(tenant).find(id).await?.ok_or_else(|| Error::NoDocument(id.clone()))?;
        let one = self.issued_of(&found)?;
        if one.file.is_none() {
            return Ok(None);
        }
        self.content(tenant, &one).await.map(Some)
    }
}

/// The account of whoever asks; empty for who has none.
pub(super) fn account(session: &Session) -> &str {
    match session.principal() {
        Principal::Account(account) => &account.id,
        _ => "",
    }
}
