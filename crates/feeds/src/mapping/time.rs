//! Times as sources write them.

use std::borrow::Cow;

use dinh_model::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use super::record::scalar;
use super::{Fault, Record, Template};

/// Longest text that is read as a time.
const MAX_LENGTH: usize = 128;
/// Most formats that are tried.
const MAX_FORMATS: usize = 8;

/// Where a time is and how it is written.
#[derive(Clone, Debug)]
pub(crate) struct TimeRule {
    source: TimeSource,
    reader: TimeReader,
}

#[derive(Clone, Debug)]
pub(super) enum TimeSource {
    Field(String),
    Template(Template),
    Now,
}

/// Reads texts of some formats.
#[derive(Clone, Debug)]
pub(super) struct TimeReader {
    formats: Vec<TimeFormat>,
    zone: Option<TimeZone>,
}

#[derive(Clone, Debug)]
enum TimeFormat {
    Rfc3339,
    Unix { millis: bool },
    Strptime(String),
}

impl TimeRule {
    pub(super) fn new(source: TimeSource, reader: TimeReader) -> Self {
        Self { source, reader }
    }

    /// A field that holds a time.
    pub(crate) fn field(field: &str, formats: &[String], zone: Option<&str>) -> Result<Self, String> {
        let zone = zone.map(find_zone).transpose()?;
        Ok(Self::new(TimeSource::Field(field.to_owned()), TimeReader::new(formats, zone)?))
    }

    /// The instant, or `None` where the record has none.
    pub(crate) fn read(&self, record: &Record, now: Timestamp) -> Result<Option<Timestamp>, (String, Fault)> {
        match &self.source {
            TimeSource::Now => Ok(Some(now)),
            TimeSource::Field(field) => match record.text(field) {
                None => Ok(None),
                Some(text) => self.reader.instant(&text).map(Some).map_err(|fault| (field.clone(), fault)),
            },
            TimeSource::Template(template) => match template.fill(record) {
                Err((_, Fault::Missing)) => Ok(None),
                Err(other) => Err(other),
                Ok(text) => {
                    self.reader.instant(&text).map(Some).map_err(|fault| ("observed_at".to_owned(), fault))
                }
            },
        }
    }
}

impl TimeReader {
    /// Reads `formats` in order, RFC 3339 where none is given; times that tell no zone are in `zone`.
    pub(super) fn new(formats: &[String], zone: Option<TimeZone>) -> Result<Self, String> {
        let zoned = zone.is_some();
        Self::checked(formats, zone, zoned)
    }

    /// The same for dates alone: they need no zone.
    pub(super) fn of_dates(formats: &[String], zone: Option<TimeZone>) -> Result<Self, String> {
        Self::checked(formats, zone, true)
    }

    fn checked(formats: &[String], zone: Option<TimeZone>, zoned: bool) -> Result<Self, String> {
        if formats.len() > MAX_FORMATS {
            return Err(format!("at most {MAX_FORMATS} formats are tried"));
        }
        let mut read = Vec::with_capacity(formats.len().max(1));
        for format in formats {
            read.push(match format.as_str() {
                "rfc3339" => TimeFormat::Rfc3339,
                "unix" => TimeFormat::Unix { millis: false },
                "unix-ms" => TimeFormat::Unix { millis: true },
                pattern => {
                    check_pattern(pattern, zoned)?;
                    TimeFormat::Strptime(pattern.to_owned())
                }
            });
        }
        if read.is_empty() {
            read.push(TimeFormat::Rfc3339);
        }
        Ok(Self { formats: read, zone })
    }

    /// The instant that a text tells.
    pub(super) fn instant(&self, text: &str) -> Result<Timestamp, Fault> {
        let fault = || Fault::Time(text.to_owned(), self.names());
        if text.len() > MAX_LENGTH {
            return Err(fault());
        }
        self.formats.iter().find_map(|format| self.instant_as(format, text)).ok_or_else(fault)
    }

    /// The day that a value tells: a date as it is, or an instant in the zone of the rule.
    pub(super) fn date(&self, value: &Json) -> Result<Date, Fault> {
        let text = scalar(value).ok_or(Fault::Text)?;
        let fault = || Fault::Date(text.clone().into_owned());
        if text.len() > MAX_LENGTH {
            return Err(fault());
        }
        for format in &self.formats {
            if let TimeFormat::Strptime(pattern) = format
                && let Some(date) =
                    strtime::parse(pattern, text.as_bytes()).ok().and_then(|t| t.to_date().ok())
            {
                return Ok(date);
            }
        }
        if let Ok(date) = text.parse::<Date>() {
            return Ok(date);
        }
        let instant = self.instant(&text).map_err(|_not_a_time| fault())?;
        let zone = self.zone.clone().unwrap_or(TimeZone::UTC);
        Ok(instant.to_jiff().to_zoned(zone).date())
    }

    fn instant_as(&self, format: &TimeFormat, text: &str) -> Option<Timestamp> {
        match format {
            TimeFormat::Rfc3339 => text.parse().ok().or_else(|| self.local(text.parse().ok()?)),
            TimeFormat::Unix { millis } => {
                let number: f64 = text.parse().ok()?;
                let micros = number * if *millis { 1e3 } else { 1e6 };
                // The years 1 to 9999: what jiff can tell.
                #[expect(clippy::cast_possible_truncation, reason = "checked to lie within i64")]
                let micros = (micros.abs() < 2.5e17).then_some(micros as i64)?;
                jiff::Timestamp::from_microsecond(micros).ok().map(Timestamp::from)
            }
            TimeFormat::Strptime(pattern) => self.parsed(pattern, text).or_else(|| {
                // Hydrometeorological tables count the hours of a day from 1 to 24.
                let midnight = hour_24(text)?;
                Some(self.parsed(pattern, &midnight)?.plus_micros(86_400_000_000))
            }),
        }
    }

    fn parsed(&self, pattern: &str, text: &str) -> Option<Timestamp> {
        let parts = strtime::parse(pattern, text.as_bytes()).ok()?;
        if let Ok(instant) = parts.to_timestamp() {
            return Some(instant.into());
        }
        self.local(parts.to_date().ok()?.to_datetime(parts.to_time().ok()?))
    }

    fn local(&self, wall: DateTime) -> Option<Timestamp> {
        let zone = self.zone.as_ref()?;
        zone.to_ambiguous_timestamp(wall).compatible().ok().map(Timestamp::from)
    }

    fn names(&self) -> String {
        let names: Vec<Cow<'_, str>> = self
            .formats
            .iter()
            .map(|format| match format {
                TimeFormat::Rfc3339 => Cow::Borrowed("2026-11-20T14:05:00+07:00"),
                TimeFormat::Unix { millis: false } => Cow::Borrowed("unix"),
                TimeFormat::Unix { millis: true } => Cow::Borrowed("unix-ms"),
                TimeFormat::Strptime(pattern) => Cow::Borrowed(pattern.as_str()),
            })
            .collect();
        names.join(", ")
    }
}

/// A pattern must be able to write what it reads, and tell an instant where no zone is given.
fn check_pattern(pattern: &str, zoned: bool) -> Result<(), String> {
    let sample = DateTime::constant(2026, 11, 20, 14, 5, 0, 0)
        .to_zoned(TimeZone::UTC)
        .map_err(|reason| reason.to_string())?;
    let broken = |reason: &dyn std::fmt::Display| format!("{pattern:?} is not a time format: {reason}");
    let text = strtime::format(pattern, &sample).map_err(|e| broken(&e))?;
    let parts = strtime::parse(pattern, text.as_bytes()).map_err(|e| broken(&e))?;
    parts.to_date().map_err(|e| broken(&e))?;
    if !zoned && parts.to_timestamp().is_err() {
        return Err(format!(
            "{pattern:?} tells no time zone: give zone beside it, as in \"Asia/Ho_Chi_Minh\""
        ));
    }
    Ok(())
}

/// The zone of an IANA name.
pub(super) fn find_zone(name: &str) -> Result<TimeZone, String> {
    TimeZone::get(name)
        .map_err(|_unknown| format!("{name:?} is not a time zone: use a name such as \"Asia/Ho_Chi_Minh\""))
}

/// The same text with hour 24 written as 00, if its hour is 24.
fn hour_24(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let at = text.match_indices("24").map(|(at, _)| at).find(|&at| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 2);
        matches!(before, Some(b' ' | b'T' | b'h')) && matches!(after, None | Some(b':' | b'h'))
    })?;
    let (head, tail) = text.split_at_checked(at)?;
    Some(format!("{head}00{}", tail.get(2..)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn reader(formats: &[&str], zone: Option<&str>) -> TimeReader {
        let formats: Vec<String> = formats.iter().map(|f| (*f).to_owned()).collect();
        TimeReader::new(&formats, zone.map(|z| find_zone(z).unwrap())).unwrap()
    }

    #[test]
    fn reads_times_of_many_hands() {
        const HANOI: Option<&str> = Some("Asia/Ho_Chi_Minh");
        let cases = [
            (&["rfc3339"][..], None, "2025-06-01T00:00:00+07:00", "2025-05-31T17:00:00Z"),
            (&[], HANOI, "2025-06-01T00:00:00", "2025-05-31T17:00:00Z"),
            (&["%d/%m/%Y %H:%M"], HANOI, "01/06/2025 07:30", "2025-06-01T00:30:00Z"),
            (&["%d/%m/%Y %H:%M"], HANOI, "01/06/2025 24:00", "2025-06-01T17:00:00Z"),
            (&["%d/%m/%Y %H"], HANOI, "31/12/2025 24", "2025-12-31T17:00:00Z"),
            (&["%d/%m/%Y"], HANOI, "1/6/2025", "2025-05-31T17:00:00Z"),
            (&["%Y-%m-%d %H:%M %z"], None, "2025-06-01 00:00 +0700", "2025-05-31T17:00:00Z"),
            (&["unix"], None, "1748710800", "2025-05-31T17:00:00Z"),
            (&["unix-ms"], None, "1748710800000", "2025-05-31T17:00:00Z"),
            (&["%Y-%m-%d", "%d/%m/%Y"], HANOI, "01/06/2025", "2025-05-31T17:00:00Z"),
        ];
        for (formats, zone, text, expected) in cases {
            assert_eq!(reader(formats, zone).instant(text).unwrap().to_string(), expected, "{text}");
        }
        let rule = reader(&["%d/%m/%Y %H:%M"], HANOI);
        for bad in ["", "31/02/2025 00:00", "01/06/2025 25:00", "hôm qua", "2025-06-01", &"1".repeat(500)] {
            assert!(rule.instant(bad).is_err(), "{bad}");
        }
        assert!(reader(&["unix"], None).instant("1e300").is_err());
    }

    #[test]
    fn reads_dates() {
        let rule = reader(&["%d/%m/%Y"], Some("Asia/Ho_Chi_Minh"));
        for (value, expected) in [(json!("20/11/2026"), "2026-11-20"), (json!("2026-11-20"), "2026-11-20")] {
            assert_eq!(rule.date(&value).unwrap().to_string(), expected);
        }
        assert!(rule.date(&json!("2026-13-20")).is_err());
        assert!(rule.date(&json!([1])).is_err());
        let instant = reader(&[], Some("Asia/Ho_Chi_Minh"));
        assert_eq!(instant.date(&json!("2026-11-20T18:00:00Z")).unwrap().to_string(), "2026-11-21");
    }

    #[test]
    fn refuses_formats_that_tell_no_instant() {
        for (format, zone) in
            [("%H:%M", Some("UTC")), ("%d/%m/%Y", None), ("%Q!", None), ("%d/%m", Some("UTC"))]
        {
            let zone = zone.map(|z| find_zone(z).unwrap());
            assert!(TimeReader::new(&[format.to_owned()], zone).is_err(), "{format}");
        }
        assert!(find_zone("Asia/Hue").is_err());
    }
}
