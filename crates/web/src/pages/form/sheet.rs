//! Drawing a form with its answers.

use dinh_forms::{Answers, Context, Fault, Filled, Form, Logic, Marks};
use serde_json::{Map, Value, json};

use super::field::Drawing;
use super::shown::{FaultView, FieldView, FormView, SectionView, StepView};
use crate::words::Lang;

/// Most characters of a label in the list of what is wrong.
const MOST_LABEL: usize = 70;

/// A form to be drawn.
pub(in crate::pages) struct Sheet<'a> {
    pub(in crate::pages) form: &'a Form,
    /// What was answered, with what cannot be read.
    pub(in crate::pages) filled: &'a Filled,
    /// What is wrong; nothing before somebody has asked for a check.
    pub(in crate::pages) faults: &'a [Fault],
    /// What was filled in by the house.
    pub(in crate::pages) marks: &'a Marks,
    pub(in crate::pages) context: &'a Context<'a>,
    /// The administrative unit whose places are offered first.
    pub(in crate::pages) home: Option<&'a str>,
    pub(in crate::pages) lang: Lang,
}

/// What is wrong with what was posted: what cannot be read, and what breaks a rule.
pub(in crate::pages) fn faults(form: &Form, filled: &Filled, context: &Context<'_>) -> Vec<Fault> {
    let broken = form.check(&Value::Object(filled.answers.clone()), context);
    let settled = form.settle(&filled.answers, context.today);
    let unread = filled.faults.iter().filter(|fault| settled.is_asked(&fault.path));
    // What was typed and cannot be read is not missing.
    let others = broken.iter().filter(|fault| !filled.unread.contains_key(&fault.path));
    unread.chain(others).cloned().collect()
}

/// The identifier of a field in the page.
pub(super) fn id_of(path: &str) -> String {
    let plain: String = path.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("f-{}", plain.replace("--", "-").trim_end_matches('-'))
}

impl Sheet<'_> {
    /// What the template `form_body.html` gets as `form`.
    pub(in crate::pages) fn draw(&self) -> FormView {
        let settled = self.form.settle(&self.filled.answers, self.context.today);
        let answers = self.with_empty_rows(&settled.answers);
        let drawing = Drawing { sheet: self, settled: &settled };
        let steps = self.form.steps.iter().zip(1_usize..);
        let steps: Vec<StepView> = steps
            .map(|(step, number)| StepView {
                id: format!("step-{}", step.id),
                number,
                title: self.say(&step.title),
                sections: step.groups.iter().map(|group| self.section(&drawing, group, &answers)).collect(),
            })
            .collect();
        FormView {
            title: self.say(&self.form.title),
            lead: self.form.lead.as_ref().map(|text| self.say(text)),
            source: self.say(&self.form.source),
            faults: self.fault_list(&steps),
            refused: self.faults.iter().any(|fault| !fault.soft),
            steps,
            logic: self.logic(),
            today: self.context.today.to_string(),
            has_files: self
                .form
                .walk()
                .values()
                .any(|field| matches!(field.kind, dinh_forms::Kind::Files(_))),
        }
    }

    pub(super) fn say(&self, text: &dinh_forms::Text) -> String {
        text.in_language(self.lang.tag()).to_owned()
    }

    fn section(&self, drawing: &Drawing<'_>, group: &dinh_forms::Section, answers: &Answers) -> SectionView {
        let fields = group.fields.iter().filter_map(|name| self.form.field(name));
        let fields: Vec<_> =
            fields.map(|field| drawing.field(field, &dinh_forms::Path::default(), answers)).collect();
        SectionView {
            title: group.title.as_ref().map(|text| self.say(text)),
            note: group.note.as_ref().map(|text| self.say(text)),
            hidden: !fields.is_empty() && fields.iter().all(|field| field.hidden),
            fields,
        }
    }

    /// Tables that must have rows begin with them. What is hidden shows what was there when it is asked again.
    fn with_empty_rows(&self, settled: &Answers) -> Answers {
        let mut answers: Map<String, Value> = self.filled.answers.clone();
        for (name, value) in settled {
            answers.insert(name.clone(), value.clone());
        }
        for field in &self.form.fields {
            let dinh_forms::Kind::Table { count, .. } = &field.kind else { continue };
            let rows = answers.entry(&field.name).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(rows) = rows {
                while rows.len() < count.min {
                    rows.push(json!({}));
                }
            }
        }
        answers
    }

    /// What is wrong, in the order of the page, warnings last.
    fn fault_list(&self, steps: &[StepView]) -> Vec<FaultView> {
        let whole = self.faults.iter().filter(|fault| fault.path.is_empty());
        let mut all: Vec<FaultView> = whole
            .map(|fault| FaultView {
                href: "#main".to_owned(),
                label: String::new(),
                text: self.say(&fault.message),
                soft: fault.soft,
            })
            .collect();
        let fields = steps.iter().flat_map(|step| &step.sections).flat_map(|section| &section.fields);
        for field in fields {
            gather(field, "", &mut all);
        }
        all.sort_by_key(|fault| fault.soft);
        all
    }

    fn logic(&self) -> String {
        let one = |logic: &Logic<'_>| json!({"path": logic.path, "visible": logic.visible, "required": logic.required, "computed": logic.computed});
        Value::from(self.form.logic().iter().map(one).collect::<Vec<_>>()).to_string()
    }
}

/// The faults of a field and of all in it, each with what it stands in.
fn gather(field: &FieldView, within: &str, all: &mut Vec<FaultView>) {
    if field.hidden {
        return;
    }
    // Statements to agree with are whole paragraphs.
    let label: String = match field.label.char_indices().nth(MOST_LABEL) {
        Some((end, _)) => format!("{}…", field.label.get(..end).unwrap_or_default().trim_end()),
        None => field.label.clone(),
    };
    let label = if within.is_empty() { label } else { format!("{within}, {label}") };
    all.extend(field.faults.iter().map(|fault| FaultView {
        href: format!("#{}", field.id),
        label: label.clone(),
        text: fault.text.clone(),
        soft: fault.soft,
    }));
    for inner in &field.fields {
        gather(inner, &label, all);
    }
    for row in &field.rows {
        for inner in &row.fields {
            gather(inner, &row.title, all);
        }
    }
}
