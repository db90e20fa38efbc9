//! What the verification of an audit has found.

use super::KeptSeal;
use crate::report::FAULTS_TOLD;

/// One place where the audit is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Break {
    /// Entries are missing.
    #[error("entries are missing: after entry {after} comes entry {found}")]
    Gap {
        /// The last one there; 0 for none.
        after: u64,
        /// The next one there.
        found: u64,
    },
    /// The hash does not fit the entry and the hash before.
    #[error(
        "entry {seq} is not as it was written: its hash does not fit its content and the entry before it"
    )]
    Hash {
        /// Which entry.
        seq: u64,
    },
    /// The entry is older than the one before it.
    #[error("entry {seq} is older than the entry before it")]
    Time {
        /// Which entry.
        seq: u64,
    },
    /// The body cannot be read.
    #[error("entry {seq} cannot be read")]
    Unreadable {
        /// Which entry.
        seq: u64,
    },
    /// The entry does not go on where the entry before it stopped in the change feed.
    #[error(
        "entry {seq} tells of the changes from {found} on, but the entries before it end before {expected}"
    )]
    Changes {
        /// Which entry.
        seq: u64,
        /// The change that it should begin with.
        expected: u64,
        /// The change that it begins with.
        found: u64,
    },
    /// The changes in the feed are not those that the entry tells of.
    #[error("the change feed does not hold the changes that entry {seq} tells of as they were written")]
    Digest {
        /// Which entry.
        seq: u64,
    },
    /// No entry tells of the last changes: the end of the audit is missing.
    #[error("no entry tells of the changes from {from} to {to}: the end of the audit is missing")]
    Untold {
        /// The first such change.
        from: u64,
        /// The last change in the feed.
        to: u64,
    },
    /// The index of entities that notes are about does not fit an entry.
    #[error("the index of the entities that notes are about does not fit entry {seq}")]
    Subjects {
        /// Which entry.
        seq: u64,
    },
    /// The index of entities that notes are about has rows of no note.
    #[error("the index of the entities that notes are about has {found} rows, but the notes name {expected}")]
    SubjectsLeft {
        /// How many there are.
        found: u64,
        /// How many there should be.
        expected: u64,
    },
    /// Seals are missing.
    #[error("seals are missing: after seal {after} comes seal {found}")]
    SealGap {
        /// The last one there; 0 for none.
        after: u64,
        /// The next one there.
        found: u64,
    },
    /// The statement of a seal cannot be read, or is not the one of its number.
    #[error("seal {number} cannot be read")]
    SealUnreadable {
        /// Which seal.
        number: u64,
    },
    /// A seal does not go on from the seal before it.
    #[error("seal {number} does not fit the seal before it")]
    SealPrevious {
        /// Which seal.
        number: u64,
    },
    /// The entry that a seal ends with has another hash.
    #[error("entry {seq}, the last that seal {number} covers, is not the entry that was sealed")]
    SealEntry {
        /// Which seal.
        number: u64,
        /// Its last entry.
        seq: u64,
    },
    /// No entry tells of the time stamp of a seal.
    #[error("no entry tells of the time stamp that seal {number} has")]
    SealStamp {
        /// Which seal.
        number: u64,
    },
    /// Entries that a seal covers are gone from the end.
    #[error("seal {number} covers the entries up to {sealed}, but the audit ends at {last}")]
    CutOff {
        /// Which seal.
        number: u64,
        /// The last entry that it covers.
        sealed: u64,
        /// The last entry there.
        last: u64,
    },
}

/// The result of verifying an audit.
#[derive(Clone, Debug, Default)]
pub struct AuditReport {
    /// How many entries were looked at.
    pub entries: u64,
    /// Number of the last entry; 0 for none.
    pub last: u64,
    /// Entries whose changes are still in the feed and were compared with it.
    pub compared: u64,
    /// Bytes of all bodies.
    pub body_bytes: u64,
    /// The seals that can be read, in order.
    pub seals: Vec<KeptSeal>,
    /// How many breaks there are.
    pub break_count: u64,
    /// The first of them, in the order of the chain; those of seals last.
    pub breaks: Vec<Break>,
}

impl AuditReport {
    pub(crate) fn found(&mut self, fault: Break) {
        self.break_count += 1;
        if self.breaks.len() < FAULTS_TOLD {
            self.breaks.push(fault);
        }
    }
}
