//! References: the few letters by which a transfer says which bill it pays.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What every reference begins with.
const PREFIX: &str = "DH";
/// Symbols after that, the last of which is a check.
const SYMBOLS: usize = 8;
/// 31 symbols, a prime number, without those that people and machines mistake: I, L, O, U and Z.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKMNPQRSTVWXY";

/// A reference: `DH` and eight symbols, of which the last one checks the others. Any one symbol that is wrong, and any two
/// neighbours that have changed places, are found out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// A text that is no reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be DH and eight letters or digits, as it was told; one of them is wrong")]
pub struct NoReference;

impl Reference {
    /// How many there are: 31 to the power of seven, some 27 thousand million.
    pub const MOST: u64 = 27_512_614_111;

    /// The reference with a number; numbers beyond [`Reference::MOST`] begin anew.
    pub fn nth(number: u64) -> Self {
        let mut rest = number % Self::MOST;
        let mut values = [0_u8; SYMBOLS - 1];
        for value in values.iter_mut().rev() {
            *value = u8::try_from(rest % 31).unwrap_or_default();
            rest /= 31;
        }
        let symbols = values.iter().copied().chain([check(&values)]);
        let text: String = symbols.map(|value| char::from(ALPHABET[usize::from(value)])).collect();
        Self(format!("{PREFIX}{text}"))
    }

    /// As it is written on a transfer.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In groups that people read to each other: `DH 7K2M 9QXW`.
    pub fn grouped(&self) -> String {
        let symbols: Vec<char> = self.0.chars().skip(PREFIX.len()).collect();
        let groups: Vec<String> = symbols.chunks(4).map(|group| group.iter().collect()).collect();
        format!("{PREFIX} {}", groups.join(" "))
    }
}

/// The sum that the last symbol checks: every place has its own weight.
fn check(values: &[u8]) -> u8 {
    let sum: u32 = values.iter().zip(2_u32..).map(|(value, weight)| u32::from(*value) * weight).sum();
    u8::try_from(sum % 31).unwrap_or_default()
}

/// The value of a symbol, however it is written: O is read as 0, I and L as 1, Z as 2 and U as V.
fn value(byte: u8) -> Option<u8> {
    let byte = match byte.to_ascii_uppercase() {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'Z' => b'2',
        b'U' => b'V',
        other => other,
    };
    ALPHABET.iter().position(|symbol| *symbol == byte).and_then(|place| u8::try_from(place).ok())
}

fn read(symbols: &[u8]) -> Option<Reference> {
    let values: Vec<u8> = symbols.iter().map(|byte| value(*byte)).collect::<Option<_>>()?;
    let (last, first) = values.split_last()?;
    if values.len() != SYMBOLS || check(first) != *last {
        return None;
    }
    let text: String = values.iter().map(|value| char::from(ALPHABET[usize::from(*value)])).collect();
    Some(Reference(format!("{PREFIX}{text}")))
}

/// The references that a text may hold, in their order, each once. Case, spaces, dashes and whatever else banks put between
/// or take away play no part; whether there is such a bill has to be looked up.
pub fn references_in(text: &str) -> Vec<Reference> {
    let kept: Vec<u8> =
        text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_uppercase()).collect();
    let mut found: Vec<Reference> = Vec::new();
    for window in kept.windows(PREFIX.len() + SYMBOLS) {
        let (prefix, symbols) = window.split_at(PREFIX.len());
        if prefix == PREFIX.as_bytes()
            && let Some(reference) = read(symbols)
            && !found.contains(&reference)
        {
            found.push(reference);
        }
    }
    found
}

impl FromStr for Reference {
    type Err = NoReference;

    fn from_str(text: &str) -> Result<Self, NoReference> {
        let kept: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-' | b'.')).collect();
        let (prefix, symbols) = kept.split_at_checked(PREFIX.len()).ok_or(NoReference)?;
        if !prefix.eq_ignore_ascii_case(PREFIX.as_bytes()) {
            return Err(NoReference);
        }
        read(symbols).ok_or(NoReference)
    }
}

impl TryFrom<String> for Reference {
    type Error = NoReference;

    fn try_from(text: String) -> Result<Self, NoReference> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn references_are_found_however_banks_mangle_them() {
        let reference = Reference::nth(12_345_678_901);
        let text = reference.as_str();
        let (head, tail) = text.split_at(6);
        for mangled in [
            text.to_lowercase(),
            format!("MBVCB.3278907687.{text}.CT tu 0011001 TRAN THI AN"),
            format!("TRAN THI AN chuyen khoan {head} {tail} le phi"),
            format!("IBFT{head}-{tail}FT2632"),
            format!("{head}\n{tail}"),
        ] {
            assert_eq!(references_in(&mangled), std::slice::from_ref(&reference), "{mangled}");
        }
    }

    #[test]
    fn what_people_mistake_is_understood() {
        let with_zero =
            (0..99).map(Reference::nth).find(|one| one.as_str().contains('0')).expect("there is one");
        let typed = with_zero.as_str().replace('0', "O");
        assert_eq!(typed.parse(), Ok(with_zero));
        assert!("DH12345".parse::<Reference>().is_err());
    }

    proptest! {
        #[test]
        fn every_number_has_its_own_reference(one in 0..Reference::MOST, other in 0..Reference::MOST) {
            prop_assert_eq!(Reference::nth(one) == Reference::nth(other), one == other);
            prop_assert_eq!(Reference::nth(one).as_str().parse(), Ok(Reference::nth(one)));
            prop_assert_eq!(Reference::nth(one).grouped().parse(), Ok(Reference::nth(one)));
        }

        #[test]
        fn a_wrong_symbol_and_changed_places_are_found_out(
            number in 0..Reference::MOST,
            at in 2_usize..9,
            symbol in 0_usize..31,
        ) {
            let right = Reference::nth(number).as_str().as_bytes().to_vec();
            let mut wrong = right.clone();
            wrong[at] = ALPHABET[symbol];
            let read = |bytes: &[u8]| String::from_utf8_lossy(bytes).parse::<Reference>().is_ok();
            prop_assert_eq!(read(&wrong), wrong == right);
            let mut turned = right.clone();
            turned.swap(at, at + 1);
            prop_assert_eq!(read(&turned), turned == right);
        }
    }
}
