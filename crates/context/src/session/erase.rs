//! Erasing for good what is kept of somebody, at their request or by order.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::{Erase, Grant, Principal, Read};
use dinh_model::{Entity, EntityId};
use dinh_store::{Erasure, OpError};

use super::reveal::reason;
use super::{Session, attached_to};
use crate::packs::Titles;
use crate::privacy::Day;
use crate::{Context, Error};

/// Relationships looked at in one step.
const PAGE: usize = 500;

/// What an erasure has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// The entities that are gone.
    pub erased: Vec<EntityId>,
    /// The entities that stay, each with the reason.
    pub kept: Vec<Kept>,
}

/// An entity that stays although its erasure was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which one.
    pub id: EntityId,
    /// The day from which on it need not be kept any more; none if no day is known.
    pub until: Option<Day>,
    /// The rule by which it stays.
    pub basis: Titles,
}

impl Session {
    /// Erases for good what is kept of `subject`: its own entity and every entity that is about nobody else, with their
    /// history and the keys that open what the feed and backups hold of them. What a rule asks to keep stays, and is
    /// told with the day and the rule; so do files attached to it, and what is about somebody else too. `basis` says why,
    /// and is kept in the audit.
    ///
    /// # Errors
    /// [`Error::Denied`] without the right to erase, [`Error::Reason`] without a basis worth keeping, [`Error::Op`] if
    /// something of it is out of reach; then nothing is erased. More than 10,000 relationships lead to nobody: then the
    /// bound is told.
    pub async fn erase(&self, subject: &EntityId, basis: &str) -> Result<Erased, Error> {
        let context = self.context();
        let grant = context.policy().erase(&self.principal, &self.tenant, self.purpose)?;
        let reason = reason(basis)?.to_owned();
        // Everything must be found, also what the one who asks does not see.
        let part = Principal::System("privacy".into());
        let reading = context.policy().read(&part, &self.tenant, self.purpose)?;
        let today = crate::privacy::day_of(context.clock().now());
        let mut erased = Erased::default();
        let mut attached = Vec::new();
        for entity in about(context, &reading, subject).await? {
            within_reach(&grant, &entity)?;
            match (why_kept(context, &entity, subject, today), attached_to(&entity)) {
                (Some(kept), _) => erased.kept.push(kept),
                (None, Some(to)) => attached.push((entity.id.clone(), to)),
                (None, None) => erased.erased.push(entity.id.clone()),
            }
        }
        // What is attached to something that stays is a part of it.
        for (id, to) in attached {
            match erased.kept.iter().find(|kept| kept.id == to).cloned() {
                Some(kept) => erased.kept.push(Kept { id, ..kept }),
                None => erased.erased.push(id),
            }
        }
        self.carry_out(&grant, subject, &reason, &erased).await?;
        self.erase_copies(subject, &reason, &erased.erased).await?;
        Ok(erased)
    }

    /// What snapshots hold of it goes too, and so do the keys of what they held: a copy has no reason of its own to stay.
    async fn erase_copies(&self, subject: &EntityId, reason: &str, erased: &[EntityId]) -> Result<(), Error> {
        let context = self.context();
        let part = Principal::System("privacy".into());
        for place in context.frozen(&self.tenant) {
            let reading = context.policy().read(&part, &place, self.purpose)?;
            let about = about(context, &reading, subject).await?;
            let mut found: BTreeSet<EntityId> = about.into_iter().map(|entity| entity.id.clone()).collect();
            for id in erased {
                if !found.contains(id) && context.store().entity(&reading, id).await?.is_some() {
                    found.insert(id.clone());
                }
            }
            let copies = Erased { erased: found.into_iter().collect(), kept: Vec::new() };
            let grant = context.policy().erase(&part, &place, self.purpose)?;
            self.carry_out(&grant, subject, reason, &copies).await?;
        }
        Ok(())
    }

    /// In as many steps as the store asks for; the last one takes what is left of the subject's keys.
    async fn carry_out(
        &self,
        grant: &Grant<Erase>,
        subject: &EntityId,
        reason: &str,
        erased: &Erased,
    ) -> Result<(), Error> {
        let kept: Vec<EntityId> = erased.kept.iter().map(|kept| kept.id.clone()).collect();
        let (mut go, mut stay) = (erased.erased.chunks(Erasure::MOST), kept.chunks(Erasure::MOST));
        loop {
            let entities = go.next().unwrap_or_default().to_vec();
            let kept = stay.next().unwrap_or_default().to_vec();
            let whole = go.len() == 0 && stay.len() == 0;
            let (subject, reason) = (subject.clone(), reason.to_owned());
            let erasure = Erasure { subject, entities, kept, whole, reason };
            let receipt = self.context().store().erase(grant, self.origin.clone(), erasure).await?;
            if let Some(refused) = receipt.results.into_iter().find_map(Result::err) {
                return Err(refused.into());
            }
            if whole {
                return Ok(());
            }
        }
    }
}

/// The subject's own entity and those that say they are about it.
async fn about(
    context: &Context,
    reading: &Grant<Read>,
    subject: &EntityId,
) -> Result<Vec<Arc<Entity>>, Error> {
    let store = context.store();
    let mut ids = BTreeSet::new();
    let mut offset = 0;
    loop {
        let page = store.referrers(reading, subject, offset, PAGE).await?;
        offset += page.len();
        let more = page.len() == PAGE;
        ids.extend(page.into_iter().map(|referrer| referrer.id));
        if !more {
            break;
        }
    }
    ids.remove(subject);
    let mut found: Vec<Arc<Entity>> =
        store.entity(reading, subject).await?.into_iter().map(|stored| stored.entity).collect();
    for id in ids {
        let Some(stored) = store.entity(reading, &id).await? else { continue };
        if context.policy().catalogue().owners(&stored.entity).contains(subject) {
            found.push(stored.entity);
        }
    }
    Ok(found)
}

fn within_reach(grant: &Grant<Erase>, entity: &Entity) -> Result<(), Error> {
    let names = entity.attributes.keys().cloned();
    let reached = grant.reach().check(Some(entity), None, &names);
    reached.map_err(|refused| Error::Op(OpError::Denied(refused.to_string())))
}

/// Why an entity stays, if it does.
fn why_kept(context: &Context, entity: &Entity, subject: &EntityId, today: Day) -> Option<Kept> {
    if let Some((until, basis)) = context.types().kept(entity, today) {
        return Some(Kept { id: entity.id.clone(), until, basis: basis.clone() });
    }
    let owners = context.policy().catalogue().owners(entity);
    let others = entity.id != *subject && owners.iter().any(|owner| owner != subject);
    others.then(|| Kept {
        id: entity.id.clone(),
        until: None,
        basis: Titles {
            vi: "Dữ liệu này còn là của người khác".to_owned(),
            en: "This data is about somebody else too".to_owned(),
        },
    })
}
