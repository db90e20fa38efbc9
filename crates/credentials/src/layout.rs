//! The QR that Decision 838/QĐ-BNV asks to print on a civil servant's card: texts with `|` between them, at most 130
//! characters, the first a random number of the card of at most four. It is not signed: what it says is looked up.
//!
//! Which fields follow the first is not known for sure, so that the order is dated data of a pack, which says whether it has
//! been confirmed.

use serde::Deserialize;

/// Most characters of the QR.
pub const LONGEST: usize = 130;
/// Most characters of the first field.
pub const LONGEST_RANDOM: usize = 4;

/// A field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// The random number of the card.
    Random,
    /// The number of the card.
    Number,
    /// The holder's name.
    Name,
    /// The unit.
    Unit,
    /// The position.
    Position,
    /// The day of issue, `ddmmyyyy`.
    Issued,
}

/// In which order fields stand, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// First day.
    pub valid_from: jiff::civil::Date,
    /// The fields.
    pub fields: Vec<Field>,
    /// True once somebody has compared it with the text of the decision.
    pub confirmed: bool,
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub struct Values<'a> {
    /// One to four letters or digits.
    pub random: &'a str,
    /// The number of the card.
    pub number: &'a str,
    /// The holder's name.
    pub name: &'a str,
    /// The unit.
    pub unit: &'a str,
    /// The position.
    pub position: &'a str,
    /// The day of issue.
    pub issued: jiff::civil::Date,
}

/// Why something cannot be printed so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LayoutFault {
    /// The first field is not the random number.
    #[error("the first field is the random number of the card")]
    First,
    /// The random number is too long, empty, or has other characters.
    #[error("the random number of a card has 1 to {LONGEST_RANDOM} letters or digits")]
    Random,
    /// A field has the separator in it.
    #[error("{0:?} has a | in it, which stands between the fields")]
    Separator(Field),
    /// All together are too long, although names were cut.
    #[error("the QR would have {0} characters, {LONGEST} at most")]
    TooLong(usize),
}

impl Layout {
    /// The text of the QR. Where it would be too long, the unit and then the position are left out, but their places stay.
    ///
    /// # Errors
    /// [`LayoutFault`].
    pub fn write(&self, values: &Values<'_>) -> Result<String, LayoutFault> {
        if self.fields.first() != Some(&Field::Random) {
            return Err(LayoutFault::First);
        }
        let fits = (1..=LONGEST_RANDOM).contains(&values.random.len());
        if !fits || !values.random.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(LayoutFault::Random);
        }
        let mut length = 0;
        for left_out in [&[][..], &[Field::Unit], &[Field::Unit, Field::Position]] {
            let text = self.text(values, left_out)?;
            length = text.chars().count();
            if length <= LONGEST {
                return Ok(text);
            }
        }
        Err(LayoutFault::TooLong(length))
    }

    fn text(&self, values: &Values<'_>, left_out: &[Field]) -> Result<String, LayoutFault> {
        let day = values.issued;
        let issued = format!("{:02}{:02}{:04}", day.day(), day.month(), day.year());
        let mut texts = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let text = match field {
                _ if left_out.contains(field) => "",
                Field::Random => values.random,
                Field::Number => values.number,
                Field::Name => values.name,
                Field::Unit => values.unit,
                Field::Position => values.position,
                Field::Issued => &issued,
            };
            if text.contains('|') {
                return Err(LayoutFault::Separator(*field));
            }
            texts.push(text);
        }
        Ok(texts.join("|"))
    }
}
