//! Kinds of case, as packs write them.

mod action;
mod merge;
mod number;
mod part;
mod rating;
mod role;
mod state;
mod timer;
mod timing;

use dinh_calendar::Named;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use action::{Action, Ask, AskKind, Clocking, Consultation, Does, Start};
pub use merge::{Merge, MergeFault};
pub use number::{Number, NumberFault, Numbered};
pub use part::{Fee, Part, Result, Signer};
pub use rating::RatingTerms;
pub use role::{Role, Tie};
pub use state::State;
pub use timer::{Escalation, Timer, When};
pub use timing::{Timing, Variant};

/// A version of a kind of case. Lists are small (tens of members) and keep the order in which people should read them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Which kind: `birth-registration`. The same in all its versions.
    pub code: String,
    /// Which version of it, from 1.
    pub version: u32,
    /// Whether cases may be opened under it.
    pub status: Status,
    /// The first day on which cases are opened under it.
    pub valid_from: Date,
    /// The last such day; none while nothing follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<Date>,
    /// Type of the entities that are cases of it: `Dossier`.
    pub entity_type: String,
    /// What people call it.
    pub title: Named,
    /// What it is for, in plain words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Named>,
    /// Code of the national procedure that it settles, if it settles one: `1.001193`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub procedure: Option<String>,
    /// What changed against the version before, for those who compare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Named>,
    /// On which law it stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<Basis>,
    /// Form that opens it, by name within the pack; none if it asks for nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// How its cases are numbered.
    pub number: Number,
    /// How long it may take.
    pub timing: Timing,
    /// Whether its cases are about other cases, as a complaint is about a dossier: each is opened for one of them by its
    /// applicant, and counted apart.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub about_case: bool,
    /// When applicants may say what they think of how it was settled; none if they are not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<RatingTerms>,
    /// Variants of it (trường hợp) with their own times and parts.
    #[serde(default, rename = "variant", skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<Variant>,
    /// Who takes part.
    #[serde(rename = "role")]
    pub roles: Vec<Role>,
    /// What a dossier consists of (thành phần hồ sơ).
    #[serde(default, rename = "part", skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
    /// What comes of it.
    #[serde(default, rename = "result", skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<Result>,
    /// What it costs.
    #[serde(default, rename = "fee", skip_serializing_if = "Vec::is_empty")]
    pub fees: Vec<Fee>,
    /// Where a case may stand. The first is where it begins.
    #[serde(rename = "state")]
    pub states: Vec<State>,
    /// What may be done with it.
    #[serde(rename = "action")]
    pub actions: Vec<Action>,
    /// Opinions that may be asked of others while it goes on.
    #[serde(default, rename = "consultation", skip_serializing_if = "Vec::is_empty")]
    pub consultations: Vec<Consultation>,
    /// What happens by itself.
    #[serde(default, rename = "timer", skip_serializing_if = "Vec::is_empty")]
    pub timers: Vec<Timer>,
    /// Who is told when time runs out.
    #[serde(default, rename = "escalation", skip_serializing_if = "Vec::is_empty")]
    pub escalations: Vec<Escalation>,
    /// Rates and reductions by dates, which packs bring beside the kinds.
    #[serde(skip)]
    pub tariff: crate::Tariff,
}

/// Whether a version is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It can be looked at, tried and compared; no case is opened under it.
    Draft,
    /// Cases are opened under it within its dates.
    Published,
}

/// A legal document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// Its number: `60/2014/QH13`.
    pub number: String,
    /// What it is called.
    pub title: Named,
}

impl Kind {
    /// A state by its code.
    pub fn state(&self, code: &str) -> Option<&State> {
        self.states.iter().find(|state| state.code == code)
    }

    /// Where cases begin. [`Kind::faults`] refuses a kind without states.
    pub fn first(&self) -> Option<&State> {
        self.states.first()
    }

    /// An action by its code.
    pub fn action(&self, code: &str) -> Option<&Action> {
        self.actions.iter().find(|action| action.code == code)
    }

    /// A role by its code.
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.code == code)
    }

    /// A part by its code.
    pub fn part(&self, code: &str) -> Option<&Part> {
        self.parts.iter().find(|part| part.code == code)
    }

    /// A consultation by its code.
    pub fn consultation(&self, code: &str) -> Option<&Consultation> {
        self.consultations.iter().find(|one| one.code == code)
    }

    /// A variant by its code.
    pub fn variant(&self, code: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.code == code)
    }

    /// The actions that lead out of a state or stay in it, whoever may take them.
    pub fn actions_from<'k>(&'k self, state: &'k str) -> impl Iterator<Item = &'k Action> {
        self.actions.iter().filter(move |action| action.starts_in(state))
    }

    /// True if cases are opened under it on a day.
    pub fn is_open_on(&self, day: Date) -> bool {
        self.status == Status::Published
            && self.valid_from <= day
            && self.valid_to.is_none_or(|last| day <= last)
    }
}
