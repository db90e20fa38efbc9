//! Tables.

use std::borrow::Cow;

use jiff::civil::{Date, Time};
use jiff::fmt::strtime::BrokenDownTime;
use unicode_normalization::UnicodeNormalization as _;

use super::{CsvProfile, Encoding, Field, Line, Statement, StatementFault, amount, said, unreadable};

/// Lines before the head, with the name of the bank and the like.
const MOST_BEFORE: usize = 50;
const DAY_RULE: &str = "must be a day as the bank writes it";

/// Where the columns stand.
struct Columns {
    day: usize,
    text: usize,
    amount: Option<usize>,
    credit: Option<usize>,
    debit: Option<usize>,
    reference: Option<usize>,
    balance: Option<usize>,
    account: Option<usize>,
    currency: Option<usize>,
}

pub(super) fn read(bytes: &[u8], profile: &CsvProfile) -> Result<Statement, StatementFault> {
    let text = decoded(bytes, profile.encoding)?;
    let mut reader = ::csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(u8::try_from(profile.delimiter).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let (mut columns, mut statement) = (None::<Columns>, Statement::default());
    let mut balances: Vec<(i64, i64)> = Vec::new();
    let mut missing = profile.day.clone();
    for (index, record) in reader.records().enumerate() {
        let record = record.map_err(|_broken| StatementFault::Form("CSV"))?;
        let at = record.position().map_or(index + 1, |at| usize::try_from(at.line()).unwrap_or(index + 1));
        let Some(found) = &columns else {
            match Columns::find(&record, profile) {
                Ok(found) => columns = Some(found),
                Err(name) if index < MOST_BEFORE => {
                    if name != profile.day {
                        missing = name;
                    }
                }
                Err(_) => return Err(StatementFault::Column(missing)),
            }
            continue;
        };
        let cell =
            |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default().trim();
        // What has no day is a sum, a page's end or an empty line.
        if cell(Some(found.day)).is_empty() {
            continue;
        }
        found.currency(cell(found.currency), at)?;
        if found.account.is_some() {
            statement.of_account(cell(found.account))?;
        }
        let line = found.line(&record, profile, at)?;
        if let Some(after) = found.balance.map(|_| amount::read(cell(found.balance), profile.decimal)) {
            let after = after.ok_or_else(|| unreadable(at, Field::Balance, amount::RULE))?;
            balances.push((line.amount, after));
        }
        statement.push(line)?;
    }
    if columns.is_none() {
        return Err(StatementFault::Column(missing));
    }
    (statement.opening, statement.closing) = ends(&balances);
    Ok(statement)
}

/// The balances before and after, by those of the lines. Banks write the latest line first, or last.
fn ends(balances: &[(i64, i64)]) -> (Option<i64>, Option<i64>) {
    let (Some((first, after_first)), Some((last, after_last))) = (balances.first(), balances.last()) else {
        return (None, None);
    };
    let goes_on = |pair: &[(i64, i64)]| pair[0].1.checked_add(pair[1].0) == Some(pair[1].1);
    if balances.windows(2).all(goes_on) {
        return (after_first.checked_sub(*first), Some(*after_last));
    }
    (after_last.checked_sub(*last), Some(*after_first))
}

impl Columns {
    /// Where the columns stand by a head; the name of one that is missing otherwise.
    fn find(head: &::csv::StringRecord, profile: &CsvProfile) -> Result<Self, String> {
        let place = |name: &str| {
            let wanted = plain(name);
            head.iter().position(|cell| plain(cell) == wanted).ok_or_else(|| name.to_owned())
        };
        let maybe = |name: &Option<String>| name.as_deref().map(place).transpose();
        Ok(Self {
            day: place(&profile.day)?,
            text: place(&profile.text)?,
            amount: maybe(&profile.amount)?,
            credit: maybe(&profile.credit)?,
            debit: maybe(&profile.debit)?,
            reference: maybe(&profile.reference)?,
            balance: maybe(&profile.balance)?,
            account: maybe(&profile.account)?,
            currency: maybe(&profile.currency)?,
        })
    }

    fn currency(&self, said: &str, at: usize) -> Result<(), StatementFault> {
        if self.currency.is_none() || said.eq_ignore_ascii_case("VND") || said == "VNĐ" {
            return Ok(());
        }
        Err(unreadable(at, Field::Currency, "must be VND"))
    }

    fn line(
        &self,
        record: &::csv::StringRecord,
        profile: &CsvProfile,
        at: usize,
    ) -> Result<Line, StatementFault> {
        let cell =
            |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default().trim();
        let money = |column: Option<usize>| match cell(column) {
            "" => Ok(0),
            text => {
                amount::read(text, profile.decimal).ok_or_else(|| unreadable(at, Field::Amount, amount::RULE))
            }
        };
        let amount = match self.amount {
            Some(_) => money(self.amount)?,
            // Some banks write what went with a sign, others without.
            None => money(self.credit)?.abs() - money(self.debit)?.abs(),
        };
        let (day, time) = day(cell(Some(self.day)), &profile.day_format)
            .ok_or_else(|| unreadable(at, Field::Day, DAY_RULE))?;
        Ok(Line {
            day,
            time,
            amount,
            text: said(cell(Some(self.text))),
            bank_reference: Some(said(cell(self.reference))).filter(|reference| !reference.is_empty()),
        })
    }
}

/// A day, and the time if it says one.
pub(super) fn day(text: &str, format: &str) -> Option<(Date, Option<Time>)> {
    // Days without times in a table that has times, and the other way round.
    let broken = BrokenDownTime::parse(format, text).or_else(|error| match format.split_once(' ') {
        Some((day, _)) => BrokenDownTime::parse(day, text),
        None => match text.split_once(' ') {
            Some((day, _)) => BrokenDownTime::parse(format, day),
            None => Err(error),
        },
    });
    let broken = broken.ok()?;
    let day = broken.to_date().ok()?;
    (1990..=2200)
        .contains(&day.year())
        .then(|| (day, broken.to_time().ok().filter(|_| broken.hour().is_some())))
}

fn plain(text: &str) -> String {
    text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}')
        .nfc()
        .collect::<String>()
        .to_lowercase()
}

fn decoded(bytes: &[u8], encoding: Encoding) -> Result<Cow<'_, str>, StatementFault> {
    let (name, encoding) = match encoding {
        Encoding::Utf8 => ("UTF-8", encoding_rs::UTF_8),
        Encoding::Utf16 => ("UTF-16", encoding_rs::UTF_16LE),
        Encoding::Windows1258 => ("Windows-1258", encoding_rs::WINDOWS_1258),
    };
    let (text, _, broken) = encoding.decode(bytes);
    if broken { Err(StatementFault::Form(name)) } else { Ok(text) }
}
