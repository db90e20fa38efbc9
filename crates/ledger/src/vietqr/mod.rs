//! VietQR: the QR of a transfer to an account or a card (NAPAS QR Format v1.0, on EMVCo's tags).

mod build;
mod crc;
mod read;
mod tags;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use crc::crc;

use crate::Dong;

/// An account of a bank, to which a transfer goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankAccount {
    /// The bank by its number at NAPAS (BIN): six digits.
    pub bin: String,
    /// The number of the account: 1 to 19 letters and digits.
    pub number: String,
}

/// Why something is no account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BankFault {
    /// The bank.
    #[error("bin: must be the six digits by which NAPAS knows the bank")]
    Bin,
    /// The number.
    #[error("number: must be 1 to 19 letters and digits without accents and spaces")]
    Number,
}

impl BankAccount {
    /// An account.
    ///
    /// # Errors
    /// [`BankFault`].
    pub fn new(bin: &str, number: &str) -> Result<Self, BankFault> {
        let (bin, number) = (bin.trim(), number.trim());
        if bin.len() != 6 || !bin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BankFault::Bin);
        }
        if !(1..=19).contains(&number.len()) || !number.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(BankFault::Number);
        }
        Ok(Self { bin: bin.to_owned(), number: number.to_owned() })
    }
}

/// What a transfer leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// An account (QRIBFTTA).
    Account,
    /// A card (QRIBFTTC). It is read, so that it can be told apart; none is ever made.
    Card,
}

/// What a QR asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VietQr {
    /// Where the money goes.
    pub to: BankAccount,
    /// Whether that is an account.
    pub service: Service,
    /// How much; whoever pays says it if nothing stands there.
    pub amount: Option<Dong>,
    /// The number of the bill: at most 25 letters and digits.
    pub bill: Option<String>,
    /// What it is for: at most 25 characters without accents.
    pub purpose: Option<String>,
}

/// Why a text is no QR that can be paid, or not the one that was meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QrFault {
    /// Not built of tags, lengths and values.
    #[error("the QR is garbled at tag {0}")]
    Garbled(String),
    /// The checksum is another one: something was altered or read wrongly.
    #[error("the checksum of the QR is {told}, and should be {computed}")]
    Checksum {
        /// The one that stands there.
        told: String,
        /// The one that it should be.
        computed: String,
    },
    /// No QR of a transfer by way of NAPAS.
    #[error("this is no VietQR of a bank transfer")]
    NotVietQr,
    /// Another currency than đồng.
    #[error("the currency of the QR is {0}, and should be 704 (đồng)")]
    Currency(String),
    /// Another country.
    #[error("the country of the QR is {0}, and should be VN")]
    Country(String),
    /// An amount that is none.
    #[error("the amount {0:?} of the QR is no whole number of đồng")]
    Amount(String),
    /// It leads to another bank.
    #[error("this is the QR of another bank: {found}, and not {expected}")]
    OtherBank {
        /// The bank of the QR.
        found: String,
        /// The one that was expected.
        expected: String,
    },
    /// It leads to another account of the bank.
    #[error("this QR leads to another account of the bank")]
    OtherAccount,
    /// It leads to a card.
    #[error("this QR leads to a card, and not to an account")]
    Card,
}

impl VietQr {
    /// Refuses a QR that does not lead to an account.
    ///
    /// # Errors
    /// [`QrFault::Card`], [`QrFault::OtherBank`], [`QrFault::OtherAccount`].
    pub fn leads_to(&self, account: &BankAccount) -> Result<(), QrFault> {
        if self.service == Service::Card {
            return Err(QrFault::Card);
        }
        if self.to.bin != account.bin {
            let (found, expected) = (self.to.bin.clone(), account.bin.clone());
            return Err(QrFault::OtherBank { found, expected });
        }
        if self.to.number == account.number { Ok(()) } else { Err(QrFault::OtherAccount) }
    }
}
