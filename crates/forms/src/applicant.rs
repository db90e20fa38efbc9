//! Who applies, as the form asks it already: nobody is asked twice.

use serde_json::Value;

use crate::answers::{Answers, at};
use crate::check::Context;
use crate::field::{Field, Kind, Need, What};
use crate::form::Form;
use crate::path::Path;
use crate::write::typed;

/// Paths of the fields that say who applies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicantFields {
    /// Their name.
    pub name: String,
    /// Personal identification number, or number of the organisation.
    pub number: Option<String>,
    /// Telephone number.
    pub telephone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where they live or have their seat.
    pub address: Option<String>,
    /// Whether the form is one for organisations.
    pub organisation: bool,
}

/// Who applies, by the answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicantTold {
    /// Their name.
    pub name: Option<String>,
    /// Personal identification number, or number of the organisation.
    pub number: Option<String>,
    /// Telephone number.
    pub telephone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Where they live or have their seat, in words.
    pub address: Option<String>,
}

impl Form {
    /// Who applies, as the answers say it; none for a form that does not ask it.
    pub fn applicant_told(&self, answers: &Answers, context: &Context<'_>) -> Option<ApplicantTold> {
        let fields = self.applicant.as_ref()?;
        let told = |path: Option<&String>| {
            let path = Path::parse(path?)?;
            words(&self.find(&path)?.kind, at(answers, &path)?, context)
        };
        Some(ApplicantTold {
            name: told(Some(&fields.name)),
            number: told(fields.number.as_ref()),
            telephone: told(fields.telephone.as_ref()),
            email: told(fields.email.as_ref()),
            address: told(fields.address.as_ref()),
        })
    }
}

fn words(kind: &Kind, value: &Value, context: &Context<'_>) -> Option<String> {
    let text = match (kind, value) {
        (Kind::Group { what: What::Address, .. }, Value::Object(map)) => {
            let part = |name: &str| map.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
            let unit = |id: &str| context.units.find(id).map_or_else(|| id.to_owned(), |unit| unit.name);
            let parts =
                [part("detail").map(str::to_owned), part("commune").map(unit), part("province").map(unit)];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        (kind, value) => typed(kind, value).into_iter().next()?,
    };
    Some(text).filter(|text| !text.trim().is_empty())
}

impl ApplicantFields {
    /// Those of a field that asks for a person.
    pub(crate) fn of_person(field: &Field) -> Self {
        let part = |name: &str| {
            let has = field.kind.fields().iter().any(|part| part.name == name);
            has.then(|| format!("{}.{name}", field.name))
        };
        Self {
            name: format!("{}.name", field.name),
            number: part("personalId"),
            telephone: part("telephone"),
            email: part("email"),
            address: part("address"),
            organisation: false,
        }
    }

    /// The rule that they break in a form, if they break one: each is there, and the name is always asked and needed.
    pub(crate) fn fault(&self, form: &Form) -> Option<&'static str> {
        let all = [Some(&self.name), self.number.as_ref(), self.telephone.as_ref(), self.email.as_ref()];
        let mut all = all.into_iter().chain([self.address.as_ref()]).flatten();
        if !all.all(|path| Path::parse(path).is_some_and(|path| form.find(&path).is_some())) {
            return Some("names a field that there is not");
        }
        let always = self.name.split('.').scan(String::new(), |before, step| {
            if !before.is_empty() {
                before.push('.');
            }
            before.push_str(step);
            Some(Path::parse(before).and_then(|path| form.find(&path)).is_some_and(is_always_asked))
        });
        if always.into_iter().all(|always| always) {
            return None;
        }
        Some("the name of who applies is asked always, and needed")
    }
}

fn is_always_asked(field: &Field) -> bool {
    field.visible_if.is_none() && matches!(field.need, Need::Always)
}
