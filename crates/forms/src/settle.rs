//! What is asked and what is worked out, given the answers so far.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::answers::{Answers, is_blank, put};
use crate::expr::{Expr, Got, Scope};
use crate::field::{Field, Kind, Need};
use crate::form::Form;
use crate::path::Path;
use crate::read::canonical;

/// Answers after conditions and calculations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settled {
    /// The answers to what is asked, with what is worked out; rows keep their numbers.
    pub answers: Answers,
    /// Paths of what is not asked. Under a hidden group nothing is listed again.
    pub hidden: BTreeSet<String>,
}

impl Form {
    /// Drops answers to what is not asked, and works out what is computed; what came as computed is not believed.
    pub fn settle(&self, answers: &Answers, today: Date) -> Settled {
        let mut settled = Settled { answers: self.in_order(answers), hidden: BTreeSet::new() };
        strip(&self.fields, &mut settled.answers);
        for names in &self.order {
            let Some(field) = self.at(names) else { continue };
            for path in concrete(names, &settled.answers) {
                settle_one(field, &path, &mut settled, today);
            }
        }
        settled.answers = self.in_order(&settled.answers);
        settled
    }

    /// Whether a field must be answered, given settled answers.
    pub(crate) fn needs(field: &Field, path: &Path, settled: &Settled, today: Date) -> bool {
        match &field.need {
            Need::Optional => false,
            Need::Always => true,
            Need::If(rule) => holds(&rule.expr, path, &settled.answers, today),
        }
    }
}

impl Settled {
    /// Whether a field is asked: neither it nor anything around it is hidden.
    pub fn is_asked(&self, path: &str) -> bool {
        let inner = |hidden: &String| {
            path.strip_prefix(hidden.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.') || rest.starts_with('['))
        };
        !self.hidden.iter().any(inner)
    }
}

fn settle_one(field: &Field, path: &Path, settled: &mut Settled, today: Date) {
    let text = path.to_string();
    if !settled.is_asked(&text) {
        return;
    }
    if let Some(rule) = &field.visible_if
        && !holds(&rule.expr, path, &settled.answers, today)
    {
        remove(&mut settled.answers, path);
        settled.hidden.insert(text);
        return;
    }
    let Kind::Computed { rule, .. } = &field.kind else { return };
    // A row in which nothing was answered stays empty.
    if row_of(path, &settled.answers).is_some_and(|row| row.values().all(is_blank)) {
        return;
    }
    let got = scope(path, &settled.answers, today).eval(&rule.expr);
    if let Got::Number(value) = got
        && let Some(value) = canonical(value)
    {
        put(&mut settled.answers, path, value);
    }
}

fn holds(expr: &Expr, path: &Path, answers: &Answers, today: Date) -> bool {
    scope(path, answers, today).holds(expr)
}

fn scope<'a>(path: &Path, answers: &'a Answers, today: Date) -> Scope<'a> {
    Scope { answers, row: row_of(path, answers), today }
}

/// The row that a path leads through.
fn row_of<'a>(path: &Path, answers: &'a Answers) -> Option<&'a Map<String, Value>> {
    let first = path.steps().first()?;
    answers.get(&first.name)?.as_array()?.get(first.row?)?.as_object()
}

/// The paths of a field: one for each row if it stands in a table.
fn concrete(names: &[String], answers: &Answers) -> Vec<Path> {
    let Some((first, rest)) = names.split_first() else { return Vec::new() };
    let start = Path::default().join(first);
    let below = |start: Path| rest.iter().fold(start, |path, name| path.join(name));
    match answers.get(first).and_then(Value::as_array) {
        Some(rows) if !rest.is_empty() => (0..rows.len()).map(|row| below(start.row(row))).collect(),
        _ => vec![below(start)],
    }
}

fn remove(answers: &mut Answers, path: &Path) {
    let Some((last, before)) = path.steps().split_last() else { return };
    let mut map = answers;
    for step in before {
        let next = match (map.get_mut(&step.name), step.row) {
            (Some(Value::Array(rows)), Some(row)) => rows.get_mut(row).and_then(Value::as_object_mut),
            (Some(Value::Object(inner)), None) => Some(inner),
            _ => None,
        };
        let Some(next) = next else { return };
        map = next;
    }
    map.shift_remove(&last.name);
}

/// Takes out whatever came under the name of something computed.
fn strip(fields: &[Field], answers: &mut Answers) {
    for field in fields {
        match (&field.kind, answers.get_mut(&field.name)) {
            (Kind::Computed { .. }, Some(_)) => {
                answers.shift_remove(&field.name);
            }
            (Kind::Group { fields, .. }, Some(Value::Object(map))) => strip(fields, map),
            (Kind::Table { fields, .. }, Some(Value::Array(rows))) => {
                for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                    strip(fields, row);
                }
            }
            _ => {}
        }
    }
}
