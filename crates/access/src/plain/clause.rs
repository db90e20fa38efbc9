//! What a rule asks for, as a tree of sentences.

use super::Tongue;
use super::say::Say;
use crate::Condition;

/// Something that must hold, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// This.
    One(String),
    /// All of these; at least two.
    All(Vec<Self>),
    /// One of these, at least; two or more of them.
    Any(Vec<Self>),
}

/// A rule in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Who may, or may not, do what.
    pub head: String,
    /// What must hold for it; none if nothing must.
    pub needs: Option<Clause>,
    tongue: Tongue,
}

impl Summary {
    pub(super) const fn new(head: String, needs: Option<Clause>, tongue: Tongue) -> Self {
        Self { head, needs, tongue }
    }

    /// All of it in one line.
    pub fn text(&self) -> String {
        match &self.needs {
            Some(needs) => format!("{} {}.", self.head, needs.text(self.tongue)),
            None => format!("{}.", self.head),
        }
    }
}

impl Clause {
    /// In one line; groups within groups stand in brackets.
    pub fn text(&self, tongue: Tongue) -> String {
        let (parts, between) = match self {
            Self::One(text) => return text.clone(),
            Self::All(parts) => (parts, tongue.and()),
            Self::Any(parts) => (parts, tongue.or()),
        };
        let texts: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Self::One(text) => text.clone(),
                group => format!("({})", group.text(tongue)),
            })
            .collect();
        texts.join(between)
    }
}

/// A condition, or its contrary, in words; none for what always holds.
pub(super) fn of(condition: &Condition, holds: bool, say: &dyn Say) -> Option<Clause> {
    match condition {
        Condition::Const(always) if *always == holds => None,
        Condition::Assurance(0) if holds => None,
        Condition::Not(inner) => of(inner, !holds, say),
        // The contrary of "all of these" is "not one of them, at least", and the other way round.
        Condition::All(parts) => {
            if holds {
                all(parts, holds, say)
            } else {
                any(parts, holds, say)
            }
        }
        Condition::Any(parts) => {
            if holds {
                any(parts, holds, say)
            } else {
                all(parts, holds, say)
            }
        }
        leaf => Some(Clause::One(say.fact(leaf, holds))),
    }
}

fn all(parts: &[Condition], holds: bool, say: &dyn Say) -> Option<Clause> {
    let mut said: Vec<Clause> = Vec::new();
    for part in parts {
        match of(part, holds, say) {
            None => {}
            Some(Clause::All(inner)) => said.extend(inner),
            Some(other) => said.push(other),
        }
    }
    match said.len() {
        0 => None,
        1 => said.pop(),
        _ => Some(Clause::All(said)),
    }
}

fn any(parts: &[Condition], holds: bool, say: &dyn Say) -> Option<Clause> {
    let mut said: Vec<Clause> = Vec::new();
    for part in parts {
        match of(part, holds, say) {
            // One of them always holds, and so does the whole.
            None => return None,
            Some(Clause::Any(inner)) => said.extend(inner),
            Some(other) => said.push(other),
        }
    }
    match said.len() {
        0 => Some(Clause::One(say.fact(&Condition::Const(false), true))),
        1 => said.pop(),
        _ => Some(Clause::Any(said)),
    }
}
