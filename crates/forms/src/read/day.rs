//! Days and times as they are typed in Viet Nam: `20/11/2026`, `14:05`.

use crate::days::last_day;

/// Reads a day written `20/11/2026`, `20-11-2026`, `20.11.2026`, `20112026` or `2026-11-20`, as `2026-11-20`.
pub(crate) fn day(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() == 10 && last_day(text).is_some() {
        return Some(text.to_owned());
    }
    let (day, month, year) = match (text.get(..2), text.get(2..4), text.get(4..)) {
        (Some(day), Some(month), Some(year))
            if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) =>
        {
            (day, month, year)
        }
        _ => {
            let separator = text.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
            let parts: Vec<&str> = text.split(separator).map(str::trim).collect();
            let [day, month, year] = parts.as_slice() else { return None };
            (*day, *month, *year)
        }
    };
    let text = format!("{}-{}-{}", four(year)?, two(month)?, two(day)?);
    last_day(&text).map(|_day| text)
}

/// Reads a day, or `11/1950` as `1950-11`, or `1950`.
pub(crate) fn partial_day(text: &str) -> Option<String> {
    let text = text.trim();
    if matches!(text.len(), 4 | 7 | 10) && last_day(text).is_some() {
        return Some(text.to_owned());
    }
    if let Some((month, year)) =
        text.split_once(['/', '-', '.']).filter(|(_, rest)| !rest.contains(['/', '-', '.']))
    {
        let text = format!("{}-{}", four(year.trim())?, two(month.trim())?);
        return last_day(&text).map(|_day| text);
    }
    day(text)
}

/// Reads a time of day written `14:05`, `14h05`, `14h` or `9:5`, as `14:05`.
pub(crate) fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let (hours, minutes) = text.split_once([':', 'h', 'H', 'g'])?;
    let minutes = if minutes.is_empty() && !text.ends_with(':') { "0" } else { minutes };
    let (hours, minutes) = (two(hours.trim())?, two(minutes.trim())?);
    (hours.as_str() < "24" && minutes.as_str() < "60").then(|| format!("{hours}:{minutes}"))
}

fn two(text: &str) -> Option<String> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| format!("{text:0>2}"))
}

fn four(text: &str) -> Option<&str> {
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}
