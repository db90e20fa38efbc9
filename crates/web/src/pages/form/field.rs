//! Drawing one field, and what is in it.

use dinh_forms::{Answers, Field, Kind, Need, Path, Settled, Shown, Source, Text, is_blank, typed};
use serde_json::{Map, Value};

use super::sheet::{Sheet, id_of};
use super::shown::{FaultView, FieldView, RowView};
use crate::words::args;

/// A sheet that is being drawn.
pub(super) struct Drawing<'a> {
    pub(super) sheet: &'a Sheet<'a>,
    pub(super) settled: &'a Settled,
}

impl Drawing<'_> {
    /// A field below `at`; `around` are the answers beside it.
    pub(super) fn field(&self, field: &Field, at: &Path, around: &Answers) -> FieldView {
        let sheet = self.sheet;
        let path = at.join(&field.name);
        let name = path.to_string();
        let faults = self.faults(&name);
        let mut view = FieldView {
            id: id_of(&name),
            kind: field.kind.word(),
            control: "line",
            label: sheet.say(&field.title),
            hint: field.hint.as_ref().map(|text| sheet.say(text)),
            help: field.help.as_ref().map(|text| sheet.say(text)),
            optional: !self.is_needed(field),
            sometimes: matches!(field.need, Need::If(_)),
            hidden: self.settled.hidden.contains(&name),
            mark: self.mark(&name),
            value: self.typed(field, &name, around.get(&field.name)),
            width: "long",
            faults,
            name,
            ..FieldView::default()
        };
        view.described = described(&view);
        match &field.kind {
            Kind::Group { fields, .. } => {
                let empty = Map::new();
                let inner = around.get(&field.name).and_then(Value::as_object).unwrap_or(&empty);
                view.control = "group";
                view.fields = fields.iter().map(|one| self.field(one, &path, inner)).collect();
            }
            Kind::Table { fields, count, row: title } => {
                let rows =
                    around.get(&field.name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
                view.control = "table";
                view.row_word = within_sentence(&sheet.say(title));
                view.can_add = rows.len() < count.max;
                view.rows = rows
                    .iter()
                    .enumerate()
                    .map(|(index, row)| self.row(fields, row, &path.row(index), (index, title)))
                    .collect();
            }
            _ => self.control(field, around, &mut view),
        }
        view
    }

    fn row(&self, fields: &[Field], row: &Value, at: &Path, (index, title): (usize, &Text)) -> RowView {
        let empty = Map::new();
        let answers = row.as_object().unwrap_or(&empty);
        RowView {
            id: id_of(&at.to_string()),
            title: format!("{} {}", self.sheet.say(title), index + 1),
            word: format!("{} {}", within_sentence(&self.sheet.say(title)), index + 1),
            path: at.to_string(),
            fields: fields.iter().map(|field| self.field(field, at, answers)).collect(),
        }
    }

    /// Whether it is said to be needed; what is needed sometimes is worked out for now.
    fn is_needed(&self, field: &Field) -> bool {
        match (&field.need, &field.kind) {
            (_, Kind::Computed { .. }) | (Need::Always, _) => true,
            (Need::Optional, Kind::Table { count, .. }) => count.min > 0,
            (Need::Optional, _) => false,
            (Need::If(rule), _) => {
                let scope = dinh_forms::expr::Scope {
                    answers: &self.settled.answers,
                    row: None,
                    today: self.sheet.context.today,
                };
                scope.holds(&rule.expr)
            }
        }
    }

    fn faults(&self, name: &str) -> Vec<FaultView> {
        let own = self.sheet.faults.iter().filter(|fault| fault.path == name);
        let view = |fault: &dinh_forms::Fault| FaultView {
            href: String::new(),
            label: String::new(),
            text: self.sheet.say(&fault.message),
            soft: fault.soft,
        };
        own.map(view).collect()
    }

    fn mark(&self, name: &str) -> Option<String> {
        let lang = self.sheet.lang;
        Some(match self.sheet.marks.get(name)? {
            Source::Account => lang.say("form-mark-account"),
            Source::Graph(_) => lang.say("form-mark-graph"),
            Source::Dossier(number) => {
                lang.say_with("form-mark-dossier", &args([("number", number.clone())]))
            }
        })
    }

    fn typed(&self, field: &Field, name: &str, value: Option<&Value>) -> String {
        if let Some(text) = self.sheet.filled.unread.get(name) {
            return text.clone();
        }
        let Some(value) = value.filter(|value| !is_blank(value)) else { return String::new() };
        let text = typed(&field.kind, value).into_iter().next().unwrap_or_default();
        match &field.kind {
            Kind::Computed { shown: Shown::Money, .. } => format!("{text}\u{a0}đ"),
            _ => text,
        }
    }
}

/// The identifiers of what explains a field.
fn described(view: &FieldView) -> String {
    let mut ids = Vec::new();
    for (there, suffix) in
        [(view.hint.is_some(), "hint"), (view.mark.is_some(), "mark"), (!view.faults.is_empty(), "fault")]
    {
        if there {
            ids.push(format!("{}-{suffix}", view.id));
        }
    }
    ids.join(" ")
}

/// `Khoản` as `khoản`.
fn within_sentence(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
