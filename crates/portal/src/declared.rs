//! What somebody declared on a counterpart's form, told of our form: data of packs (`packs/<pack>/declared/*.toml`), one file for
//! each counterpart and kind. Nothing is guessed: what cannot be read is told with its rule, what no field takes is told too,
//! and all of it stays as it came.

mod values;

use std::collections::BTreeMap;

use dinh_forms::{Answers, Context, Form, Path, Text};
use dinh_model::admin::{Level, Register};
use serde::Deserialize;
use serde_json::Value as Json;

use values::DATA;

pub use values::values;

/// How what a counterpart's form says becomes answers of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Declared {
    /// The counterpart.
    pub counterpart: String,
    /// The kind, whose form it is.
    pub kind: String,
    /// Field by field, in the order in which they are filled in.
    #[serde(rename = "field")]
    pub fields: Vec<FieldFrom>,
}

/// What fills a field in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldFrom {
    /// The field of our form: `requester.name`.
    pub to: String,
    /// Members of the message, the first that says something: `DuLieu.hoTen`, `ChuHoSo`, `DinhDanhCHS.1`.
    pub from: Vec<String>,
    /// How it is written there, where that is not how people type it.
    #[serde(default, rename = "as")]
    pub written: Written,
    /// What its codes mean in our form. A list that is written is whole.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
}

/// How a value is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Written {
    /// As people type it.
    #[default]
    Text,
    /// A day or a moment as `yyyyMMdd` or `yyyyMMddHHmmss`.
    Moment,
    /// `1`, `true` or `0`, `false`.
    YesNo,
    /// The official code of a province or city.
    Province,
    /// The official code of a commune.
    Commune,
}

/// A value that came, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// What the counterpart calls it.
    pub name: String,
    /// What it says.
    pub value: String,
    /// The field of our form, by its path and its title; none if no field takes it.
    pub to: Option<(String, Text)>,
    /// Why it is not in the form; none for what is.
    pub fault: Option<Text>,
}

/// The answers that came of a message, and every value with what became of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filled {
    /// Our answers.
    pub answers: Answers,
    /// What came, in the order of the mapping; what no field takes last.
    pub came: Vec<Came>,
}

impl Declared {
    /// What is wrong with it: fields that the form does not have in any of its editions, and fields that are filled in twice.
    pub fn faults(&self, forms: &[&Form]) -> Vec<String> {
        let mut faults = Vec::new();
        for (place, field) in self.fields.iter().enumerate() {
            let known = |form: &&Form| Path::parse(&field.to).is_some_and(|path| form.find(&path).is_some());
            if !forms.iter().any(known) {
                faults.push(format!("{:?} is no field of the form of {}", field.to, self.kind));
            }
            if field.from.is_empty() {
                faults.push(format!("{}: from names what it is filled in from", field.to));
            }
            if self.fields.iter().skip(place + 1).any(|other| other.to == field.to) {
                faults.push(format!("{} is filled in twice", field.to));
            }
        }
        faults
    }

    /// The same with who applies, which every message says: into the fields by which the form asks for them, where the pack
    /// says nothing else.
    fn with_applicant(&self, form: &Form) -> Self {
        let mut whole = self.clone();
        let Some(applicant) = &form.applicant else { return whole };
        let detail = applicant.address.as_ref().map(|path| format!("{path}.detail"));
        let detail = detail.filter(|path| Path::parse(path).is_some_and(|path| form.find(&path).is_some()));
        for (to, from) in [
            (Some(&applicant.name), ["ChuHoSo", "DuLieu.hoTen"]),
            (applicant.number.as_ref(), ["DinhDanhCHS.1", "DuLieu.soDinhDanh"]),
            (applicant.telephone.as_ref(), ["SoDienThoai", "DuLieu.soDienThoai"]),
            (applicant.email.as_ref(), ["Email", "DuLieu.email"]),
            (detail.as_ref().or(applicant.address.as_ref()), ["DiaChi", "DuLieu.diaChi"]),
        ] {
            let Some(to) = to.filter(|to| !self.fields.iter().any(|field| field.to == **to)) else {
                continue;
            };
            let from = from.map(str::to_owned).to_vec();
            let field = FieldFrom { to: to.clone(), from, written: Written::Text, codes: BTreeMap::new() };
            whole.fields.push(field);
        }
        whole
    }

    /// Fills our form in from a message. What breaks a rule of the form is left out and told; what is merely missing is for
    /// whoever handles the dossier.
    pub fn fill(
        &self,
        form: &Form,
        message: &Json,
        register: Option<&Register>,
        context: &Context<'_>,
    ) -> Filled {
        let values = values(message);
        let mut filled = Filled::default();
        let mut taken: Vec<(String, String)> = Vec::new();
        let whole = self.with_applicant(form);
        for field in &whole.fields {
            let says = |name: &&String| values.get(*name).is_some_and(|value| !value.is_empty());
            let Some(name) = field.from.iter().find(says) else { continue };
            let value = values.get(name).map(String::as_str).unwrap_or_default();
            let title =
                Path::parse(&field.to).and_then(|path| form.find(&path)).map(|found| found.title.clone());
            let fault = match field.typed(value, register, context) {
                Some(typed) => tried(form, &mut taken, (&field.to, typed), context).err(),
                None => Some(unknown_code()),
            };
            let to = Some((field.to.clone(), title.unwrap_or_else(|| Text::new("", ""))));
            filled.came.push(Came { name: name.clone(), value: value.to_owned(), to, fault });
        }
        filled.answers = answers(form, &taken);
        filled.not_asked(form, context);
        filled.left_over(&whole, &values);
        filled
    }
}

impl FieldFrom {
    /// A value as people would type it; none for a code that means nothing here.
    fn typed(&self, value: &str, register: Option<&Register>, context: &Context<'_>) -> Option<String> {
        if !self.codes.is_empty() {
            return self.codes.get(value).cloned();
        }
        let unit = |level: Level| match register {
            Some(register) => register.at(level, value, context.today).map(|unit| unit.id.to_string()),
            // Where no units are listed places are written in words.
            None => Some(value.to_owned()),
        };
        match self.written {
            Written::Text => Some(value.to_owned()),
            Written::Moment => Some(day_of(value).unwrap_or_else(|| value.to_owned())),
            Written::YesNo => match value.to_lowercase().as_str() {
                "1" | "true" | "có" => Some("yes".to_owned()),
                "0" | "false" | "không" => Some("no".to_owned()),
                _ => None,
            },
            Written::Province => unit(Level::Province),
            Written::Commune => unit(Level::Commune),
        }
    }
}

impl Filled {
    /// What the form does not ask, the other answers being what they are, is taken out again and told.
    fn not_asked(&mut self, form: &Form, context: &Context<'_>) {
        let settled = form.settle(&self.answers, context.today);
        self.answers = dinh_forms::pruned(&settled.answers);
        for came in self.came.iter_mut().filter(|came| came.fault.is_none()) {
            if came.to.as_ref().is_some_and(|(path, _)| !settled.is_asked(path)) {
                came.fault = Some(Text::new(
                    "Tờ khai không hỏi nội dung này khi các câu trả lời khác như vậy.",
                    "The form does not ask this, the other answers being what they are.",
                ));
            }
        }
    }

    /// What no field takes is told: nothing is lost.
    fn left_over(&mut self, declared: &Declared, values: &BTreeMap<String, String>) {
        let named =
            |name: &str| declared.fields.iter().any(|field| field.from.iter().any(|from| from == name));
        let data = values.iter().filter(|(name, value)| {
            name.strip_prefix(DATA).is_some_and(|rest| rest.starts_with('.')) && !value.is_empty()
        });
        for (name, value) in data.filter(|(name, _)| !named(name)) {
            let fault = Some(Text::new(
                "Không có trường nào của tờ khai nhận nội dung này.",
                "No field of the form takes this.",
            ));
            self.came.push(Came { name: name.clone(), value: value.clone(), to: None, fault });
        }
    }
}

/// Takes a value if the form can read it and it breaks none of its rules.
fn tried(
    form: &Form,
    taken: &mut Vec<(String, String)>,
    (to, typed): (&str, String),
    context: &Context<'_>,
) -> Result<(), Text> {
    let mut with = taken.clone();
    with.push((to.to_owned(), typed));
    let pairs = with.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let read = form.read(pairs).map_err(|error| Text::new(error.to_string(), error.to_string()))?;
    let here = |path: &str| path == to || path.strip_prefix(to).is_some_and(|rest| rest.starts_with('.'));
    let checked = form.check(&Json::Object(read.answers), context);
    let fault = read.faults.iter().chain(checked.iter().filter(|fault| !fault.soft));
    if let Some(fault) = fault.into_iter().find(|fault| here(&fault.path)) {
        return Err(fault.message.clone());
    }
    *taken = with;
    Ok(())
}

fn answers(form: &Form, taken: &[(String, String)]) -> Answers {
    let pairs = taken.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    form.read(pairs).map(|read| read.answers).unwrap_or_default()
}

fn unknown_code() -> Text {
    Text::new(
        "Bảng mã của bên gửi không có mã này trong gói dữ liệu.",
        "The pack does not say what this code of the sender means.",
    )
}

/// `20261123` or `20261123073000` as `2026-11-23`.
fn day_of(text: &str) -> Option<String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || !matches!(text.len(), 8 | 14) {
        return None;
    }
    let (year, rest) = text.split_at_checked(4)?;
    Some(format!("{year}-{}-{}", rest.get(..2)?, rest.get(2..4)?))
}
