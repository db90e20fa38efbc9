//! What is kept of somebody.

use std::collections::BTreeSet;

use dinh_access::{Purpose, Relation};
use dinh_context::Session;
use dinh_context::graph::{Page, Stored};
use dinh_context::packs::Titles;
use dinh_model::{EntityId, Term};
use dinh_ngsild::query::EntityQuery;

use super::Privacy;
use crate::Error;

/// Most entities of one subject that are gone through.
const MOST: usize = 900;
/// Entities of a group that are shown at first.
const FIRST: usize = 5;
/// Most entities of one page.
const MOST_A_PAGE: usize = 100;
/// Why somebody sees what is kept of themselves, for the audit.
const REASON: &str = "Xem dữ liệu của chính mình (own data)";

/// What is kept of somebody.
#[derive(Clone, Debug)]
pub struct Holdings {
    /// Of whom.
    pub subject: EntityId,
    /// The person or enterprise itself; none if the graph has none of that name.
    pub itself: Option<Stored>,
    /// What belongs to them or is about them, by type.
    pub groups: Vec<Group>,
    /// True if there is more than is gone through (900 entities).
    pub more: bool,
}

/// What is kept of one type.
#[derive(Clone, Debug)]
pub struct Group {
    /// The type.
    pub entity_type: Term,
    /// What people call several of it.
    pub title: Titles,
    /// How many there are.
    pub total: u64,
    /// The first few.
    pub first: Vec<Stored>,
}

impl Privacy {
    /// What is kept of somebody for whom the session speaks: unmasked as far as the policy lets it, which leaves a note.
    ///
    /// # Errors
    /// [`Error::NotYours`] for anybody else.
    pub async fn holdings(&self, session: &Session, subject: &EntityId) -> Result<Holdings, Error> {
        let own = self.own_view(session, subject)?;
        let itself = own.find(subject).await?;
        let (ids, more) = self.owned(session, subject).await?;
        let mut groups = Vec::new();
        for entity_type in self.0.context.types().types() {
            let owns = entity_type.attributes.iter().any(|a| a.relation == Some(Relation::Owner));
            if !owns || self.is_own_paper(&entity_type.term) {
                continue;
            }
            let page = self.of_type(&own, &ids, &entity_type.term, 0, FIRST).await?;
            let total = page.total.unwrap_or_default();
            if total > 0 {
                let (entity_type, title) = (entity_type.term.clone(), entity_type.plural.clone());
                groups.push(Group { entity_type, title, total, first: page.entities });
            }
        }
        Ok(Holdings { subject: subject.clone(), itself, groups, more })
    }

    /// One page of what is kept of somebody of one type.
    pub async fn held(
        &self,
        session: &Session,
        subject: &EntityId,
        entity_type: &Term,
        offset: usize,
        limit: usize,
    ) -> Result<Page, Error> {
        let own = self.own_view(session, subject)?;
        let (ids, _more) = self.owned(session, subject).await?;
        self.of_type(&own, &ids, entity_type, offset, limit.min(MOST_A_PAGE)).await
    }

    /// The session of somebody who sees what is kept of themselves.
    pub(super) fn own_view(&self, session: &Session, subject: &EntityId) -> Result<Session, Error> {
        self.for_subject(session, subject)?;
        Ok(session.clone().with_purpose(Purpose::OwnData).revealing(REASON)?)
    }

    /// Identifiers of what belongs to somebody, and whether there is more.
    pub(super) async fn owned(
        &self,
        session: &Session,
        subject: &EntityId,
    ) -> Result<(Vec<EntityId>, bool), Error> {
        self.for_subject(session, subject)?;
        let owning: BTreeSet<&Term> = self
            .0
            .context
            .types()
            .types()
            .iter()
            .flat_map(|entity_type| &entity_type.attributes)
            .filter(|attribute| attribute.relation == Some(Relation::Owner))
            .map(|attribute| &attribute.term)
            .collect();
        // Who points at somebody says nothing of what it says; what is shown of it passes the asker's own session.
        let own = self.own(session.tenant());
        let pointing = own.referrers(subject, 0, MOST + 1).await?;
        let more = pointing.len() > MOST;
        let ids = pointing.into_iter().take(MOST).filter(|referrer| owning.contains(&referrer.attribute));
        let ids: BTreeSet<EntityId> = ids.map(|referrer| referrer.id).collect();
        let mut owned = Vec::with_capacity(ids.len());
        for id in ids {
            // An attribute of that name makes nobody an owner where its type does not say so.
            if own.find(&id).await?.is_some_and(|stored| session.owns(&stored.entity)) {
                owned.push(id);
            }
        }
        Ok((owned, more))
    }

    async fn of_type(
        &self,
        own: &Session,
        ids: &[EntityId],
        entity_type: &Term,
        offset: usize,
        limit: usize,
    ) -> Result<Page, Error> {
        if ids.is_empty() {
            return Ok(Page::default());
        }
        let query = EntityQuery::of_type(entity_type.clone());
        Ok(own.query(EntityQuery { ids: ids.to_vec(), offset, limit, count: true, ..query }).await?)
    }

    /// True for consents and requests, which are shown by themselves.
    fn is_own_paper(&self, entity_type: &Term) -> bool {
        [&self.names().consent, &self.names().request].contains(&entity_type)
    }
}
