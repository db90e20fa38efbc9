//! What may happen to a document later: something is added to its file before it is issued; it is taken back afterwards.

use dinh_access::Purpose;
use dinh_cases::{Actor, Refused, Signer};
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_context::{File, Session};
use dinh_documents::{Digest, Move, appended};
use dinh_model::EntityId;
use serde_json::json;

use super::super::Casework;
use super::super::act::Looked;
use super::draw_up::file_of;
use super::listed::Issued;
use super::sign::{Signed, account, role};
use crate::Error;

/// Most things that are added to one document: signatures and time stamps.
const MOST_ADDED: usize = 20;
/// Roles of kinds that take documents back.
const DECIDERS: [&str; 1] = ["decider"];
/// Characters of a reason.
const REASON: (usize, usize) = (5, 2_000);

impl Casework {
    /// Takes a document with something added behind its last byte, as an incremental update with a signature is.
    ///
    /// # Errors
    /// [`Error::Altered`] if anything else of it differs, [`Error::Standing`] unless it waits to be issued,
    /// [`Error::Conflict`] if it has changed since it was looked at.
    pub async fn add_to_document(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        content: Vec<u8>,
        (signer, key): (Signer, &str),
    ) -> Result<Digest, Error> {
        let (one, _) = self.for_issuers(session, id, &[role(signer)]).await?;
        let standing = one.standing.after(Move::Append)?;
        if one.version != version {
            return Err(Error::Conflict);
        }
        one.takes(signer, account(session))?;
        if one.digests.len() > MOST_ADDED {
            return Err(Error::TooMany { what: "additions", most: MOST_ADDED });
        }
        appended(&self.content(session.tenant(), &one).await?, &content)?;
        let digest = Digest::of(&content);
        let mut digests = one.digests.clone();
        digests.push(digest.to_string());
        let (by, at) = (account(session).to_owned(), self.now().to_jiff());
        let mut all = one.signed.clone();
        all.push(Signed { signer, key: key.to_owned(), by, at });
        let new = file_of(&format!("{} {}", one.title.vi, one.serial), (&one.id, &one.issued_by), None);
        let (file, keep) = self.own(session.tenant()).keep_file(new, content).await?;
        let fields = Fields::new(self.names(), self.now())
            .to("file", &file)
            .with("digests", json!(digests))
            .with("signatures", json!(all))
            .with("standing", standing.name());
        let mutation = Box::new(fields.change());
        let mut ops = vec![keep, Op::Mutate { id: id.clone(), mutation, expect: Some(version), types: None }];
        ops.extend(one.file.map(Op::delete));
        self.write(session, ops).await?;
        Ok(digest)
    }

    /// Takes a document back, with a reason.
    ///
    /// # Errors
    /// [`Error::Standing`] unless it holds, [`Error::NotYours`], [`Error::Text`], [`Error::Conflict`].
    pub async fn revoke_document(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        reason: &str,
    ) -> Result<(), Error> {
        let reason = checked("reason", reason)?;
        let (one, _) = self.for_issuers(session, id, &DECIDERS).await?;
        let standing = one.standing.after(Move::Revoke)?;
        let fields = Fields::new(self.names(), self.now())
            .with("standing", standing.name())
            .with("endedAt", self.now().to_string())
            .with("reason", reason);
        let mutation = Box::new(fields.change());
        let op = Op::Mutate { id: id.clone(), mutation, expect: Some(version), types: None };
        self.write(session, vec![op]).await.map(drop)
    }

    /// Opens the file of a document: for its owner, and for those who work on its case. The audit notes it first.
    ///
    /// # Errors
    /// [`Error::NoDocument`] for one that is not there, or that whoever asks may not see.
    pub async fn open_document(&self, session: &Session, id: &EntityId) -> Result<File, Error> {
        self.enter(session)?;
        let one = self.issued_for(session, id).await?;
        let file = one.file.as_ref().ok_or_else(|| Error::NoDocument(id.clone()))?;
        let reason = format!("Mở văn bản {} (opening a document)", one.serial);
        let (entities, details) = (vec![file.clone(), id.clone()], session.standing());
        let act = dinh_context::graph::Act::Reveal;
        let note = dinh_context::graph::Note {
            entities,
            details,
            reason: Some(reason.clone()),
            ..dinh_context::graph::Note::of(act)
        };
        session.note(note).await?;
        let part = self.own(session.tenant()).with_purpose(Purpose::CaseHandling);
        Ok(part.revealing(&reason)?.file(file).await?)
    }

    /// A document, and its case as somebody sees it who holds one of some roles of its kind.
    pub(super) async fn for_issuers(
        &self,
        session: &Session,
        id: &EntityId,
        roles: &[&str],
    ) -> Result<(Issued, Looked), Error> {
        let one = self.issued_for(session, id).await?;
        let looked = self.looked(session, &one.dossier).await.map_err(|error| match error {
            Error::NoSuch(_) => Error::NoDocument(id.clone()),
            other => other,
        })?;
        let kind = self.kind_of(&looked.dossier)?;
        if holds(&looked.actor, kind, roles) { Ok((one, looked)) } else { Err(Error::NotYours) }
    }
}

fn holds(actor: &Actor, kind: &dinh_cases::Kind, roles: &[&str]) -> bool {
    roles.iter().any(|role| actor.holds(kind, role))
}

pub(super) fn checked(field: &'static str, text: &str) -> Result<String, Error> {
    let text = text.trim();
    let fits = (REASON.0..=REASON.1).contains(&text.chars().count());
    if fits && !text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        return Ok(text.to_owned());
    }
    let rule = dinh_cases::AskRule::Text { least: REASON.0, most: REASON.1 };
    Err(Refused::Asked { ask: field.to_owned(), rule }.into())
}
