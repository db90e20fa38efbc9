//! Sessions: somebody, in one tenant, for one purpose. Everything that is read or written goes through one.

mod audit;
mod erase;
mod explain;
mod files;
mod own;
mod read;
mod reveal;
mod write;

pub use erase::{Erased, Kept};
pub use files::{File, NewFile};
pub(crate) use files::{attached_to, fault as file_fault};

use std::sync::Arc;

use dinh_access::{Action, Denied, Grant, Principal, Purpose, Read, Seen, Sight, Write};
use dinh_model::{EntityId, Tenant, Term};
use dinh_store::Origin;

pub use explain::{Explained, Why};

use crate::{Context, Error};

pub use own::AboutOneself;

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
    /// True if a part of the program answers for what is written.
    vouched: bool,
    /// The snapshot that it is in.
    snapshot: Option<Arc<str>>,
}

impl Session {
    pub(crate) fn new(context: Context, principal: Principal, tenant: Tenant, purpose: Purpose) -> Self {
        Self {
            context,
            principal,
            tenant,
            purpose,
            origin: None,
            reveal: None,
            vouched: false,
            snapshot: None,
        }
    }

    /// The same session, from somewhere: everything that it writes says so in the audit.
    #[must_use]
    pub fn from_origin(self, origin: Origin) -> Self {
        Self { origin: Some(origin), ..self }
    }

    /// The same session, for whose writes a part of the program answers: it has checked by the steps of a procedure what
    /// rules cannot tell. Reading stays as it was, and the audit names whoever it is.
    #[must_use]
    pub fn vouched(self) -> Self {
        Self { vouched: true, ..self }
    }

    /// The same session for another purpose. What was revealed for the old one is masked again.
    #[must_use]
    pub fn with_purpose(self, purpose: Purpose) -> Self {
        Self { purpose, reveal: None, vouched: false, ..self }
    }

    /// The same session within a snapshot.
    #[must_use]
    pub(crate) fn within(self, place: Tenant, snapshot: &str) -> Self {
        Self { tenant: place, reveal: None, vouched: false, snapshot: Some(snapshot.into()), ..self }
    }

    /// The snapshot that it is in, if it is in one.
    pub(crate) fn snapshot(&self) -> Option<&Arc<str>> {
        self.snapshot.as_ref()
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

    /// Why.
    pub fn purpose(&self) -> Purpose {
        self.purpose
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

    /// Refuses a session that may not change every entity of these types here.
    pub fn may_write_all(&self, types: &[Term]) -> Result<(), Error> {
        Ok(self.context.policy().write_all(&self.principal, &self.tenant, self.purpose, types)?)
    }

    /// Refuses a session that may not change an entity that is kept elsewhere: whoever may change it where it is kept here too, and
    /// whoever may change every entity of its types, of those that nobody has described if they are not known.
    pub async fn may_write_elsewhere(&self, id: &EntityId, types: Option<&[Term]>) -> Result<(), Error> {
        let own = self.context.system("door", self.tenant.clone());
        if let Some(stored) = own.find(id).await? {
            let entity = Some(&*stored.entity);
            let names = stored.entity.attributes.keys().cloned();
            return match self.writing()?.reach().check(entity, entity, &names) {
                Ok(()) => Ok(()),
                Err(_) => self.may_write_all(&stored.entity.types),
            };
        }
        self.may_write_all(types.unwrap_or(&[Term::from("")]))
    }

    /// Refuses a session that does not see here what nobody has described: what it says of whom is not known.
    pub fn may_read_undescribed(&self) -> Result<(), Error> {
        let undescribed = Term::from("");
        if self.sight()?.entities(&undescribed) == Seen::OfAll {
            return Ok(());
        }
        let action = Action::Read;
        Err(Error::Denied(match &self.principal {
            Principal::Anonymous | Principal::Local => Denied::Unknown(action),
            principal => Denied::NotPermitted { principal: principal.clone(), action, purpose: self.purpose },
        }))
    }

    /// Refuses a session that may not do here what is not about data: administer, audit, follow.
    pub fn may(&self, action: Action) -> Result<(), Error> {
        Ok(self.context.policy().act(&self.principal, &self.tenant, self.purpose, action)?)
    }

    fn reading(&self) -> Result<Grant<Read>, Error> {
        Ok(self.context.policy().read(&self.principal, &self.tenant, self.purpose)?)
    }

    fn writing(&self) -> Result<Grant<Write>, Error> {
        if self.vouched {
            return Ok(self.context.policy().vouch(&self.principal, &self.tenant, self.purpose));
        }
        Ok(self.context.policy().write(&self.principal, &self.tenant, self.purpose)?)
    }
}
