//! What is told of a due, and what comes of it when a year is announced.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// When something is due, always in working hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// What may be told: never later than the law's limit, however the days off of unannounced years are laid. Only a
    /// Saturday that is made a working day afterwards can bring the limit before it.
    pub at: Timestamp,
    /// What is likely, if the days off are announced as expected. Not before `at`, save for periods in hours.
    pub expected: Timestamp,
    /// True if the days off of all years between are announced. If not, it is to be computed again when they are, see
    /// [`Moment::moved`].
    pub settled: bool,
}

/// How a due that is computed again stands to what was promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// As promised.
    No,
    /// The limit is later than promised: the promise stands, and nobody needs to be told. It is moved only as every
    /// promise is: by whoever may, with a reason, on record, and told to whom it was given.
    Later,
    /// The limit is earlier than promised: whoever works on it is told at once, for the limit binds them; whom it was
    /// promised is told the earlier moment.
    Earlier,
}

impl Moment {
    /// How this due, computed again after days off were announced, stands to the moment that was promised.
    pub fn moved(&self, promised: Timestamp) -> Moved {
        match self.at.cmp(&promised) {
            std::cmp::Ordering::Equal => Moved::No,
            std::cmp::Ordering::Greater => Moved::Later,
            std::cmp::Ordering::Less => Moved::Earlier,
        }
    }
}
