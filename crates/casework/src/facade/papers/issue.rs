//! What was numbered is issued, or given up.

use dinh_access::Purpose;
use dinh_context::fields::Fields;
use dinh_context::graph::Op;
use dinh_documents::{Move, Standing};
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{EntityQuery, Q};
use serde_json::json;

use super::super::Casework;
use super::super::commit::Going;
use super::super::locker::DOCUMENT;
use super::draw_up::file_of;
use super::listed::Issued;
use super::sign::ByHand;
use crate::{Dossier, Error};

/// Most documents that wait to be issued of one case.
const MOST: usize = 50;

impl Casework {
    /// The documents of a case that have a number and wait to be issued.
    pub(super) async fn numbered(&self, tenant: &Tenant, dossier: &EntityId) -> Result<Vec<Issued>, Error> {
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.links("dossier", dossier.as_str()),
                self.is("standing", Standing::Numbered.name()),
            ])),
            limit: MOST,
            ..EntityQuery::of_type(self.names().of(DOCUMENT))
        };
        let page = self.own(tenant).query(query).await?;
        let all: Vec<Issued> =
            page.entities.iter().map(|stored| self.issued_of(stored)).collect::<Result<_, _>>()?;
        // What is to take the place of another one is issued by itself.
        Ok(all.into_iter().filter(|one| one.replaces.is_none()).collect())
    }

    /// The operations that issue what has a template: what was numbered, or what is drawn up only now. What must be signed is,
    /// or whoever issues it says that it was signed by hand.
    ///
    /// # Errors
    /// [`Error::Unsigned`], [`Error::HalfSigned`].
    pub(in crate::facade) async fn issued_papers(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
        by_hand: bool,
    ) -> Result<Vec<Op>, Error> {
        let by = going.moved.case.steps.last().and_then(|step| step.by.clone()).unwrap_or_default();
        let by = by_hand.then_some(by.as_str());
        let waiting = self.numbered(tenant, going.id).await?;
        if waiting.is_empty() {
            let hand = by.map(|by| ByHand { by: by.to_owned(), at: going.now.to_jiff() });
            return self.drawn_up(tenant, going, Standing::Valid, hand.as_ref()).await;
        }
        let dossier = self.whole(tenant, going.id).await?;
        let mut ops = Vec::new();
        for one in waiting {
            ops.extend(self.released(tenant, (one, by), &dossier, going.now).await?);
        }
        Ok(ops)
    }

    /// The operations that make a document that was numbered hold, and its owner's.
    ///
    /// # Errors
    /// [`Error::Unsigned`] if it must be signed and nobody says that it was by hand; [`Error::HalfSigned`].
    pub(super) async fn released(
        &self,
        tenant: &Tenant,
        (one, by_hand): (Issued, Option<&str>),
        dossier: &Dossier,
        now: Timestamp,
    ) -> Result<Vec<Op>, Error> {
        let hand = match by_hand {
            Some(by) => one.by_hand(by, now.to_jiff())?,
            None => one.may_be_issued().map(|()| None)?,
        };
        let standing = one.standing.after(Move::Issue)?;
        let owner = dossier.applicant.as_ref().and_then(|applicant| applicant.subject.clone());
        // The file becomes the owner's: sealed for them, so that what is erased of them is erased here too.
        let content = self.content(tenant, &one).await?;
        let new = file_of(&format!("{} {}", one.title.vi, one.serial), (&one.id, &one.issued_by), owner);
        let (file, keep) = self.own(tenant).keep_file(new, content).await?;
        let fields = Fields::new(self.names(), now)
            .to("file", &file)
            .maybe("signedByHand", hand.map(|hand| json!(hand)))
            .with("standing", standing.name());
        let mutation = Box::new(self.owned(fields, dossier).change());
        let mut ops = vec![keep, Op::Mutate { id: one.id, mutation, expect: Some(one.version), types: None }];
        ops.extend(one.file.map(Op::delete));
        Ok(ops)
    }

    /// The operations that give up what was numbered: numbers stay in the register, files go.
    pub(in crate::facade) async fn given_up(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
    ) -> Result<Vec<Op>, Error> {
        let mut ops = Vec::new();
        for one in self.numbered(tenant, going.id).await? {
            let standing = one.standing.after(Move::GiveUp)?;
            let reason = going.moved.case.steps.last().and_then(|step| step.asked.get("reason"));
            let fields = Fields::new(self.names(), going.now)
                .with("standing", standing.name())
                .maybe("reason", reason.and_then(|answer| answer.text()))
                .to_each("file", &[]);
            let mutation = Box::new(fields.change());
            ops.push(Op::Mutate { id: one.id, mutation, expect: Some(one.version), types: None });
            ops.extend(one.file.map(Op::delete));
        }
        Ok(ops)
    }

    /// The content of a document, for the program itself.
    pub(super) async fn content(&self, tenant: &Tenant, one: &Issued) -> Result<Vec<u8>, Error> {
        let file = one.file.as_ref().ok_or_else(|| Error::NoDocument(one.id.clone()))?;
        let part = self.own(tenant).with_purpose(Purpose::CaseHandling);
        let reason = format!("Phát hành văn bản {} (issuing a document)", one.serial);
        Ok(part.revealing(&reason)?.file(file).await?.content)
    }
}
