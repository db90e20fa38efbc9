//! How long something may take, as acts tell it: three working days, half a day, one month.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Longest amount: about four years of working days.
const LONGEST: u16 = 1_000;

/// In what a period is told. Displayed as data writes it, to choose words by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Days on which offices work.
    WorkingDay,
    /// Days of the calendar.
    Day,
    /// Hours in which offices work.
    WorkingHour,
    /// Hours by the clock, nights and days off among them.
    Hour,
    /// Months of the calendar.
    Month,
}

impl Unit {
    /// True if only the time in which offices work is counted.
    pub fn is_working(self) -> bool {
        matches!(self, Self::WorkingDay | Self::WorkingHour)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WorkingDay => "working-day",
            Self::Day => "day",
            Self::WorkingHour => "working-hour",
            Self::Hour => "hour",
            Self::Month => "month",
        })
    }
}

/// How many: a half, one, one and a half, up to 1,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(u16);

impl Amount {
    /// So many halves; none without any, or with more than 2,000.
    pub fn halves(halves: u16) -> Option<Self> {
        (1..=2 * LONGEST).contains(&halves).then_some(Self(halves))
    }

    /// So many whole ones; none without any, or with more than 1,000.
    pub fn whole(whole: u16) -> Option<Self> {
        Self::halves(whole.checked_mul(2)?)
    }

    /// The whole ones in it.
    pub fn wholes(self) -> u16 {
        self.0 / 2
    }

    /// True if a half is left over.
    pub fn has_half(self) -> bool {
        self.0 % 2 == 1
    }

    /// As a number, for words that depend on it.
    pub fn as_number(self) -> f64 {
        f64::from(self.0) / 2.0
    }
}

impl fmt::Display for Amount {
    /// `3`, `0.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.wholes(), if self.has_half() { ".5" } else { "" })
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.has_half() {
            serializer.serialize_f64(self.as_number())
        } else {
            serializer.serialize_u16(self.wholes())
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let fits = (1..=2 * LONGEST).find(|halves| (f64::from(*halves) / 2.0 - number).abs() < 1e-9);
        fits.map(Self).ok_or_else(|| {
            D::Error::custom(format!("amount: from 0.5 to {LONGEST}, in halves, not {number}"))
        })
    }
}

/// How long something may take: `{ amount = 3, unit = "working-day" }`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// How many.
    pub amount: Amount,
    /// Of what.
    pub unit: Unit,
}

impl fmt::Display for Period {
    /// For logs and faults, as in `3 working-day`; pages say it in words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.unit)
    }
}
