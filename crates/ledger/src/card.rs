//! Numbers of payment cards, so that they are refused: nobody here needs one, and what is not kept cannot be stolen.

/// Fewest and most digits of a card (ISO/IEC 7812-1).
const DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// True if a text holds what looks like the number of a payment card: 13 to 19 digits, perhaps in groups, that begin as those
/// of card schemes do (2 to 6, or 9704 of NAPAS) and whose check digit is right (Luhn).
pub fn looks_like_one(text: &str) -> bool {
    let mut digits: Vec<u8> = Vec::new();
    let mut gap = 0;
    for letter in text.chars().chain(std::iter::once('.')) {
        match letter.to_digit(10) {
            Some(digit) => {
                digits.push(u8::try_from(digit).unwrap_or_default());
                gap = 0;
            }
            // Groups of digits stand one space or hyphen apart.
            None if matches!(letter, ' ' | '-' | '\u{a0}') && gap == 0 && !digits.is_empty() => gap = 1,
            None => {
                if is_card(&digits) {
                    return true;
                }
                digits.clear();
                gap = 0;
            }
        }
    }
    false
}

fn is_card(digits: &[u8]) -> bool {
    let begins = matches!(digits, [2..=6, ..] | [9, 7, 0, 4, ..]);
    DIGITS.contains(&digits.len()) && begins && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_are_found_however_they_are_grouped() {
        for text in
            ["4111111111111111", "thẻ 4111 1111 1111 1111 nhé", "5500-0055-5555-5559", "378282246310005"]
        {
            assert!(looks_like_one(text), "{text}");
        }
    }

    #[test]
    fn what_is_no_card_is_none() {
        // A wrong check digit; accounts, telephones and personal numbers; what is too short or too long.
        for text in
            ["4111111111111112", "1031933430", "046184001234", "0912 345 678", "41111111111111111111", ""]
        {
            assert!(!looks_like_one(text), "{text}");
        }
        assert!(!looks_like_one("4111111111 nộp 111111"), "words part numbers");
    }
}
