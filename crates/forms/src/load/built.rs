//! Kinds of single fields.

use regex::RegexBuilder;

use super::raw::RawField;
use super::{LoadError, field};
use crate::days::last_day;
use crate::field::{Bounds, Count, Day, Days, Files, Kind, Options, Shown, UnitsOn, Words};

/// Most characters of a text.
const MOST_TEXT: usize = 10_000;
/// Characters of a line where nothing else is said.
const LINE: usize = 250;
/// Characters of a long text where nothing else is said.
const LONG: usize = 4_000;
/// Largest number, so that 64-bit floating point tells every whole number from the next.
pub(super) const MOST_NUMBER: f64 = 1e15;
/// Most bytes of one file.
const MOST_BYTES: u64 = 20_000_000;
/// Most files of one field.
const MOST_FILES: usize = 20;

pub(super) fn leaf(at: &str, raw: &RawField) -> Result<Kind, LoadError> {
    let ask = &raw.ask;
    Ok(match ask.field.as_str() {
        "text" | "long-text" => Kind::Text(words(at, raw)?),
        "number" => Kind::Number(bounds(at, raw, ask.digits.unwrap_or(2))?),
        "integer" => Kind::Integer { bounds: bounds(at, raw, 0)?, money: false },
        "money" => Kind::Integer { bounds: bounds(at, raw, 0)?, money: true },
        "date" => Kind::Date(days(at, raw)?),
        "partial-date" => Kind::PartialDate(days(at, raw)?),
        "time" => Kind::Time,
        "yes-no" => Kind::YesNo,
        "choice" => Kind::Choice(options(at, raw, &raw.codes)?),
        "choices" => choices(at, raw)?,
        "personal-id" => Kind::PersonalId { sex: ask.sex.clone(), born: ask.born.clone() },
        "old-id" => Kind::OldId,
        "tax-code" => Kind::TaxCode,
        "telephone" => Kind::Telephone,
        "email" => Kind::Email,
        "files" => files(at, raw)?,
        "consent" => Kind::Consent,
        _ => computed(at, raw)?,
    })
}

fn words(at: &str, raw: &RawField) -> Result<Words, LoadError> {
    let long = raw.ask.field == "long-text";
    let (min, max) = (raw.min_length.unwrap_or(0), raw.max_length.unwrap_or(if long { LONG } else { LINE }));
    if min > max || max > MOST_TEXT {
        return Err(LoadError::new(
            at,
            format!("minLength, maxLength: from 0 to {MOST_TEXT}, the smaller first"),
        ));
    }
    let pattern = match (&raw.pattern, &raw.ask.says) {
        (None, None) => None,
        (Some(pattern), Some(says)) => {
            let whole = RegexBuilder::new(pattern).size_limit(256 * 1024).build();
            let whole = whole.map_err(|e| LoadError::new(at, format!("pattern: {e}")))?;
            Some((whole, says.clone()))
        }
        _ => {
            return Err(LoadError::new(
                at,
                "pattern and x-dinh.says go together: the rule, and what to say if it is broken",
            ));
        }
    };
    Ok(Words { long, min, max, pattern, suggest: raw.ask.suggest.clone() })
}

fn bounds(at: &str, raw: &RawField, digits: u8) -> Result<Bounds, LoadError> {
    let money = raw.ask.field == "money";
    let (min, max) =
        (raw.minimum.unwrap_or(if money { 0.0 } else { -MOST_NUMBER }), raw.maximum.unwrap_or(MOST_NUMBER));
    if min > max || min < -MOST_NUMBER || max > MOST_NUMBER || digits > 6 {
        let says =
            "minimum, maximum: within ±1.000.000.000.000.000, the smaller first; x-dinh.digits: at most 6";
        return Err(LoadError::new(at, says));
    }
    Ok(Bounds { min, max, digits, unit: raw.ask.unit.clone() })
}

fn days(at: &str, raw: &RawField) -> Result<Days, LoadError> {
    let day = |member: &str, text: Option<&String>| match text.map(String::as_str) {
        None => Ok(None),
        Some("today") => Ok(Some(Day::Today)),
        Some(text) if text.len() == 10 => last_day(text)
            .map(|day| Some(Day::On(day)))
            .ok_or_else(|| LoadError::new(at, format!("x-dinh.{member}: {text:?} is no day"))),
        Some(text) => {
            Err(LoadError::new(at, format!("x-dinh.{member}: {text:?} is neither today nor a day")))
        }
    };
    Ok(Days {
        earliest: day("earliest", raw.ask.earliest.as_ref())?,
        latest: day("latest", raw.ask.latest.as_ref())?,
    })
}

fn options(at: &str, raw: &RawField, codes: &[String]) -> Result<Options, LoadError> {
    let says = "enum and x-dinh.options: the same codes (letters, digits, hyphens), 1 to 200, each once, with a title in both languages";
    let fault = || LoadError::new(at, says);
    let fits = |code: &String| {
        (1..=60).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if codes.is_empty()
        || codes.len() > 200
        || codes.len() != raw.ask.options.len()
        || !codes.iter().all(fits)
    {
        return Err(fault());
    }
    let title = |code: &String| {
        let title = raw.ask.options.get(code).cloned().ok_or_else(fault)?;
        Ok((code.clone(), serde_json::from_value(title).map_err(|_other| fault())?))
    };
    Ok(Options { all: codes.iter().map(title).collect::<Result<_, LoadError>>()?, folded: raw.ask.folded })
}

fn choices(at: &str, raw: &RawField) -> Result<Kind, LoadError> {
    let codes = raw.items.as_ref().and_then(|items| items.get("enum")).and_then(serde_json::Value::as_array);
    let codes: Vec<String> = codes
        .map(|codes| codes.iter().filter_map(|code| Some(code.as_str()?.to_owned())).collect())
        .unwrap_or_default();
    let options = options(at, raw, &codes)?;
    let most = options.all.len();
    Ok(Kind::Choices { options, count: count(at, raw, most)? })
}

/// From `minItems` and `maxItems`; where nothing is said, from none to `most`.
pub(super) fn count(at: &str, raw: &RawField, most: usize) -> Result<Count, LoadError> {
    let count = Count { min: raw.min_items.unwrap_or(0), max: raw.max_items.unwrap_or(most) };
    if count.min > count.max || count.max > most || count.max == 0 {
        return Err(LoadError::new(at, format!("minItems, maxItems: from 0 to {most}, the smaller first")));
    }
    Ok(count)
}

fn files(at: &str, raw: &RawField) -> Result<Kind, LoadError> {
    let media = raw.ask.media.clone();
    let plain =
        |one: &String| one.split_once('/').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty() && b != "*");
    let size = raw.ask.size.unwrap_or(MOST_BYTES);
    if media.is_empty() || !media.iter().all(plain) || size == 0 || size > MOST_BYTES {
        let says =
            format!("x-dinh.media: the media types that are taken; x-dinh.size: at most {MOST_BYTES} bytes");
        return Err(LoadError::new(at, says));
    }
    Ok(Kind::Files(Files { media, size, count: count(at, raw, MOST_FILES)? }))
}

fn computed(at: &str, raw: &RawField) -> Result<Kind, LoadError> {
    let rule = field::rule(at, "rule", raw.ask.rule.as_ref())?;
    let rule = rule.ok_or_else(|| LoadError::new(at, "x-dinh.rule: says how it is worked out"))?;
    let shown = match raw.ask.shown.as_deref() {
        None | Some("number") => Shown::Number,
        Some("money") => Shown::Money,
        Some(other) => {
            return Err(LoadError::new(at, format!("x-dinh.shown: {other:?} is neither number nor money")));
        }
    };
    Ok(Kind::Computed { rule, shown })
}

pub(super) fn units_on(at: &str, text: Option<&str>) -> Result<UnitsOn, LoadError> {
    match text {
        None | Some("today") => Ok(UnitsOn::Today),
        Some("ever") => Ok(UnitsOn::Ever),
        Some(other) => Err(LoadError::new(at, format!("x-dinh.units: {other:?} is neither today nor ever"))),
    }
}
