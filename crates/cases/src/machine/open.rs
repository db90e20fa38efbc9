//! How a case begins.

use std::collections::BTreeMap;

use dinh_calendar::{Rules, Schedule, official_day};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json};

use super::{Actor, Moved, Refused, clocks};
use crate::{Answer, Case, Channel, Counted, Held, Kind, Scope, StepTaken};

/// Name of the first step of every case.
pub(crate) const OPEN: &str = "open";
/// Name of the step by which a case moves to another version of its kind.
pub(crate) const ADOPT: &str = "adopt";

/// A case to be opened.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// Who opens it.
    pub actor: &'a Actor,
    /// As which role of the kind: the applicant, or whoever writes down for them.
    pub role: &'a str,
    /// When.
    pub at: Timestamp,
    /// How it came in.
    pub channel: Channel,
    /// The form as it was filled in; checked by whoever knows forms.
    pub answers: Map<String, Json>,
    /// Its documents.
    pub parts: BTreeMap<String, Held>,
    /// When it was sent by post, or taken down on paper: said for these channels alone, and never for a later moment.
    pub sent: Option<Timestamp>,
    /// The unit that receives it.
    pub receiving: String,
    /// The unit that handles it first; the receiving one if none.
    pub handling: Option<String>,
    /// The unit with the power to decide it.
    pub competent: String,
    /// Working time of the unit that receives it.
    pub schedule: &'a Schedule,
    /// How periods are counted.
    pub rules: &'a Rules,
}

impl Opening<'_> {
    /// The moment that decides under which version it is opened: that at which it was taken down, if it was on paper.
    pub fn counts_from(&self) -> Timestamp {
        match (self.channel, self.sent) {
            (Channel::Offline, Some(taken)) => taken,
            _ => self.at,
        }
    }

    fn check_sent(&self) -> Result<(), Refused> {
        let days = SignedDuration::from_hours(24 * Case::MOST_DAYS_BEFORE);
        let fits = |sent: Timestamp| sent <= self.at && self.at.duration_since(sent) <= days;
        match (self.channel, self.sent) {
            (Channel::Post | Channel::Offline, Some(sent)) if fits(sent) => Ok(()),
            (Channel::Offline, _) | (_, Some(_)) => Err(Refused::Sent),
            (_, None) => Ok(()),
        }
    }
}

impl Kind {
    /// Opens a case of this version.
    ///
    /// # Errors
    /// [`Refused::Kind`] if no case is opened under it on that day or a part is none of the kind, [`Refused::Role`] if
    /// the actor does not have the role, [`Refused::Sent`] for a day that cannot be when it was sent. What was taken down on
    /// paper is opened under the version of that day.
    pub fn open(&self, opening: Opening<'_>) -> Result<Moved, Refused> {
        opening.check_sent()?;
        let day = official_day(opening.counts_from());
        if !self.is_open_on(day) {
            let which = format!("{} version {} is not open on {day}", self.code, self.version);
            return Err(Refused::Kind(which));
        }
        let first = self.first().ok_or_else(|| Refused::Kind("has no states".to_owned()))?;
        if !self.role(opening.role).is_some_and(|role| opening.actor.has(role)) {
            return Err(Refused::Role { action: OPEN.to_owned(), roles: vec![opening.role.to_owned()] });
        }
        if let Some(code) = opening.parts.keys().find(|code| self.part(code).is_none()) {
            return Err(Refused::Kind(format!("has no part {code:?}")));
        }
        let scope = Scope::of_filing(&opening.answers, opening.channel, opening.at);
        let step = StepTaken {
            action: OPEN.to_owned(),
            at: opening.at,
            by: opening.actor.account.clone(),
            unit: opening.actor.unit.clone(),
            role: opening.role.to_owned(),
            state: first.code.clone(),
            asked: BTreeMap::new(),
            late: false,
        };
        let mut case = Case {
            kind: self.code.clone(),
            version: self.version,
            variant: self.variant_of(&scope).map(|variant| variant.code.clone()),
            state: first.code.clone(),
            since: opening.at,
            number: None,
            channel: opening.channel,
            opened: opening.at,
            sent: opening.sent,
            received: None,
            ended: None,
            answers: opening.answers,
            parts: opening.parts,
            facts: Map::new(),
            charges: None,
            proofs: Vec::new(),
            clock: None,
            state_clock: None,
            supplements: Vec::new(),
            tasks: Vec::new(),
            told: Vec::new(),
            handling: opening.handling.unwrap_or_else(|| opening.receiving.clone()),
            receiving: opening.receiving,
            competent: opening.competent,
            assignee: None,
            barred: Vec::new(),
            rating: None,
            steps: vec![step],
            counted: Counted::default(),
        };
        let time = clocks::Time { at: opening.at, schedule: opening.schedule, rules: opening.rules };
        clocks::enter(self, &mut case, first, None, &time)?;
        self.fix_charges(&mut case, opening.at);
        Ok(Moved { case, effects: Vec::new() })
    }

    /// Moves a case of another version of this kind to this one, where it stands. What it has and its clocks stay: a
    /// promise that was given is not taken back.
    ///
    /// # Errors
    /// [`Refused::Kind`] for a case of another kind, and if this version does not know where the case stands.
    pub fn adopt(
        &self,
        case: &Case,
        (actor, role): (&Actor, &str),
        at: Timestamp,
        reason: &str,
    ) -> Result<Case, Refused> {
        if case.kind != self.code || case.version == self.version {
            return Err(Refused::Kind(format!("{} version {} is no other version", case.kind, case.version)));
        }
        if self.state(&case.state).is_none() {
            return Err(Refused::Kind(format!("version {} has no state {:?}", self.version, case.state)));
        }
        clocks::in_order(case, at)?;
        let mut case = case.clone();
        case.version = self.version;
        case.variant =
            self.variant_of(&Scope::of_filing(&case.answers, case.channel, at)).map(|one| one.code.clone());
        // What it costs is by this version from now on; the day that decides stays the same.
        let decides = case.received.unwrap_or(case.opened);
        self.fix_charges(&mut case, decides);
        case.steps.push(StepTaken {
            action: ADOPT.to_owned(),
            at,
            by: actor.account.clone(),
            unit: actor.unit.clone(),
            role: role.to_owned(),
            state: case.state.clone(),
            asked: [("reason".to_owned(), Answer::Text(reason.to_owned()))].into(),
            late: false,
        });
        Ok(case)
    }

    /// How long a case of this version may take, by its variant.
    pub fn timing_of(&self, variant: Option<&str>) -> &crate::Timing {
        let own = variant.and_then(|code| self.variant(code)).and_then(|variant| variant.timing.as_ref());
        own.unwrap_or(&self.timing)
    }
}
