//! The account as it acts in one tenant at one moment.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_access::Account;
use dinh_model::{Iri, Tenant, Timestamp};

use super::days::{day_of, next_day};
use super::{AccountRecord, State, UnitTree};

/// Where and when an account acts, and as what.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// Where.
    pub tenant: &'a Tenant,
    /// When.
    pub now: Timestamp,
    /// The units of the tenant.
    pub units: &'a UnitTree,
    /// The one unit that it acts for, where its holder has chosen one; otherwise it acts for all of them together.
    pub acting_for: Option<&'a Iri>,
    /// Until when a second factor or a passkey counts as shown lately.
    pub stepped_up_until: Option<Timestamp>,
}

/// An account as it acts, and how long this stays true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// As the policy knows it.
    pub account: Account,
    /// Until when dates change nothing of it.
    pub until: Timestamp,
}

/// The account as it acts: what is over or has not begun is left out, and so is what belongs to other tenants; units
/// below those that it acts for are added. None if it may not be used at all.
///
/// A role that goes with a unit counts only while the account acts for that unit. Someone with positions in two units
/// acts for both at once unless `acting_for` names one: then the other position and its roles rest.
pub fn acting(record: &AccountRecord, moment: &Moment<'_>) -> Option<Acting> {
    if record.state != State::Active {
        return None;
    }
    let (tenant, day) = (moment.tenant, day_of(moment.now));
    let mut units = BTreeSet::new();
    for position in &record.positions {
        let chosen = moment.acting_for.is_none_or(|unit| *unit == position.unit);
        if position.tenant == *tenant && position.days.contains(day) && chosen {
            moment.units.add(&mut units, &position.unit, day);
        }
    }
    let holds = |unit: &Option<Iri>| unit.as_ref().is_none_or(|unit| units.contains(unit.as_str()));
    let roles = record.roles.iter().filter(|role| role.tenant == *tenant && role.days.contains(day));
    let roles = roles.filter(|role| holds(&role.unit)).map(|role| Arc::from(role.code.as_str())).collect();
    let represented = record.speaks_for.iter().filter(|one| one.days.contains(day)).map(|one| &one.subject);
    let subjects = record.subject.iter().chain(represented).map(|uri| Arc::from(uri.as_str())).collect();
    let stepped_up = moment.stepped_up_until.filter(|until| *until > moment.now);
    let account = Account {
        id: record.id.shared(),
        kind: record.kind,
        roles,
        units,
        subjects,
        assurance: assurance(record),
        stepped_up: stepped_up.is_some(),
        types: BTreeSet::new(),
        key: None,
    };
    let midnight = next_day(moment.now);
    Some(Acting { account, until: stepped_up.map_or(midnight, |until| until.min(midnight)) })
}

/// 2 for an identity that an authority has proved at level 2, 1 for a confirmed address or a lower level, 0 for nothing
/// but the account.
fn assurance(record: &AccountRecord) -> u8 {
    let proved = record.identity.as_ref().map_or(0, |identity| identity.level.min(2));
    let confirmed = record.email.iter().chain(&record.phone).any(|address| address.verified.is_some());
    proved.max(u8::from(confirmed))
}
