//! Seeing unmasked what tells something of a person: for a stated purpose and reason, and never without a note of it in
//! the audit, written before anything is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Grant, Read};
use dinh_model::{EntityId, Term};
use dinh_store::{Act, History, Note, Stored};

use super::Session;
use crate::Error;

/// Fewest characters of a reason: one that says something.
const LEAST_REASON: usize = 5;
/// Most characters of a reason.
const MOST_REASON: usize = 500;

/// A reason worth keeping, without the spaces around it.
pub(super) fn reason(text: &str) -> Result<&str, Error> {
    let text = text.trim();
    let length = text.chars().count();
    if !(LEAST_REASON..=MOST_REASON).contains(&length) || text.chars().any(char::is_control) {
        return Err(Error::Reason { least: LEAST_REASON, most: MOST_REASON });
    }
    Ok(text)
}

impl Session {
    /// The same session, which sees unmasked what the policy lets it reveal for its purpose. Single entities, queries
    /// and histories are unmasked; maps, searches and counts stay as they are.
    ///
    /// # Errors
    /// [`Error::Denied`] if there is nothing that it may reveal, [`Error::Reason`] without a reason worth keeping.
    pub fn revealing(self, reason: &str) -> Result<Self, Error> {
        let reason = self::reason(reason)?;
        self.context.policy().reveal(&self.principal, &self.tenant, self.purpose)?;
        Ok(Self { reveal: Some(reason.into()), ..self })
    }

    /// What may be seen by it, unmasked if it reveals.
    pub(super) fn seeing(&self) -> Result<Grant<Read>, Error> {
        match self.reveal {
            Some(_) => Ok(self.context.policy().reveal(&self.principal, &self.tenant, self.purpose)?),
            None => self.reading(),
        }
    }

    /// Notes what of these entities would be masked or hidden without the revelation.
    pub(super) async fn note_revealed(&self, shown: &[Stored]) -> Result<(), Error> {
        if self.reveal.is_none() || shown.is_empty() {
            return Ok(());
        }
        let plain = self.reading()?;
        let (mut entities, mut attributes) = (Vec::new(), BTreeSet::new());
        for stored in shown {
            let masked = plain.sight().view(&stored.entity);
            if masked.as_ref().is_some_and(|masked| Arc::ptr_eq(masked, &stored.entity)) {
                continue;
            }
            let left = |name: &Term| masked.as_ref().and_then(|masked| masked.attributes.get(name));
            let all = &stored.entity.attributes;
            let revealed: Vec<Term> = all
                .iter()
                .filter(|(name, instances)| left(name) != Some(*instances))
                .map(|(name, _)| name.clone())
                .collect();
            if masked.is_none() || !revealed.is_empty() {
                entities.push(stored.entity.id.clone());
                attributes.extend(revealed);
            }
        }
        self.note_reveal(entities, attributes).await
    }

    /// Notes the series of a history that would be hidden without the revelation.
    pub(super) async fn note_revealed_history(&self, id: &EntityId, history: &History) -> Result<(), Error> {
        if self.reveal.is_none() {
            return Ok(());
        }
        let plain = self.reading()?;
        let hidden = history.series.iter().map(|series| &series.attribute);
        let hidden: BTreeSet<Term> =
            hidden.filter(|name| !plain.sight().sees_everywhere(name)).cloned().collect();
        let entities = if hidden.is_empty() { Vec::new() } else { vec![id.clone()] };
        self.note_reveal(entities, hidden).await
    }

    async fn note_reveal(&self, entities: Vec<EntityId>, attributes: BTreeSet<Term>) -> Result<(), Error> {
        if entities.is_empty() {
            return Ok(());
        }
        let reason = self.reveal.as_deref().map(str::to_owned);
        let attributes = attributes.into_iter().collect();
        self.note(Note { entities, attributes, reason, ..Note::of(Act::Reveal) }).await
    }
}
