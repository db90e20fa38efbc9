//! One unit, its days in force and its successors.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use crate::{EntityId, Geometry};

/// The tier of a unit (Constitution of 2013, article 110; the district tier was abolished on 1 July 2025).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Province or centrally run city: two-digit code.
    Province,
    /// District, town or provincial city, until 30 June 2025: three-digit code.
    District,
    /// Commune, ward, township or special zone: five-digit code.
    Commune,
}

impl Level {
    /// The word used in identifiers and in the attribute `level`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::District => "district",
            Self::Commune => "commune",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Level {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        [Self::Province, Self::District, Self::Commune]
            .into_iter()
            .find(|level| level.word() == word)
            .ok_or_else(|| format!("{word:?} is not a level; use province, district or commune"))
    }
}

/// What people call a unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitName {
    /// In Vietnamese, with its kind in front: `Phường Phú Xuân`.
    pub vi: String,
    /// In English, where known: `Phu Xuan Ward`.
    pub en: Option<String>,
}

/// The days on which a unit was in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first day; none where no register says when it began.
    pub from: Option<Date>,
    /// The last day; none while it is in force.
    pub to: Option<Date>,
}

impl Span {
    /// Whether the unit was in force on `day`.
    pub fn contains(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether some day belongs to both.
    pub fn overlaps(self, other: Self) -> bool {
        let begins_by = |from: Option<Date>, to: Option<Date>| match (from, to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        begins_by(self.from, other.to) && begins_by(other.from, self.to)
    }

    /// Whether the last day of this span lies before the first day of `later`.
    pub fn ends_before(self, later: Self) -> bool {
        matches!((self.to, later.from), (Some(to), Some(from)) if to < from)
    }
}

/// How much of a unit's territory went to a successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Share {
    /// All of it.
    Full,
    /// A part; the rest went to other units.
    Partial,
}

impl Share {
    /// The word used in the sub-attribute `share`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Partial => "partial",
        }
    }

    /// What is left of a share after a further step: full only if both steps are.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        self.max(next)
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "full" => Ok(Self::Full),
            "partial" => Ok(Self::Partial),
            other => Err(format!("{other:?} is not a share; use full or partial")),
        }
    }
}

/// A link to a unit that took over territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The unit that took over.
    pub unit: EntityId,
    /// How much it took.
    pub share: Share,
}

/// One administrative unit during one span of days.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its identifier in the graph.
    pub id: EntityId,
    /// Code in the national list (decision 124/2004/QĐ-TTg; 19/2025/QĐ-TTg from 1 July 2025), with leading zeros.
    pub code: String,
    /// Its tier.
    pub level: Level,
    /// What people call it.
    pub name: UnitName,
    /// The unit that it belongs to.
    pub parent: Option<EntityId>,
    /// When it was in force.
    pub span: Span,
    /// The units that took over its territory.
    pub successors: Vec<Succession>,
    /// Its outline in WGS 84 degrees, where it is free.
    pub outline: Option<Geometry>,
}
