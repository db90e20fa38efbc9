//! All kinds, in all their versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::{Kind, Status};

/// Kinds by code and version.
#[derive(Clone, Debug, Default)]
pub struct Book(BTreeMap<String, BTreeMap<u32, Arc<Kind>>>);

/// Why versions do not fit together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BookFault {
    /// A version is there twice.
    #[error("{code}: version {version} is there twice")]
    Twice {
        /// Which kind.
        code: String,
        /// Which version.
        version: u32,
    },
    /// Two published versions begin on the same day, so that none of them follows the other.
    #[error("{code}: versions {one} and {other} both begin on {day}")]
    SameDay {
        /// Which kind.
        code: String,
        /// The one version.
        one: u32,
        /// The other version.
        other: u32,
        /// The day on which both begin.
        day: Date,
    },
}

impl Book {
    /// Kinds, each version once. A published version holds until the next one begins, so that a change of law adds a
    /// version and touches none that is in use.
    ///
    /// # Errors
    /// [`BookFault`].
    pub fn new(kinds: impl IntoIterator<Item = Kind>) -> Result<Self, BookFault> {
        let mut book: BTreeMap<String, BTreeMap<u32, Arc<Kind>>> = BTreeMap::new();
        for kind in kinds {
            let versions = book.entry(kind.code.clone()).or_default();
            if versions.contains_key(&kind.version) {
                return Err(BookFault::Twice { code: kind.code, version: kind.version });
            }
            versions.insert(kind.version, Arc::new(kind));
        }
        for versions in book.values() {
            check_days(versions.values().filter(|kind| kind.status == Status::Published))?;
        }
        Ok(Self(book))
    }

    /// The version under which cases are opened on a day: of those that hold, the one that began last.
    pub fn on(&self, code: &str, day: Date) -> Option<&Arc<Kind>> {
        newest(self.0.get(code)?, day)
    }

    /// A certain version.
    pub fn version(&self, code: &str, version: u32) -> Option<&Arc<Kind>> {
        self.0.get(code)?.get(&version)
    }

    /// All versions of a kind, the first one first.
    pub fn versions(&self, code: &str) -> impl Iterator<Item = &Arc<Kind>> {
        self.0.get(code).into_iter().flat_map(BTreeMap::values)
    }

    /// Every version of every kind.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Kind>> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// The kinds of which cases are opened on a day.
    pub fn open_on(&self, day: Date) -> impl Iterator<Item = &Arc<Kind>> {
        self.0.values().filter_map(move |versions| newest(versions, day))
    }

    /// The kind that settles a national procedure on a day.
    pub fn settles(&self, procedure: &str, day: Date) -> Option<&Arc<Kind>> {
        self.open_on(day).find(|kind| kind.procedure.as_deref() == Some(procedure))
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn newest(versions: &BTreeMap<u32, Arc<Kind>>, day: Date) -> Option<&Arc<Kind>> {
    versions.values().filter(|kind| kind.is_open_on(day)).max_by_key(|kind| kind.valid_from)
}

fn check_days<'k>(kinds: impl Iterator<Item = &'k Arc<Kind>>) -> Result<(), BookFault> {
    let mut kinds: Vec<_> = kinds.collect();
    kinds.sort_by_key(|kind| kind.valid_from);
    for pair in kinds.windows(2) {
        if let [one, other] = pair
            && one.valid_from == other.valid_from
        {
            let (code, day) = (one.code.clone(), other.valid_from);
            return Err(BookFault::SameDay { code, one: one.version, other: other.version, day });
        }
    }
    Ok(())
}
