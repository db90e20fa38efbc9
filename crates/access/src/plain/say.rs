//! The languages in which rules are told.

use dinh_model::Term;

use super::{en, vi};
use crate::{Condition, Rule};

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Tongue {
    pub(super) fn words<'n>(self, names: &'n dyn Names) -> Box<dyn Say + 'n> {
        match self {
            Self::Vi => Box::new(vi::Vietnamese(names)),
            Self::En => Box::new(en::English(names)),
        }
    }

    pub(super) const fn and(self) -> &'static str {
        match self {
            Self::Vi => "; và ",
            Self::En => "; and ",
        }
    }

    pub(super) const fn or(self) -> &'static str {
        match self {
            Self::Vi => "; hoặc ",
            Self::En => "; or ",
        }
    }
}

/// What people call what rules name by codes.
pub trait Names {
    /// A role.
    fn role(&self, code: &str, tongue: Tongue) -> String;
    /// A type of entities, several of them.
    fn entity_type(&self, term: &Term, tongue: Tongue) -> String;
    /// A pack.
    fn sector(&self, name: &str, tongue: Tongue) -> String;
    /// A tenant.
    fn tenant(&self, name: &str, tongue: Tongue) -> String;
}

/// Says rules in one language.
pub(super) trait Say {
    /// Who may, or may not, do what; with what leads on to what must hold, if something must.
    fn head(&self, rule: &Rule, needs: bool) -> String;
    /// One fact, or its contrary. Not for what has parts.
    fn fact(&self, condition: &Condition, holds: bool) -> String;
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn list(items: impl IntoIterator<Item = String>, last: &str) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((end, before)) => format!("{} {last} {end}", before.join(", ")),
    }
}
