//! Statements of banks: CSV by a description of its columns, MT940 of SWIFT, CAMT.053 of ISO 20022.

mod amount;
mod camt;
mod csv;
mod mt940;
mod profile;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use jiff::civil::{Date, Time};
use sha2::{Digest as _, Sha256};

pub use profile::{CsvProfile, DecimalMark, Encoding};

/// Largest file of a statement, in bytes.
pub const MOST_BYTES: usize = 20_000_000;
/// Most lines of one statement.
pub const MOST_LINES: usize = 100_000;
/// Longest text of a line that is kept, in characters.
const LONGEST_TEXT: usize = 500;

/// What a bank says of an account for some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// The number of the account, if the file says it.
    pub account: Option<String>,
    /// What was there before the first line, in đồng.
    pub opening: Option<i64>,
    /// What was there after the last line, in đồng.
    pub closing: Option<i64>,
    /// What came and went, in the order of the file.
    pub lines: Vec<Line>,
}

/// One line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The day on which it was booked.
    pub day: Date,
    /// The time, if the bank says it.
    pub time: Option<Time>,
    /// In đồng: what came is positive, what went negative. Never zero.
    pub amount: i64,
    /// What is written on it.
    pub text: String,
    /// The number that the bank gave it, if it gave one.
    pub bank_reference: Option<String>,
}

/// In which form a statement is.
#[derive(Clone, Copy, Debug)]
pub enum Format<'a> {
    /// A table with columns as the profile says.
    Csv(&'a CsvProfile),
    /// SWIFT MT940.
    Mt940,
    /// ISO 20022 camt.053, any version.
    Camt053,
}

/// What a column or field of a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The day.
    Day,
    /// The amount.
    Amount,
    /// The currency.
    Currency,
    /// The account.
    Account,
    /// The balance before or after.
    Balance,
    /// The line as a whole.
    Line,
}

impl Field {
    /// Its name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Amount => "amount",
            Self::Currency => "currency",
            Self::Account => "account",
            Self::Balance => "balance",
            Self::Line => "line",
        }
    }
}

/// Balances that do not fit the lines between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalanceFault {
    /// The balance before, in đồng.
    pub opening: i64,
    /// What the lines come to, in đồng.
    pub lines: i64,
    /// The balance after, in đồng.
    pub closing: i64,
}

/// Why a file is no statement that can be used. Nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// Too many bytes.
    #[error("file: must have at most {MOST_BYTES} bytes")]
    TooLarge,
    /// Too many lines.
    #[error("file: must have at most {MOST_LINES} lines")]
    TooMany,
    /// No lines.
    #[error("file: has no lines with money that came or went")]
    Empty,
    /// Not in the form that it should be.
    #[error("file: is no {0}")]
    Form(&'static str),
    /// A table without a column.
    #[error("file: has no column {0:?}; the first line that has all columns is the head")]
    Column(String),
    /// XML with a document type: nothing is fetched or expanded for a statement.
    #[error("file: an XML document type or entity is not allowed")]
    DocumentType,
    /// Something in a line cannot be read.
    #[error("line {line}, {}: {rule}", .field.name())]
    Unreadable {
        /// Which line of the file, from 1.
        line: usize,
        /// Which field.
        field: Field,
        /// What it must be.
        rule: &'static str,
    },
    /// The file is incomplete, or was altered.
    #[error(
        "file: the balance before ({}) and the lines ({}) do not come to the balance after ({})",
        .0.opening, .0.lines, .0.closing
    )]
    Balance(BalanceFault),
    /// More than one account.
    #[error("file: has statements of more than one account")]
    Accounts,
}

impl Statement {
    /// Reads a statement.
    ///
    /// # Errors
    /// [`StatementFault`] with the line and what is wrong with it. All of a file is read, or nothing.
    pub fn read(bytes: &[u8], format: Format<'_>) -> Result<Self, StatementFault> {
        if bytes.len() > MOST_BYTES {
            return Err(StatementFault::TooLarge);
        }
        let statement = match format {
            Format::Csv(profile) => csv::read(bytes, profile)?,
            Format::Mt940 => mt940::read(bytes)?,
            Format::Camt053 => camt::read(bytes)?,
        };
        if statement.lines.is_empty() {
            return Err(StatementFault::Empty);
        }
        statement.balanced()?;
        Ok(statement)
    }

    /// What the form of a file is by its first letters: none for a table, whose columns nobody can guess.
    pub fn form_of(bytes: &[u8]) -> Option<Format<'static>> {
        let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(4_096)).unwrap_or_default());
        let head = head.trim_start_matches('\u{feff}').trim_start();
        if head.starts_with('<') {
            Some(Format::Camt053)
        } else if head.contains(":20:") && head.contains(":25") {
            Some(Format::Mt940)
        } else {
            None
        }
    }

    /// The first and the last day.
    pub fn days(&self) -> Option<(Date, Date)> {
        let days = || self.lines.iter().map(|line| line.day);
        Some((days().min()?, days().max()?))
    }

    /// By what each line is known for good, in the order of the lines: the same line has the same identity in every file
    /// that has it, also in one that overlaps another. Lines that are alike in everything are told apart by their number.
    pub fn identities(&self, account: &str) -> Vec<String> {
        let mut seen: HashMap<[u8; 32], u64> = HashMap::new();
        let identity = |line: &Line| {
            let mut digest = Sha256::new();
            // A number of the bank says it all; without one, all that is written does.
            let said = line.bank_reference.as_deref().unwrap_or(&line.text);
            for part in [account, &line.day.to_string(), &line.amount.to_string(), said] {
                digest.update((part.len() as u64).to_le_bytes());
                digest.update(part.as_bytes());
            }
            let first: [u8; 32] = digest.finalize().into();
            let nth = seen.entry(first).or_default();
            *nth += 1;
            let whole = Sha256::new().chain_update(first).chain_update(nth.to_le_bytes()).finalize();
            hex(&whole)
        };
        self.lines.iter().map(identity).collect()
    }

    fn balanced(&self) -> Result<(), StatementFault> {
        let (Some(opening), Some(closing)) = (self.opening, self.closing) else { return Ok(()) };
        let lines = self.lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.amount));
        let lines = lines.unwrap_or(i64::MAX);
        if opening.checked_add(lines) == Some(closing) {
            return Ok(());
        }
        Err(StatementFault::Balance(BalanceFault { opening, lines, closing }))
    }

    /// Adds a line; one of nothing says nothing and is left out.
    fn push(&mut self, line: Line) -> Result<(), StatementFault> {
        if self.lines.len() >= MOST_LINES {
            return Err(StatementFault::TooMany);
        }
        if line.amount != 0 {
            self.lines.push(line);
        }
        Ok(())
    }

    fn of_account(&mut self, account: &str) -> Result<(), StatementFault> {
        let account: String = account.chars().filter(char::is_ascii_alphanumeric).collect();
        match &self.account {
            Some(other) if *other != account => return Err(StatementFault::Accounts),
            _ => self.account = Some(account).filter(|account| !account.is_empty()),
        }
        Ok(())
    }
}

/// The first 128 bits, in hexadecimal.
fn hex(digest: &[u8]) -> String {
    let mut text = String::with_capacity(32);
    for byte in digest.iter().take(16) {
        for half in [byte >> 4, byte & 15] {
            text.extend(char::from_digit(u32::from(half), 16));
        }
    }
    text
}

/// A text as it is kept: white space made one, control characters and what is too long taken away.
fn said(text: &str) -> String {
    let words: Vec<&str> = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).collect();
    let text = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    text.chars().take(LONGEST_TEXT).collect()
}

fn unreadable(line: usize, field: Field, rule: &'static str) -> StatementFault {
    StatementFault::Unreadable { line, field, rule }
}
