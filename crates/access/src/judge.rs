//! What comes of a question, as the sight and the reach would decide it, with what each rule says.

use dinh_model::{Entity, Tenant, Term};

use crate::{Action, Policy, Principal, Privacy, Purpose, Said};

/// What comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is seen as it is, or may be done.
    Allowed,
    /// It is seen masked.
    Masked,
    /// It is not seen, or may not be done.
    Refused,
}

/// What comes of it for an entity, or for one of its attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Which attribute; none for the entity itself.
    pub attribute: Option<Term>,
    /// How it is marked.
    pub privacy: Privacy,
    /// What comes of it.
    pub outcome: Outcome,
    /// What each rule for the action says, in their order.
    pub said: Vec<Said>,
}

impl Policy {
    /// What comes of it if `principal` does `action` to an entity, first for the entity itself, then for each of its
    /// attributes. To see is to see what tells something of a person masked; to reveal needs that it may be seen; and
    /// nothing may be done with the attributes of an entity with which it may not be done.
    pub fn judge(
        &self,
        principal: &Principal,
        tenant: &Tenant,
        purpose: Purpose,
        action: Action,
        entity: &Entity,
    ) -> Vec<Judged> {
        let asked = self.explain(principal, tenant, purpose, action, entity);
        let read = self.explain(principal, tenant, purpose, Action::Read, entity);
        let whole = |all: &crate::Explanation| all.first().is_some_and(|verdict| verdict.allowed);
        let (entity_seen, entity_allowed) = (whole(&read), whole(&asked));
        let outcome = |asked: bool, seen: bool, privacy: Privacy| match action {
            Action::Read | Action::Reveal if !seen || !entity_seen => Outcome::Refused,
            Action::Read | Action::Reveal if !privacy.is_of_a_person() => Outcome::Allowed,
            Action::Reveal if asked => Outcome::Allowed,
            Action::Read | Action::Reveal => Outcome::Masked,
            _ if asked && entity_allowed => Outcome::Allowed,
            _ => Outcome::Refused,
        };
        let both = asked.into_iter().zip(read);
        both.map(|(asked, read)| Judged {
            outcome: outcome(asked.allowed, read.allowed, asked.privacy),
            attribute: asked.attribute,
            privacy: asked.privacy,
            said: asked.said,
        })
        .collect()
    }
}
