//! Who may do what with a card.

use std::sync::Arc;

use dinh_access::{Account, Principal};
use dinh_context::Session;
use dinh_model::EntityId;

use super::Cards;
use crate::{Card, Error, KindRules};

/// Roles that manage cards at all: whoever has one of them sees the pages.
pub(super) const MANAGERS: [&str; 2] = ["card-officer", "unit-leader"];

impl Cards {
    /// Refuses where nothing is offered, and whoever is nobody in particular.
    pub(super) fn account<'s>(&self, session: &'s Session) -> Result<&'s Arc<Account>, Error> {
        let Principal::Account(account) = session.principal() else { return Err(Error::NotSignedIn) };
        if self.is_offered(session.tenant()) { Ok(account) } else { Err(Error::NotOffered) }
    }

    /// Refuses where nothing is offered, and whoever is nobody in particular: before what they send is read.
    ///
    /// # Errors
    /// [`Error::NotOffered`], [`Error::NotSignedIn`].
    pub fn may_ask(&self, session: &Session) -> Result<(), Error> {
        self.account(session).map(drop)
    }

    /// True if whoever asks manages cards of some unit.
    pub fn manages(&self, session: &Session) -> bool {
        self.account(session).is_ok_and(|account| has_one_of(account, &MANAGERS))
    }

    /// Refuses whoever does not manage cards, or has not shown a second factor.
    pub(super) fn manager<'s>(&self, session: &'s Session) -> Result<&'s Arc<Account>, Error> {
        let account = self.account(session)?;
        if !has_one_of(account, &MANAGERS) {
            return Err(Error::NotManager);
        }
        if account.stepped_up { Ok(account) } else { Err(Error::StepUp) }
    }

    /// Refuses whoever has none of the roles for the unit of a card.
    pub(super) fn may(
        &self,
        session: &Session,
        roles: &[String],
        kind: &KindRules,
        unit: Option<&EntityId>,
    ) -> Result<(), Error> {
        let account = self.account(session)?;
        let own_unit = match unit {
            Some(unit) => account.units.contains(unit.as_str()),
            None => !kind.of_unit,
        };
        if !roles.iter().any(|role| account.roles.contains(role.as_str())) || !own_unit {
            return Err(Error::NotManager);
        }
        if account.stepped_up { Ok(()) } else { Err(Error::StepUp) }
    }

    /// Refuses whoever may not take a step with a card that somebody else holds.
    pub(super) fn may_decide(&self, session: &Session, card: &Card) -> Result<(), Error> {
        let rules = self.rules()?.kind(card.kind)?;
        self.may(session, &rules.deciders, rules, card.unit.as_ref())?;
        if self.is_holder(session, card) {
            return Err(Error::OwnCard);
        }
        Ok(())
    }

    /// True for the account of a card's holder, and for those who speak for them.
    pub(super) fn is_holder(&self, session: &Session, card: &Card) -> bool {
        self.is_account(session, &card.account)
            || card.holder.as_ref().is_some_and(|holder| session.speaks_for(holder))
    }

    /// True for the account itself.
    pub(super) fn is_account(&self, session: &Session, id: &str) -> bool {
        self.account(session).is_ok_and(|account| *account.id == *id)
    }

    /// Refuses whoever does not hold a card: whose cards there are is nobody else's business.
    pub(super) fn holder(&self, session: &Session, card: &Card) -> Result<(), Error> {
        self.account(session)?;
        if self.is_holder(session, card) { Ok(()) } else { Err(Error::NoSuch("card")) }
    }
}

fn has_one_of(account: &Account, roles: &[&str]) -> bool {
    roles.iter().any(|role| account.roles.contains(*role))
}
