//! The parameters `options` and `format`: keywords, each operation with its own (CIM 009 clauses 6.3.7, 6.3.11,
//! 6.3.12 and 6.3.20).

use dinh_ngsild::problem::Problem;
use dinh_ngsild::write::Representation;

use crate::api::request::Given;

/// The keywords of `options`; the refusal names one that is not in `known`.
pub(super) fn keywords<'a>(given: &'a Given, known: &[&str]) -> Result<Vec<&'a str>, Problem> {
    let keywords = given.list("options")?;
    match keywords.iter().find(|keyword| !known.contains(keyword)) {
        Some(other) => Err(Problem::invalid(format!(
            "The URL parameter options holds {other:?}; this operation knows {}.",
            known.join(", ")
        ))),
        None => Ok(keywords),
    }
}

/// The keywords with which reads are asked for.
const READING: &[&str] = &["normalized", "concise", "simplified", "keyValues", "sysAttrs"];

/// The representation asked for in `format`, or else in `options`, and whether system attributes are.
pub(super) fn representation(given: &Given) -> Result<(Representation, bool), Problem> {
    let keywords = keywords(given, READING)?;
    let sys_attrs = keywords.contains(&"sysAttrs");
    let named = match given.text("format") {
        Some(format) => Some(named(format).ok_or_else(|| {
            Problem::invalid(format!(
                "The URL parameter format is {format:?}; it may be normalized, concise, simplified or keyValues."
            ))
        })?),
        None => keywords.iter().find_map(|keyword| named(keyword)),
    };
    Ok((named.unwrap_or_default(), sys_attrs))
}

/// The representation of that name.
pub(super) fn named(name: &str) -> Option<Representation> {
    match name {
        "normalized" => Some(Representation::Normalized),
        "concise" => Some(Representation::Concise),
        "simplified" | "keyValues" => Some(Representation::Simplified),
        _ => None,
    }
}

/// Whether the body of a merge is simplified.
pub(super) fn is_simplified(given: &Given) -> Result<bool, Problem> {
    let keywords = keywords(given, &["simplified", "keyValues", "normalized", "concise"])?;
    let format = match given.text("format") {
        Some(format) => named(format).ok_or_else(|| {
            Problem::invalid(format!(
                "The URL parameter format is {format:?}; it may be simplified or keyValues."
            ))
        })?,
        None => keywords.iter().find_map(|keyword| named(keyword)).unwrap_or_default(),
    };
    Ok(format == Representation::Simplified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::request::Known;

    fn given(query: &str) -> Given {
        const KNOWN: &[Known] = &[Known::text("options", ""), Known::text("format", "")];
        Given::read(Some(query), KNOWN).unwrap()
    }

    #[test]
    fn format_comes_before_options_and_the_first_keyword_wins() {
        use Representation::{Concise, Normalized, Simplified};
        for (query, expected) in [
            ("", (Normalized, false)),
            ("options=keyValues", (Simplified, false)),
            ("options=sysAttrs,concise,simplified", (Concise, true)),
            ("format=concise&options=keyValues,sysAttrs", (Concise, true)),
        ] {
            assert_eq!(representation(&given(query)).unwrap(), expected, "{query}");
        }
        for (query, names) in [("options=unheard", "options"), ("format=unheard", "format")] {
            let problem = representation(&given(query)).unwrap_err();
            assert!(problem.detail.contains(names) && problem.detail.contains("unheard"), "{problem}");
        }
        assert!(is_simplified(&given("options=keyValues")).unwrap());
        assert!(!is_simplified(&given("")).unwrap());
    }
}
