//! Base45 (RFC 9285): bytes as the characters that a QR code packs best.

use crate::Refused;

const WHAT: &str = "base45";
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Three characters for two bytes, two for a last one.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    let mut put = |mut number: usize, characters: usize| {
        for _ in 0..characters {
            text.push(char::from(ALPHABET[number % 45]));
            number /= 45;
        }
    };
    for pair in bytes.chunks(2) {
        match *pair {
            [high, low] => put(usize::from(high) * 256 + usize::from(low), 3),
            [one] => put(usize::from(one), 2),
            _ => {}
        }
    }
    text
}

/// The bytes of a text.
///
/// # Errors
/// [`Refused::Malformed`] for other characters, a length that cannot be, and groups beyond their bytes.
pub fn decode(text: &str) -> Result<Vec<u8>, Refused> {
    let wrong = |why: &str| Refused::malformed(WHAT, why);
    let digits: Option<Vec<usize>> =
        text.bytes().map(|byte| ALPHABET.iter().position(|known| *known == byte)).collect();
    let digits = digits.ok_or_else(|| wrong("a character outside its 45"))?;
    let mut bytes = Vec::with_capacity(digits.len() / 3 * 2 + 1);
    for group in digits.chunks(3) {
        match *group {
            [a, b, c] => {
                let number = u16::try_from(a + b * 45 + c * 2025);
                bytes.extend(
                    number.map_err(|_error| wrong("three characters beyond two bytes"))?.to_be_bytes(),
                );
            }
            [a, b] => {
                bytes.push(u8::try_from(a + b * 45).map_err(|_error| wrong("two characters beyond a byte"))?);
            }
            _ => return Err(wrong("one character left over")),
        }
    }
    Ok(bytes)
}
