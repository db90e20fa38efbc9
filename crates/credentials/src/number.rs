//! The number of a civil servant's card (Decision 838/QĐ-BNV of 25/10/2023): `[agency].[personal number].[type]`.

use serde::{Deserialize, Serialize};

/// What may be written at the end of a number, and since when: dated data of a pack.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeCode {
    /// Two or three letters or digits.
    pub code: String,
    /// Whom it is for.
    pub title: Named,
    /// First day on which cards of this type are issued.
    pub valid_from: jiff::civil::Date,
    /// Last day; none if it goes on.
    #[serde(default)]
    pub valid_to: Option<jiff::civil::Date>,
}

/// A name in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl TypeCode {
    /// True for a day on which cards of this type are issued.
    pub fn holds_on(&self, day: jiff::civil::Date) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// Why something is no number of a card.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberFault {
    /// It does not have three parts: the agency's code may have dots in it, the others have none.
    #[error("a number of a card is [agency].[12 digits].[type]")]
    Parts,
    /// The code of the agency is not one of Decision 20/2020/QĐ-TTg.
    #[error("{0:?} is not written as an electronic identifier of an agency")]
    Agency(String),
    /// The personal number does not have 12 digits.
    #[error("a personal number has 12 digits")]
    Person,
    /// No such type on that day.
    #[error("{0:?} is not a type of card on that day")]
    Type(String),
}

/// A number that is written as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardNumber {
    agency: String,
    person: String,
    code: String,
}

impl CardNumber {
    /// Of its parts, on the day of issue.
    ///
    /// # Errors
    /// Every [`NumberFault`] but [`NumberFault::Parts`].
    pub fn new(
        agency: &str,
        person: &str,
        code: &str,
        types: &[TypeCode],
        day: jiff::civil::Date,
    ) -> Result<Self, NumberFault> {
        if !is_agency(agency) {
            return Err(NumberFault::Agency(agency.to_owned()));
        }
        if person.len() != 12 || !person.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NumberFault::Person);
        }
        if !types.iter().any(|known| known.code == code && known.holds_on(day)) {
            return Err(NumberFault::Type(code.to_owned()));
        }
        Ok(Self { agency: agency.to_owned(), person: person.to_owned(), code: code.to_owned() })
    }

    /// Reads one.
    ///
    /// # Errors
    /// Every [`NumberFault`].
    pub fn read(text: &str, types: &[TypeCode], day: jiff::civil::Date) -> Result<Self, NumberFault> {
        let parts = text.rsplit_once('.').and_then(|(rest, code)| Some((rest.rsplit_once('.')?, code)));
        let ((agency, person), code) = parts.ok_or(NumberFault::Parts)?;
        Self::new(agency, person, code, types, day)
    }

    /// The electronic identifier of the agency.
    pub fn agency(&self) -> &str {
        &self.agency
    }

    /// The type.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl std::fmt::Display for CardNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.agency, self.person, self.code)
    }
}

/// A letter and two digits, then up to three more levels of digits: `H36`, `H36.12`, `G01.45.3`.
fn is_agency(text: &str) -> bool {
    let mut levels = text.split('.');
    let first = levels.next().unwrap_or_default();
    let mut characters = first.chars();
    let starts = characters.next().is_some_and(|c| c.is_ascii_uppercase());
    let digits =
        |level: &str| !level.is_empty() && level.len() <= 3 && level.bytes().all(|b| b.is_ascii_digit());
    let rest: Vec<&str> = levels.collect();
    starts && digits(characters.as_str()) && rest.len() <= 3 && rest.into_iter().all(digits)
}
