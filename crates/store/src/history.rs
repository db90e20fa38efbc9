//! What history tells apart.

use std::fmt::Debug;

use dinh_model::{Term, Timestamp};

/// What a row of history is, and so what its time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// An observation, by when it was made.
    Observed,
    /// What an instance said that was not observed, by when it had begun to say so.
    Changed,
    /// That an instance was deleted, by when.
    Deleted,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Observed, Self::Changed, Self::Deleted];

    /// As rows and names of records write it.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Observed => 0,
            Self::Changed => 1,
            Self::Deleted => 2,
        }
    }

    /// The instant that the times of a row at `at` are told from. What was not observed may move on by a microsecond, and
    /// says its own times whole.
    pub(crate) fn base(self, at: Timestamp) -> Timestamp {
        if self == Self::Observed { at } else { Timestamp::from_micros(0) }
    }

    /// From [`Kind::number`].
    pub(crate) fn of(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// Of which types every change is kept, and not what was observed alone. Asked inside every commit: it must be quick.
pub trait Past: Debug + Send + Sync {
    /// True if what entities of these types said is kept when it changes.
    fn keeps_changes(&self, types: &[Term]) -> bool;
}
