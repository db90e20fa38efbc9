//! Instants and the clocks that tell them.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicI64, Ordering};

use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970-01-01T00:00:00Z. Written as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date and time with a zone, as in 2026-11-20T14:05:00Z")]
pub struct TimeError(pub String);

impl Timestamp {
    /// The instant `micros` microseconds after the epoch.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved by `micros` microseconds, stopping at the ends of time.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this instant.
    pub const fn micros_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// For calendars and zones.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.as_microsecond())
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    /// RFC 3339 with a zone; seconds may carry a fraction after `.` or, as CIM 009 clause 4.6.3 allows, after `,`.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let broken = || TimeError(text.to_owned());
        if !text.is_ascii() || !(20..=40).contains(&text.len()) || text.as_bytes().get(10) != Some(&b'T') {
            return Err(broken());
        }
        let instant: jiff::Timestamp =
            if text.contains(',') { text.replace(',', ".").parse() } else { text.parse() }
                .map_err(|_reason| broken())?;
        Ok(instant.into())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_jiff())
    }
}

/// Tells the time. The binary hands in the machine's clock, tests one that stands still.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// Starts at `instant`.
    pub fn at(instant: Timestamp) -> Self {
        Self(AtomicI64::new(instant.as_micros()))
    }

    /// Moves on by `micros` microseconds.
    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_rfc_3339() {
        let at: Timestamp = "2026-11-20T21:05:00.25+07:00".parse().unwrap();
        assert_eq!(at.to_string(), "2026-11-20T14:05:00.25Z");
        assert_eq!("2026-11-20T14:05:00,25Z".parse::<Timestamp>().unwrap(), at);
        for bad in [
            "",
            "2026-11-20",
            "2026-11-20T14:05:00",
            "2026-13-20T14:05:00Z",
            "2026-11-20 14:05:00Z",
            "hôm nay hôm nay hôm nay",
        ] {
            assert!(bad.parse::<Timestamp>().is_err(), "{bad}");
        }
    }
}
