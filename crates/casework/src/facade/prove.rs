//! A card that proves why a fee is lower. Whether it is genuine and holds is judged by whoever knows cards; here is whose it is,
//! and what it is worth.

use dinh_cases::{Kind, Moved, Proof, Reduction, Refused, Role, Tie};
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_model::EntityId;

use super::Casework;
use super::act::Looked;
use super::commit::Going;
use crate::{ApplicantKind, Dossier, Error};

/// Those who may show or look at a card of the applicant.
const TIES: [Tie; 3] = [Tie::Applicant, Tie::Receiving, Tie::Handling];
/// Attributes by which persons and organisations are known.
const NUMBERS: [&str; 2] = ["personalId", "enterpriseCode"];

/// A card that was shown and holds.
#[derive(Clone, Debug)]
pub struct CardShown {
    /// What it proves.
    pub proof: Proof,
    /// The account of its holder.
    pub account: String,
    /// The person or organisation of the graph that it is for.
    pub holder: Option<EntityId>,
}

impl Casework {
    /// What a card of the applicant could still take off the fees of a case, for those who may show it or look at it; nothing
    /// for others.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a case that whoever asks may not see.
    pub async fn provable(&self, session: &Session, id: &EntityId) -> Result<Vec<Reduction>, Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?;
        if shower(kind, &looked).is_none() {
            return Ok(Vec::new());
        }
        Ok(kind.provable(&looked.case).into_iter().cloned().collect())
    }

    /// Enters what a card of the applicant has proved: its fees are lower from then on, with the card, what it says and when
    /// it was shown beside what is taken off. What was paid before is not changed.
    ///
    /// # Errors
    /// [`Error::NotTheirCard`] for a card of somebody else; [`Error::Refused`] for one that proves nothing that counts here,
    /// for somebody who has nothing to do with the case, and for one that has ended or was paid; [`Error::Conflict`].
    pub async fn prove(&self, session: &Session, id: &EntityId, shown: CardShown) -> Result<Dossier, Error> {
        let looked = self.looked(session, id).await?;
        let kind = self.kind_of(&looked.dossier)?.clone();
        let action = "prove";
        let Some(role) = shower(&kind, &looked).map(|role| role.code.clone()) else {
            let refused = Refused::Role { action: action.to_owned(), roles: Vec::new() };
            return Err(self.note_refused(session, &looked.dossier, action, refused).await);
        };
        if !self.is_theirs(session, &looked.dossier, &shown).await? {
            return Err(Error::NotTheirCard);
        }
        let now = self.now();
        let case = match kind.prove(&looked.case, shown.proof, (&looked.actor, &role), now.to_jiff()) {
            Ok(case) => case,
            Err(refused) => return Err(self.note_refused(session, &looked.dossier, action, refused).await),
        };
        let moved = Moved { case, effects: Vec::new() };
        let mut going = Going { id, kind: &kind, before: Some(&looked.case), moved, now };
        let mut ops = self.brought_about(session.tenant(), &mut going).await?;
        ops.insert(0, self.change(id, looked.dossier.version, &kind, &going.moved.case, now));
        self.write(session, ops).await?;
        self.seen(session, id).await
    }

    /// True for a card of whoever applies: the same person or organisation of the graph, the same number, or, where a person
    /// has filed for themselves, the same account.
    async fn is_theirs(
        &self,
        session: &Session,
        dossier: &Dossier,
        shown: &CardShown,
    ) -> Result<bool, Error> {
        let Some(applicant) = &dossier.applicant else { return Ok(false) };
        if applicant.subject.is_some() && applicant.subject == shown.holder {
            return Ok(true);
        }
        let filed = dossier.account.as_deref() == Some(shown.account.as_str());
        if filed && applicant.subject.is_none() && applicant.kind == ApplicantKind::Person {
            return Ok(true);
        }
        let (Some(number), Some(holder)) = (&applicant.number, &shown.holder) else { return Ok(false) };
        let found = self.own(session.tenant()).find(holder).await?;
        Ok(found.is_some_and(|stored| {
            let from = Reading { names: self.names(), entity: &stored.entity };
            NUMBERS.iter().any(|name| from.open_text(name).as_deref() == Some(number.as_str()))
        }))
    }
}

/// The role by which somebody shows or looks at a card.
fn shower<'k>(kind: &'k Kind, looked: &Looked) -> Option<&'k Role> {
    kind.roles.iter().find(|role| TIES.contains(&role.tie) && looked.actor.has(role))
}
