//! What the templates of forms get.

use serde::Serialize;

/// A form with its answers.
#[derive(Serialize)]
pub(in crate::pages) struct FormView {
    pub(super) title: String,
    pub(super) lead: Option<String>,
    pub(super) source: String,
    /// What is wrong, each with the place to go to; warnings last.
    pub(super) faults: Vec<FaultView>,
    /// Whether something is worse than a warning.
    pub(super) refused: bool,
    pub(super) steps: Vec<StepView>,
    /// Conditions and calculations for the browser, as JSON.
    pub(super) logic: String,
    /// The day of checking, for the same.
    pub(super) today: String,
    /// Whether files can be sent with it.
    pub(super) has_files: bool,
}

#[derive(Serialize)]
pub(super) struct StepView {
    pub(super) id: String,
    pub(super) number: usize,
    pub(super) title: String,
    pub(super) sections: Vec<SectionView>,
}

#[derive(Serialize)]
pub(super) struct SectionView {
    pub(super) title: Option<String>,
    pub(super) note: Option<String>,
    /// Nothing in it is asked.
    pub(super) hidden: bool,
    pub(super) fields: Vec<FieldView>,
}

/// Something that is wrong, as the list at the top tells it.
#[derive(Serialize)]
pub(super) struct FaultView {
    pub(super) href: String,
    pub(super) label: String,
    pub(super) text: String,
    pub(super) soft: bool,
}

/// A field, a group or a table.
#[derive(Default, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a template asks plain questions; no two of these exclude each other"
)]
pub(super) struct FieldView {
    pub(super) id: String,
    /// As it is posted.
    pub(super) name: String,
    pub(super) kind: &'static str,
    /// How it is drawn: `line`, `area`, `radio`, `boxes`, `select`, `tick`, `file`, `output`, `group`, `table`.
    pub(super) control: &'static str,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    pub(super) help: Option<String>,
    /// It may be left out.
    pub(super) optional: bool,
    /// Whether it may is for the browser to work out too.
    pub(super) sometimes: bool,
    pub(super) hidden: bool,
    pub(super) faults: Vec<FaultView>,
    /// Identifiers of hint, mark and faults.
    pub(super) described: String,
    /// From where it was filled in.
    pub(super) mark: Option<String>,
    pub(super) value: String,
    pub(super) width: &'static str,
    pub(super) input_mode: &'static str,
    pub(super) max_length: Option<usize>,
    pub(super) unit: Option<String>,
    pub(super) suggest: Vec<String>,
    pub(super) choices: Vec<ChoiceGroup>,
    /// Choosing another makes the page ask for another list.
    pub(super) refreshes: bool,
    pub(super) accept: String,
    pub(super) multiple: bool,
    pub(super) camera: bool,
    /// Files that are there already.
    pub(super) files: Vec<ChoiceView>,
    pub(super) fields: Vec<FieldView>,
    pub(super) rows: Vec<RowView>,
    /// A further row may be added.
    pub(super) can_add: bool,
    /// What one row is called, within a sentence.
    pub(super) row_word: String,
}

/// What is offered under one heading.
#[derive(Serialize)]
pub(super) struct ChoiceGroup {
    pub(super) title: Option<String>,
    pub(super) all: Vec<ChoiceView>,
}

#[derive(Serialize)]
pub(super) struct ChoiceView {
    pub(super) id: String,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) chosen: bool,
}

#[derive(Serialize)]
pub(super) struct RowView {
    pub(super) id: String,
    pub(super) title: String,
    /// The same within a sentence.
    pub(super) word: String,
    /// As the button that takes it out posts it.
    pub(super) path: String,
    pub(super) fields: Vec<FieldView>,
}
