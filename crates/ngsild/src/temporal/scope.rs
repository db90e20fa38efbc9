//! The scope as a property with a time (clauses 4.5.6 and 4.18).

use dinh_model::{Attribute, Scope, Timestamp, Value};
use serde_json::Value as Json;

use super::TemporalInstance;

/// The scopes of an entity from an instant on, as a record.
pub fn scope_instance(scopes: &[Scope], at: Timestamp) -> Attribute {
    let text = |scope: &Scope| Json::from(scope.as_str());
    let value = match scopes {
        [one] => text(one),
        many => many.iter().map(text).collect(),
    };
    Attribute::new(Value::Property(value), at).observed(at)
}

/// The scopes that a record tells of.
pub fn scopes_of(attribute: &Attribute) -> Vec<Scope> {
    let Value::Property(json) = &attribute.value else { return Vec::new() };
    let texts = match json {
        Json::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    texts.iter().filter_map(|text| Scope::parse(text.as_str()?).ok()).collect()
}

/// When an entity had scopes that pass a test, by the records of its scope in their order: from each instant to the next
/// one, the last one open.
pub fn scopes_in(
    records: &[TemporalInstance],
    passes: impl Fn(&[Scope]) -> bool,
) -> Vec<(Timestamp, Option<Timestamp>)> {
    let begins = |record: &TemporalInstance| record.deleted_at.or(record.attribute.observed_at);
    let mut spans = Vec::new();
    for (at, record) in records.iter().enumerate() {
        let Some(from) = begins(record) else { continue };
        if record.deleted_at.is_none() && passes(&scopes_of(&record.attribute)) {
            spans.push((from, records.iter().skip(at + 1).find_map(begins)));
        }
    }
    spans
}
