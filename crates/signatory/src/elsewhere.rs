//! Keys that are elsewhere, such as a token at somebody's desk: what to sign goes out, the signatures come in. One or many,
//! each judged by itself.

use dinh_casework::Signer;
use dinh_context::Session;
use dinh_documents::Digest;
use dinh_model::EntityId;
use dinh_signing::signatures::SignFault;
use dinh_signing::{Key, Wanted};
use jiff::{SignedDuration, Timestamp};

use crate::Error;
use crate::facade::{Begun, Done, Signatory};
use crate::waiting::One;

/// Most documents that are signed with one confirmation by a key that is elsewhere.
pub const MOST_ELSEWHERE: usize = 100;

/// What came of beginning with a document.
#[derive(Debug)]
pub struct Started {
    /// Which document.
    pub id: EntityId,
    /// What to sign, or why it is not signed.
    pub begun: Result<Begun, Error>,
}

/// A signature that has come back.
#[derive(Debug, Clone)]
pub struct Returned {
    /// Of which document.
    pub document: EntityId,
    /// The name of the signing.
    pub signing: String,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Signatory {
    /// Begins to sign a document with a key that is elsewhere.
    ///
    /// # Errors
    /// As [`Signatory::sign`] says of a document.
    pub async fn begin(&self, session: &Session, key: &str, id: &EntityId) -> Result<Begun, Error> {
        let key = self.signing().usable(session, key).await?;
        self.begin_one(session, &key, id).await
    }

    /// Begins to sign documents with a key that is elsewhere; each says what to sign, or why not.
    ///
    /// # Errors
    /// What holds for all: [`Error::TooMany`], and that the key cannot be used.
    pub async fn begin_many(
        &self,
        session: &Session,
        key: &str,
        documents: &[EntityId],
    ) -> Result<Vec<Started>, Error> {
        if documents.is_empty() || documents.len() > MOST_ELSEWHERE {
            return Err(Error::TooMany { most: MOST_ELSEWHERE });
        }
        let key = self.signing().usable(session, key).await?;
        let mut all: Vec<Started> = Vec::with_capacity(documents.len());
        for id in documents {
            if all.iter().all(|one| one.id != *id) {
                let begun = self.begin_one(session, &key, id).await;
                all.push(Started { id: id.clone(), begun });
            }
        }
        Ok(all)
    }

    async fn begin_one(&self, session: &Session, key: &Key, id: &EntityId) -> Result<Begun, Error> {
        let (one, wanted) = self.wanted(session, key, id).await?;
        let mut begun = self.signing().begin(session, &key.id, wanted.clone()).await;
        if let Err(dinh_signing::Error::Sign(SignFault::Font(fault))) = &begun {
            tracing::warn!(%fault, "a signature is not seen on its document");
            begun = self.signing().begin(session, &key.id, Wanted { seen: None, ..wanted }).await;
        }
        let begun = begun?;
        let waits = One {
            document: id.clone(),
            version: one.version,
            signer: Self::as_what(key),
            key: key.id.clone(),
            ends: begun.ends,
        };
        self.waiting().keep(begun.id.clone(), waits, self.signing().now());
        Ok(begun)
    }

    /// Finishes one with the signature from elsewhere.
    ///
    /// # Errors
    /// [`dinh_signing::Error::NothingWaits`] if nothing of this document waits under this name; [`Error::NotBelieved`];
    /// [`dinh_casework::Error::Conflict`] if the document has changed meanwhile.
    pub async fn finish(
        &self,
        session: &Session,
        (id, waiting): (&EntityId, &str),
        signature: Vec<u8>,
    ) -> Result<Digest, Error> {
        let one = self.waiting().of(waiting, id, self.signing().now());
        let one = one.ok_or(dinh_signing::Error::NothingWaits)?;
        let pdf = self.signing().finish(session, waiting, signature).await?;
        self.waiting().drop(waiting);
        self.take(session, (id, one.version), pdf, (one.signer, &one.key)).await
    }

    /// Finishes many within some time, and issues the cases of what is sealed if that is wanted; each says what came of it.
    /// What there was no time for is [`Error::Late`], still waits, and is named again.
    ///
    /// # Errors
    /// What holds for all: [`Error::TooMany`]; [`Error::NotSeal`] if something is to be issued after another signature than
    /// a seal.
    pub async fn finish_many(
        &self,
        session: &Session,
        returned: Vec<Returned>,
        issue: bool,
        within: SignedDuration,
    ) -> Result<Vec<Done>, Error> {
        let late = self.signing().now().saturating_add(within).unwrap_or(Timestamp::MAX);
        if returned.is_empty() || returned.len() > MOST_ELSEWHERE {
            return Err(Error::TooMany { most: MOST_ELSEWHERE });
        }
        let now = self.signing().now();
        let by_person = |one: &Returned| {
            let waits = self.waiting().of(&one.signing, &one.document, now);
            waits.is_some_and(|waits| waits.signer == Signer::Person)
        };
        if issue && returned.iter().any(by_person) {
            return Err(Error::NotSeal);
        }
        let mut all = Vec::with_capacity(returned.len());
        for Returned { document, signing, signature } in returned {
            let signed = if self.signing().now() > late {
                Err(Error::Late)
            } else {
                self.finish(session, (&document, &signing), signature).await
            };
            all.push(Done { id: document, signed, issued: None });
        }
        if issue {
            self.issue(session, &mut all, late).await;
        }
        Ok(all)
    }
}
