//! Why somebody may or may not do something: what each rule says.

use std::sync::Arc;

use dinh_model::{Entity, Term};

use crate::catalogue::Catalogue;
use crate::filter::Kind;
use crate::narrow::Asker;
use crate::rule::{Effect, RuleBook};
use crate::{Action, Privacy};

/// What a rule says of one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which rule.
    pub rule: Arc<str>,
    /// Whether it opens or shuts.
    pub effect: Effect,
    /// True if all that it asks for holds.
    pub holds: bool,
}

/// A decision about an entity, or about one of its attributes, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Which attribute; none for the entity itself.
    pub attribute: Option<Term>,
    /// How it is marked.
    pub privacy: Privacy,
    /// Whether it is allowed.
    pub allowed: bool,
    /// What each rule for this action says, in their order.
    pub said: Vec<Said>,
}

/// Why somebody may or may not do something to an entity: first the entity itself, then each of its attributes.
pub type Explanation = Vec<Verdict>;

pub(crate) fn explain(
    asker: &Asker<'_>,
    book: &RuleBook,
    catalogue: &Catalogue,
    action: Action,
    entity: &Entity,
) -> Explanation {
    let ties = catalogue.ties(entity);
    let types = &asker.account.types;
    let bound_to_others = !types.is_empty() && !entity.types.iter().all(|own| types.contains(own));
    let verdict = |attribute: Option<&Term>| {
        let mut said = Vec::new();
        let of_types = || entity.types.iter().map(|entity_type| catalogue.marks(entity_type).privacy).max();
        let mark = match attribute {
            Some(attribute) => catalogue.strictest(&entity.types, attribute).0,
            None => of_types().unwrap_or_else(|| catalogue.unknown().privacy),
        };
        for rule in book.rules().iter().filter(|rule| rule.actions.contains(&action)) {
            let filter = asker.rule(rule);
            let holds = entity.types.iter().all(|entity_type| {
                let marks = catalogue.marks(entity_type);
                let privacy = if attribute.is_some() { mark } else { marks.privacy };
                filter.for_kind(Kind::of(entity_type, marks, privacy)).passes(&ties)
            });
            said.push(Said { rule: Arc::clone(&rule.id), effect: rule.effect, holds });
        }
        let some = |effect: Effect| said.iter().any(|said| said.effect == effect && said.holds);
        let allowed = !bound_to_others && some(Effect::Permit) && !some(Effect::Forbid);
        Verdict { attribute: attribute.cloned(), privacy: mark, allowed, said }
    };
    std::iter::once(None).chain(entity.attributes.keys().map(Some)).map(verdict).collect()
}
