//! Randomness for tests. Whoever includes this names the trait beside it: it is shared by tests within the crate and
//! around it.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{NoRandomness, Randomness};

/// Numbers one after the other: fresh every time, and the same in every run.
#[derive(Debug)]
pub(super) struct Counting(AtomicU64);

impl Counting {
    /// Those that begin there; whoever begins elsewhere gets others for the next four billion.
    pub(super) fn from(begin: u64) -> Self {
        Self(AtomicU64::new(begin << 32))
    }
}

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        Ok(())
    }
}
