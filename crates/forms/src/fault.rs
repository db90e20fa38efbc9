//! What is wrong with an answer.

use jiff::civil::Date;
use serde::Serialize;

use crate::path::Path;
use crate::text::Text;

mod words;

/// An answer that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The field, as it is posted: `members[0].name`. Empty for the form as a whole.
    pub path: String,
    /// The rule, for machines: `required`, `tax-code`.
    pub rule: &'static str,
    /// What to say, in both languages, as a whole sentence.
    pub message: Text,
    /// Only a warning: the answers can be filed all the same.
    pub soft: bool,
}

/// A rule that can be broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It must be answered.
    Required,
    /// The box must be ticked.
    Consent,
    /// The form has no such field.
    Unknown,
    /// The value is not of the kind of the field.
    Shape,
    /// Not a number as it is written in Viet Nam.
    Number,
    /// Not a whole number.
    Integer,
    /// More digits after the comma than these.
    Digits(u8),
    /// Smaller than this, as it is written.
    Small(String),
    /// Larger than this, as it is written.
    Large(String),
    /// Fewer characters than these.
    Short(usize),
    /// More characters than these.
    Long(usize),
    /// Control characters.
    Control,
    /// Not what it must look like.
    Pattern(Text),
    /// Not a day.
    Date,
    /// Neither a day nor a month nor a year.
    PartialDate,
    /// Before this day.
    Early(Date),
    /// After this day.
    Late(Date),
    /// Not a time of day.
    Time,
    /// Not among what is offered.
    NotOffered,
    /// Fewer than these.
    Few(usize),
    /// More than these.
    Many(usize),
    /// One thing twice.
    Twice,
    /// Not twelve digits.
    PersonalId,
    /// No province or country has such a code (a warning).
    PersonalIdPlace,
    /// It says another sex (a warning).
    PersonalIdSex,
    /// It says another year of birth (a warning).
    PersonalIdYear,
    /// Not nine digits.
    OldId,
    /// Not 10, 12 or 13 digits.
    TaxCode,
    /// A wrong check digit.
    TaxCodeCheck,
    /// Not a telephone number.
    Telephone,
    /// Not an address of electronic mail.
    Email,
    /// Not an administrative unit that is known.
    Unit,
    /// A unit that was in force until this day.
    UnitEnded(Option<Date>),
    /// A commune of another province.
    UnitElsewhere,
    /// A file that the dossier does not have.
    NoFile,
    /// A kind of file that is not taken.
    FileKind,
    /// A file larger than so many bytes.
    FileSize(u64),
    /// More faults than are told.
    More,
}

impl Rule {
    /// Whether it only warns.
    pub fn is_soft(&self) -> bool {
        matches!(self, Self::PersonalIdPlace | Self::PersonalIdSex | Self::PersonalIdYear)
    }

    pub(crate) fn at(self, path: &Path) -> Fault {
        Fault { path: path.to_string(), rule: self.word(), message: self.message(), soft: self.is_soft() }
    }

    /// The rule, for machines.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Consent => "consent",
            Self::Unknown => "unknown",
            Self::Shape => "shape",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Digits(_) => "digits",
            Self::Small(_) => "minimum",
            Self::Large(_) => "maximum",
            Self::Short(_) => "min-length",
            Self::Long(_) => "max-length",
            Self::Control => "control",
            Self::Pattern(_) => "pattern",
            Self::Date => "date",
            Self::PartialDate => "partial-date",
            Self::Early(_) => "earliest",
            Self::Late(_) => "latest",
            Self::Time => "time",
            Self::NotOffered => "choice",
            Self::Few(_) => "min-items",
            Self::Many(_) => "max-items",
            Self::Twice => "unique",
            Self::PersonalId => "personal-id",
            Self::PersonalIdPlace => "personal-id-place",
            Self::PersonalIdSex => "personal-id-sex",
            Self::PersonalIdYear => "personal-id-year",
            Self::OldId => "old-id",
            Self::TaxCode => "tax-code",
            Self::TaxCodeCheck => "tax-code-check",
            Self::Telephone => "telephone",
            Self::Email => "email",
            Self::Unit => "unit",
            Self::UnitEnded(_) => "unit-ended",
            Self::UnitElsewhere => "unit-elsewhere",
            Self::NoFile => "no-file",
            Self::FileKind => "file-kind",
            Self::FileSize(_) => "file-size",
            Self::More => "more",
        }
    }
}
