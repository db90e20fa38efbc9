//! Rules, ready to be shown.

use dinh_access::plain::{Clause, summary};
use dinh_access::{Effect, Rule};
use serde::Serialize;

use crate::pages::admin::titles::{Packed, tongue};
use crate::pages::visitor::Visitor;

/// A rule, as a page shows it.
#[derive(Clone, Debug, Serialize)]
pub(in crate::pages::admin) struct RuleView {
    pub(in crate::pages::admin) id: String,
    /// What the pack calls it.
    title: String,
    /// What it says, told from what it asks for.
    head: String,
    needs: Option<Needs>,
    permits: bool,
    pack: String,
    /// As the pack writes it.
    text: String,
}

/// What must hold, as nested lists.
#[derive(Clone, Debug, Serialize)]
struct Needs {
    /// `one`, `all` or `any`.
    kind: &'static str,
    text: String,
    parts: Vec<Self>,
}

/// A rule, ready to be shown.
pub(in crate::pages::admin) fn rule_view(visitor: &Visitor, rule: &Rule) -> RuleView {
    let lang = visitor.lang();
    let told = summary(rule, tongue(lang), &Packed(&visitor.app));
    let pack = visitor.app.context.packs().pack(&rule.pack);
    RuleView {
        id: rule.id.to_string(),
        title: rule.titles.get(lang.tag()).cloned().unwrap_or_default(),
        head: told.head,
        needs: told.needs.as_ref().map(needs),
        permits: rule.effect == Effect::Permit,
        pack: pack.map_or_else(|| rule.pack.to_string(), |pack| visitor.title(&pack.title).to_owned()),
        text: rule.text.to_string(),
    }
}

fn needs(clause: &Clause) -> Needs {
    match clause {
        Clause::One(text) => Needs { kind: "one", text: text.clone(), parts: Vec::new() },
        Clause::All(parts) => {
            Needs { kind: "all", text: String::new(), parts: parts.iter().map(needs).collect() }
        }
        Clause::Any(parts) => {
            Needs { kind: "any", text: String::new(), parts: parts.iter().map(needs).collect() }
        }
    }
}
