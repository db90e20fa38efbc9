//! What a form asks: fields and their kinds.

use jiff::civil::Date;
use regex::Regex;

use crate::expr::Rule;
use crate::text::Text;

/// One question, or several that belong together.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name among its siblings, as in paths and in the answers.
    pub name: String,
    /// What is asked.
    pub title: Text,
    /// A line under the title: how to answer.
    pub hint: Option<Text>,
    /// More, for who wants it.
    pub help: Option<Text>,
    /// What kind of answer.
    pub kind: Kind,
    /// Whether it must be answered.
    pub need: Need,
    /// Asked only if this holds; always if there is none.
    pub visible_if: Option<Rule>,
    /// What it can be filled from, as a key that account, graph and earlier dossiers are asked for.
    pub prefill: Option<String>,
}

/// Whether a field must be answered when it is asked.
#[derive(Clone, Debug)]
pub enum Need {
    /// It may be left out.
    Optional,
    /// It must be answered.
    Always,
    /// It must be answered if this holds.
    If(Rule),
}

/// What kind of answer a field takes.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Words.
    Text(Words),
    /// A number with at most so many digits after the comma.
    Number(Bounds),
    /// A whole number; of đồng if it is money.
    Integer {
        /// From where to where.
        bounds: Bounds,
        /// Whether it is an amount in đồng.
        money: bool,
    },
    /// A day.
    Date(Days),
    /// A day, a month or a year: of old people often no more is known.
    PartialDate(Days),
    /// A time of day, `14:05`.
    Time,
    /// Yes or no.
    YesNo,
    /// One of several.
    Choice(Options),
    /// Some of several.
    Choices {
        /// What is offered.
        options: Options,
        /// Fewest and most that may be chosen.
        count: Count,
    },
    /// The twelve digits of a personal identity number.
    PersonalId {
        /// Sibling that says the sex, to compare.
        sex: Option<String>,
        /// Sibling that says the date of birth, to compare.
        born: Option<String>,
    },
    /// The nine digits of an identity card of before.
    OldId,
    /// A tax code of an enterprise or a branch (10 or 13 digits), or of a person (12 digits).
    TaxCode,
    /// A telephone number in Viet Nam, or with the code of a country.
    Telephone,
    /// An address of electronic mail.
    Email,
    /// A province.
    Province(UnitsOn),
    /// A commune of the province that a sibling names.
    Commune {
        /// On which day it must be in force.
        on: UnitsOn,
        /// The sibling that names the province.
        province: String,
    },
    /// Files of the dossier, by their identifiers.
    Files(Files),
    /// A box to tick: that something is true, or that one agrees.
    Consent,
    /// A number or a word that the form works out itself.
    Computed {
        /// How.
        rule: Rule,
        /// How it is shown.
        shown: Shown,
    },
    /// Fields that belong together.
    Group {
        /// What they are together.
        what: What,
        /// The fields.
        fields: Vec<Field>,
    },
    /// Rows of the same fields.
    Table {
        /// The fields of a row.
        fields: Vec<Field>,
        /// Fewest and most rows.
        count: Count,
        /// What one row is called.
        row: Text,
    },
}

/// Rules for words.
#[derive(Clone, Debug)]
pub struct Words {
    /// Several lines.
    pub long: bool,
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
    /// What they must look like, and what to say otherwise.
    pub pattern: Option<(Regex, Text)>,
    /// What is suggested while typing; anything else is taken too.
    pub suggest: Vec<String>,
}

/// Rules for numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Most digits after the comma.
    pub digits: u8,
    /// What is counted: `m²`.
    pub unit: Option<Text>,
}

/// Rules for days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// Not before.
    pub earliest: Option<Day>,
    /// Not after.
    pub latest: Option<Day>,
}

/// A day that a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day {
    /// The day on which the form is checked.
    Today,
    /// This one.
    On(Date),
}

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Codes and titles, in order.
    pub all: Vec<(String, Text)>,
    /// Whether they are shown as a list that opens, rather than one below the other.
    pub folded: bool,
}

/// Fewest and most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Fewest.
    pub min: usize,
    /// Most.
    pub max: usize,
}

/// On which day an administrative unit must be in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnitsOn {
    /// On the day on which the form is checked.
    Today,
    /// On any day: places of birth are told as they were called then.
    Ever,
}

/// Rules for files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// Media types that are taken.
    pub media: Vec<String>,
    /// Most bytes of one.
    pub size: u64,
    /// Fewest and most files.
    pub count: Count,
}

/// How a computed value is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As a number.
    Number,
    /// As an amount in đồng.
    Money,
}

/// What the fields of a group are together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// What the form says.
    Plain,
    /// A person.
    Person,
    /// An address.
    Address,
    /// A parcel of land.
    Parcel,
}

impl Kind {
    /// The word of the kind, as in form files.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Text(words) if words.long => "long-text",
            Self::Text(_) => "text",
            Self::Number(_) => "number",
            Self::Integer { money: true, .. } => "money",
            Self::Integer { .. } => "integer",
            Self::Date(_) => "date",
            Self::PartialDate(_) => "partial-date",
            Self::Time => "time",
            Self::YesNo => "yes-no",
            Self::Choice(_) => "choice",
            Self::Choices { .. } => "choices",
            Self::PersonalId { .. } => "personal-id",
            Self::OldId => "old-id",
            Self::TaxCode => "tax-code",
            Self::Telephone => "telephone",
            Self::Email => "email",
            Self::Province(_) => "province",
            Self::Commune { .. } => "commune",
            Self::Files(_) => "files",
            Self::Consent => "consent",
            Self::Computed { .. } => "computed",
            Self::Group { what: What::Person, .. } => "person",
            Self::Group { what: What::Address, .. } => "address",
            Self::Group { what: What::Parcel, .. } => "parcel",
            Self::Group { .. } => "group",
            Self::Table { .. } => "table",
        }
    }

    /// The fields within, of a group or of a row.
    pub fn fields(&self) -> &[Field] {
        match self {
            Self::Group { fields, .. } | Self::Table { fields, .. } => fields,
            _ => &[],
        }
    }

    /// Whether it is an address.
    pub(crate) fn is_address(&self) -> bool {
        matches!(self, Self::Group { what: What::Address, .. })
    }

    /// Whether answers to it are never read, since the form works it out.
    pub fn is_computed(&self) -> bool {
        matches!(self, Self::Computed { .. })
    }
}

impl Day {
    /// The day, if it is `today`.
    pub fn on(self, today: Date) -> Date {
        match self {
            Self::Today => today,
            Self::On(day) => day,
        }
    }
}

impl Options {
    /// The title of a code.
    pub fn title(&self, code: &str) -> Option<&Text> {
        self.all.iter().find(|(one, _)| one == code).map(|(_, title)| title)
    }
}
