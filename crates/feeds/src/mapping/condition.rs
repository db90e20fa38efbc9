//! Conditions on records (`when`).

use regex::{Regex, RegexBuilder};
use serde_json::Value as Json;

use super::Record;
use super::convert::json_of;
use super::record::scalar;
use crate::definition::ConditionDefinition;

/// Largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 256 << 10;
/// Most values of `one_of`.
const MAX_VALUES: usize = 1_000;

/// A condition, compiled.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    field: String,
    tests: Vec<Test>,
}

#[derive(Clone, Debug)]
enum Test {
    Equals(Json),
    Not(Json),
    OneOf(Vec<Json>),
    Contains(String),
    Present(bool),
    Matches(Regex),
}

impl Condition {
    /// Compiles a condition; the error is the rule that was broken.
    pub(super) fn new(definition: &ConditionDefinition) -> Result<Self, String> {
        if definition.field.is_empty() {
            return Err("a condition needs the name of a field".to_owned());
        }
        let mut tests = Vec::new();
        tests.extend(definition.equals.as_ref().map(|value| Test::Equals(json_of(value))));
        tests.extend(definition.not.as_ref().map(|value| Test::Not(json_of(value))));
        if let Some(values) = &definition.one_of {
            if values.len() > MAX_VALUES {
                return Err(format!("one_of takes at most {MAX_VALUES} values"));
            }
            tests.push(Test::OneOf(values.iter().map(json_of).collect()));
        }
        tests.extend(definition.contains.clone().map(Test::Contains));
        tests.extend(definition.present.map(Test::Present));
        if let Some(pattern) = &definition.matches {
            let regex = RegexBuilder::new(&format!("^(?:{pattern})$"))
                .size_limit(REGEX_BYTES)
                .build()
                .map_err(|e| format!("{pattern:?} is not a regular expression we can use: {e}"))?;
            tests.push(Test::Matches(regex));
        }
        if tests.is_empty() {
            return Err("a condition needs equals, not, one_of, contains, present or matches".to_owned());
        }
        Ok(Self { field: definition.field.clone(), tests })
    }

    /// True if every part of the condition holds.
    pub(super) fn holds(&self, record: &Record) -> bool {
        let value = record.get(&self.field);
        self.tests.iter().all(|test| match test {
            Test::Equals(expected) => value.is_some_and(|value| same(value, expected)),
            Test::Not(expected) => !value.is_some_and(|value| same(value, expected)),
            Test::OneOf(expected) => value.is_some_and(|value| expected.iter().any(|one| same(value, one))),
            Test::Contains(part) => value.is_some_and(|value| contains(value, part)),
            Test::Present(expected) => {
                let present = match value {
                    Some(Json::String(text)) => !text.trim().is_empty(),
                    other => other.is_some(),
                };
                present == *expected
            }
            Test::Matches(regex) => {
                value.and_then(scalar).is_some_and(|text| text.len() <= 4096 && regex.is_match(&text))
            }
        })
    }
}

/// Equal as people compare: the text `"1"` of a CSV file equals the number 1.
pub(super) fn same(value: &Json, expected: &Json) -> bool {
    if value == expected {
        return true;
    }
    match (scalar(value), scalar(expected)) {
        (Some(value), Some(expected)) => {
            value == expected
                || matches!((value.parse::<f64>(), expected.parse::<f64>()), (Ok(a), Ok(b)) if a.total_cmp(&b).is_eq())
        }
        _ => false,
    }
}

fn contains(value: &Json, part: &str) -> bool {
    match value {
        Json::Array(items) => items.iter().any(|item| scalar(item).is_some_and(|item| item == part)),
        other => scalar(other).is_some_and(|text| text.contains(part)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mapping::Position;

    #[test]
    fn conditions_compare_as_people_do() {
        let record = Record::of_json(
            json!({"code": "1", "level": 2.0, "parameters": "rain|wind", "tags": ["a", "b"], "empty": " "}),
            Position::default(),
        );
        let holds = |text: &str| {
            let definition: ConditionDefinition = toml::from_str(text).unwrap();
            Condition::new(&definition).unwrap().holds(&record)
        };
        for good in [
            "field = \"code\"\nequals = 1",
            "field = \"level\"\nequals = \"2\"",
            "field = \"code\"\none_of = [3, 1]",
            "field = \"parameters\"\ncontains = \"rain\"\nnot = \"rain\"",
            "field = \"tags\"\ncontains = \"b\"",
            "field = \"empty\"\npresent = false",
            "field = \"absent\"\nnot = \"x\"",
            "field = \"/tags/0\"\nmatches = \"[a-c]\"",
        ] {
            assert!(holds(good), "{good}");
        }
        for bad in [
            "field = \"code\"\nnot = 1",
            "field = \"absent\"\nequals = 1",
            "field = \"parameters\"\nmatches = \"rain\"",
            "field = \"tags\"\nequals = \"a\"",
        ] {
            assert!(!holds(bad), "{bad}");
        }
        let refused = |text: &str| Condition::new(&toml::from_str(text).unwrap()).is_err();
        assert!(refused("field = \"x\""));
        assert!(refused("field = \"x\"\nmatches = \"(\""));
        assert!(refused("field = \"x\"\nmatches = \"(a{1000}){1000}\""));
    }
}
