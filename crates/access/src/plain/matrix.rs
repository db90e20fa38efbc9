//! What a role opens, before anybody in particular asks: an overview for people, not a decision.

use crate::{Action, Condition, Effect, OfPrincipal, Privacy, RuleBook, Texts, Whom};

/// Whether something holds for whoever has a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// For none of them.
    Never,
    /// It depends: on which entity, for what purpose, after which factor.
    Depends,
    /// For all of them, always.
    Always,
}

impl Holds {
    const fn contrary(self) -> Self {
        match self {
            Self::Never => Self::Always,
            Self::Depends => Self::Depends,
            Self::Always => Self::Never,
        }
    }

    const fn sure(holds: bool) -> Self {
        if holds { Self::Always } else { Self::Never }
    }
}

/// Whether somebody who has this role, and no other, may do `action` with data that is marked `privacy`. For what is not
/// about data the mark plays no part.
pub fn of_role(book: &RuleBook, role: &str, action: Action, privacy: Privacy) -> Holds {
    let (mut opened, mut shut) = (Holds::Never, Holds::Never);
    for rule in book.speaking_to(&[role.into()].into()).filter(|rule| rule.actions.contains(&action)) {
        let speaks = match &rule.whom {
            Whom::Everybody => true,
            Whom::Roles(roles) => roles.contains(role),
        };
        let holds = if speaks { holds(&rule.when, role, action, privacy) } else { Holds::Never };
        match rule.effect {
            Effect::Permit => opened = opened.max(holds),
            Effect::Forbid => shut = shut.max(holds),
        }
    }
    opened.min(shut.contrary())
}

fn holds(condition: &Condition, role: &str, action: Action, privacy: Privacy) -> Holds {
    let part = |part: &Condition| holds(part, role, action, privacy);
    match condition {
        Condition::Const(holds) => Holds::sure(*holds),
        Condition::Not(inner) => part(inner).contrary(),
        Condition::All(parts) => parts.iter().map(part).min().unwrap_or(Holds::Always),
        Condition::Any(parts) => parts.iter().map(part).max().unwrap_or(Holds::Never),
        Condition::Meet(Texts::These(roles), Texts::Principal(OfPrincipal::Roles)) => {
            Holds::sure(roles.contains(role))
        }
        Condition::Assurance(0) => Holds::Always,
        Condition::Privacy(marks) if action.is_about_data() => Holds::sure(marks.contains(&privacy)),
        // What is not about data has no type, no mark and no ties.
        Condition::Privacy(_) | Condition::Type(_) | Condition::Sector(_) | Condition::Related(..)
            if !action.is_about_data() =>
        {
            Holds::Never
        }
        _ => Holds::Depends,
    }
}
