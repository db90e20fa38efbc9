//! Values as they are typed and shown: `1.234,5`, `20/11/2026`.

use jiff::civil::Date;
use serde_json::Value;

use crate::answers::{Answers, is_blank};
use crate::field::{Field, Kind};
use crate::form::Form;
use crate::path::Path;

/// A day as `20/11/2026`.
pub(crate) fn written_day(day: Date) -> String {
    format!("{:02}/{:02}/{:04}", day.day(), day.month(), day.year())
}

/// `2026-11-20` as `20/11/2026`, `1950-11` as `11/1950`.
fn written_date(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').rev().collect();
    parts.join("/")
}

/// A number as `1.234.567,5`, with every digit that it has.
pub(crate) fn written_number(value: f64) -> String {
    let plain = value.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let minus = if value < 0.0 { "-" } else { "" };
    let comma = if fraction.is_empty() { "" } else { "," };
    format!("{minus}{grouped}{comma}{fraction}")
}

/// A value as it is typed into its field; several for choices and files. What is of another shape is written as it is.
pub fn typed(kind: &Kind, value: &Value) -> Vec<String> {
    let one = match (kind, value) {
        (Kind::Choices { .. } | Kind::Files(_), Value::Array(all)) => {
            return all.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect();
        }
        (_, Value::Bool(value)) => (if *value { "yes" } else { "no" }).to_owned(),
        (_, Value::Number(number)) => number.as_f64().map_or_else(|| number.to_string(), written_number),
        (Kind::Date(_) | Kind::PartialDate(_), Value::String(text)) => written_date(text),
        (_, Value::String(text)) => text.clone(),
        _ => return Vec::new(),
    };
    vec![one]
}

impl Form {
    /// Names and values as a browser posts them for these answers: [`Form::read`] of it gives them back.
    pub fn write(&self, answers: &Answers) -> Vec<(String, String)> {
        let mut pairs = Vec::new();
        write(&self.fields, answers, &Path::default(), &mut pairs);
        pairs
    }
}

fn write(fields: &[Field], answers: &Answers, at: &Path, pairs: &mut Vec<(String, String)>) {
    for field in fields {
        let Some(value) = answers.get(&field.name).filter(|value| !is_blank(value)) else { continue };
        let path = at.join(&field.name);
        match (&field.kind, value) {
            (Kind::Computed { .. }, _) => {}
            (Kind::Group { fields, .. }, Value::Object(map)) => write(fields, map, &path, pairs),
            (Kind::Table { fields, .. }, Value::Array(rows)) => {
                for (index, row) in rows.iter().enumerate().filter_map(|(i, row)| Some((i, row.as_object()?)))
                {
                    write(fields, row, &path.row(index), pairs);
                }
            }
            (kind, value) => {
                pairs.extend(typed(kind, value).into_iter().map(|text| (path.to_string(), text)));
            }
        }
    }
}
