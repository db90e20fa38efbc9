//! What administrators do with the accounts of others.

mod accounts;
mod by_card;
mod factors;
mod keys;
mod list;
mod rights;

use dinh_access::{Action, Principal};
use dinh_context::Session;
use dinh_model::Tenant;

use super::{By, Identity};
use crate::domain::{AccountId, AccountRecord};
use crate::event::Origin;
use crate::{Error, Misfit};

pub use accounts::{NewAccount, Opened, Proved};
pub use factors::Factors;
pub use keys::NewKey;
pub use list::{Found, Known, Wanted};
pub(in crate::facade) use list::{LOOKED_AT, PAGE};
pub use rights::Rights;

/// Accounts as an administrator handles them in one tenant.
///
/// Administrators of the default tenant look after all accounts, those of another tenant after the accounts that were
/// made there and have no rights elsewhere. Rights are given in the administrator's own tenant only, to whoever's
/// account it is. Nobody does here anything to their own account.
pub struct Office {
    identity: Identity,
    tenant: Tenant,
    by: By,
    oneself: Option<AccountId>,
}

impl Identity {
    /// Lets an administrator in, if the policy says that they are one: [`Action::Administer`].
    pub fn office(&self, session: &Session, from: &Origin) -> Result<Office, Error> {
        session.may(Action::Administer)?;
        let principal = session.principal();
        let oneself = match principal {
            Principal::Account(account) => AccountId::parse(&account.id),
            _ => None,
        };
        let by = By::someone(principal.to_string(), from);
        Ok(Office { identity: self.clone(), tenant: session.tenant().clone(), by, oneself })
    }
}

/// Fewest characters of a reason: one that says something.
const LEAST_REASON: usize = 5;
/// Most characters of a reason.
const MOST_REASON: usize = 500;

impl Office {
    /// The same office, where everything that is done goes on record with this reason: 5 to 500 characters.
    pub fn because(mut self, reason: &str) -> Result<Self, Error> {
        let reason = reason.trim();
        let fits = (LEAST_REASON..=MOST_REASON).contains(&reason.chars().count());
        if !fits || reason.chars().any(char::is_control) {
            return Err(Misfit::Reason { least: LEAST_REASON, most: MOST_REASON }.into());
        }
        self.by.reason = Some(reason.to_owned());
        Ok(self)
    }

    /// Refuses accounts that are not looked after from here.
    fn care(&self, record: &AccountRecord) -> Result<(), Error> {
        if self.oneself.as_ref() == Some(&record.id) {
            return Err(Error::Oneself);
        }
        if self.sees(record) { Ok(()) } else { Err(Error::Elsewhere(record.home.clone())) }
    }

    fn sees(&self, record: &AccountRecord) -> bool {
        let elsewhere = || record.reaches_beyond(&self.tenant, self.identity.now());
        self.tenant.is_default() || (record.home == self.tenant && !elsewhere())
    }
}
