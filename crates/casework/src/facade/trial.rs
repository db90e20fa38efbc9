//! Trying a version of a kind out: what would become of a case, step by step, before anybody files one. Nothing of it is
//! kept, and nobody is told.

use std::collections::{BTreeMap, BTreeSet};

use dinh_calendar::official_day;
use dinh_cases::{
    Action, Actor, Answer, Attempt, Case, Channel, Effect, Held, HeldAs, Kind, Moved, Opening, Opinion,
    Refused, Status, TaskState, Tie, Wake, Woken,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Casework;
use super::commit::values;

/// Step by which time passes until something happens by itself.
pub const WAIT: &str = "wait";
/// Step by which an opinion is given.
pub const OPINE: &str = "opinion";
/// The unit in which cases are tried.
const UNIT: &str = "urn:ngsi-ld:Unit:trial";
/// Code of that unit in numbers.
const CODE: &str = "H00.00.00";
/// The account that tries.
const ACCOUNT: &str = "trial";

/// How a case that is tried begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialStart {
    /// How it comes in.
    pub channel: Channel,
    /// The form, as it was filled in.
    pub answers: Map<String, Json>,
    /// The parts that come with it.
    pub parts: BTreeSet<String>,
    /// When.
    pub at: Timestamp,
}

/// A step that is tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrialStep {
    /// Which action; [`WAIT`] and [`OPINE`] are steps too.
    pub action: String,
    /// As which role of the kind.
    pub role: String,
    /// When; what waits takes place when it does.
    pub at: Timestamp,
    /// What is answered to what the action asks.
    pub asked: BTreeMap<String, Answer>,
}

/// What somebody would be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrialNotice {
    /// With which step of the case: 0 for the filing, then one after another.
    pub step: usize,
    /// Which role of the kind.
    pub role: String,
    /// In Vietnamese: subject and text.
    pub vi: (String, String),
    /// In English.
    pub en: (String, String),
}

/// What would have become of a case.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The version, as if it held on that day.
    pub kind: Kind,
    /// The case, after the last step that could be taken.
    pub case: Case,
    /// When it would be due.
    pub due: Option<Timestamp>,
    /// When the state in which it stands should be over.
    pub state_due: Option<Timestamp>,
    /// Who would be told what.
    pub told: Vec<TrialNotice>,
    /// What each role could do now.
    pub offered: Vec<(String, Vec<Action>)>,
    /// What would happen by itself next.
    pub next: Option<Woken>,
    /// The step that could not be taken, and why; those after it were not tried.
    pub refused: Option<(usize, Refused)>,
}

impl Casework {
    /// Tries a version of a kind out, be it a draft or not in force: as if it held on the day on which the case begins.
    ///
    /// # Errors
    /// [`Refused`] if the case cannot even be opened.
    pub fn try_out(&self, kind: &Kind, start: &TrialStart, steps: &[TrialStep]) -> Result<Trial, Refused> {
        let mut kind = kind.clone();
        let day = official_day(start.at);
        (kind.status, kind.valid_from, kind.valid_to) = (Status::Published, kind.valid_from.min(day), None);
        let moved = self.try_opening(&kind, start)?;
        let mut run = Run { casework: self, kind: &kind, case: moved.case, told: Vec::new() };
        run.carry_out(moved.effects);
        let mut refused = None;
        for (number, step) in (1..).zip(steps) {
            if let Err(why) = run.take(step) {
                refused = Some((number, why));
                break;
            }
        }
        let (schedule, at) = (self.0.times.schedule(), run.last());
        let (due, state_due) = (run.case.due(schedule), run.case.state_due(schedule));
        let next = kind.next_wake(&run.case, at, schedule);
        let (offered, case, told) = (run.offered(), run.case, run.told);
        Ok(Trial { kind, case, due, state_due, told, offered, next, refused })
    }

    fn try_opening(&self, kind: &Kind, start: &TrialStart) -> Result<Moved, Refused> {
        let own = matches!(start.channel, Channel::Online | Channel::Case);
        let tie = if own { Tie::Applicant } else { Tie::Receiving };
        let role = kind.roles.iter().find(|role| role.tie == tie);
        let role =
            role.map(|role| role.code.clone()).ok_or_else(|| Refused::Kind(format!("has no {tie:?}")))?;
        let now = dinh_model::Timestamp::from(start.at);
        let rules = self.0.times.rules(kind, None, now);
        let held = || Held { held_as: HeldAs::Original, files: Vec::new(), reused: None };
        kind.open(Opening {
            actor: &actor(kind, &role),
            role: &role,
            at: start.at,
            channel: start.channel,
            answers: start.answers.clone(),
            parts: start.parts.iter().map(|part| (part.clone(), held())).collect(),
            sent: None,
            handling: None,
            receiving: UNIT.to_owned(),
            competent: UNIT.to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        })
    }
}

/// Somebody who has one role of a kind and no other.
fn actor(kind: &Kind, role: &str) -> Actor {
    let role = kind.role(role);
    Actor {
        account: Some(ACCOUNT.to_owned()),
        unit: Some(UNIT.to_owned()),
        roles: role.into_iter().flat_map(|role| role.held_by.iter().cloned()).collect(),
        ties: role.map(|role| role.tie).into_iter().collect(),
        stepped_up: true,
        ..Actor::default()
    }
}

/// A trial under way.
struct Run<'a> {
    casework: &'a Casework,
    kind: &'a Kind,
    case: Case,
    told: Vec<TrialNotice>,
}

impl Run<'_> {
    fn last(&self) -> Timestamp {
        self.case.steps.last().map_or(self.case.opened, |step| step.at)
    }

    fn take(&mut self, step: &TrialStep) -> Result<(), Refused> {
        if step.action == WAIT {
            return self.wait();
        }
        if step.action == OPINE {
            return self.opine(step);
        }
        self.act(&step.action, &actor(self.kind, &step.role), step.at, step.asked.clone())
    }

    fn act(
        &mut self,
        action: &str,
        actor: &Actor,
        at: Timestamp,
        asked: BTreeMap<String, Answer>,
    ) -> Result<(), Refused> {
        let times = &self.casework.0.times;
        let rules = times.rules(self.kind, self.case.variant.as_deref(), dinh_model::Timestamp::from(at));
        let attempt = Attempt { action, actor, at, asked, schedule: times.schedule(), rules: &rules };
        let moved = self.kind.act(&self.case, &attempt)?;
        self.case = moved.case;
        self.carry_out(moved.effects);
        Ok(())
    }

    /// Lets time pass until something happens by itself.
    fn wait(&mut self) -> Result<(), Refused> {
        let schedule = self.casework.0.times.schedule();
        let next = self.kind.next_wake(&self.case, self.last(), schedule);
        let next = next.ok_or_else(|| Refused::NoAction(WAIT.to_owned()))?;
        match next.what {
            Wake::Act(action) => self.act(&action, &Actor::system(), next.at, BTreeMap::new()),
            Wake::Tell { escalation, role, message } => {
                self.case.told.push(escalation);
                self.carry_out(vec![Effect::Notify { role, message }]);
                Ok(())
            }
        }
    }

    /// Gives the first opinion that is asked.
    fn opine(&mut self, step: &TrialStep) -> Result<(), Refused> {
        let task = self.case.tasks.iter().find(|task| task.state == TaskState::Asked);
        let task = task.ok_or_else(|| Refused::NoAction(OPINE.to_owned()))?;
        let ties = BTreeSet::from([Tie::Consulted]);
        let unit = Some(task.unit.clone());
        let expert = Actor { account: Some(ACCOUNT.to_owned()), unit, ties, ..Actor::default() };
        let text = step.asked.get("reason").and_then(Answer::text).unwrap_or_default();
        let agrees = step.asked.get("agrees").and_then(Answer::text) != Some("no");
        self.case = self.case.opine(&Opinion { task: task.number, text, agrees }, &expert, step.at)?;
        Ok(())
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Number => {
                    let day = official_day(self.last());
                    self.case.number = Some(self.kind.number.on(CODE, &self.kind.code, day).with(1));
                }
                Effect::Notify { role, message } => self.tell(role, &message),
                Effect::Open { .. } | Effect::DrawUp | Effect::GiveUp | Effect::Issue { .. } => {}
            }
        }
    }

    fn tell(&mut self, role: String, message: &str) {
        let Some(message) = self.casework.0.messages.get(message) else { return };
        let due = self.case.due(self.casework.0.times.schedule()).map(dinh_model::Timestamp::from);
        let values = values(self.kind, &self.case, self.case.steps.last(), due);
        let (vi, en) = (message.filled(true, &values), message.filled(false, &values));
        let step = self.case.steps.len().saturating_sub(1);
        self.told.push(TrialNotice { step, role, vi, en });
    }

    fn offered(&self) -> Vec<(String, Vec<Action>)> {
        let times = &self.casework.0.times;
        let now = dinh_model::Timestamp::from(self.last());
        let rules = times.rules(self.kind, self.case.variant.as_deref(), now);
        let mut offered = Vec::new();
        for role in self.kind.roles.iter().filter(|role| role.tie != Tie::System) {
            let attempt = Attempt {
                action: "",
                actor: &actor(self.kind, &role.code),
                at: self.last(),
                asked: BTreeMap::new(),
                schedule: times.schedule(),
                rules: &rules,
            };
            let may: Vec<Action> = self.kind.offered(&self.case, &attempt).into_iter().cloned().collect();
            if !may.is_empty() {
                offered.push((role.code.clone(), may));
            }
        }
        offered
    }
}
