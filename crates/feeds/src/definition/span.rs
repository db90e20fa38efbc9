//! Lengths of time as people write them in definitions: `"500ms"`, `"10s"`, `"5m"`, `"2h"`, `"7d"`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// A length of time, at most 366 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(Duration);

/// Longest length of time, in days.
const MAX_DAYS: u64 = 366;

impl Span {
    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// As the standard library counts it.
    pub const fn duration(self) -> Duration {
        self.0
    }

    /// In microseconds, the unit of `dinh_model::Timestamp`.
    pub fn micros(self) -> i64 {
        i64::try_from(self.0.as_micros()).unwrap_or(i64::MAX)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let rule = || {
            format!(
                "{text:?} is not a length of time: write a whole number and ms, s, m, h or d, as in \"5m\", \
                 at most {MAX_DAYS}d"
            )
        };
        let (digits, unit) =
            text.find(|c: char| !c.is_ascii_digit()).map(|at| text.split_at(at)).ok_or_else(rule)?;
        let count: u64 = digits.parse().map_err(|_not_a_number| rule())?;
        let millis = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(rule()),
        };
        let length = Duration::from_millis(count.checked_mul(millis).ok_or_else(rule)?);
        if length > Duration::from_hours(24 * MAX_DAYS) { Err(rule()) } else { Ok(Self(length)) }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    /// The shortest whole form: `90s`, `5m`, `2h`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        for (size, unit) in [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")] {
            if millis != 0 && millis.is_multiple_of(size) {
                return write!(f, "{}{unit}", millis / size);
            }
        }
        write!(f, "{millis}ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_lengths_of_time() {
        for (text, seconds) in [("10s", 10), ("5m", 300), ("2h", 7_200), ("7d", 604_800), ("1000ms", 1)] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.duration(), Duration::from_secs(seconds), "{text}");
            assert_eq!(span.to_string().parse::<Span>().unwrap(), span);
        }
        for bad in ["", "5", "m", "-5m", "5 m", "1.5h", "5w", "367d", "99999999999999999999s"] {
            assert!(bad.parse::<Span>().unwrap_err().contains("length of time"), "{bad}");
        }
    }
}
