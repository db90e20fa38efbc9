//! The code that somebody reads here and types into the page: other pages and programs do not know it.

use std::io;
use std::sync::{Mutex, PoisonError};

use crate::said::{OrSay as _, Words};

/// What codes are made of: nothing that looks like something else.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Letters of a code: 40 bits.
const LENGTH: usize = 8;
/// Wrong codes after which there is another one.
const TRIES: u8 = 5;

/// Where chance comes from.
pub(super) type Chance = fn() -> io::Result<[u8; 32]>;

struct Now {
    code: String,
    wrong: u8,
}

/// The code as it is now.
pub(super) struct Pairing {
    now: Mutex<Now>,
    chance: Chance,
}

/// What came of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Judged {
    Right,
    Wrong,
    /// Wrong too often: this is the new one.
    Anew(String),
}

impl Pairing {
    pub(super) fn new(chance: Chance) -> anyhow::Result<Self> {
        let code = drawn(chance).or_say(|| {
            Words::new("máy này không cho số ngẫu nhiên", "this machine gives no random numbers")
        })?;
        Ok(Self { now: Mutex::new(Now { code, wrong: 0 }), chance })
    }

    /// The code as it is shown: `ABCD-EFGH`.
    pub(super) fn shown(&self) -> String {
        shown(&self.now.lock().unwrap_or_else(PoisonError::into_inner).code)
    }

    /// Judges what somebody has typed. Where chance fails, no code is right any more.
    pub(super) fn judge(&self, typed: &str) -> Judged {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let typed: Vec<u8> = typed.bytes().filter(u8::is_ascii_alphanumeric).take(64).collect();
        if same(&typed.to_ascii_uppercase(), now.code.as_bytes()) {
            now.wrong = 0;
            return Judged::Right;
        }
        now.wrong += 1;
        if now.wrong < TRIES {
            return Judged::Wrong;
        }
        *now = Now { code: drawn(self.chance).unwrap_or_default(), wrong: 0 };
        Judged::Anew(shown(&now.code))
    }
}

/// Whether they are the same, in a time that does not tell where they differ; nothing is the same as no code.
fn same(one: &[u8], other: &[u8]) -> bool {
    one.len() == LENGTH
        && other.len() == LENGTH
        && one.iter().zip(other).fold(0, |all, (one, other)| all | (one ^ other)) == 0
}

fn drawn(chance: Chance) -> io::Result<String> {
    let seed = chance()?;
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('2', char::from);
    Ok(seed.iter().take(LENGTH).map(letter).collect())
}

fn shown(code: &str) -> String {
    let (first, last): (Vec<_>, Vec<_>) = code.chars().enumerate().partition(|(at, _)| *at < LENGTH / 2);
    let text =
        |letters: Vec<(usize, char)>| letters.into_iter().map(|(_, letter)| letter).collect::<String>();
    format!("{}-{}", text(first), text(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "chance may fail elsewhere")]
    fn chance() -> io::Result<[u8; 32]> {
        Ok(std::array::from_fn(|at| u8::try_from(at).unwrap_or_default()))
    }

    #[test]
    fn a_code_is_taken_however_it_is_typed_and_anew_after_five_wrong_ones() {
        let pairing = Pairing::new(chance).expect("chance");
        assert_eq!(pairing.shown(), "2345-6789");
        for typed in ["2345-6789", " 23456789 ", "2345 6789"] {
            assert_eq!(pairing.judge(typed), Judged::Right);
        }
        for typed in ["", "2345-678", "2345-67899", "AAAA-AAAA"] {
            assert_eq!(pairing.judge(typed), Judged::Wrong);
        }
        assert_eq!(pairing.judge("x"), Judged::Anew("2345-6789".to_owned()));
        assert_eq!(pairing.judge("2345-6789"), Judged::Right, "counted anew");
    }

    #[test]
    fn without_chance_nothing_is_right() {
        let none: Chance = || Err(io::Error::other("none"));
        assert!(Pairing::new(none).is_err());
        let pairing =
            Pairing { now: Mutex::new(Now { code: "ABCDEFGH".to_owned(), wrong: 4 }), chance: none };
        assert_eq!(pairing.judge("x"), Judged::Anew("-".to_owned()));
        assert_eq!(pairing.judge(""), Judged::Wrong);
        assert_eq!(pairing.judge("ABCDEFGH"), Judged::Wrong);
    }
}
