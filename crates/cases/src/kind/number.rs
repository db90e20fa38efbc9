//! How cases are numbered.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A pattern of numbers: text with `{unit}` (code of the receiving unit), `{kind}`, `{yyyy}`, `{yy}`, `{MM}`, `{dd}`, and
/// once `{serial}` or `{serial:4}`, filled with zeros to so many digits. The serial counts from 1, without gaps, for
/// everything that the pattern says before and after it: `{unit}-{yyMMdd}-{serial:4}` counts anew each day in each unit
/// (form of Circular 03/2025/TT-VPCP). Dates may be written together: `{yyMMdd}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Number {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Unit,
    Kind,
    Date(Vec<DatePiece>),
    Serial(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePiece {
    Year4,
    Year2,
    Month,
    Day,
}

/// Where the next number of a case is taken from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// What is counted: two numbers with the same key have different serials.
    pub key: String,
    before: String,
    after: String,
    digits: usize,
}

impl Numbered {
    /// The number with a serial.
    pub fn with(&self, serial: u64) -> String {
        format!("{}{serial:0digits$}{}", self.before, self.after, digits = self.digits)
    }
}

/// Why a pattern cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// Braces that do not match.
    #[error("number: a brace in {0:?} is not closed or not opened")]
    Braces(String),
    /// A name within braces that is not known.
    #[error(
        "number: {{{0}}} is none of unit, kind, dates of yyyy yy MM dd, serial, serial:N with N from 1 to 9"
    )]
    Unknown(String),
    /// No serial, or two.
    #[error("number: has {0} serials, it needs exactly one")]
    Serials(usize),
}

impl Number {
    /// Where the number of a case is taken from that a unit receives on a day.
    pub fn on(&self, unit: &str, kind: &str, day: Date) -> Numbered {
        let (mut before, mut after, mut digits, mut passed) = (String::new(), String::new(), 1, false);
        for piece in &self.pieces {
            let side = if passed { &mut after } else { &mut before };
            match piece {
                Piece::Text(text) => side.push_str(text),
                Piece::Unit => side.push_str(unit),
                Piece::Kind => side.push_str(kind),
                Piece::Date(date) => date.iter().for_each(|one| side.push_str(&one.of(day))),
                Piece::Serial(width) => (digits, passed) = (*width, true),
            }
        }
        Numbered { key: format!("{before}#{after}"), before, after, digits }
    }
}

impl DatePiece {
    fn of(self, day: Date) -> String {
        match self {
            Self::Year4 => format!("{:04}", day.year()),
            Self::Year2 => format!("{:02}", day.year().rem_euclid(100)),
            Self::Month => format!("{:02}", day.month()),
            Self::Day => format!("{:02}", day.day()),
        }
    }

    /// A date written together: `yyMMdd`.
    fn all(mut text: &str) -> Option<Vec<Self>> {
        let forms = [("yyyy", Self::Year4), ("yy", Self::Year2), ("MM", Self::Month), ("dd", Self::Day)];
        let mut pieces = Vec::new();
        while !text.is_empty() {
            let (form, piece) = forms.iter().find(|(form, _)| text.starts_with(form))?;
            text = text.strip_prefix(form)?;
            pieces.push(*piece);
        }
        (!pieces.is_empty()).then_some(pieces)
    }
}

impl FromStr for Number {
    type Err = NumberFault;

    fn from_str(text: &str) -> Result<Self, NumberFault> {
        let braces = || NumberFault::Braces(text.to_owned());
        let (mut pieces, mut rest) = (Vec::new(), text);
        while let Some((plain, from)) = rest.split_once('{') {
            let (name, after) = from.split_once('}').ok_or_else(braces)?;
            if plain.contains('}') {
                return Err(braces());
            }
            if !plain.is_empty() {
                pieces.push(Piece::Text(plain.to_owned()));
            }
            pieces.push(Piece::named(name)?);
            rest = after;
        }
        if rest.contains('}') {
            return Err(braces());
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest.to_owned()));
        }
        let serials = pieces.iter().filter(|piece| matches!(piece, Piece::Serial(_))).count();
        if serials != 1 {
            return Err(NumberFault::Serials(serials));
        }
        Ok(Self { text: text.to_owned(), pieces })
    }
}

impl Piece {
    fn named(name: &str) -> Result<Self, NumberFault> {
        let unknown = || NumberFault::Unknown(name.to_owned());
        Ok(match name {
            "unit" => Self::Unit,
            "kind" => Self::Kind,
            "serial" => Self::Serial(1),
            _ => match name.strip_prefix("serial:") {
                Some(width) => {
                    let width = width.parse().ok().filter(|width| (1..=9).contains(width));
                    Self::Serial(width.ok_or_else(unknown)?)
                }
                None => Self::Date(DatePiece::all(name).ok_or_else(unknown)?),
            },
        })
    }
}

impl TryFrom<String> for Number {
    type Error = NumberFault;

    fn try_from(text: String) -> Result<Self, NumberFault> {
        text.parse()
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.text
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}
