//! From rules to filters: everything that does not depend on the entity is decided once, here.

use std::collections::BTreeSet;
use std::sync::Arc;

use dinh_model::Tenant;

use crate::condition::{Flag, OfContext, OfPrincipal, Texts};
use crate::filter::Filter;
use crate::rule::{Effect, Rule, RuleBook, Whom};
use crate::{Account, Action, Condition, Purpose};

/// Who asks, where, why, and under which circumstances.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) account: &'a Account,
    pub(crate) tenant: &'a Tenant,
    pub(crate) purpose: Purpose,
    /// The configuration lets nobody in particular write, from where the request comes.
    pub(crate) open_writes: bool,
}

impl Asker<'_> {
    /// What the book lets the asker do: what a rule permits and none forbids. Whoever is bound to types may do nothing
    /// that is not about entities of these types.
    pub(crate) fn may(&self, book: &RuleBook, action: Action) -> Filter {
        let (mut permitted, mut forbidden) = (Vec::new(), Vec::new());
        for rule in book.speaking_to(&self.account.roles).filter(|rule| rule.actions.contains(&action)) {
            let filter = self.narrow(&rule.when);
            match rule.effect {
                Effect::Permit => permitted.push(filter),
                Effect::Forbid => forbidden.push(filter),
            }
        }
        let types = &self.account.types;
        let bound = if types.is_empty() { Filter::Const(true) } else { Filter::Type(types.clone()) };
        Filter::all([Filter::any(permitted), Filter::any(forbidden).negated(), bound])
    }

    /// What is left of one rule, if it speaks to the asker at all.
    pub(crate) fn rule(&self, rule: &Rule) -> Filter {
        let speaks = match &rule.whom {
            Whom::Everybody => true,
            Whom::Roles(roles) => !roles.is_disjoint(&self.account.roles),
        };
        if speaks { self.narrow(&rule.when) } else { Filter::Const(false) }
    }

    fn narrow(&self, condition: &Condition) -> Filter {
        match condition {
            Condition::Const(holds) => Filter::Const(*holds),
            Condition::Not(inner) => self.narrow(inner).negated(),
            Condition::All(parts) => Filter::all(parts.iter().map(|part| self.narrow(part))),
            Condition::Any(parts) => Filter::any(parts.iter().map(|part| self.narrow(part))),
            Condition::Meet(a, b) => Filter::Const(!self.texts(a).is_disjoint(&self.texts(b))),
            Condition::Assurance(least) => Filter::Const(self.account.assurance >= *least),
            Condition::Flag(Flag::SteppedUp) => Filter::Const(self.account.stepped_up),
            Condition::Flag(Flag::OpenWrites) => Filter::Const(self.open_writes),
            Condition::Type(types) => Filter::Type(types.clone()),
            Condition::Sector(sectors) => Filter::Sector(sectors.clone()),
            Condition::Privacy(marks) => Filter::Privacy(marks.clone()),
            Condition::Related(relation, texts) => {
                let these = self.texts(texts);
                if these.is_empty() {
                    Filter::Const(false)
                } else {
                    Filter::Related(*relation, Arc::new(these))
                }
            }
        }
    }

    fn texts(&self, texts: &Texts) -> BTreeSet<Arc<str>> {
        match texts {
            Texts::These(these) => these.clone(),
            // Nobody in particular has no identifier, and is nobody's assignee.
            Texts::Principal(OfPrincipal::Id) => {
                Some(&self.account.id).filter(|id| !id.is_empty()).cloned().into_iter().collect()
            }
            Texts::Principal(OfPrincipal::Kind) => BTreeSet::from([self.account.kind.name().into()]),
            Texts::Principal(OfPrincipal::Roles) => self.account.roles.clone(),
            Texts::Principal(OfPrincipal::Units) => self.account.units.clone(),
            Texts::Principal(OfPrincipal::Subjects) => self.account.subjects.clone(),
            Texts::Context(OfContext::Purpose) => BTreeSet::from([self.purpose.name().into()]),
            Texts::Context(OfContext::Tenant) => BTreeSet::from([self.tenant.base_name().into()]),
        }
    }
}
