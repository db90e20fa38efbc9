//! Seals: signed statements of how far the audit has come.
//!
//! The statement is a text of eleven lines, so that anybody can check it with common tools alone; what is signed is the
//! text, and the hash of a seal is SHA-256 over the text and the signature behind it.

use std::fmt;
use std::str::FromStr;

use dinh_model::Timestamp;
use sha2::{Digest as _, Sha256};

use super::{BEFORE_FIRST, Digest, hex};

/// First line of a statement.
const TITLE: &str = "dinh audit seal 1";

/// What a seal states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Its number, from 1 without gaps.
    pub number: u64,
    /// The day of the entries that it covers, in the time zone of the province: `2026-11-21`.
    pub day: String,
    /// True if it covers what the day still had; false if it was made before the day's end.
    pub whole: bool,
    /// First entry that it covers.
    pub first: u64,
    /// Last entry that it covers.
    pub last: u64,
    /// Hash of the last entry.
    pub entry: Digest,
    /// Hash of the seal before; zeros for the first.
    pub previous: Digest,
    /// When it was made.
    pub sealed_at: Timestamp,
    /// The public key of the signature (Ed25519).
    pub key: Digest,
}

/// A text that is not a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the statement of a seal")]
pub struct SealError;

/// A seal as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptSeal {
    /// What it states.
    pub seal: Seal,
    /// The signature over the text of the statement.
    pub signature: Vec<u8>,
    /// A time stamp over the hash of the seal: the token of RFC 3161, DER.
    pub token: Option<Vec<u8>>,
}

impl Seal {
    /// How many entries it covers.
    pub fn count(&self) -> u64 {
        (self.last + 1).saturating_sub(self.first)
    }

    /// Where the seal after `before` begins: its number, its first entry, and the hash of the seal before.
    pub fn after(before: Option<&KeptSeal>) -> (u64, u64, Digest) {
        before.map_or((1, 1, BEFORE_FIRST), |kept| (kept.seal.number + 1, kept.seal.last + 1, kept.hash()))
    }
}

impl KeptSeal {
    /// Its hash: what the next seal names, and what a time stamp is over.
    pub fn hash(&self) -> Digest {
        let mut hash = Sha256::new();
        hash.update(self.seal.to_string());
        hash.update(&self.signature);
        hash.finalize().into()
    }
}

impl fmt::Display for Seal {
    /// The statement.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{TITLE}")?;
        writeln!(f, "number {}", self.number)?;
        writeln!(f, "day {}", self.day)?;
        writeln!(f, "whole {}", if self.whole { "yes" } else { "no" })?;
        writeln!(f, "first {}", self.first)?;
        writeln!(f, "last {}", self.last)?;
        writeln!(f, "count {}", self.count())?;
        writeln!(f, "entry {}", hex(&self.entry))?;
        writeln!(f, "previous {}", hex(&self.previous))?;
        writeln!(f, "sealed {}", self.sealed_at)?;
        writeln!(f, "key {}", hex(&self.key))
    }
}

impl FromStr for Seal {
    type Err = SealError;

    /// Reads a statement; only the very text that [`Seal`] writes is one.
    fn from_str(text: &str) -> Result<Self, SealError> {
        let read = || {
            let mut lines = text.lines();
            if lines.next()? != TITLE {
                return None;
            }
            let mut line = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
            let number = line("number")?.parse().ok()?;
            let day = line("day")?.to_owned();
            let whole = line("whole")? == "yes";
            let (first, last) = (line("first")?.parse().ok()?, line("last")?.parse().ok()?);
            let _count = line("count")?;
            let (entry, previous) = (digest(line("entry")?)?, digest(line("previous")?)?);
            let sealed_at = line("sealed")?.parse().ok()?;
            Some(Self {
                number,
                day,
                whole,
                first,
                last,
                entry,
                previous,
                sealed_at,
                key: digest(line("key")?)?,
            })
        };
        // Whatever reads alike but is written otherwise was not written by us.
        read().filter(|seal| seal.to_string() == text).ok_or(SealError)
    }
}

fn digest(text: &str) -> Option<Digest> {
    let mut digest = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_comes_back_and_no_byte_of_it_may_differ() {
        let seal = Seal {
            number: 3,
            day: "2026-11-21".into(),
            whole: true,
            first: 120,
            last: 482,
            entry: [7; 32],
            previous: [9; 32],
            sealed_at: "2026-11-21T17:00:00Z".parse().unwrap(),
            key: [1; 32],
        };
        let text = seal.to_string();
        assert_eq!(text.lines().count(), 11, "{text}");
        assert!(text.contains("\ncount 363\n"), "{text}");
        assert_eq!(text.parse::<Seal>(), Ok(seal.clone()));
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let other = String::from_utf8(bytes).unwrap().parse::<Seal>();
            assert_ne!(other, Ok(seal.clone()), "byte {at}");
        }
    }
}
