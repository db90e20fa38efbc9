//! How a bank writes its tables, as data.

use serde::{Deserialize, Serialize};

/// The columns of the tables of a bank. Names of columns are compared without case and spaces at their ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvProfile {
    /// Its code: `generic`, `bank-a`.
    pub code: String,
    /// What it is called.
    pub title: String,
    /// How letters are written.
    #[serde(default)]
    pub encoding: Encoding,
    /// What stands between columns: `,`, `;`, or a tab.
    #[serde(default = "comma")]
    pub delimiter: char,
    /// How days are written, with `%d`, `%m`, `%Y` and `%H:%M:%S`.
    pub day_format: String,
    /// What stands before fractions.
    #[serde(default)]
    pub decimal: DecimalMark,
    /// The column with the day.
    pub day: String,
    /// The column with what is written on a line.
    pub text: String,
    /// The column with what came or went, with a sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The column with what came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// The column with what went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debit: Option<String>,
    /// The column with the number that the bank gave the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The column with the balance after the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub balance: Option<String>,
    /// The column with the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The column with the currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
}

/// How letters are written in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with a mark at the beginning or without.
    #[default]
    Utf8,
    /// UTF-16, with a mark at the beginning.
    Utf16,
    /// Windows-1258: Vietnamese, with accents written apart.
    Windows1258,
}

/// What stands before fractions; the other one stands between thousands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DecimalMark {
    /// `1,500,000.00`
    #[default]
    Point,
    /// `1.500.000,00`
    Comma,
}

const fn comma() -> char {
    ','
}

impl CsvProfile {
    /// What is wrong with it; nothing for one that can be used.
    pub fn fault(&self) -> Option<&'static str> {
        let day = "2026-11-23T08:30:00".parse::<jiff::civil::DateTime>().ok()?;
        let written = jiff::fmt::strtime::format(&self.day_format, day);
        let is_read = written.is_ok_and(|text| super::csv::day(&text, &self.day_format).is_some());
        if !self.delimiter.is_ascii() || self.delimiter.is_ascii_alphanumeric() || self.delimiter == '"' {
            Some("delimiter: must be one ASCII character that is no letter, digit or quote")
        } else if !is_read {
            Some("day_format: must say day, month and year: %d/%m/%Y")
        } else if self.amount.is_none() && (self.credit.is_none() || self.debit.is_none()) {
            Some("amount, credit, debit: name the column of amounts, or both of what came and what went")
        } else if self.amount.is_some() && (self.credit.is_some() || self.debit.is_some()) {
            Some("amount, credit, debit: name one column of amounts or two, and not three")
        } else {
            None
        }
    }
}
