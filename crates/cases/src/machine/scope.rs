//! What conditions may ask, told of a case.

use std::collections::BTreeMap;

use dinh_calendar::official_day;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::Actor;
use crate::{Answer, Case, Channel, Kind, Scope, Task};

impl Scope {
    /// What there is to ask while somebody may do something with a case.
    pub fn of(kind: &Kind, case: &Case, actor: &Actor, at: Timestamp) -> Self {
        let mut about = json!({
            "state": case.state,
            "variant": case.variant,
            "channel": case.channel,
            "number": case.number,
            "supplements": case.supplements_in_time(),
            "extensions": case.extensions(),
            "open_tasks": case.open_tasks().count(),
            "open_mandatory_tasks": kind.awaited(case, at),
        });
        let mut parts: Map<String, Json> = kind
            .parts
            .iter()
            .map(|part| (part.code.clone(), Json::Bool(is_there(case, &part.code))))
            .collect();
        // Parts and fees that the answers make necessary are found with those alone: they ask for nothing of the parts.
        let filed = Self::of_filing(&case.answers, case.channel, at);
        parts.insert("complete".to_owned(), Json::Bool(kind.missing(case, &filed).next().is_none()));
        if let Ok(charges) = kind.charges_of(case) {
            let all = charges.iter().fold(0_u64, |all, charge| all.saturating_add(charge.amount));
            about["owed"] = json!(all);
        }
        let mut names = filed.0;
        names.insert("case".to_owned(), about);
        names.insert("parts".to_owned(), Json::Object(parts));
        names.insert("facts".to_owned(), Json::Object(case.facts.clone()));
        names.insert("actor".to_owned(), json!({"unit": actor.unit, "roles": actor.roles}));
        Self(names)
    }

    /// What there is to ask while there are answers only.
    pub fn of_answers(answers: &Map<String, Json>, at: Timestamp) -> Self {
        let mut names = Map::new();
        names.insert("answers".to_owned(), Json::Object(answers.clone()));
        names.insert("today".to_owned(), Json::String(official_day(at).to_string()));
        Self(names)
    }

    /// What there is to ask of what is filed: the answers, and how they came in.
    pub fn of_filing(answers: &Map<String, Json>, channel: Channel, at: Timestamp) -> Self {
        let mut scope = Self::of_answers(answers, at);
        scope.0.insert("case".to_owned(), json!({"channel": channel}));
        scope
    }

    pub(super) fn with_asked(mut self, asked: &BTreeMap<String, Answer>) -> Self {
        self.0.insert("asked".to_owned(), serde_json::to_value(asked).unwrap_or_default());
        self
    }
}

fn is_there(case: &Case, part: &str) -> bool {
    case.parts.get(part).is_some_and(crate::Held::is_there)
}

impl Kind {
    /// How many opinions are missing without which a case cannot go on. One whose time has passed is not waited for where
    /// silence counts as agreement.
    pub(super) fn awaited(&self, case: &Case, at: Timestamp) -> usize {
        let is_awaited = |task: &&Task| {
            self.consultation(&task.consultation)
                .is_some_and(|one| one.mandatory && !(one.silence_agrees && at > task.due))
        };
        case.open_tasks().filter(is_awaited).count()
    }

    /// The parts that a case must have and does not.
    pub fn missing<'k>(
        &'k self,
        case: &'k Case,
        answers: &'k Scope,
    ) -> impl Iterator<Item = &'k crate::Part> {
        self.parts.iter().filter(move |part| {
            let must = part.required || part.required_if.as_ref().is_some_and(|when| when.is_true(answers));
            must && part.is_of(case.variant.as_deref()) && !is_there(case, &part.code)
        })
    }

    /// The variant that answers make it: the first whose condition is true.
    pub fn variant_of(&self, answers: &Scope) -> Option<&crate::Variant> {
        self.variants.iter().find(|variant| variant.when.is_true(answers))
    }

    /// What comes of a case by what was filed ([`Scope::of_filing`]).
    pub fn brings<'k>(&'k self, filed: &'k Scope) -> impl Iterator<Item = &'k crate::KindResult> {
        self.results.iter().filter(|result| result.only_if.as_ref().is_none_or(|only| only.is_true(filed)))
    }

    /// What a case costs by what was filed ([`Scope::of_filing`]), in đồng, fee by fee; what is free is not there.
    ///
    /// # Errors
    /// The fault of an amount that cannot be computed.
    pub fn owed<'k>(&'k self, answers: &Scope) -> Result<Vec<(&'k crate::Fee, u64)>, crate::ExprFault> {
        let charges = self.charges(answers)?;
        let fee = |code: &str| self.fees.iter().find(|fee| fee.code == code);
        let asked = charges.into_iter().filter(|charge| charge.amount > 0);
        Ok(asked.filter_map(|charge| Some((fee(&charge.fee)?, charge.amount))).collect())
    }
}
