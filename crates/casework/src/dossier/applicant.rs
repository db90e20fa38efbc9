//! Who applies.

use dinh_model::EntityId;
use serde::{Deserialize, Serialize};

use super::number;
use crate::Error;

/// Who applies, and how they are reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// What kind of applicant.
    pub kind: ApplicantKind,
    /// Their name, 1 to 200 characters.
    pub name: String,
    /// The person or organisation of the graph that they are, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<EntityId>,
    /// Personal identification number, tax code of the enterprise or organisation, or electronic identifier of the
    /// authority: [`crate::NumberRule`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<String>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Where they live or have their seat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Who acts for them, if somebody does: their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The personal identification number of whoever acts for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_number: Option<String>,
}

/// What kind of applicant; the numbers are those of the national portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicantKind {
    /// A person (1).
    #[default]
    Person,
    /// An enterprise (2).
    Enterprise,
    /// An authority (3).
    Authority,
    /// Another organisation (4).
    Organisation,
}

impl Applicant {
    /// The same without blanks around its texts and without empty ones.
    ///
    /// # Errors
    /// [`Error::Text`] for a text that is too long or odd, or a name that is missing; [`Error::Number`] for a number that
    /// is none of its kind.
    pub(crate) fn checked(mut self) -> Result<Self, Error> {
        self.name = text("applicant.name", &self.name, 1, 200)?;
        for (field, value, most) in [
            ("applicant.number", &mut self.number, 20),
            ("applicant.telephone", &mut self.telephone, 20),
            ("applicant.email", &mut self.email, 254),
            ("applicant.address", &mut self.address, 300),
            ("applicant.by", &mut self.by, 200),
            ("applicant.by_number", &mut self.by_number, 20),
        ] {
            let there = value.take().filter(|value| !value.trim().is_empty());
            *value = there.map(|value| text(field, &value, 1, most)).transpose()?;
        }
        for (kind, number) in [(self.kind, &mut self.number), (ApplicantKind::Person, &mut self.by_number)] {
            if let Some(number) = number {
                *number = number::checked(kind, number).map_err(|rule| Error::Number { rule })?;
            }
        }
        Ok(self)
    }
}

fn text(field: &'static str, value: &str, least: usize, most: usize) -> Result<String, Error> {
    let value = value.trim();
    if value.chars().any(char::is_control) || !(least..=most).contains(&value.chars().count()) {
        return Err(Error::Text { field, least, most });
    }
    Ok(value.to_owned())
}
