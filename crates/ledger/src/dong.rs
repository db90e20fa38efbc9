//! Money: whole đồng, never a fraction.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An amount of đồng: 0 to [`Dong::MOST`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Dong(u64);

/// Why something is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DongFault {
    /// Not written as an amount is.
    #[error("must be a whole number of đồng: 250000 or 250.000")]
    Form,
    /// Too much to be true, and more than JSON keeps exactly.
    #[error("must be at most 999.999.999.999.999 đồng")]
    TooMuch,
}

impl Dong {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount: every sum of it and its like is exact in JSON.
    pub const MOST: u64 = 999_999_999_999_999;

    /// An amount.
    ///
    /// # Errors
    /// [`DongFault::TooMuch`] beyond [`Dong::MOST`].
    pub const fn new(dong: u64) -> Result<Self, DongFault> {
        if dong > Self::MOST { Err(DongFault::TooMuch) } else { Ok(Self(dong)) }
    }

    /// How many đồng.
    pub const fn get(self) -> u64 {
        self.0
    }

    /// How many đồng, as a number that may be added to and taken from.
    pub const fn signed(self) -> i64 {
        self.0.cast_signed()
    }

    /// True for nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together; none beyond [`Dong::MOST`].
    pub fn plus(self, other: Self) -> Option<Self> {
        Self::new(self.0.checked_add(other.0)?).ok()
    }

    /// What is left after `other`; none if that is more.
    pub fn minus(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// What is left after `other`, nothing if that is more.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl TryFrom<u64> for Dong {
    type Error = DongFault;

    fn try_from(dong: u64) -> Result<Self, DongFault> {
        Self::new(dong)
    }
}

impl From<Dong> for u64 {
    fn from(dong: Dong) -> Self {
        dong.0
    }
}

/// As people write it in Vietnamese, without the unit: `1.250.000`.
impl fmt::Display for Dong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(".")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// From `250000`, `250.000`, `250 000` or `250.000 đ`.
impl FromStr for Dong {
    type Err = DongFault;

    fn from_str(text: &str) -> Result<Self, DongFault> {
        let text = text.trim();
        let text =
            ["đồng", "VND", "vnd", "đ", "₫"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(text);
        let groups: Vec<&str> = text.trim().split(['.', ' ', '\u{a0}']).collect();
        let is_group = |(index, group): (usize, &&str)| {
            let fits = match (index, groups.len()) {
                (0, 1) => (1..=18).contains(&group.len()),
                (0, _) => (1..=3).contains(&group.len()),
                _ => group.len() == 3,
            };
            fits && group.bytes().all(|byte| byte.is_ascii_digit())
        };
        if groups.len() > 6 || !groups.iter().enumerate().all(is_group) {
            return Err(DongFault::Form);
        }
        Self::new(groups.concat().parse().map_err(|_too_long| DongFault::TooMuch)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_do() {
        for (dong, text) in [(0, "0"), (999, "999"), (8_000, "8.000"), (1_250_000, "1.250.000")] {
            let amount = Dong::new(dong).expect("is an amount");
            assert_eq!(amount.to_string(), text);
            assert_eq!(text.parse(), Ok(amount));
        }
    }

    #[test]
    fn amounts_are_read_in_any_of_the_usual_ways_and_in_no_other() {
        for text in ["250000", "250.000", "250 000", " 250.000 đ ", "250000 VND", "250.000đồng"] {
            assert_eq!(text.parse::<Dong>().map(Dong::get), Ok(250_000), "{text}");
        }
        for text in ["", "-1", "1,5", "1.5", "25.0000", "1e6", "đ", "٣", "1.000.00", "+5"] {
            assert_eq!(text.parse::<Dong>(), Err(DongFault::Form), "{text}");
        }
        assert_eq!("1000000000000000".parse::<Dong>(), Err(DongFault::TooMuch));
    }
}
