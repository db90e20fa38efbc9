//! Templates: `urn:ngsi-ld:Station:kttv-{id|trim|pad:6}`.

use std::fmt::Write as _;

use dinh_model::fold;

use super::{Fault, Record};

/// Most parts of a template.
const MAX_PARTS: usize = 32;
/// Longest text that a template makes, in bytes.
const MAX_BYTES: usize = 2048;

/// A text with places for fields.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Text(String),
    Field { name: String, filters: Vec<Filter> },
}

#[derive(Clone, Debug, PartialEq)]
enum Filter {
    Trim,
    Slug,
    Urn,
    Lower,
    Upper,
    Pad(usize),
    Before(String),
    After(String),
    Default(String),
}

impl Template {
    /// Reads a template; the error is the rule that was broken.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (literal, tail) = rest.split_at(open);
            push_text(&mut parts, literal);
            let close = tail.find('}').ok_or_else(|| format!("{text:?} has a '{{' without its '}}'"))?;
            let (place, after) = tail.split_at(close);
            parts.push(place_of(place.trim_start_matches('{'))?);
            rest = after.strip_prefix('}').unwrap_or(after);
        }
        if rest.contains('}') {
            return Err(format!("{text:?} has a '}}' without its '{{'"));
        }
        push_text(&mut parts, rest);
        if parts.len() > MAX_PARTS {
            return Err(format!("a template has at most {MAX_PARTS} parts"));
        }
        Ok(Self(parts))
    }

    /// The text for `record`. `Err` names the field that is missing or says that the text got too long.
    pub(crate) fn fill(&self, record: &Record) -> Result<String, (String, Fault)> {
        let mut text = String::new();
        for part in &self.0 {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Field { name, filters } => {
                    let value = filters.iter().fold(record.text(name).map(String::from), apply);
                    match value {
                        Some(value) if !value.is_empty() => text.push_str(&value),
                        _ => return Err((name.clone(), Fault::Missing)),
                    }
                }
            }
            if text.len() > MAX_BYTES {
                return Err(("template".to_owned(), Fault::TooLong(MAX_BYTES)));
            }
        }
        Ok(text)
    }
}

fn push_text(parts: &mut Vec<Part>, literal: &str) {
    if !literal.is_empty() {
        parts.push(Part::Text(literal.to_owned()));
    }
}

fn place_of(place: &str) -> Result<Part, String> {
    let mut pieces = place.split('|');
    let name = pieces.next().unwrap_or_default().trim_matches(' ');
    if name.is_empty() {
        return Err("a place in a template needs the name of a field, as in {id}".to_owned());
    }
    let filters = pieces.map(filter_of).collect::<Result<_, _>>()?;
    Ok(Part::Field { name: name.to_owned(), filters })
}

fn filter_of(text: &str) -> Result<Filter, String> {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    let unknown = || {
        format!(
            "{text:?} is not a filter; use trim, slug, urn, lower, upper, pad:N, before:TEXT, after:TEXT or default:TEXT"
        )
    };
    Ok(match (name.trim(), argument) {
        ("trim", "") => Filter::Trim,
        ("slug", "") => Filter::Slug,
        ("urn", "") => Filter::Urn,
        ("lower", "") => Filter::Lower,
        ("upper", "") => Filter::Upper,
        ("pad", width) => Filter::Pad(width.parse().ok().filter(|width| *width <= 64).ok_or_else(unknown)?),
        ("before", mark) if !mark.is_empty() => Filter::Before(mark.to_owned()),
        ("after", mark) if !mark.is_empty() => Filter::After(mark.to_owned()),
        ("default", text) if !text.is_empty() => Filter::Default(text.to_owned()),
        _ => return Err(unknown()),
    })
}

fn apply(value: Option<String>, filter: &Filter) -> Option<String> {
    let Some(value) = value else {
        return if let Filter::Default(text) = filter { Some(text.clone()) } else { None };
    };
    Some(match filter {
        Filter::Trim => value.trim().to_owned(),
        Filter::Slug => slug(&value),
        Filter::Urn => urn(&value),
        Filter::Lower => value.to_lowercase(),
        Filter::Upper => value.to_uppercase(),
        Filter::Pad(width) => {
            let mut padded = String::new();
            let missing = width.saturating_sub(value.chars().count());
            write!(padded, "{}{value}", "0".repeat(missing)).ok()?;
            padded
        }
        Filter::Before(mark) => value.split(mark.as_str()).next().unwrap_or_default().trim().to_owned(),
        Filter::After(mark) => match value.split_once(mark.as_str()) {
            Some((_, after)) => after.trim().to_owned(),
            None => value,
        },
        Filter::Default(_) => value,
    })
}

/// Words of letters and digits without accents, joined by `-`: `Cửa Việt` → `cua-viet`.
fn slug(text: &str) -> String {
    fold::words(text).join("-")
}

/// A text that may stand in a URN: what may not is percent-encoded, so that different texts stay different.
pub(crate) fn urn(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | ':' | '@') {
            encoded.push(c);
        } else {
            for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                // Writing to a String cannot fail.
                let _infallible = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mapping::Position;

    fn fill(template: &str) -> Result<String, (String, Fault)> {
        let record = Record::of_json(
            json!({"id": 42, "name": " Cửa Việt ", "a": {"b": ["x", "y"]}, "Tọa độ X (kinh độ)": "107,1", "empty": " "}),
            Position::default(),
        );
        Template::parse(template).unwrap().fill(&record)
    }

    #[test]
    fn fills_fields_and_applies_filters() {
        assert_eq!(fill("urn:x:{id|pad:6}").unwrap(), "urn:x:000042");
        assert_eq!(fill("{name|slug}-{/a/b/1|upper}").unwrap(), "cua-viet-Y");
        assert_eq!(fill("Trạm {name}").unwrap(), "Trạm Cửa Việt");
        assert_eq!(fill("urn:x:{name|urn}").unwrap(), "urn:x:Cửa%20Việt");
        assert_eq!(fill("{Tọa độ X (kinh độ)|before:,}").unwrap(), "107");
        assert_eq!(fill("{nothing|default:không rõ}").unwrap(), "không rõ");
        assert_eq!(fill("{nothing}").unwrap_err().1, Fault::Missing);
        assert_eq!(fill("{empty}").unwrap_err().0, "empty");
    }

    #[test]
    fn refuses_broken_templates() {
        for bad in ["{", "{id", "id}", "{}", "{id|shout}", "{id|pad:x}", "{id|pad:9999}"] {
            assert!(Template::parse(bad).is_err(), "{bad}");
        }
    }
}
