//! Whether answers follow the rules.

mod leaf;
mod papers;

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::answers::{Answers, is_blank};
use crate::fault::{Fault, Rule};
use crate::field::{Field, Kind};
use crate::form::Form;
use crate::path::Path;
use crate::settle::Settled;
use crate::units::Units;

pub use papers::{PersonalIdSays, is_enterprise_code, is_tax_code};

/// Most faults that are told.
const MOST_FAULTS: usize = 200;

/// What is known of a file of the dossier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    /// Its name.
    pub name: String,
    /// Its media type, as its content says.
    pub media_type: String,
    /// Its size in bytes.
    pub byte_size: u64,
}

/// The files of a dossier. What a browser says of them is not believed.
pub trait Files: Send + Sync {
    /// A file by its identifier, if it belongs to this dossier.
    fn find(&self, id: &str) -> Option<FileFact>;
}

/// No file at all.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn find(&self, _id: &str) -> Option<FileFact> {
        None
    }
}

/// What answers are checked against.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The day.
    pub today: Date,
    /// Administrative units.
    pub units: &'a dyn Units,
    /// Files of the dossier.
    pub files: &'a dyn Files,
}

impl Form {
    /// What is wrong with the answers: of whatever shape, nothing is taken for granted. Answers to what is not asked
    /// are passed over ([`Form::settle`] drops them); names that the form does not have are faults.
    ///
    /// Empty rows of a table do not count as rows. The answers can be filed if every fault is soft.
    pub fn check(&self, answers: &Value, context: &Context<'_>) -> Vec<Fault> {
        let Some(map) = answers.as_object() else { return vec![Rule::Shape.at(&Path::default())] };
        let settled = self.settle(map, context.today);
        let mut check = Check { context, settled: &settled, faults: Vec::new() };
        check.unknown(&self.fields, map, &Path::default());
        check.fields(&self.fields, &settled.answers, &Path::default(), true);
        let mut faults = check.faults;
        if faults.len() > MOST_FAULTS {
            faults.truncate(MOST_FAULTS);
            faults.push(Rule::More.at(&Path::default()));
        }
        faults
    }

    /// The answers as they are filed: hidden ones dropped, computed ones worked out, nothing blank. An error holds every
    /// fault, at least one of which is not soft.
    pub fn accept(&self, answers: &Value, context: &Context<'_>) -> Result<Answers, Vec<Fault>> {
        let faults = self.check(answers, context);
        match answers.as_object() {
            Some(map) if faults.iter().all(|fault| fault.soft) => {
                Ok(crate::answers::pruned(&self.settle(map, context.today).answers))
            }
            _ => Err(faults),
        }
    }
}

struct Check<'a> {
    context: &'a Context<'a>,
    settled: &'a Settled,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, rule: Rule, path: &Path) {
        // One more than is told, so that it is known that there were more.
        if self.faults.len() <= MOST_FAULTS {
            self.faults.push(rule.at(path));
        }
    }

    fn unknown(&mut self, fields: &[Field], answers: &Map<String, Value>, at: &Path) {
        for (name, value) in answers {
            let path = at.join(&name.chars().take(60).collect::<String>());
            match (fields.iter().find(|field| &field.name == name).map(|field| &field.kind), value) {
                (None, _) => self.fault(Rule::Unknown, &path),
                (Some(Kind::Group { fields, .. }), Value::Object(inner)) => {
                    self.unknown(fields, inner, &path);
                }
                (Some(Kind::Table { fields, count, .. }), Value::Array(rows)) => {
                    for (index, row) in rows.iter().enumerate().take(count.max) {
                        if let Value::Object(inner) = row {
                            self.unknown(fields, inner, &path.row(index));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// `needed`: whether fields that must be answered must be here; not in a group that may be left out and is.
    fn fields(&mut self, fields: &[Field], answers: &Map<String, Value>, at: &Path, needed: bool) {
        for field in fields {
            let path = at.join(&field.name);
            if field.kind.is_computed() || self.settled.hidden.contains(&path.to_string()) {
                continue;
            }
            let value = answers.get(&field.name).filter(|value| !is_blank(value));
            let required = needed && Form::needs(field, &path, self.settled, self.context.today);
            match (&field.kind, value) {
                (Kind::Group { fields, .. }, None) if required => {
                    let mut before = self.faults.len();
                    self.fields(fields, &Map::new(), &path, true);
                    before = self.faults.len().saturating_sub(before);
                    if before == 0 {
                        self.fault(Rule::Required, &path);
                    }
                }
                (Kind::Table { count, .. }, None) if required || (needed && count.min > 0) => {
                    self.fault(Rule::Few(count.min.max(1)), &path);
                }
                (Kind::Consent, None) if required => self.fault(Rule::Consent, &path),
                (_, None) if required => self.fault(Rule::Required, &path),
                (_, None) => {}
                (Kind::Group { fields, .. }, Some(Value::Object(inner))) => {
                    self.fields(fields, inner, &path, true);
                }
                (Kind::Table { fields, count, .. }, Some(Value::Array(rows))) => {
                    self.rows(fields, rows, (count.min, count.max), &path);
                }
                (_, Some(value)) => {
                    for rule in leaf::rules(field, value, answers, self.context) {
                        self.fault(rule, &path);
                    }
                }
            }
        }
    }

    fn rows(&mut self, fields: &[Field], rows: &[Value], (min, max): (usize, usize), path: &Path) {
        let answered = rows.iter().filter(|row| !is_blank(row)).count();
        if answered < min {
            self.fault(Rule::Few(min), path);
        }
        if rows.len() > max {
            self.fault(Rule::Many(max), path);
        }
        for (index, row) in rows.iter().enumerate().take(max).filter(|(_, row)| !is_blank(row)) {
            match row.as_object() {
                Some(row) => self.fields(fields, row, &path.row(index), true),
                None => self.fault(Rule::Shape, &path.row(index)),
            }
        }
    }
}
