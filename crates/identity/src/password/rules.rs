//! What is asked of a password.
//!
//! NIST SP 800-63B-4, section 3.1.1: long rather than mixed, compared with what is common and what is near to the
//! holder, changed when there is a reason and not by the calendar. No rule asks for digits, capitals or signs.

use dinh_model::fold::fold;
use unicode_normalization::UnicodeNormalization as _;

use super::guess;

/// Fewest characters.
pub const LEAST: usize = 12;
/// Most characters: enough for any sentence, and a bound on work.
pub const MOST: usize = 200;
/// Guesses that a password must withstand, as a power of two: what one attacker tries against one account's hash.
const BITS: f64 = 38.0;
/// Parts of names shorter than this are in too many words to mean the person.
const LEAST_OF_NAME: usize = 3;

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Weak {
    /// Too few characters.
    #[error("a password has at least {LEAST} characters")]
    Short,
    /// Too many characters.
    #[error("a password has at most {MOST} characters")]
    Long,
    /// Made of common words, names, sequences, repetitions or dates.
    #[error("this password is made of common words, sequences or dates and would be guessed soon")]
    Common,
    /// It has leaked somewhere.
    #[error("this password is on a list of passwords that have leaked")]
    Breached,
    /// Made of the holder's own name or addresses.
    #[error("this password contains the name, the e-mail address or the telephone number of its holder")]
    Personal,
}

/// A password that may be set, in its normal form.
pub(crate) struct NewPassword(String);

/// The form in which passwords are hashed (NFC): keyboards of different makes write `ế` in different ways.
pub(crate) fn normal(password: &str) -> String {
    password.nfc().collect()
}

impl NewPassword {
    /// Checks `password` of somebody with these names, addresses and numbers.
    pub(crate) fn check<'a>(
        password: &str,
        personal: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, Weak> {
        // Before anything that takes time with length.
        if password.len() > MOST * 8 {
            return Err(Weak::Long);
        }
        let password = normal(password);
        match password.chars().count() {
            0..LEAST => return Err(Weak::Short),
            LEAST..=MOST => {}
            _ => return Err(Weak::Long),
        }
        let folded = fold(&password);
        if personal.into_iter().any(|text| holds(&folded, text)) {
            return Err(Weak::Personal);
        }
        if guess::bits(&folded) < BITS { Err(Weak::Common) } else { Ok(Self(password)) }
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Whether a password rests on `text` about its holder: it contains the whole of it, or so much of its words that
/// fewer than [`LEAST`] other characters are left.
fn holds(password: &str, text: &str) -> bool {
    let plain = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (whole, bare) = (plain(text), plain(password));
    let (local, _domain) = text.split_once('@').unwrap_or((text, ""));
    let own = plain(local);
    if [&whole, &own]
        .into_iter()
        .any(|part| part.chars().count() >= LEAST_OF_NAME + 2 && bare.contains(part.as_str()))
    {
        return true;
    }
    let folded = fold(local);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.chars().count() >= LEAST_OF_NAME);
    let mut left = bare.clone();
    for word in words {
        left = left.replace(word, "");
    }
    left.len() < bare.len() && left.chars().count() < LEAST - LEAST_OF_NAME
}

#[cfg(test)]
mod tests {
    use super::*;

    const AN: [&str; 3] = ["Nguyễn Văn An", "an.nguyenvan@hue.gov.vn", "+84905123456"];

    fn check(password: &str) -> Option<Weak> {
        NewPassword::check(password, AN).err()
    }

    #[test]
    fn length_is_counted_in_characters_as_people_count_them() {
        assert_eq!(check("ếộữằẵợĩảyxz"), Some(Weak::Short));
        let decomposed: String = "trâu lội qua sông".nfd().collect();
        assert_eq!(NewPassword::check(&decomposed, []).unwrap().into_text(), "trâu lội qua sông");
        assert_eq!(check(&"kx9!".repeat(51)), Some(Weak::Long));
        assert_eq!(check(&"x".repeat(1_000_000)), Some(Weak::Long));
    }

    #[test]
    fn what_is_common_is_refused_in_both_languages_and_in_disguise() {
        for password in [
            "password1234",
            "P@ssw0rd2026!",
            "matkhau123456",
            "MatKhau@2026",
            "Mật khẩu 2026",
            "123456789012",
            "qwertyuiop123",
            "1qaz2wsx3edc",
            "aaaaaaaaaaaaaaaa",
            "abcabcabcabc",
            "anhyeuem1314",
            "Vietnam@2026",
            "hanoi20252026",
            "Admin@123456",
            "UBND@Hue2026",
            "01/01/1990 01/01/1990",
            "iloveyou12345",
            "!!!!!!!!!!!!!!!!",
        ] {
            assert_eq!(check(password), Some(Weak::Common), "{password}");
        }
    }

    #[test]
    fn what_is_the_holders_own_is_refused() {
        for password in
            ["NguyenVanAn@2026xq", "an.nguyenvan.kqz7", "0905123456 +84905123456", "Nguyễn Văn An qk"]
        {
            assert_eq!(check(password), Some(Weak::Personal), "{password}");
        }
    }

    #[test]
    fn sentences_and_random_letters_pass_without_digits_or_signs() {
        for password in [
            "con trâu đi trước cái cày",
            "bảy quả ổi treo lủng lẳng",
            "correct staple battery cloud",
            "kfwqzjvhxnrt",
            "T7#kq9!vLz2m",
            "bến tàu gỗ mục bốc khói",
        ] {
            assert_eq!(check(password), None, "{password}");
        }
    }
}
