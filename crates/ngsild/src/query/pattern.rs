//! Regular expressions from outside, bounded in length and in compiled size. The `regex` crate runs in linear time.

use std::fmt;

use regex::Regex;

use super::QueryError;
use crate::bounds::{PATTERN_BYTES, PATTERN_COMPILED_BYTES};

/// A compiled regular expression, equal to another if written the same.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles a regular expression that matches anywhere in a text. `parameter` is where it stands.
    pub fn parse(parameter: &'static str, text: &str) -> Result<Self, QueryError> {
        if text.len() > PATTERN_BYTES {
            return Err(QueryError::PatternTooLarge(parameter));
        }
        if repeats_a_repetition(text) {
            let reason = "a repetition is repeated".to_owned();
            return Err(QueryError::Pattern { parameter, pattern: text.to_owned(), reason });
        }
        let compiled =
            regex::RegexBuilder::new(text).size_limit(PATTERN_COMPILED_BYTES).nest_limit(50).build();
        compiled.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => QueryError::PatternTooLarge(parameter),
            error => QueryError::Pattern {
                parameter,
                pattern: text.to_owned(),
                reason: error.to_string().lines().last().unwrap_or_default().to_owned(),
            },
        })
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// True if it matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// True for `a**` and its like, which ECMAScript refuses (clause 4.9) but our engine would read as `a*`. A `?` after a
/// repetition makes it lazy and is fine once.
fn repeats_a_repetition(text: &str) -> bool {
    let (mut in_class, mut repeated, mut letters) = (false, false, text.chars());
    while let Some(letter) = letters.next() {
        let repeats = !in_class && matches!(letter, '*' | '+');
        if repeats && repeated {
            return true;
        }
        repeated = repeats || (repeated && letter == '?');
        match letter {
            '\\' => drop(letters.next()),
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
    }
    false
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", self.0.as_str())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

/// `idPattern`: a regular expression over entity identifiers.
#[derive(Clone, Debug, PartialEq)]
pub struct IdPattern(Pattern);

impl IdPattern {
    /// Compiles the pattern.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Pattern::parse("idPattern", text).map(Self)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// True if an identifier fits.
    pub fn matches(&self, id: &str) -> bool {
        self.0.is_match(id)
    }

    /// The text that every fitting identifier begins with, if the pattern says one: `^urn:ngsi-ld:Bus:.*` asks for
    /// `urn:ngsi-ld:Bus:`. For planning.
    pub fn prefix(&self) -> Option<&str> {
        let anchored = self.as_str().strip_prefix('^')?;
        if anchored.contains('|') {
            return None;
        }
        let end = anchored
            .find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '_' | '/')))
            .unwrap_or(anchored.len());
        // A repetition sign makes the letter before it optional.
        let repeated = anchored.get(end..)?.starts_with(['*', '?', '{', '+']);
        let literal = anchored.get(..end)?;
        let literal = if repeated { literal.get(..literal.char_indices().last()?.0)? } else { literal };
        (!literal.is_empty()).then_some(literal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_what_every_match_begins_with() {
        for (pattern, prefix) in [
            ("^urn:ngsi-ld:Bus:.*", Some("urn:ngsi-ld:Bus:")),
            ("^urn:a?b", Some("urn:")),
            ("^urn:(a|b)", None),
            ("^urn:a|urn:b", None),
            ("urn:a", None),
            ("^.*", None),
        ] {
            assert_eq!(IdPattern::parse(pattern).unwrap().prefix(), prefix, "{pattern}");
        }
    }

    #[test]
    fn a_repetition_is_not_repeated() {
        for bad in ["a**", "urn:.*+", "(a+)*?*"] {
            assert!(Pattern::parse("q", bad).is_err(), "{bad}");
        }
        for good in ["a*b*", "a*?b", "(a*)*", "[*+]*", "\\*+", "a\\**"] {
            assert!(Pattern::parse("q", good).is_ok(), "{good}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused_or_run_in_linear_time() {
        assert_eq!(Pattern::parse("q", &"a".repeat(513)), Err(QueryError::PatternTooLarge("q")));
        assert_eq!(Pattern::parse("q", "(((a{100}){100}){100})"), Err(QueryError::PatternTooLarge("q")));
        assert!(matches!(Pattern::parse("q", "(a"), Err(QueryError::Pattern { .. })));
        assert!(!Pattern::parse("q", "^(a+)+$").unwrap().is_match(&format!("{}b", "a".repeat(50_000))));
    }
}
