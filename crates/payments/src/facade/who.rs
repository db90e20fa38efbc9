//! Who may do what with money.

use dinh_access::{Account, Principal, Purpose};
use dinh_context::Session;
use dinh_model::EntityId;

use super::Payments;
use crate::Error;

/// Whoever keeps the money of a unit.
pub(super) const TREASURER: &str = "treasurer";
/// Whoever takes cash.
pub(super) const TAKERS: [&str; 2] = ["one-stop-officer", TREASURER];
/// Whoever approves that money is given back.
pub(super) const CHECKERS: [&str; 2] = ["unit-leader", TREASURER];
/// Whoever sees what all units collect.
pub(super) const LEADERS: [&str; 3] = ["leader", "inspector", "unit-leader"];
/// Whoever sets the accounts of units.
pub(super) const KEEPER: &str = "administrator";
/// Why texts of transfers are opened, for the audit.
const REASON: &str = "Đối chiếu thu phí, lệ phí (reconciliation)";

impl Payments {
    /// Whoever asks, if they are somebody.
    pub(super) fn account<'s>(&self, session: &'s Session) -> Result<&'s Account, Error> {
        if !self.is_offered() {
            return Err(Error::NotOffered);
        }
        match session.principal() {
            Principal::Account(account) => Ok(account),
            _ => Err(Error::NotSignedIn),
        }
    }

    /// Refuses where nothing is offered, and whoever is nobody in particular: before what they send is read.
    ///
    /// # Errors
    /// [`Error::NotOffered`], [`Error::NotSignedIn`].
    pub fn may_ask(&self, session: &Session) -> Result<(), Error> {
        self.account(session).map(drop)
    }

    /// Refuses whoever has none of the roles, or does not act for the unit.
    pub(super) fn acts<'s>(
        &self,
        session: &'s Session,
        roles: &[&str],
        unit: &EntityId,
    ) -> Result<&'s Account, Error> {
        let account = self.account(session)?;
        let may =
            roles.iter().any(|role| account.roles.contains(*role)) && account.units.contains(unit.as_str());
        if may { Ok(account) } else { Err(Error::NotYours) }
    }

    /// Refuses whoever has none of the roles.
    pub(super) fn has<'s>(&self, session: &'s Session, roles: &[&str]) -> Result<&'s Account, Error> {
        let account = self.account(session)?;
        let may = roles.iter().any(|role| account.roles.contains(*role));
        if may { Ok(account) } else { Err(Error::NotYours) }
    }

    /// True if whoever asks keeps the money of a unit.
    pub fn is_treasurer(&self, session: &Session) -> bool {
        self.has(session, &[TREASURER]).is_ok()
    }

    /// True if whoever asks takes cash at a counter.
    pub fn takes_cash(&self, session: &Session) -> bool {
        self.has(session, &TAKERS).is_ok()
    }

    /// True if whoever asks may approve what another asks to give back.
    pub fn approves(&self, session: &Session) -> bool {
        self.has(session, &CHECKERS).is_ok()
    }

    /// True if whoever asks sees what is collected.
    pub fn sees_revenue(&self, session: &Session) -> bool {
        self.has(session, &LEADERS).or_else(|_| self.has(session, &[TREASURER])).is_ok()
    }

    /// True if whoever asks sets the accounts of units.
    pub fn keeps_accounts(&self, session: &Session) -> bool {
        self.has(session, &[KEEPER]).is_ok()
    }

    /// The session of somebody at work, for whom what is personal stays masked.
    pub(super) fn desk(session: &Session) -> Session {
        session.clone().with_purpose(Purpose::CaseHandling)
    }

    /// The session of somebody who reconciles: texts of transfers are open to them, and that they looked is in the audit.
    pub(super) fn open_desk(session: &Session) -> Session {
        let desk = Self::desk(session);
        desk.clone().revealing(REASON).unwrap_or(desk)
    }

    /// The session of somebody who looks at what is theirs.
    pub(super) fn own_desk(session: &Session) -> Session {
        session.clone().with_purpose(Purpose::OwnData)
    }
}
