//! Another document takes the place of one that was issued. What must be signed takes it only once it is: until then the old one
//! holds, and the new one waits with its number.

use dinh_cases::Moved;
use dinh_context::Session;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_documents::{Move, Standing};
use dinh_model::EntityId;
use dinh_ngsild::query::{EntityQuery, Q};

use super::super::Casework;
use super::super::commit::Going;
use super::super::locker::DOCUMENT;
use super::change::checked;
use super::draw_up::{Serials, Wanted};
use super::listed::Issued;
use super::sign::account;
use crate::Error;

/// Roles of kinds that issue documents.
const ISSUERS: [&str; 2] = ["clerk", "decider"];
/// Roles of kinds that release what was signed.
const CLERKS: [&str; 1] = ["clerk"];

impl Casework {
    /// Draws a document up anew from its case as it is now, with a number of its own; the old one leads to it. What must be
    /// signed waits for that, and for [`Casework::release_document`]; until then the old one holds.
    ///
    /// # Errors
    /// As [`Casework::revoke_document`]; [`Error::Paper`] if it cannot be set; [`Error::Conflict`] if another one waits to take
    /// its place.
    pub async fn replace_document(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        reason: &str,
    ) -> Result<EntityId, Error> {
        let reason = checked("reason", reason)?;
        let (one, looked) = self.for_issuers(session, id, &ISSUERS).await?;
        one.standing.after(Move::Replace)?;
        if one.version != version {
            return Err(Error::Conflict);
        }
        let (kind, tenant) = (self.kind_of(&looked.dossier)?.clone(), session.tenant());
        let result =
            kind.results.iter().find(|result| result.document == one.kind && result.template.is_some());
        let result = result.ok_or_else(|| Error::NoDocument(id.clone()))?;
        let moved = Moved { case: looked.case.clone(), effects: Vec::new() };
        let going = Going { id: &looked.dossier.id, kind: &kind, before: None, moved, now: self.now() };
        let agency = self.agency(tenant, &one.issued_by).await?;
        let waits = !result.signatures.is_empty();
        let standing = if waits { Standing::Numbered } else { Standing::Valid };
        let wanted = Wanted {
            dossier: &looked.dossier,
            result,
            agency: &agency,
            standing,
            replaces: Some(id),
            by_hand: None,
        };
        let _numbering = self.0.numbering.lock().await;
        if waits && self.waits_to_replace(session, id).await? {
            return Err(Error::Conflict);
        }
        let mut serials = Serials::default();
        let (new, mut ops) = self.draw_up_one(tenant, &going, &wanted, &mut serials).await?;
        ops.extend(serials.written());
        if waits {
            // The reason is kept with the old one, which goes on holding until the new one is released.
            let fields = Fields::new(self.names(), self.now()).with("reason", reason);
            let mutation = Box::new(fields.change());
            ops.push(Op::Mutate { id: id.clone(), mutation, expect: Some(version), types: None });
        } else {
            ops.push(self.gives_way(&one, &new, Some(reason))?);
        }
        self.write(session, ops).await?;
        Ok(new)
    }

    /// Makes a document hold that was drawn up in place of another one, now that it has its signatures or was signed by hand.
    ///
    /// # Errors
    /// [`Error::NotYours`] for others than the records clerk; [`Error::Unsigned`], [`Error::HalfSigned`]; [`Error::Standing`]
    /// unless both stand where that can happen; [`Error::Conflict`].
    pub async fn release_document(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        by_hand: bool,
    ) -> Result<(), Error> {
        let (one, looked) = self.for_issuers(session, id, &CLERKS).await?;
        let old = one.replaces.clone().ok_or_else(|| Error::NoDocument(id.clone()))?;
        let old = self.own(session.tenant()).find(&old).await?.ok_or(Error::NoDocument(old))?;
        let old = self.issued_of(&old)?;
        if one.version != version {
            return Err(Error::Conflict);
        }
        let by = by_hand.then(|| account(session).to_owned());
        let mut ops = vec![self.gives_way(&old, id, None)?];
        let released = self.released(session.tenant(), (one, by.as_deref()), &looked.dossier, self.now());
        ops.extend(Box::pin(released).await?);
        self.write(session, ops).await.map(drop)
    }

    /// Gives up a document that was to take the place of another one, which goes on holding. Its number stays in the register.
    ///
    /// # Errors
    /// As [`Casework::release_document`].
    pub async fn give_up_replacement(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        reason: &str,
    ) -> Result<(), Error> {
        let reason = checked("reason", reason)?;
        let (one, _) = self.for_issuers(session, id, &ISSUERS).await?;
        let old = one.replaces.clone().ok_or_else(|| Error::NoDocument(id.clone()))?;
        let standing = one.standing.after(Move::GiveUp)?;
        let fields = Fields::new(self.names(), self.now())
            .with("standing", standing.name())
            .with("reason", reason)
            .to_each("file", &[]);
        let mutation = Box::new(fields.change());
        let mut ops = vec![Op::Mutate { id: id.clone(), mutation, expect: Some(version), types: None }];
        ops.extend(one.file.map(Op::delete));
        // Nothing takes the place of the old one any more, so there is no reason either.
        let kept = Fields::new(self.names(), self.now()).to_each("reason", &[]);
        ops.push(Op::Mutate { id: old, mutation: Box::new(kept.change()), expect: None, types: None });
        self.write(session, ops).await.map(drop)
    }

    /// The operation by which a document gives way to another one.
    fn gives_way(&self, old: &Issued, new: &EntityId, reason: Option<String>) -> Result<Op, Error> {
        let standing = old.standing.after(Move::Replace)?;
        let fields = Fields::new(self.names(), self.now())
            .with("standing", standing.name())
            .with("endedAt", self.now().to_string())
            .maybe("reason", reason)
            .to("replacedBy", new);
        let mutation = Box::new(fields.change());
        Ok(Op::Mutate { id: old.id.clone(), mutation, expect: Some(old.version), types: None })
    }

    /// Whether another document waits to take the place of one.
    async fn waits_to_replace(&self, session: &Session, id: &EntityId) -> Result<bool, Error> {
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.links("replaces", id.as_str()),
                self.is("standing", Standing::Numbered.name()),
            ])),
            limit: 1,
            ..EntityQuery::of_type(self.names().of(DOCUMENT))
        };
        Ok(!self.own(session.tenant()).query(query).await?.entities.is_empty())
    }
}
