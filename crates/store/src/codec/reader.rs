//! Reading the parts. Never trusts a length: a damaged page must give an error, not a panic or an allocation.

use std::sync::Arc;

use dinh_model::{Term, Timestamp};

use super::DecodeError;
use crate::names::{NameId, Names};

/// Walks over bytes.
pub(super) struct Reader<'a> {
    left: &'a [u8],
    names: &'a Names,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8], names: &'a Names) -> Self {
        Self { left: bytes, names }
    }

    /// Reads other bytes with the same names.
    pub(super) fn of<'b>(&self, bytes: &'b [u8]) -> Reader<'b>
    where
        'a: 'b,
    {
        Reader { left: bytes, names: self.names }
    }

    pub(super) fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.left.split_first().ok_or(DecodeError::Truncated)?;
        self.left = rest;
        Ok(*first)
    }

    pub(super) fn unsigned(&mut self) -> Result<u64, DecodeError> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(DecodeError::Number)
    }

    pub(super) fn signed(&mut self) -> Result<i64, DecodeError> {
        let zigzag = self.unsigned()?;
        Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed())
    }

    /// A number of items that follow, each at least one byte long.
    pub(super) fn length(&mut self) -> Result<usize, DecodeError> {
        let length = usize::try_from(self.unsigned()?).unwrap_or(usize::MAX);
        if length > self.left.len() { Err(DecodeError::Truncated) } else { Ok(length) }
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], DecodeError> {
        let (bytes, rest) = self.left.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.left = rest;
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Result<&'a str, DecodeError> {
        let length = self.length()?;
        std::str::from_utf8(self.bytes(length)?).map_err(|_not_utf8| DecodeError::Text)
    }

    fn name_id(&mut self) -> Result<NameId, DecodeError> {
        let id = self.unsigned()?;
        NameId::try_from(id).map_err(|_too_large| DecodeError::Name(id))
    }

    pub(super) fn term(&mut self) -> Result<Term, DecodeError> {
        let id = self.name_id()?;
        self.names.term(id).cloned().ok_or(DecodeError::Name(u64::from(id)))
    }

    pub(super) fn name_text(&mut self) -> Result<Arc<str>, DecodeError> {
        let id = self.name_id()?;
        self.names.text(id).cloned().ok_or(DecodeError::Name(u64::from(id)))
    }

    pub(super) fn terms(&mut self) -> Result<Vec<Term>, DecodeError> {
        let length = self.length()?;
        (0..length).map(|_| self.term()).collect()
    }

    pub(super) fn before(&mut self, base: Timestamp) -> Result<Timestamp, DecodeError> {
        Ok(Timestamp::from_micros(base.as_micros().wrapping_sub(self.signed()?)))
    }

    /// Fails unless everything was read.
    pub(super) fn end(&self) -> Result<(), DecodeError> {
        if self.left.is_empty() { Ok(()) } else { Err(DecodeError::LeftOver) }
    }
}
