//! The audit: leaving notes in it, and reading it.

use dinh_access::Action;
use dinh_model::EntityId;
use dinh_store::{Act, AuditPage, AuditQuery, KeptSeal, Note};

use super::Session;
use crate::Error;
use crate::audit::{SEALS, Verdict, examine};

impl Session {
    /// Notes in the audit what changes no entity: a look, a sign-in, an export. Durable when this returns, so that what
    /// is noted may be done or shown then. Whoever is let in may leave notes; they say who it was and for what purpose.
    pub async fn note(&self, note: Note) -> Result<(), Error> {
        Ok(self.context().store().note(&self.reading()?, self.origin.clone(), vec![note]).await?)
    }

    /// Entries of the audit of this tenant.
    pub async fn audit(&self, query: AuditQuery) -> Result<AuditPage, Error> {
        let grant = self.context().policy().audit(&self.principal, &self.tenant, self.purpose)?;
        Ok(self.context().store().audit(&grant, query).await?)
    }

    /// The last seal of the audit, if it was ever sealed. It covers the entries of all tenants.
    pub async fn last_seal(&self) -> Result<Option<KeptSeal>, Error> {
        self.may(Action::Audit)?;
        Ok(self.context().store().last_seal(self.context().own()).await?)
    }

    /// Examines the whole audit, of all tenants, with the files of its seals, as [`examine`] does. This reads all of it.
    ///
    /// # Errors
    /// [`Error::Examining`] while somebody else has it examined.
    pub async fn examine_audit(&self) -> Result<Verdict, Error> {
        self.may(Action::Audit)?;
        let Ok(_one_at_a_time) = self.context().examining().try_lock() else { return Err(Error::Examining) };
        let data = self.context().data().to_owned();
        let folders = [data.join(SEALS)];
        let examined = tokio::task::spawn_blocking(move || examine(&data, &[], &folders)).await;
        examined.map_err(|_panicked| Error::Examining)?
    }

    /// Who saw unmasked what is kept of an entity, the latest first; `after` leads to the next page.
    pub async fn looks_at(
        &self,
        id: &EntityId,
        after: Option<u64>,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        let action = Some(Act::Reveal.name().to_owned());
        let query = AuditQuery { entity: Some(id.clone()), action, after, ..AuditQuery::latest(limit) };
        self.audit(query).await
    }
}
