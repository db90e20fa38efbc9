//! Why somebody sees something, or does not.

use dinh_access::{Action, Judged, Principal, Purpose};
use dinh_model::{EntityId, Term};
use dinh_store::{Act, Note};
use serde_json::json;

use super::Session;
use crate::Error;

/// A question of who may do what, and why.
#[derive(Clone, Debug)]
pub struct Why {
    /// Who would do it, as they act now.
    pub who: Principal,
    /// For what purpose.
    pub purpose: Purpose,
    /// What they would do: something that is about data ([`Action::is_about_data`]).
    pub action: Action,
    /// To what.
    pub entity: EntityId,
}

/// The answer. It holds no value of the entity.
#[derive(Clone, Debug)]
pub struct Explained {
    /// The types of the entity.
    pub types: Vec<Term>,
    /// What comes of it, first for the entity itself, then for each of its attributes.
    pub judged: Vec<Judged>,
}

impl Session {
    /// Explains what comes of it if somebody does something to an entity, for those who administer or audit. The question
    /// is noted in the audit before it is answered.
    ///
    /// # Errors
    /// [`Error::Denied`] for everybody else, [`Error::NotFound`] if there is no such entity.
    pub async fn explain(&self, why: &Why) -> Result<Explained, Error> {
        if self.may(Action::Audit).is_err() {
            self.may(Action::Administer)?;
        }
        let details = json!({
            "who": why.who.to_string(), "action": why.action.name(), "purpose": why.purpose.name(),
        });
        let note = Note { entities: vec![why.entity.clone()], details, ..Note::of(Act::Explain) };
        let whole = self.context().system("explain", self.tenant.clone());
        let stored = whole.entity(&why.entity).await?;
        self.note(note).await?;
        let policy = self.context().policy();
        let judged = policy.judge(&why.who, &self.tenant, why.purpose, why.action, &stored.entity);
        Ok(Explained { types: stored.entity.types.clone(), judged })
    }
}
