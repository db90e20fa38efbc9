//! What somebody may know of themselves: whose an entity is, and who looked at it or changed it.

use dinh_access::{Principal, Purpose};
use dinh_model::{Entity, EntityId};
use dinh_store::{AuditPage, AuditQuery};

use super::Session;
use crate::Error;

/// Which entries of the audit about oneself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AboutOneself {
    /// What was seen, taken out or erased: found whenever it was.
    Noted,
    /// What was written. It is looked for backwards entry by entry, so that a page may be empty and yet lead on.
    Written,
}

impl Session {
    /// True if an entity is, is about or belongs to somebody whom this session speaks for.
    pub fn owns(&self, entity: &Entity) -> bool {
        self.context().policy().owns(&self.principal, entity)
    }

    /// True if this session speaks for `subject`, and is known surely enough to be told what is kept of them.
    pub fn speaks_for(&self, subject: &EntityId) -> bool {
        let nameless = Entity::new(subject.clone(), dinh_model::Term::from(""), self.context().clock().now());
        self.owns(&nameless)
    }

    /// Entries of the audit about entities that are one's own, the latest first; `after` leads to the next page. Needs no
    /// right to read the audit: everybody may know who looked at what is kept of them (Law 91/2025/QH15).
    ///
    /// # Errors
    /// [`Error::NotFound`] for an entity that is not one's own, whether it is there or not.
    pub async fn looks_at_own(
        &self,
        ids: &[EntityId],
        which: AboutOneself,
        after: Option<u64>,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        if ids.is_empty() {
            return Ok(AuditPage::default());
        }
        let (context, part) = (self.context(), Principal::System("own-data".into()));
        let seeing = context.policy().read(&part, &self.tenant, Purpose::OwnData)?;
        for id in ids.iter().filter(|id| !self.speaks_for(id)) {
            let found = context.store().entity(&seeing, id).await?;
            if !found.is_some_and(|stored| self.owns(&stored.entity)) {
                return Err(Error::NotFound(id.clone()));
            }
        }
        let grant = context.policy().audit(&part, &self.tenant, Purpose::OwnData)?;
        let query = AuditQuery {
            among: ids.to_vec(),
            noted: which == AboutOneself::Noted,
            after,
            ..AuditQuery::latest(limit)
        };
        let mut page = context.store().audit(&grant, query).await?;
        if which == AboutOneself::Written {
            page.entries.retain(|entry| matches!(entry.what, dinh_store::What::Did(_)));
        }
        Ok(page)
    }
}
