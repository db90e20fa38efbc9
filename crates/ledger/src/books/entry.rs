//! Entries: what goes from one account to another. One that is not balanced cannot be written down.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Account;
use crate::Dong;

/// Money on its way: the account that it comes from is credited, the one that it goes to is debited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// Credited.
    pub from: Account,
    /// Debited.
    pub to: Account,
    /// How much.
    pub amount: Dong,
}

/// An entry of the journal: any number of legs, each of which takes from one account what it gives to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Entry(Vec<Leg>);

impl Entry {
    /// An entry without anything.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// The same entry, with another leg; a leg of nothing is left out.
    #[must_use]
    pub fn with(mut self, from: Account, to: Account, amount: Dong) -> Self {
        if !amount.is_zero() {
            self.0.push(Leg { from, to, amount });
        }
        self
    }

    /// What undoes it: nothing is ever struck out.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let turned = |leg: &Leg| Leg { from: leg.to.clone(), to: leg.from.clone(), amount: leg.amount };
        Self(self.0.iter().map(turned).collect())
    }

    /// Its legs.
    pub fn legs(&self) -> &[Leg] {
        &self.0
    }

    /// True if nothing moves.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What it adds to the balance of each account.
    pub fn changes(&self) -> BTreeMap<Account, i64> {
        let mut changes = BTreeMap::new();
        for leg in &self.0 {
            *changes.entry(leg.to.clone()).or_default() += leg.amount.signed();
            *changes.entry(leg.from.clone()).or_default() -= leg.amount.signed();
        }
        changes.retain(|_, change| *change != 0);
        changes
    }
}

/// What stands on each account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances(pub BTreeMap<Account, i64>);

impl Balances {
    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry) {
        for (account, change) in entry.changes() {
            *self.0.entry(account).or_default() += change;
        }
    }

    /// What stands on an account, in đồng.
    pub fn of(&self, account: &Account) -> i64 {
        self.0.get(account).copied().unwrap_or_default()
    }

    /// What all accounts come to: zero, or the books are damaged.
    pub fn sum(&self) -> i64 {
        self.0.values().sum()
    }
}
