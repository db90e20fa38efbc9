//! Answers as they are kept: JSON by names of fields, without anything that was not answered.

use serde_json::{Map, Value};

use crate::path::Path;

/// Answers by name, in the order of the form.
pub type Answers = Map<String, Value>;

/// Whether nothing was answered: null, an empty text, list or group, or only such.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.iter().all(is_blank),
        Value::Object(map) => map.values().all(is_blank),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// The answer at `path`.
pub fn at<'a>(answers: &'a Answers, path: &Path) -> Option<&'a Value> {
    let mut map = answers;
    let (last, before) = path.steps().split_last()?;
    for step in before {
        let value = map.get(&step.name)?;
        map = match step.row {
            Some(row) => value.as_array()?.get(row)?.as_object()?,
            None => value.as_object()?,
        };
    }
    let value = map.get(&last.name)?;
    match last.row {
        Some(row) => value.as_array()?.get(row),
        None => Some(value),
    }
}

/// Puts an answer at `path`, with the groups and rows that lead there. Says whether it could: something else may
/// stand in the way.
pub(crate) fn put(answers: &mut Answers, path: &Path, value: Value) -> bool {
    let Some((last, before)) = path.steps().split_last() else { return false };
    let mut map = answers;
    for step in before {
        let Some(next) = within(map, &step.name, step.row) else { return false };
        map = next;
    }
    if last.row.is_some() {
        return within(map, &last.name, last.row).is_some();
    }
    map.insert(last.name.clone(), value);
    true
}

fn within<'a>(map: &'a mut Answers, name: &str, row: Option<usize>) -> Option<&'a mut Answers> {
    let Some(row) = row else {
        return map.entry(name).or_insert_with(|| Value::Object(Map::new())).as_object_mut();
    };
    let rows = map.entry(name).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()?;
    while rows.len() <= row {
        rows.push(Value::Object(Map::new()));
    }
    rows.get_mut(row)?.as_object_mut()
}

/// The answers without what is blank: no empty groups, no rows without answers.
pub fn pruned(answers: &Answers) -> Answers {
    let kept = answers.iter().filter(|(_, value)| !is_blank(value));
    kept.map(|(name, value)| (name.clone(), prune(value))).collect()
}

fn prune(value: &Value) -> Value {
    match value {
        Value::Array(list) => Value::Array(list.iter().filter(|one| !is_blank(one)).map(prune).collect()),
        Value::Object(map) => Value::Object(pruned(map)),
        other => other.clone(),
    }
}
