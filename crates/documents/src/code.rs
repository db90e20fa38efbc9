//! Codes by which documents are checked. They stand on the document, in letters and in its QR code.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// Letters of codes: none that is easily taken for another.
const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// How many of them a code has: 80 bits, so that nobody finds a document by trying.
const LENGTH: usize = 16;
/// How many stand together where people read them.
const GROUP: usize = 4;

/// The code of a document: `K7QM-2XWA-9PTD-HB4E`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Code(String);

/// That something is no code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "code: must be 16 letters A to Z and digits 2 to 9, without I and O; blanks and hyphens do not count"
)]
pub struct NoCode;

impl Code {
    /// A code from something that is drawn by lot and used once.
    pub fn of(lot: &[u8]) -> Self {
        let bytes = Sha256::digest(lot);
        Self(
            bytes
                .iter()
                .take(LENGTH)
                .map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]))
                .collect(),
        )
    }

    /// As it is kept: without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = NoCode;

    /// Reads what somebody typed: small letters, blanks and hyphens do no harm.
    fn from_str(text: &str) -> Result<Self, NoCode> {
        if text.len() > 100 {
            return Err(NoCode);
        }
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let bare = bare.to_ascii_uppercase();
        let is_code = bare.len() == LENGTH && bare.bytes().all(|byte| LETTERS.contains(&byte));
        if is_code { Ok(Self(bare)) } else { Err(NoCode) }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(lot in any::<[u8; 16]>()) {
            let code = Code::of(&lot);
            prop_assert_eq!(code.to_string().parse::<Code>(), Ok(code.clone()));
            prop_assert_eq!(code.as_str().to_ascii_lowercase().parse::<Code>(), Ok(code.clone()));
            prop_assert_eq!(code.to_string().replace('-', " ").parse::<Code>(), Ok(code));
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for text in ["", "K7QM", "K7QM-2XWA-9PTD-HB4I", "K7QM-2XWA-9PTD-HB4E-AAAA", "Đ7QM-2XWA-9PTD-HB4"] {
            assert_eq!(text.parse::<Code>(), Err(NoCode), "{text}");
        }
    }
}
