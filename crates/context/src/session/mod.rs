//! Sessions: somebody, in one tenant, for one purpose. Everything that is read or written goes through one.

mod audit;
mod erase;
mod files;
mod read;
mod reveal;
mod write;

pub use erase::{Erased, Kept};
pub use files::{File, NewFile};
pub(crate) use files::{attached_to, fault as file_fault};

use std::sync::Arc;

use dinh_access::{Action, Grant, Principal, Purpose, Read, Sight, Write};
use dinh_model::Tenant;
use dinh_store::Origin;

use crate::{Context, Error};

/// Somebody at the door. Cheap to make and to clone.
#[derive(Clone)]
pub struct Session {
    context: Context,
    principal: Principal,
    tenant: Tenant,
    purpose: Purpose,
    origin: Option<Origin>,
    /// Why what tells something of a person is wanted unmasked; none if it is not.
    reveal: Option<Arc<str>>,
}

impl Session {
    pub(crate) fn new(context: Context, principal: Principal, tenant: Tenant, purpose: Purpose) -> Self {
        Self { context, principal, tenant, purpose, origin: None, reveal: None }
    }

    /// The same session, from somewhere: everything that it writes says so in the audit.
    #[must_use]
    pub fn from_origin(self, origin: Origin) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// The door that this session came through.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Who it is.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// Where.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// What it sees.
    pub fn sight(&self) -> Result<Arc<Sight>, Error> {
        Ok(Arc::clone(self.reading()?.sight()))
    }

    /// Refuses a session that may not read here.
    pub(crate) fn may_read(&self) -> Result<(), Error> {
        self.reading().map(drop)
    }

    /// Refuses a session that may not write here.
    pub fn may_write(&self) -> Result<(), Error> {
        self.writing().map(drop)
    }

    /// Refuses a session that may not do here what is not about data: administer, audit, follow.
    pub fn may(&self, action: Action) -> Result<(), Error> {
        Ok(self.context.policy().act(&self.principal, &self.tenant, self.purpose, action)?)
    }

    fn reading(&self) -> Result<Grant<Read>, Error> {
        Ok(self.context.policy().read(&self.principal, &self.tenant, self.purpose)?)
    }

    fn writing(&self) -> Result<Grant<Write>, Error> {
        Ok(self.context.policy().write(&self.principal, &self.tenant, self.purpose)?)
    }
}
