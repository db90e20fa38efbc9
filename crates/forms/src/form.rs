//! A form as a whole.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::applicant::ApplicantFields;
use crate::field::{Field, Kind, Need};
use crate::path::Path;
use crate::text::Text;

/// A form: what is asked, on which steps, under which conditions. Immutable; checked as a whole when it is read
/// ([`Form::from_json`]).
#[derive(Clone, Debug)]
pub struct Form {
    /// Its name in its pack: `birth-registration`.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// What it is for, and what to have at hand.
    pub lead: Option<Text>,
    /// Which edition: `2025-07-01`, the first day on which it is used.
    pub valid_from: Date,
    /// The act that prescribes it, and how close this is to it.
    pub source: Text,
    /// Its steps, in order.
    pub steps: Vec<Step>,
    /// Its fields, in the order of its file.
    pub fields: Vec<Field>,
    /// Which of them say who applies; none where it is asked beside the form.
    pub applicant: Option<ApplicantFields>,
    /// The JSON Schema of its answers, as its file says it.
    pub schema: Value,
    /// In which order conditions and calculations are worked out: names of fields from the form inwards.
    pub(crate) order: Vec<Vec<String>>,
}

/// A step: what is answered at one go.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Its groups, in order.
    pub groups: Vec<Section>,
}

/// Fields under one heading.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading; none where the step's says it already.
    pub title: Option<Text>,
    /// A statement to read before answering.
    pub note: Option<Text>,
    /// Names of the form's fields.
    pub fields: Vec<String>,
}

/// A condition or calculation with the place where it stands, for the browser.
#[derive(Clone, Debug, PartialEq)]
pub struct Logic<'a> {
    /// Names of the fields from the form inwards, without rows.
    pub path: String,
    /// Whether it is asked.
    pub visible: Option<&'a Value>,
    /// Whether it must be answered.
    pub required: Option<&'a Value>,
    /// What it is worked out from.
    pub computed: Option<&'a Value>,
}

impl Form {
    /// A field of the form by its name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field at a path. None if there is none, or the path names a row of what is no table.
    pub fn find(&self, path: &Path) -> Option<&Field> {
        let mut fields = self.fields.as_slice();
        let mut found = None;
        let last = path.steps().len().checked_sub(1)?;
        for (index, step) in path.steps().iter().enumerate() {
            let field = fields.iter().find(|field| field.name == step.name)?;
            let is_table = matches!(field.kind, Kind::Table { .. });
            if step.row.is_some() != is_table && (index < last || step.row.is_some()) {
                return None;
            }
            fields = field.kind.fields();
            found = Some(field);
        }
        found
    }

    pub(crate) fn at(&self, names: &[String]) -> Option<&Field> {
        let mut fields = self.fields.as_slice();
        let mut found = None;
        for name in names {
            let field = fields.iter().find(|field| &field.name == name)?;
            fields = field.kind.fields();
            found = Some(field);
        }
        found
    }

    /// What the browser works out, in the order in which it must be.
    pub fn logic(&self) -> Vec<Logic<'_>> {
        self.order
            .iter()
            .filter_map(|names| Some(logic(names, self.at(names)?)))
            .filter(Logic::says_something)
            .collect()
    }

    /// All fields, those of groups and tables after the group or table, each with its names from the form inwards.
    pub fn walk(&self) -> HashMap<String, &Field> {
        let mut all = HashMap::new();
        let mut waiting: Vec<(String, &Field)> =
            self.fields.iter().map(|field| (field.name.clone(), field)).collect();
        while let Some((path, field)) = waiting.pop() {
            waiting.extend(field.kind.fields().iter().map(|inner| (format!("{path}.{}", inner.name), inner)));
            all.insert(path, field);
        }
        all
    }
}

impl Logic<'_> {
    fn says_something(&self) -> bool {
        self.visible.is_some() || self.required.is_some() || self.computed.is_some()
    }
}

fn logic<'a>(names: &[String], field: &'a Field) -> Logic<'a> {
    Logic {
        path: names.join("."),
        visible: field.visible_if.as_ref().map(|rule| &rule.raw),
        required: if let Need::If(rule) = &field.need { Some(&rule.raw) } else { None },
        computed: if let Kind::Computed { rule, .. } = &field.kind { Some(&rule.raw) } else { None },
    }
}
