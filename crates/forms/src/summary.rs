//! Answers as people read them: what was asked, and what was answered.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::answers::is_blank;
use crate::check::Context;
use crate::field::{Field, Kind, Options, Shown, What};
use crate::form::Form;
use crate::path::Path;
use crate::write::{typed, written_number};

/// The answers of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryGroup {
    /// Its step.
    pub step: String,
    /// Its heading: the group's, or the step's where the group has none.
    pub title: String,
    /// Its answers; empty ones are left out.
    pub entries: Vec<Entry>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Where it stands.
    pub path: String,
    /// What was asked.
    pub label: String,
    /// What was answered.
    pub value: Answer,
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "is", content = "of")]
pub enum Answer {
    /// Words.
    Text(String),
    /// Several, one below the other.
    List(Vec<String>),
    /// What belongs together.
    Group(Vec<Entry>),
    /// Rows, each with its name.
    Rows(Vec<(String, Vec<Entry>)>),
}

impl Form {
    /// The answers by group, in the language of the tag. Give it settled answers: what is hidden would be shown.
    pub fn summary(
        &self,
        answers: &Map<String, Value>,
        tag: &str,
        context: &Context<'_>,
    ) -> Vec<SummaryGroup> {
        let say = Say { tag, context };
        let mut groups = Vec::new();
        for step in &self.steps {
            for group in &step.groups {
                let fields = group.fields.iter().filter_map(|name| self.field(name));
                let entries = say.entries(fields, answers, &Path::default());
                if !entries.is_empty() {
                    let title = group.title.as_ref().unwrap_or(&step.title).in_language(tag).to_owned();
                    groups.push(SummaryGroup { step: step.id.clone(), title, entries });
                }
            }
        }
        groups
    }
}

struct Say<'a> {
    tag: &'a str,
    context: &'a Context<'a>,
}

impl Say<'_> {
    fn entries<'f>(
        &self,
        fields: impl Iterator<Item = &'f Field>,
        answers: &Map<String, Value>,
        at: &Path,
    ) -> Vec<Entry> {
        let entry = |field: &Field| {
            let value = answers.get(&field.name).filter(|value| !is_blank(value))?;
            let path = at.join(&field.name);
            let value = self.answer(field, value, &path)?;
            Some(Entry { path: path.to_string(), label: field.title.in_language(self.tag).to_owned(), value })
        };
        fields.filter_map(entry).collect()
    }

    fn answer(&self, field: &Field, value: &Value, path: &Path) -> Option<Answer> {
        Some(match (&field.kind, value) {
            (Kind::Group { what: What::Address, .. }, Value::Object(map)) => Answer::Text(self.address(map)),
            (Kind::Group { fields, .. }, Value::Object(map)) => {
                Answer::Group(self.entries(fields.iter(), map, path))
            }
            (Kind::Table { fields, row: title, .. }, Value::Array(rows)) => {
                let rows = rows.iter().enumerate().filter(|(_, row)| !is_blank(row));
                let rows = rows.zip(1_usize..).filter_map(|((index, row), number)| {
                    let entries = self.entries(fields.iter(), row.as_object()?, &path.row(index));
                    Some((format!("{} {number}", title.in_language(self.tag)), entries))
                });
                Answer::Rows(rows.collect())
            }
            (Kind::Choices { options, .. }, Value::Array(all)) => {
                Answer::List(all.iter().filter_map(|one| Some(self.title(options, one.as_str()?))).collect())
            }
            (Kind::Files(_), Value::Array(all)) => {
                let name =
                    |id: &str| self.context.files.find(id).map_or_else(|| id.to_owned(), |file| file.name);
                Answer::List(all.iter().filter_map(|one| Some(name(one.as_str()?))).collect())
            }
            (kind, value) => Answer::Text(self.line(kind, value)?),
        })
    }

    fn line(&self, kind: &Kind, value: &Value) -> Option<String> {
        let say = |vi: &str, en: &str| (if self.tag == "en" { en } else { vi }).to_owned();
        Some(match (kind, value) {
            (Kind::Choice(options), Value::String(code)) => self.title(options, code),
            (Kind::Province(_) | Kind::Commune { .. }, Value::String(id)) => self.unit(id),
            (Kind::Consent, Value::Bool(true)) => say("Đồng ý", "Agreed"),
            (_, Value::Bool(true)) => say("Có", "Yes"),
            (_, Value::Bool(false)) => say("Không", "No"),
            (
                Kind::Integer { money: true, .. } | Kind::Computed { shown: Shown::Money, .. },
                Value::Number(number),
            ) => {
                format!("{}\u{a0}đ", written_number(number.as_f64()?))
            }
            (Kind::Number(bounds) | Kind::Integer { bounds, .. }, Value::Number(number)) => {
                let unit = bounds.unit.as_ref().map(|unit| format!("\u{a0}{}", unit.in_language(self.tag)));
                format!("{}{}", written_number(number.as_f64()?), unit.unwrap_or_default())
            }
            (kind, value) => typed(kind, value).into_iter().next()?,
        })
    }

    /// As an address is written: from the house to the province.
    fn address(&self, map: &Map<String, Value>) -> String {
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        let parts = [
            text("detail").map(str::to_owned),
            text("commune").map(|id| self.unit(id)),
            text("province").map(|id| self.unit(id)),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    fn unit(&self, id: &str) -> String {
        self.context.units.find(id).map_or_else(|| id.to_owned(), |unit| unit.name)
    }

    fn title(&self, options: &Options, code: &str) -> String {
        options.title(code).map_or(code, |title| title.in_language(self.tag)).to_owned()
    }
}
