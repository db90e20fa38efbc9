//! What is added to a document after it was numbered: signatures, as incremental updates of the PDF (ISO 32000-1, 7.5.6).

/// Why a file is not another one with something added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Altered {
    /// It is not longer.
    #[error("content: nothing was added")]
    NotLonger,
    /// It does not begin with the other one.
    #[error(
        "content: byte {at} differs from the document as it was numbered; only what is added behind it may differ"
    )]
    At {
        /// The first byte that differs, from 0.
        at: usize,
    },
}

/// Makes sure that a file is another one with something added behind it, and nothing changed.
///
/// # Errors
/// [`Altered`], with the first byte that differs.
pub fn appended(before: &[u8], after: &[u8]) -> Result<(), Altered> {
    if let Some(at) = before.iter().zip(after).position(|(one, other)| one != other) {
        return Err(Altered::At { at });
    }
    if after.len() <= before.len() { Err(Altered::NotLonger) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_added_behind_may_differ() {
        assert_eq!(appended(b"%PDF", b"%PDF and a signature"), Ok(()));
        assert_eq!(appended(b"%PDF", b"%PDF"), Err(Altered::NotLonger));
        assert_eq!(appended(b"%PDF", b"%P"), Err(Altered::NotLonger));
        assert_eq!(appended(b"%PDF", b"%PdF and a signature"), Err(Altered::At { at: 2 }));
    }
}
