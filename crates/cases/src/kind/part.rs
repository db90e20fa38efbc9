//! What a dossier consists of, what comes of it and what it costs.

use dinh_calendar::{Named, Period};
use serde::{Deserialize, Serialize};

use super::Number;
use crate::Expr;

/// A document of a dossier (thành phần hồ sơ).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// More words about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Named>,
    /// Whether it must be there; a condition decides where `required_if` stands.
    #[serde(default)]
    pub required: bool,
    /// It must be there if this is true of the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_if: Option<Expr>,
    /// How many originals are handed in.
    #[serde(default)]
    pub originals: u8,
    /// How many copies are handed in.
    #[serde(default)]
    pub copies: u8,
    /// Most files that it may consist of.
    #[serde(default = "one_file")]
    pub files: u8,
    /// Kinds of document of the applicant's locker that serve for it, so that nobody hands in again what is there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub served_by: Vec<String>,
    /// Variants in which it plays a part; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<String>,
}

const fn one_file() -> u8 {
    5
}

impl Part {
    /// True if it plays a part in a variant.
    pub fn is_of(&self, variant: Option<&str>) -> bool {
        self.variants.is_empty() || variant.is_some_and(|v| self.variants.iter().any(|own| own == v))
    }
}

/// What comes of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Result {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// The kind of document that it is in a locker: `birth-certificate`. What [`Part::served_by`] names.
    pub document: String,
    /// It comes of a case only if this is true; always if nothing stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<Expr>,
    /// How long it holds; none for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<Period>,
    /// The template of the pack with which it is set; none for what is drawn up elsewhere. What has one is numbered and issued
    /// as steps of their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// How it is numbered, within its unit and the year (Decree 30/2020/NĐ-CP, article 15): `{serial}/GPXD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Number>,
    /// The signatures that it must have before it is issued, in their order; none for what needs none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signatures: Vec<Signer>,
}

/// As what somebody signs a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signer {
    /// Whoever decides, as a person.
    Person,
    /// The agency, by the hand of its records clerk.
    Seal,
}

impl Signer {
    /// The name that packs, pages and programs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Seal => "seal",
        }
    }
}

/// What a case costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Its code within the kind.
    pub code: String,
    /// What it is called.
    pub title: Named,
    /// In đồng, for one.
    pub amount: u64,
    /// How many, as a whole number computed from the answers; one if nothing stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Expr>,
    /// It is not asked for if this is true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub free_if: Option<Expr>,
    /// What it is asked on.
    pub basis: String,
}
