//! Dated editions of what offices keep to, by name.

use jiff::civil::Date;
use serde::Deserialize;

use crate::law::holds;
use crate::table::Named;

/// Most editions of one file.
const MOST: usize = 1_000;

/// Something that holds under a name between two days.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition<T> {
    /// Under what it is asked for: `default`, or a name that a unit or a procedure gives.
    pub name: String,
    /// For people.
    pub title: Named,
    /// First day.
    pub valid_from: Date,
    /// Last day; open if none.
    pub valid_to: Option<Date>,
    /// Where it is from.
    pub source: String,
    /// What is to be known of it.
    pub remark: Option<String>,
    /// What holds.
    #[serde(alias = "week", alias = "rules")]
    pub holds: T,
}

/// Editions, of which no two of one name hold on one day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written<T>", bound = "T: Deserialize<'de> + Sound")]
pub struct Editions<T>(Vec<Edition<T>>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written<T> {
    #[serde(rename = "edition")]
    editions: Vec<Edition<T>>,
}

/// What can tell whether it contradicts itself.
pub trait Sound {
    /// The field and the rule it breaks.
    ///
    /// # Errors
    /// If it breaks one.
    fn check(&self) -> Result<(), String>;
}

/// Why editions cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditionFault {
    /// Too many.
    #[error("edition: at most {MOST}")]
    Many,
    /// Ends before it begins.
    #[error("{0}: valid_to lies before valid_from")]
    Backwards(String),
    /// Two of one name hold at once.
    #[error("{0}: two editions hold on {1}")]
    Twice(String, Date),
    /// A name or source that is empty.
    #[error("{0}: name and source are not empty")]
    Empty(String),
    /// What it holds contradicts itself.
    #[error("{0}: {1}")]
    Unsound(String, String),
}

impl<T: Sound> TryFrom<Written<T>> for Editions<T> {
    type Error = EditionFault;

    fn try_from(written: Written<T>) -> Result<Self, EditionFault> {
        let editions = written.editions;
        if editions.len() > MOST {
            return Err(EditionFault::Many);
        }
        for (index, edition) in editions.iter().enumerate() {
            let name = || edition.name.clone();
            if edition.name.trim().is_empty() || edition.source.trim().is_empty() {
                return Err(EditionFault::Empty(name()));
            }
            if edition.valid_to.is_some_and(|to| to < edition.valid_from) {
                return Err(EditionFault::Backwards(name()));
            }
            edition.holds.check().map_err(|reason| EditionFault::Unsound(name(), reason))?;
            for other in editions.iter().skip(index + 1).filter(|other| other.name == edition.name) {
                let day = edition.valid_from.max(other.valid_from);
                if edition.is_on(day) && other.is_on(day) {
                    return Err(EditionFault::Twice(name(), day));
                }
            }
        }
        Ok(Self(editions))
    }
}

impl<T> Edition<T> {
    fn is_on(&self, day: Date) -> bool {
        holds(day, self.valid_from, self.valid_to)
    }
}

impl<T> Editions<T> {
    /// The edition of a name that holds on a day.
    pub fn on(&self, name: &str, day: Date) -> Option<&Edition<T>> {
        self.0.iter().find(|edition| edition.name == name && edition.is_on(day))
    }

    /// All of a name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Edition<T>> {
        self.0.iter().filter(move |edition| edition.name == name)
    }

    /// All.
    pub fn all(&self) -> &[Edition<T>] {
        &self.0
    }
}
