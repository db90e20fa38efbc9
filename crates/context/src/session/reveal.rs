//! Seeing unmasked what tells something of a person: for a stated purpose and reason, and never without a note of it in
//! the audit, written before anything is shown.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Grant, Principal, Purpose, Read};
use dinh_model::{EntityId, Term};
use dinh_store::{Act, EvolutionPage, History, Note, Stored};
use serde_json::{Value as Json, json};

use super::Session;
use crate::Error;

/// Fewest characters of a reason: one that says something.
const LEAST_REASON: usize = 5;
/// Most characters of a reason.
const MOST_REASON: usize = 500;
/// Most roles and units that a note tells of whoever looked.
const MOST_TOLD: usize = 5;

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

    /// For which purposes this session could see of an entity what it does not see now, be it all of it. Nothing is
    /// shown, so nothing is noted. What is one's own is looked at for that reason alone.
    pub async fn reveal_purposes(&self, id: &EntityId) -> Result<Vec<Purpose>, Error> {
        let (policy, part) = (self.context.policy(), Principal::System("reveal".into()));
        let seeing = policy.read(&part, &self.tenant, self.purpose)?;
        let Some(raw) = self.context.store().entity(&seeing, id).await? else { return Ok(Vec::new()) };
        let plain = self.reading()?.sight().view(&raw.entity);
        let own = policy.owns(&self.principal, &raw.entity);
        let shows_more = |purpose: &Purpose| {
            let revealing = policy.reveal(&self.principal, &self.tenant, *purpose).ok();
            let seen = revealing.and_then(|grant| grant.sight().view(&raw.entity));
            seen.is_some() && seen != plain
        };
        let fits = |purpose: &Purpose| (*purpose == Purpose::OwnData) == own;
        Ok(Purpose::ALL.into_iter().filter(fits).filter(shows_more).collect())
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

    /// Notes the evolutions that would be hidden without the revelation.
    pub(super) async fn note_revealed_evolutions(&self, pages: &[EvolutionPage]) -> Result<(), Error> {
        if self.reveal.is_none() {
            return Ok(());
        }
        let plain = self.reading()?;
        let (mut entities, mut attributes) = (Vec::new(), BTreeSet::new());
        for entity in pages.iter().flat_map(|page| &page.entities) {
            let told = entity.attributes.keys().chain(entity.aggregated.keys());
            let hidden: Vec<Term> =
                told.filter(|name| !plain.sight().sees_everywhere(name)).cloned().collect();
            if !hidden.is_empty() {
                entities.push(entity.id.clone());
                attributes.extend(hidden);
            }
        }
        self.note_reveal(entities, attributes).await
    }

    async fn note_reveal(&self, entities: Vec<EntityId>, attributes: BTreeSet<Term>) -> Result<(), Error> {
        if entities.is_empty() {
            return Ok(());
        }
        let reason = self.reveal.as_deref().map(str::to_owned);
        let (attributes, details) = (attributes.into_iter().collect(), self.standing());
        self.note(Note { entities, attributes, reason, details, ..Note::of(Act::Reveal) }).await
    }

    /// In which roles and units somebody looks, as they stand now: whoever was looked at may know that much of them, also
    /// when the roles are over.
    pub fn standing(&self) -> Json {
        match &self.principal {
            Principal::Account(account) => {
                let some = |all: &BTreeSet<Arc<str>>| all.iter().take(MOST_TOLD).cloned().collect::<Vec<_>>();
                json!({"roles": some(&account.roles), "units": some(&account.units)})
            }
            _ => Json::Null,
        }
    }
}
