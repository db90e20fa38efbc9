//! Names of types and attributes as people may write them (CIM 009 clause 4.6.2).

use std::ops::RangeInclusive;

use crate::bounds::NAME_BYTES;

/// Why a text is not a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Contains something else than letters, digits and `_`, or begins with a digit.
    #[error(
        "{0:?} is not a name: use letters, digits and '_', beginning with a letter (CIM 009 clause 4.6.2)"
    )]
    Characters(String),
    /// Longer than [`NAME_BYTES`].
    #[error("a name of {0} bytes is too long; the limit is {NAME_BYTES}")]
    TooLong(usize),
}

/// Checks a type or attribute name: `name`, `prefix:name` or a full URI.
pub fn check(name: &str) -> Result<(), NameError> {
    if name.len() > NAME_BYTES {
        return Err(NameError::TooLong(name.len()));
    }
    let good = match name.split_once(':') {
        None => is_name(name),
        Some((prefix, local)) => (is_name(prefix) && is_name(local)) || is_full(name),
    };
    if good { Ok(()) } else { Err(NameError::Characters(name.to_owned())) }
}

/// A full URI without the characters that scripts and query languages live on.
fn is_full(name: &str) -> bool {
    dinh_model::Iri::parse(name).is_ok() && !name.contains(['\'', '(', ')', ';', ',', '|'])
}

/// `unicodeLetter *nameChar` of clause 4.6.2.
pub fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.all(is_name_char)
}

/// A letter, a number, a mark that a decomposed Vietnamese letter carries, or `_`.
pub fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || MARKS.contains(&c)
}

/// Combining diacritical marks: `ệ` may arrive as `e` and two marks.
const MARKS: RangeInclusive<char> = '\u{300}'..='\u{36f}';

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_letters_digits_and_underscores() {
        for good in ["a", "mựcNước", "water_level2", "schema:name", "https://a.vn/x#y", "me\u{323}"] {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in
            ["", "2x", "_x", "a b", "a-b", "a.b", "<script>", "a:", ":a", "a(b)", "https://a.vn/(x)", "a'b"]
        {
            assert!(check(bad).is_err(), "{bad}");
        }
        assert_eq!(check(&"x".repeat(2000)), Err(NameError::TooLong(2000)));
    }
}
