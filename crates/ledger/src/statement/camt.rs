//! ISO 20022 camt.053, bank-to-customer statement, of any version: elements are known by their names alone.
//!
//! A document type is refused, so that no entity is expanded and nothing is fetched.

use jiff::civil::{Date, DateTime};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{DecimalMark, Field, Line, MOST_LINES, Statement, StatementFault, amount, said, unreadable};

/// Deepest nesting: the standard needs some fifteen.
const DEEPEST: usize = 40;

/// What is known while a file is read.
#[derive(Default)]
struct Under {
    path: Vec<String>,
    text: String,
    currency: Option<String>,
    statement: Statement,
    balance: Balance,
    entry: Entry,
    statements: usize,
}

#[derive(Default)]
struct Balance {
    code: String,
    amount: Option<i64>,
    debit: bool,
}

#[derive(Default)]
struct Entry {
    amount: Option<i64>,
    debit: bool,
    reversal: bool,
    booked: bool,
    day: Option<(Date, Option<jiff::civil::Time>)>,
    reference: Option<String>,
    words: String,
    parts: Vec<Part>,
}

/// A payment of an entry that gathers several.
#[derive(Default)]
struct Part {
    amount: Option<i64>,
    reference: Option<String>,
    words: String,
}

pub(super) fn read(bytes: &[u8]) -> Result<Statement, StatementFault> {
    let text = std::str::from_utf8(bytes).map_err(|_no_text| StatementFault::Form("UTF-8"))?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut under = Under::default();
    let broken = || StatementFault::Form("CAMT.053 (XML)");
    loop {
        match reader.read_event().map_err(|_broken| broken())? {
            Event::Start(start) => under.enters(&start)?,
            Event::Empty(start) => {
                under.enters(&start)?;
                under.leaves(line_at(text, reader.buffer_position()))?;
            }
            Event::End(_) => under.leaves(line_at(text, reader.buffer_position()))?,
            Event::Text(text) => under.text.push_str(&text.xml10_content()),
            Event::CData(text) => under.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let letter = match reference.resolve_char_ref().map_err(|_broken| broken())? {
                    Some(letter) => letter,
                    None => named(&reference.xml10_content()).ok_or(StatementFault::DocumentType)?,
                };
                under.text.push(letter);
            }
            Event::DocType(_) => return Err(StatementFault::DocumentType),
            Event::Eof => break,
            _ => {}
        }
    }
    if !under.path.is_empty() || under.statements == 0 {
        return Err(broken());
    }
    Ok(under.statement)
}

/// The five that XML knows without a document type.
fn named(name: &str) -> Option<char> {
    [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\'')]
        .into_iter()
        .find_map(|(known, letter)| (known == name).then_some(letter))
}

/// For messages alone, which end the reading.
fn line_at(text: &str, position: u64) -> impl Fn() -> usize + '_ {
    move || {
        let end = usize::try_from(position).unwrap_or(usize::MAX).min(text.len());
        text.get(..end).unwrap_or_default().matches('\n').count() + 1
    }
}

impl Under {
    fn enters(&mut self, start: &BytesStart<'_>) -> Result<(), StatementFault> {
        if self.path.len() >= DEEPEST {
            return Err(StatementFault::Form("CAMT.053: it is nested too deeply"));
        }
        let name = start.local_name().into_inner().to_owned();
        self.text.clear();
        match name.as_str() {
            "Stmt" => self.statements += 1,
            "Bal" => self.balance = Balance::default(),
            "Ntry" => self.entry = Entry::default(),
            "TxDtls" => {
                if self.entry.parts.len() >= MOST_LINES {
                    return Err(StatementFault::TooMany);
                }
                self.entry.parts.push(Part::default());
            }
            "Amt" => {
                let currency =
                    start.attributes().flatten().find(|one| one.key.local_name().into_inner() == "Ccy");
                self.currency = currency.map(|one| one.value.into_owned());
            }
            _ => {}
        }
        self.path.push(name);
        Ok(())
    }

    fn leaves(&mut self, line: impl Fn() -> usize) -> Result<(), StatementFault> {
        let text = std::mem::take(&mut self.text).trim().to_owned();
        let path = std::mem::take(&mut self.path);
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let below = |name: &str| {
            let at = names.iter().position(|one| *one == name)?;
            names.get(at + 1..)
        };
        if let Some(tail) = below("Ntry") {
            match tail.iter().position(|name| *name == "TxDtls") {
                Some(details) => self.part(tail.get(details + 1..).unwrap_or_default(), &text, &line)?,
                None => self.entry(tail, &text, &line)?,
            }
        } else if let Some(tail) = below("Bal") {
            self.balance(tail.last().copied(), &text, &line)?;
        } else {
            match below("Acct") {
                Some(["Id", "IBAN"] | ["Id", "Othr", "Id"]) => self.statement.of_account(&text)?,
                Some(["Ccy"]) if text != "VND" => {
                    return Err(unreadable(line(), Field::Currency, "must be VND"));
                }
                _ => {}
            }
        }
        self.path = path;
        self.path.pop();
        Ok(())
    }

    fn money(&self, text: &str, line: &impl Fn() -> usize) -> Result<i64, StatementFault> {
        if self.currency.as_deref() != Some("VND") {
            return Err(unreadable(line(), Field::Currency, "must be VND"));
        }
        let dong = amount::read(text, DecimalMark::Point).filter(|dong| *dong >= 0);
        dong.ok_or_else(|| unreadable(line(), Field::Amount, amount::RULE))
    }

    /// Something of a balance, or a balance that is over.
    fn balance(
        &mut self,
        name: Option<&str>,
        text: &str,
        line: &impl Fn() -> usize,
    ) -> Result<(), StatementFault> {
        match name {
            Some("Cd") => text.clone_into(&mut self.balance.code),
            Some("Amt") => self.balance.amount = Some(self.money(text, line)?),
            Some("CdtDbtInd") => self.balance.debit = text == "DBIT",
            None => {
                let Some(dong) = self.balance.amount else { return Ok(()) };
                let dong = if self.balance.debit { -dong } else { dong };
                match self.balance.code.as_str() {
                    "OPBD" | "PRCD" => {
                        self.statement.opening.get_or_insert(dong);
                    }
                    "CLBD" => self.statement.closing = Some(dong),
                    _ => {}
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Something of an entry, below `Ntry`.
    fn entry(&mut self, tail: &[&str], text: &str, line: &impl Fn() -> usize) -> Result<(), StatementFault> {
        match tail {
            ["Amt"] => self.entry.amount = Some(self.money(text, line)?),
            ["CdtDbtInd"] => self.entry.debit = text == "DBIT",
            ["RvslInd"] => self.entry.reversal = text == "true",
            ["Sts"] if !text.is_empty() => self.entry.booked = text == "BOOK",
            ["Sts", "Cd"] => self.entry.booked = text == "BOOK",
            ["BookgDt", "Dt" | "DtTm"] => {
                let odd = || unreadable(line(), Field::Day, "must be an ISO 8601 day or time");
                self.entry.day = Some(day(text).ok_or_else(odd)?);
            }
            ["AcctSvcrRef"] => self.entry.reference = Some(said(text)).filter(|one| !one.is_empty()),
            ["AddtlNtryInf"] => self.entry.words = format!("{} {text}", self.entry.words),
            [] => self.booked(line)?,
            _ => {}
        }
        Ok(())
    }

    /// Something of a payment of an entry, below `TxDtls`.
    fn part(&mut self, tail: &[&str], text: &str, line: &impl Fn() -> usize) -> Result<(), StatementFault> {
        let money = match tail {
            ["Amt"] | ["AmtDtls", "TxAmt", "Amt"] => Some(self.money(text, line)?),
            _ => None,
        };
        let Some(part) = self.entry.parts.last_mut() else { return Ok(()) };
        part.amount = part.amount.or(money);
        match tail {
            ["Refs", "AcctSvcrRef"] => part.reference = Some(said(text)).filter(|one| !one.is_empty()),
            ["Refs", "EndToEndId"] if text != "NOTPROVIDED" => part.words = format!("{} {text}", part.words),
            ["RmtInf", "Ustrd"] | ["RmtInf", "Strd", "CdtrRefInf", "Ref"] | ["AddtlTxInf"] => {
                part.words = format!("{} {text}", part.words);
            }
            _ => {}
        }
        Ok(())
    }

    /// An entry is over. One that gathers several payments becomes as many lines if their amounts come to its own.
    fn booked(&mut self, line: &impl Fn() -> usize) -> Result<(), StatementFault> {
        let entry = std::mem::take(&mut self.entry);
        if !entry.booked {
            return Ok(());
        }
        let amount = entry.amount.ok_or_else(|| unreadable(line(), Field::Amount, amount::RULE))?;
        let (day, time) = entry.day.ok_or_else(|| unreadable(line(), Field::Day, "must be there"))?;
        let sign = if entry.debit == entry.reversal { 1 } else { -1 };
        let amounts: Option<Vec<i64>> = entry.parts.iter().map(|part| part.amount).collect();
        let is_split = entry.parts.len() > 1
            && amounts.is_some_and(|all| {
                all.iter().try_fold(0_i64, |sum, one| sum.checked_add(*one)) == Some(amount)
            });
        if is_split {
            for (index, part) in entry.parts.into_iter().enumerate() {
                let whole = entry.reference.as_ref().map(|whole| format!("{whole}/{}", index + 1));
                let amount = sign * part.amount.unwrap_or_default();
                let text = said(&format!("{} {}", part.words, entry.words));
                self.statement.push(Line {
                    day,
                    time,
                    amount,
                    text,
                    bank_reference: part.reference.or(whole),
                })?;
            }
            return Ok(());
        }
        let words: Vec<&str> = entry.parts.iter().map(|part| part.words.as_str()).collect();
        let text = said(&format!("{} {}", words.join(" "), entry.words));
        let bank_reference =
            entry.reference.or_else(|| entry.parts.into_iter().find_map(|part| part.reference));
        self.statement.push(Line { day, time, amount: sign * amount, text, bank_reference })
    }
}

fn day(text: &str) -> Option<(Date, Option<jiff::civil::Time>)> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        // Banks of Viet Nam keep its time.
        let at = at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(7)));
        return Some((at.date(), Some(at.time())));
    }
    if let Ok(at) = text.parse::<DateTime>() {
        let has_time = text.contains('T');
        return Some((at.date(), has_time.then(|| at.time())));
    }
    text.get(..10)?.parse().ok().map(|day| (day, None))
}
