//! Forms out of their files.
//!
//! A file is a JSON Schema (draft 2020-12) of the answers, of which a few keywords are understood, each where it has a
//! sense; `x-dinh` says what is asked. What is not understood is refused, with the place in the file.

mod built;
mod composite;
mod field;
mod kinds;
mod layout;
mod order;
mod raw;

use serde_json::Value;

use crate::applicant::ApplicantFields;
use crate::field::{Kind, What};
use crate::form::Form;
use raw::{RawApplicant, RawForm};

/// Largest file of a form, in bytes.
pub const MOST_FILE: usize = 256 * 1024;
/// Most fields of a form, those of groups and rows counted.
pub const MOST_FIELDS: usize = 400;
/// Most rows of a table.
pub const MOST_ROWS: usize = 200;

/// Why a file is no form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{at}: {says}")]
pub struct LoadError {
    /// The place in the file.
    pub at: String,
    /// The rule that it breaks.
    pub says: String,
}

impl LoadError {
    fn new(at: impl Into<String>, says: impl Into<String>) -> Self {
        Self { at: at.into(), says: says.into() }
    }
}

impl Form {
    /// Reads and checks a form. The error names the place in the file and the rule.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        if text.len() > MOST_FILE {
            return Err(LoadError::new("file", format!("is larger than {MOST_FILE} bytes")));
        }
        let schema: Value = serde_json::from_str(text).map_err(|e| LoadError::new("file", e.to_string()))?;
        jsonschema::draft202012::meta::validate(&schema)
            .map_err(|e| LoadError::new(format!("file{}", e.instance_path()), e.to_string()))?;
        let raw: RawForm =
            serde_json::from_value(schema.clone()).map_err(|e| LoadError::new("file", e.to_string()))?;
        let fields = field::all("", &raw.properties, &raw.required, 0)?;
        let mut form = Self {
            id: raw.id,
            title: raw.ask.title,
            lead: raw.ask.lead,
            valid_from: raw.ask.valid_from,
            source: raw.ask.source,
            steps: Vec::new(),
            fields,
            applicant: None,
            schema,
            order: Vec::new(),
        };
        let count = form.walk().len();
        if count > MOST_FIELDS {
            return Err(LoadError::new("properties", format!("{count} fields are more than {MOST_FIELDS}")));
        }
        form.steps = layout::steps(&mut form.fields, &raw.required, raw.ask.steps)?;
        form.applicant = raw.ask.applicant.map(|applicant| applies(&form, applicant)).transpose()?;
        order::check(&form)?;
        form.order = order::of(&form)?;
        Ok(form)
    }
}

/// Which fields say who applies.
fn applies(form: &Form, raw: RawApplicant) -> Result<ApplicantFields, LoadError> {
    let at = "x-dinh.applicant";
    let fields = match raw {
        RawApplicant::Person(name) => {
            let is_person = |kind: &Kind| matches!(kind, Kind::Group { what: What::Person, .. });
            let field = form.field(&name).filter(|field| is_person(&field.kind));
            ApplicantFields::of_person(
                field.ok_or_else(|| LoadError::new(at, "names no person of the form"))?,
            )
        }
        RawApplicant::Fields(raw) => ApplicantFields {
            name: raw.name,
            number: raw.number,
            telephone: raw.telephone,
            email: raw.email,
            address: raw.address,
            organisation: raw.organisation,
        },
    };
    match fields.fault(form) {
        Some(says) => Err(LoadError::new(at, says)),
        None => Ok(fields),
    }
}
