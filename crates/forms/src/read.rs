//! Answers out of what a browser posts.

mod day;
mod leaf;
mod number;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use crate::answers::{Answers, put};
use crate::fault::{Fault, Rule};
use crate::field::{Field, Kind};
use crate::form::Form;
use crate::load::MOST_ROWS;
use crate::path::Path;

pub(crate) use number::canonical;

/// Most pairs that are read.
pub const MOST_PAIRS: usize = 5_000;
/// Most bytes of one value.
pub const MOST_VALUE: usize = 64 * 1024;
/// Most bytes of all values.
pub const MOST_BYTES: usize = 1024 * 1024;

/// What was posted, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    /// What could be read, empty rows included, so that rows keep their numbers. Nothing is checked yet.
    pub answers: Answers,
    /// What was typed and cannot be read, by path, to show it again.
    pub unread: BTreeMap<String, String>,
    /// Which rules that breaks.
    pub faults: Vec<Fault>,
}

/// Why what was posted is not read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Too much.
    #[error("the form posts more than {0}")]
    TooMuch(&'static str),
    /// A name that the form does not have.
    #[error("{0:?} is no field of this form")]
    Unknown(String),
    /// A row past the last that a table may have.
    #[error("{path}: the table has at most {most} rows")]
    Rows {
        /// The field.
        path: String,
        /// Most rows.
        most: usize,
    },
}

impl Form {
    /// Reads names and values as a browser posts them. What the house itself puts into a form (`do`) must be taken out
    /// before: a name that the form does not have is refused.
    ///
    /// A value that cannot be read is no error but a fault: it is kept as it was typed, to be shown and mended.
    pub fn read<'a>(&self, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Filled, ReadError> {
        let mut typed: Vec<(&str, Vec<&str>)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        let (mut count, mut bytes) = (0_usize, 0_usize);
        for (name, value) in pairs {
            count += 1;
            bytes += name.len() + value.len();
            if count > MOST_PAIRS {
                return Err(ReadError::TooMuch("5.000 values"));
            }
            if value.len() > MOST_VALUE || bytes > MOST_BYTES {
                return Err(ReadError::TooMuch("64 KiB in one field, or 1 MiB in all"));
            }
            let next = typed.len();
            let place = *places.entry(name).or_insert(next);
            match typed.get_mut(place) {
                Some((_, values)) => values.push(value),
                None => typed.push((name, vec![value])),
            }
        }
        let mut filled = Filled::default();
        for (name, values) in typed {
            self.read_one(&mut filled, name, &values)?;
        }
        filled.answers = self.in_order(&filled.answers);
        Ok(filled)
    }

    fn read_one(&self, filled: &mut Filled, name: &str, values: &[&str]) -> Result<(), ReadError> {
        let unknown = || ReadError::Unknown(name.chars().take(60).collect());
        let path = Path::parse(name).ok_or_else(unknown)?;
        let field = self.find(&path).ok_or_else(unknown)?;
        self.check_rows(&path)?;
        match leaf::leaf(&field.kind, values) {
            Ok(Some(value)) => {
                if !put(&mut filled.answers, &path, value) {
                    return Err(unknown());
                }
            }
            Ok(None) => touch(&mut filled.answers, &path),
            Err(Rule::Unknown) => return Err(unknown()),
            Err(rule) => {
                touch(&mut filled.answers, &path);
                filled
                    .unread
                    .insert(path.to_string(), values.first().copied().unwrap_or_default().to_owned());
                filled.faults.push(rule.at(&path));
            }
        }
        Ok(())
    }

    fn check_rows(&self, path: &Path) -> Result<(), ReadError> {
        let Some(first) = path.steps().first() else { return Ok(()) };
        let most = match self.field(&first.name).map(|field| &field.kind) {
            Some(Kind::Table { count, .. }) => count.max,
            _ => MOST_ROWS,
        };
        if first.row.is_some_and(|row| row >= most) {
            return Err(ReadError::Rows { path: path.to_string(), most });
        }
        Ok(())
    }

    /// The same answers in the order of the form, unknown ones last.
    pub(crate) fn in_order(&self, answers: &Answers) -> Answers {
        ordered(&self.fields, answers)
    }
}

/// An empty answer leaves nothing but the row that it stands in.
fn touch(answers: &mut Answers, path: &Path) {
    if let Some((name, row)) = path.steps().first().and_then(|first| Some((&first.name, first.row?))) {
        put(answers, &Path::default().join(name).row(row), Value::Null);
    }
}

fn ordered(fields: &[Field], answers: &Answers) -> Answers {
    let known =
        fields.iter().filter_map(|field| answers.get_key_value(&field.name).map(|(k, v)| (field, k, v)));
    let mut all: Answers = known.map(|(field, name, value)| (name.clone(), within(field, value))).collect();
    for (name, value) in answers {
        if !all.contains_key(name) {
            all.insert(name.clone(), value.clone());
        }
    }
    all
}

fn within(field: &Field, value: &Value) -> Value {
    let inner = |map: &Map<String, Value>| Value::Object(ordered(field.kind.fields(), map));
    match (&field.kind, value) {
        (Kind::Group { .. }, Value::Object(map)) => inner(map),
        (Kind::Table { .. }, Value::Array(rows)) => {
            Value::Array(rows.iter().map(|row| row.as_object().map_or_else(|| row.clone(), &inner)).collect())
        }
        _ => value.clone(),
    }
}
