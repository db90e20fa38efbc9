//! Rules in English.

use super::Tongue;
use super::say::{Names, Say, list};
use crate::{
    Action, Condition, Effect, Flag, OfContext, OfPrincipal, Privacy, Purpose, Relation, Rule, Texts, Whom,
};

pub(super) struct English<'n>(pub(super) &'n dyn Names);

impl Say for English<'_> {
    fn head(&self, rule: &Rule, needs: bool) -> String {
        let acts = list(rule.actions.iter().map(|action| act(*action).to_owned()), "and");
        let roles = |roles: &std::collections::BTreeSet<_>| self.roles(roles);
        let head = match (&rule.whom, rule.effect) {
            (Whom::Everybody, Effect::Permit) => format!("Everybody may {acts}"),
            (Whom::Everybody, Effect::Forbid) => format!("Nobody may {acts}, whatever other rules allow"),
            (Whom::Roles(named), Effect::Permit) => format!("{} may {acts}", roles(named)),
            (Whom::Roles(named), Effect::Forbid) => {
                format!("{} may not {acts}, whatever other rules allow", roles(named))
            }
        };
        if needs { format!("{head}, if") } else { head }
    }

    fn fact(&self, condition: &Condition, holds: bool) -> String {
        let is = if holds { "is" } else { "is not" };
        match condition {
            Condition::Const(always) => if *always == holds { "at any time" } else { "never" }.to_owned(),
            Condition::Meet(Texts::These(these), Texts::Principal(OfPrincipal::Roles)) => {
                let has = if holds { "has" } else { "does not have" };
                format!(
                    "whoever asks {has} the role {}",
                    list(these.iter().map(|code| self.role(code)), "or")
                )
            }
            Condition::Meet(Texts::These(these), Texts::Principal(OfPrincipal::Kind)) => {
                format!("the account {is} that of {}", list(these.iter().map(|name| kind(name)), "or"))
            }
            Condition::Meet(Texts::These(these), Texts::Context(OfContext::Purpose)) => {
                format!("the purpose {is} {}", list(these.iter().map(|name| purpose(name)), "or"))
            }
            Condition::Meet(Texts::These(these), Texts::Context(OfContext::Tenant)) => {
                let places = these.iter().map(|name| self.0.tenant(name, Tongue::En));
                format!("it {is} done in {}", list(places, "or"))
            }
            Condition::Meet(a, b) => {
                let share = if holds { "have something" } else { "have nothing" };
                format!("{} and {} {share} in common", texts_of(a), texts_of(b))
            }
            Condition::Assurance(level) => assurance(*level, holds),
            Condition::Flag(flag) => flag_of(*flag, holds).to_owned(),
            Condition::Type(types) => {
                let titles = types.iter().map(|term| self.0.entity_type(term, Tongue::En));
                format!("the data {is} of the type {}", list(titles, "or"))
            }
            Condition::Sector(sectors) => {
                let titles = sectors.iter().map(|name| self.0.sector(name, Tongue::En));
                format!("the data {is} of the sector {}", list(titles, "or"))
            }
            Condition::Privacy(marks) => {
                let marks = list(marks.iter().map(|mark| privacy(*mark).to_owned()), "or");
                format!("the data {is} marked {marks}")
            }
            Condition::Related(relation, texts) => related(*relation, texts, holds),
            Condition::Not(_) | Condition::All(_) | Condition::Any(_) => String::new(),
        }
    }
}

impl English<'_> {
    fn role(&self, code: &str) -> String {
        format!("“{}”", self.0.role(code, Tongue::En))
    }

    fn roles(&self, codes: &std::collections::BTreeSet<std::sync::Arc<str>>) -> String {
        format!("Those who have the role {}", list(codes.iter().map(|code| self.role(code)), "or"))
    }
}

fn texts_of(texts: &Texts) -> String {
    match texts {
        Texts::These(these) => list(these.iter().map(|text| format!("“{text}”")), "or"),
        Texts::Principal(OfPrincipal::Id) => "the account of whoever asks".to_owned(),
        Texts::Principal(OfPrincipal::Kind) => "the kind of their account".to_owned(),
        Texts::Principal(OfPrincipal::Roles) => "their roles".to_owned(),
        Texts::Principal(OfPrincipal::Units) => "the units that they act for".to_owned(),
        Texts::Principal(OfPrincipal::Subjects) => "those whom they speak for".to_owned(),
        Texts::Context(OfContext::Purpose) => "the purpose".to_owned(),
        Texts::Context(OfContext::Tenant) => "the tenant".to_owned(),
    }
}

fn related(relation: Relation, texts: &Texts, holds: bool) -> String {
    let is = if holds { "is" } else { "is not" };
    match (relation, texts) {
        (Relation::Owner, Texts::Principal(OfPrincipal::Subjects)) => {
            format!("the data {is} kept of whoever asks, or of somebody whom they represent")
        }
        (Relation::Unit, Texts::Principal(OfPrincipal::Units)) => {
            format!("their unit, or one below it, {is} in charge of the data")
        }
        (Relation::Assignee, Texts::Principal(OfPrincipal::Id)) => {
            format!("the task {is} assigned to whoever asks")
        }
        _ => {
            let whose = match relation {
                Relation::Owner => "the person or enterprise that the data is of",
                Relation::Unit => "the unit in charge of the data",
                Relation::Assignee => "whoever the task is assigned to",
            };
            format!("{whose} {is} among {}", texts_of(texts))
        }
    }
}

const fn act(action: Action) -> &'static str {
    match action {
        Action::Read => "see data (personal data masked)",
        Action::Reveal => "reveal personal data",
        Action::Write => "add, change and remove data",
        Action::Export => "take data away in bulk",
        Action::Erase => "erase personal data for good",
        Action::Follow => "follow all changes in all tenants",
        Action::Administer => "run accounts, units, roles and keys",
        Action::Audit => "read the audit",
    }
}

fn assurance(level: u8, holds: bool) -> String {
    match (level, holds) {
        (1, true) => "whoever asks has confirmed an address, or is known more surely".to_owned(),
        (1, false) => "whoever asks has confirmed no address".to_owned(),
        (2, true) => "an authority has proved their identity at level 2".to_owned(),
        (2, false) => "no authority has proved their identity at level 2".to_owned(),
        (level, true) => format!("their identity is known at level {level} or above"),
        (level, false) => format!("their identity is known below level {level}"),
    }
}

const fn flag_of(flag: Flag, holds: bool) -> &'static str {
    match (flag, holds) {
        (Flag::SteppedUp, true) => "they have shown a second factor just now",
        (Flag::SteppedUp, false) => "they have not shown a second factor",
        (Flag::OpenWrites, true) => "the configuration lets visitors change data from where they are",
        (Flag::OpenWrites, false) => {
            "the configuration does not let visitors change data from where they are"
        }
    }
}

const fn privacy(mark: Privacy) -> &'static str {
    match mark {
        Privacy::Open => "open",
        Privacy::Internal => "internal",
        Privacy::Personal => "personal",
        Privacy::Sensitive => "sensitive",
    }
}

fn kind(name: &str) -> String {
    match name {
        "citizen" => "a citizen".to_owned(),
        "official" => "an official".to_owned(),
        "device" => "a device".to_owned(),
        "system" => "a system".to_owned(),
        other => format!("“{other}”"),
    }
}

fn purpose(name: &str) -> String {
    let text = match Purpose::from_name(name) {
        Some(Purpose::Operations) => "running services",
        Some(Purpose::PublicInformation) => "public information",
        Some(Purpose::Maintenance) => "maintenance",
        Some(Purpose::CaseHandling) => "settling a case",
        Some(Purpose::Emergency) => "an emergency",
        Some(Purpose::Inspection) => "inspection",
        Some(Purpose::Statistics) => "statistics",
        Some(Purpose::OwnData) => "seeing one's own data",
        None => return format!("“{name}”"),
    };
    text.to_owned()
}
