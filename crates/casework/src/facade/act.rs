//! What is done with a case.

use std::collections::BTreeMap;

use dinh_access::Purpose;
use dinh_cases::{Action, Actor, Answer, Attempt, Case, Effect, Held, Opinion, Refused};
use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::EntityId;

use super::Casework;
use super::actor::{self, Mine};
use super::commit::Going;
use crate::{Dossier, Error};

/// A case with everything that the machine needs, and how somebody stands to it.
pub(super) struct Looked {
    pub(super) dossier: Dossier,
    pub(super) case: Case,
    pub(super) actor: Actor,
}

impl Casework {
    /// What somebody may do with a case now, conditions included.
    pub async fn offered(&self, session: &Session, id: &EntityId) -> Result<Vec<Action>, Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?;
        let now = self.now();
        let rules = self.0.times.rules(kind, looked.case.variant.as_deref(), now);
        let attempt = Attempt {
            action: "",
            actor: &looked.actor,
            at: now.to_jiff(),
            asked: BTreeMap::new(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        };
        Ok(kind.offered(&looked.case, &attempt).into_iter().cloned().collect())
    }

    /// Takes an action with a case, on the version that was looked at. `parts` are documents that come with it.
    ///
    /// # Errors
    /// [`Error::Refused`] with what must be different; that it was tried is in the audit. [`Error::Conflict`] if somebody
    /// else was quicker, [`Error::NoSuch`] for a case that whoever asks may not see.
    pub async fn act(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        action: &str,
        asked: BTreeMap<String, Answer>,
        parts: BTreeMap<String, Held>,
    ) -> Result<Dossier, Error> {
        let mut looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?.clone();
        let now = self.now();
        if let Some(code) = parts.keys().find(|code| kind.part(code).is_none()) {
            return Err(Refused::Kind(format!("has no part {code:?}")).into());
        }
        let before = looked.case.clone();
        looked.case.parts.extend(parts);
        let rules = self.0.times.rules(&kind, before.variant.as_deref(), now);
        let attempt = Attempt {
            action,
            actor: &looked.actor,
            at: now.to_jiff(),
            asked,
            schedule: self.0.times.schedule(),
            rules: &rules,
        };
        let moved = match kind.act(&looked.case, &attempt) {
            Ok(moved) => moved,
            Err(refused) => return Err(self.note_refused(session, &looked.dossier, action, refused).await),
        };
        if looked.dossier.version != version {
            return Err(Error::Conflict);
        }
        // Only what is numbered waits for its turn.
        let numbered = moved.effects.iter().any(numbers);
        let _numbering = if numbered { Some(self.0.numbering.lock().await) } else { None };
        let mut going = Going { id, kind: &kind, before: Some(&before), moved, now };
        let mut ops = self.brought_about(session.tenant(), &mut going).await?;
        ops.insert(0, self.change(id, version, &kind, &going.moved.case, now));
        self.write(session, ops).await?;
        self.seen(session, id).await
    }

    /// Gives an opinion that was asked.
    ///
    /// # Errors
    /// As [`Casework::act`].
    pub async fn opine(
        &self,
        session: &Session,
        (id, version): (&EntityId, u64),
        opinion: &Opinion<'_>,
    ) -> Result<Dossier, Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?.clone();
        let now = self.now();
        let case = match looked.case.opine(opinion, &looked.actor, now.to_jiff()) {
            Ok(case) => case,
            Err(refused) => {
                return Err(self.note_refused(session, &looked.dossier, "opinion", refused).await);
            }
        };
        if looked.dossier.version != version {
            return Err(Error::Conflict);
        }
        let change = self.change(id, version, &kind, &case, now);
        self.write(session, vec![change]).await?;
        self.seen(session, id).await
    }

    /// A case that somebody may see, as it is.
    pub(super) async fn looked(&self, session: &Session, id: &EntityId) -> Result<Looked, Error> {
        self.enter(session)?;
        if let Err(error) = self.seen(session, id).await {
            if matches!(error, Error::NoSuch(_)) {
                self.note_unseen(session, id).await?;
            }
            return Err(error);
        }
        let dossier = self.whole(session.tenant(), id).await?;
        let damaged = |field| dinh_context::fields::Damaged { id: id.clone(), field };
        let case = dossier.case.clone().ok_or_else(|| damaged("case"))?;
        let applicant = dossier.applicant.clone().ok_or_else(|| damaged("contact"))?;
        let mine = Mine { subject: applicant.subject.as_ref(), account: dossier.account.as_deref() };
        let actor = actor::of(session, &mine, &case);
        Ok(Looked { dossier, case, actor })
    }

    /// A case as somebody sees it without revealing anything: in their office, or as their own.
    pub(super) async fn seen(&self, session: &Session, id: &EntityId) -> Result<Dossier, Error> {
        for purpose in [Purpose::CaseHandling, Purpose::OwnData] {
            let found = session.clone().with_purpose(purpose).find(id).await?;
            if let Some(stored) = found.filter(|stored| self.is_case(&stored.entity)) {
                return Dossier::read(self.names(), &stored);
            }
        }
        Err(Error::NoSuch(id.clone()))
    }

    pub(super) fn change(
        &self,
        id: &EntityId,
        version: u64,
        kind: &dinh_cases::Kind,
        case: &Case,
        now: dinh_model::Timestamp,
    ) -> Op {
        let mutation = Box::new(self.draw(kind, case, now).change());
        Op::Mutate { id: id.clone(), mutation, expect: Some(version), types: None }
    }
}

/// True for what gives a number to something: to a case, or to what comes of it.
fn numbers(effect: &Effect) -> bool {
    matches!(effect, Effect::Number | Effect::DrawUp | Effect::Issue { .. })
}
