//! The chain: each entry holds a hash over itself and the hash before it.
//!
//! SHA-256 over, one after the other: the hash before (32 bytes; zeros for the first entry), the number (8 bytes, big
//! end first), the instant in microseconds since 1970 (the same), the tenant's name and the body, each after its length
//! in 8 bytes. Lengths are fixed or told, so that no two entries give the same bytes.

use dinh_model::{ChangeKind, Timestamp};
use sha2::{Digest as _, Sha256};

/// SHA-256.
pub type Digest = [u8; 32];

/// What stands for the hash before the first entry, and for the seal before the first seal.
pub(crate) const BEFORE_FIRST: Digest = [0; 32];

/// A link of the chain: what the next one goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Number of the entry; 0 before the first.
    pub seq: u64,
    /// Its instant; time never goes back.
    pub at: Timestamp,
    /// Its hash.
    pub hash: Digest,
}

impl Link {
    /// Before the first entry.
    pub(crate) const START: Self = Self { seq: 0, at: Timestamp::from_micros(i64::MIN), hash: BEFORE_FIRST };

    /// The entry that comes after this one.
    pub(crate) fn next(&self, at: Timestamp, tenant: &str, body: &[u8]) -> Self {
        let seq = self.seq + 1;
        Self { seq, at, hash: link(&self.hash, seq, at, tenant, body) }
    }
}

/// The hash of an entry.
pub(crate) fn link(before: &Digest, seq: u64, at: Timestamp, tenant: &str, body: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(seq.to_be_bytes());
    hash.update(at.as_micros().to_be_bytes());
    for part in [tenant.as_bytes(), body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// SHA-256 over rows of the change feed, as they are stored.
#[derive(Clone, Default)]
pub(crate) struct ChangesDigest(Sha256);

impl ChangesDigest {
    /// Takes in one change.
    pub(crate) fn add(&mut self, seq: u64, kind: ChangeKind, at: Timestamp, texts: [&str; 2], body: &[u8]) {
        self.0.update(seq.to_be_bytes());
        self.0.update([kind_code(kind)]);
        self.0.update(at.as_micros().to_be_bytes());
        let [entity, by] = texts.map(str::as_bytes);
        for part in [entity, by, body] {
            self.0.update((part.len() as u64).to_be_bytes());
            self.0.update(part);
        }
    }

    pub(crate) fn finish(self) -> Digest {
        self.0.finalize().into()
    }
}

/// The number under which a kind of change is stored.
pub(crate) const fn kind_code(kind: ChangeKind) -> u8 {
    match kind {
        ChangeKind::Created => 0,
        ChangeKind::Updated => 1,
        ChangeKind::Deleted => 2,
    }
}

/// From [`kind_code`].
pub(crate) const fn kind_of(code: u64) -> Option<ChangeKind> {
    match code {
        0 => Some(ChangeKind::Created),
        1 => Some(ChangeKind::Updated),
        2 => Some(ChangeKind::Deleted),
        _ => None,
    }
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_counts_and_none_runs_into_the_next() {
        let at = Timestamp::from_micros(7);
        let base = link(&BEFORE_FIRST, 1, at, "hue", b"body");
        assert_ne!(base, link(&[1; 32], 1, at, "hue", b"body"));
        assert_ne!(base, link(&BEFORE_FIRST, 2, at, "hue", b"body"));
        assert_ne!(base, link(&BEFORE_FIRST, 1, Timestamp::from_micros(8), "hue", b"body"));
        assert_ne!(base, link(&BEFORE_FIRST, 1, at, "hueb", b"ody"));
        assert_ne!(base, link(&BEFORE_FIRST, 1, at, "hue", b"bodz"));
    }

    /// The same by hand, from the description above alone.
    #[test]
    fn the_hash_is_what_the_description_says() {
        let mut bytes = vec![0u8; 32];
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7]);
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 3]);
        bytes.extend(b"hue");
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 2]);
        bytes.extend(b"ab");
        let expected: Digest = Sha256::digest(&bytes).into();
        assert_eq!(link(&BEFORE_FIRST, 1, Timestamp::from_micros(7), "hue", b"ab"), expected);
    }
}
