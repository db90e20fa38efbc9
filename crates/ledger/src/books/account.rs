//! Accounts of the books.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a fee is asked: which one, by which unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The fee.
    pub fee: String,
    /// The unit that asks for it.
    pub unit: String,
}

/// An account. What is on its debit side is positive.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Account {
    /// What people owe.
    Receivable(Place),
    /// What was collected for the treasury, and is to be handed over: always on the credit side.
    Treasury(Place),
    /// Money in an account at a bank, by its number there.
    Bank(String),
    /// Cash at the counter of a unit.
    Till(String),
    /// What came and nobody knows yet for what, by account at the bank.
    Suspense(String),
    /// What people paid too much.
    Overpaid(Place),
    /// What is to be paid back.
    RefundsDue(Place),
    /// What a till had more or less than it should, by unit.
    Difference(String),
    /// What went out of an account at a bank and is not explained yet, by account at the bank.
    Unexplained(String),
}

/// A text that names no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("names no account of the books")]
pub struct NoAccount;

impl Account {
    /// The kind of account, as it is written.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Receivable(_) => "receivable",
            Self::Treasury(_) => "treasury",
            Self::Bank(_) => "bank",
            Self::Till(_) => "till",
            Self::Suspense(_) => "suspense",
            Self::Overpaid(_) => "overpaid",
            Self::RefundsDue(_) => "refunds-due",
            Self::Difference(_) => "difference",
            Self::Unexplained(_) => "unexplained",
        }
    }

    /// The unit whose account it is, where accounts are those of units.
    pub fn unit(&self) -> Option<&str> {
        match self {
            Self::Receivable(place)
            | Self::Treasury(place)
            | Self::Overpaid(place)
            | Self::RefundsDue(place) => Some(&place.unit),
            Self::Till(unit) | Self::Difference(unit) => Some(unit),
            Self::Bank(_) | Self::Suspense(_) | Self::Unexplained(_) => None,
        }
    }

    /// The fee that it is about, where accounts are about fees.
    pub fn fee(&self) -> Option<&str> {
        match self {
            Self::Receivable(place)
            | Self::Treasury(place)
            | Self::Overpaid(place)
            | Self::RefundsDue(place) => Some(&place.fee),
            _ => None,
        }
    }
}

/// `receivable fee unit`, `bank 970436/123`: fees, units and numbers of accounts have no spaces.
impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.kind();
        match self {
            Self::Receivable(place)
            | Self::Treasury(place)
            | Self::Overpaid(place)
            | Self::RefundsDue(place) => {
                write!(f, "{kind} {} {}", place.fee, place.unit)
            }
            Self::Bank(one)
            | Self::Till(one)
            | Self::Suspense(one)
            | Self::Difference(one)
            | Self::Unexplained(one) => write!(f, "{kind} {one}"),
        }
    }
}

impl FromStr for Account {
    type Err = NoAccount;

    fn from_str(text: &str) -> Result<Self, NoAccount> {
        let parts: Vec<&str> = text.split(' ').collect();
        if parts.iter().any(|part| part.is_empty()) {
            return Err(NoAccount);
        }
        let place = |fee: &str, unit: &str| Place { fee: fee.to_owned(), unit: unit.to_owned() };
        Ok(match *parts.as_slice() {
            ["receivable", fee, unit] => Self::Receivable(place(fee, unit)),
            ["treasury", fee, unit] => Self::Treasury(place(fee, unit)),
            ["overpaid", fee, unit] => Self::Overpaid(place(fee, unit)),
            ["refunds-due", fee, unit] => Self::RefundsDue(place(fee, unit)),
            ["bank", one] => Self::Bank(one.to_owned()),
            ["till", one] => Self::Till(one.to_owned()),
            ["suspense", one] => Self::Suspense(one.to_owned()),
            ["difference", one] => Self::Difference(one.to_owned()),
            ["unexplained", one] => Self::Unexplained(one.to_owned()),
            _ => return Err(NoAccount),
        })
    }
}

impl TryFrom<String> for Account {
    type Error = NoAccount;

    fn try_from(text: String) -> Result<Self, NoAccount> {
        text.parse()
    }
}

impl From<Account> for String {
    fn from(account: Account) -> Self {
        account.to_string()
    }
}
