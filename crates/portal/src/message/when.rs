//! Moments as the national portal writes them: `yyyyMMddHHmmss`, in official time (UTC+7).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// How a moment is written.
const FORM: &str = "%Y%m%d%H%M%S";
/// Official time is so many hours ahead of UTC.
const AHEAD: i8 = 7;

/// A moment, to the second.
pub fn written(at: Timestamp) -> String {
    official(at).strftime(FORM).to_string()
}

/// From [`written`]; a day alone (`yyyyMMdd`) is its beginning. None for anything else.
pub fn read(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match text.len() {
        14 => text.to_owned(),
        8 => format!("{text}000000"),
        _ => return None,
    };
    let local = DateTime::strptime(FORM, whole).ok()?;
    Some(local.to_zoned(TimeZone::fixed(Offset::constant(AHEAD))).ok()?.timestamp())
}

fn official(at: Timestamp) -> DateTime {
    Offset::constant(AHEAD).to_datetime(at)
}
