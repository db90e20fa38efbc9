//! Writing the parts.

use dinh_model::{Term, Timestamp};

use super::EncodeError;
use crate::names::{NameId, SharedNames};

/// Collects bytes.
pub(super) struct Writer<'a> {
    pub(super) bytes: Vec<u8>,
    names: &'a SharedNames,
}

impl<'a> Writer<'a> {
    pub(super) fn new(names: &'a SharedNames, capacity: usize) -> Self {
        Self { bytes: Vec::with_capacity(capacity), names }
    }

    /// Collects other bytes with the same names.
    pub(super) fn beside(&self, capacity: usize) -> Self {
        Self::new(self.names, capacity)
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    pub(super) fn unsigned(&mut self, mut number: u64) {
        loop {
            let low = (number & 0x7F) as u8;
            number >>= 7;
            if number == 0 {
                self.bytes.push(low);
                return;
            }
            self.bytes.push(low | 0x80);
        }
    }

    pub(super) fn signed(&mut self, number: i64) {
        self.unsigned(zigzag(number));
    }

    pub(super) fn length(&mut self, length: usize) {
        self.unsigned(length as u64);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// The number of a name; it becomes known if it was not.
    pub(super) fn name(&mut self, name: &str) -> Result<NameId, EncodeError> {
        let id = self.names.intern(name)?;
        self.unsigned(u64::from(id));
        Ok(id)
    }

    pub(super) fn names(&mut self, names: &[Term]) -> Result<(), EncodeError> {
        self.length(names.len());
        names.iter().try_for_each(|name| self.name(name.as_str()).map(drop))
    }

    /// An instant as microseconds before `base`.
    pub(super) fn before(&mut self, base: Timestamp, instant: Timestamp) {
        self.signed(base.as_micros().wrapping_sub(instant.as_micros()));
    }
}

/// Small absolute values become small numbers.
fn zigzag(number: i64) -> u64 {
    (number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned()
}
