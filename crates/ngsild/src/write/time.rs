//! Instants as clause 4.6.3 writes them.

use dinh_model::Timestamp;

/// Appends an instant in UTC: without a fraction where it is zero, else with three or six digits.
pub fn push_instant(out: &mut Vec<u8>, at: Timestamp) {
    let moment = jiff::tz::Offset::UTC.to_datetime(at.to_jiff());
    let year = moment.year();
    if (0..=9999).contains(&year) {
        digits(out, year.unsigned_abs().into(), 4);
    } else {
        // Nothing that was read has such a year.
        out.extend_from_slice(year.to_string().as_bytes());
    }
    for (mark, part) in [
        (b'-', moment.month()),
        (b'-', moment.day()),
        (b'T', moment.hour()),
        (b':', moment.minute()),
        (b':', moment.second()),
    ] {
        out.push(mark);
        digits(out, part.unsigned_abs().into(), 2);
    }
    let micros = moment.subsec_nanosecond().unsigned_abs() / 1_000;
    if micros > 0 {
        out.push(b'.');
        if micros.is_multiple_of(1_000) {
            digits(out, micros / 1_000, 3);
        } else {
            digits(out, micros, 6);
        }
    }
    out.push(b'Z');
}

/// The instant as text, in the form of [`push_instant`].
pub fn instant_text(at: Timestamp) -> String {
    let mut out = Vec::with_capacity(27);
    push_instant(&mut out, at);
    out.into_iter().map(char::from).collect()
}

/// Appends the instant as JSON.
pub(crate) fn push_quoted(out: &mut Vec<u8>, at: Timestamp) {
    out.push(b'"');
    push_instant(out, at);
    out.push(b'"');
}

fn digits(out: &mut Vec<u8>, number: u32, places: u32) {
    for place in (0..places).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.push(b'0' + u8::try_from(digit).unwrap_or(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_have_no_three_or_six_digits() {
        for text in [
            "2026-11-20T14:05:00Z",
            "2026-11-20T14:05:00.250Z",
            "2026-11-20T11:02:49.270530Z",
            "1969-12-31T23:59:59.999999Z",
            "0001-01-01T00:00:00Z",
        ] {
            assert_eq!(instant_text(text.parse().unwrap()), text);
        }
    }
}
