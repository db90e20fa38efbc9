//! One action.

use std::collections::BTreeMap;

use dinh_calendar::{Amount, Period};

use super::clocks::Time;
use super::{AskRule, Attempt, Effect, Moved, Refused, answers, clocks};
use crate::{
    Action, Answer, AskKind, Case, Clocking, Does, Kind, Scope, Start, StepTaken, Supplement, Task, TaskState,
};

/// What an action answers while it is under way.
struct Under<'a> {
    kind: &'a Kind,
    action: &'a Action,
    attempt: &'a Attempt<'a>,
    asked: BTreeMap<String, Answer>,
    time: Time<'a>,
    start: Option<Start>,
    effects: Vec<Effect>,
}

impl Kind {
    /// Takes an action with a case. All or nothing.
    ///
    /// # Errors
    /// [`Refused`], with what must be different.
    pub fn act(&self, case: &Case, attempt: &Attempt<'_>) -> Result<Moved, Refused> {
        let (action, role) = self.permitted(case, attempt)?;
        let asked = answers::checked(self, action, &attempt.asked, attempt.at)?;
        let scope = Scope::of(self, case, attempt.actor, attempt.at).with_asked(&asked);
        if action.guard.as_ref().is_some_and(|guard| !guard.is_true(&scope)) {
            return Err(Refused::Guard { action: action.code.clone(), unless: action.unless.clone() });
        }
        let time = Time { at: attempt.at, schedule: attempt.schedule, rules: attempt.rules };
        let late = case.is_late(time.schedule, time.at)
            || case.state_due(time.schedule).is_some_and(|due| time.at > due);
        let mut under = Under { kind: self, action, attempt, asked, time, start: None, effects: Vec::new() };
        let mut moved = case.clone();
        for does in &action.does {
            under.does(does, &mut moved, &scope)?;
        }
        under.moves(&mut moved)?;
        moved.steps.push(StepTaken {
            action: action.code.clone(),
            at: attempt.at,
            by: attempt.actor.account.clone(),
            unit: attempt.actor.unit.clone(),
            role: role.to_owned(),
            state: moved.state.clone(),
            asked: under.asked,
            late,
        });
        Ok(Moved { case: moved, effects: under.effects })
    }

    /// What somebody may do with a case as it stands, conditions included. What is asked with an action is not looked at.
    pub fn offered<'k>(&'k self, case: &'k Case, attempt: &'k Attempt<'k>) -> Vec<&'k Action> {
        let scope = Scope::of(self, case, attempt.actor, attempt.at);
        let may = |action: &&Action| {
            let asks_first = action.guard.as_ref().is_none_or(|g| g.asks_for("asked") || g.is_true(&scope));
            asks_first && attempt.actor.first_of(self, &action.by).is_some()
        };
        self.actions_from(&case.state).filter(may).collect()
    }

    fn permitted<'k>(&'k self, case: &Case, attempt: &Attempt<'_>) -> Result<(&'k Action, &'k str), Refused> {
        let action =
            self.action(attempt.action).ok_or_else(|| Refused::NoAction(attempt.action.to_owned()))?;
        let code = || action.code.clone();
        let role = attempt.actor.first_of(self, &action.by);
        let role = role.ok_or_else(|| Refused::Role { action: code(), roles: action.by.clone() })?;
        if !action.starts_in(&case.state) {
            return Err(Refused::State { action: code(), state: case.state.clone() });
        }
        if action.step_up && !attempt.actor.stepped_up {
            return Err(Refused::StepUp(code()));
        }
        if case.steps.len() >= Case::MOST_STEPS {
            return Err(Refused::Full);
        }
        clocks::in_order(case, attempt.at)?;
        Ok((action, role))
    }
}

impl Under<'_> {
    fn does(&mut self, does: &Does, case: &mut Case, scope: &Scope) -> Result<(), Refused> {
        match does {
            Does::Number => {
                let from = case.counts_from(self.time.at);
                if case.received.is_none() {
                    case.received = Some(from);
                    self.kind.fix_charges(case, from);
                }
                if case.number.is_none() {
                    self.effects.push(Effect::Number);
                }
            }
            Does::Set { fact, to } => {
                let value = to.value(scope).map_err(|fault| Refused::Kind(fault.to_string()))?;
                case.facts.insert(fact.clone(), value);
            }
            Does::Clock { start } => self.start = Some(*start),
            Does::AskMore => self.ask_more(case)?,
            Does::MoreCame => {
                if let Some(open) = case.supplements.last_mut() {
                    open.answered.get_or_insert(self.time.at);
                }
            }
            Does::Extend => self.extend(case)?,
            Does::HandTo => {
                if let Some(unit) = self.text(AskKind::Unit) {
                    case.handling = unit;
                    case.assignee = None;
                }
            }
            Does::Assign => {
                let to = self.text(AskKind::Official).or_else(|| self.attempt.actor.account.clone());
                if to.as_ref().is_some_and(|to| case.barred.contains(to)) {
                    let ask = self.code(AskKind::Official);
                    return Err(Refused::Asked { ask, rule: AskRule::Apart });
                }
                case.assignee = to;
            }
            Does::Consult { consultation } => self.consult(case, consultation)?,
            Does::Notify { role, message } => {
                self.effects.push(Effect::Notify { role: role.clone(), message: message.clone() });
            }
            Does::Open { kind } => self.effects.push(Effect::Open { kind: kind.clone() }),
            Does::DrawUp => self.effects.push(Effect::DrawUp),
            Does::GiveUp => self.effects.push(Effect::GiveUp),
            Does::Issue { by_hand } => self.effects.push(Effect::Issue { by_hand: *by_hand }),
        }
        Ok(())
    }

    fn moves(&self, case: &mut Case) -> Result<(), Refused> {
        let Some(to) = &self.action.to else { return Ok(()) };
        let state = self.kind.state(to).ok_or_else(|| Refused::Kind(format!("has no state {to:?}")))?;
        let missing = self.kind.awaited(case, self.time.at);
        if missing > 0 && state.clock == Clocking::Over && state.ends == Some(crate::Outcome::Granted) {
            return Err(Refused::Tasks(missing));
        }
        let (before, was_paused) =
            (case.state.clone(), case.clock.as_ref().is_some_and(|c| c.paused().is_some()));
        clocks::enter(self.kind, case, state, self.start, &self.time)?;
        if before != *to {
            // Whoever was told that a state lasts too long is told again of the next one.
            case.told.retain(|code| !self.kind.is_told_by_state(code));
        }
        let due_after = case.due(self.time.schedule);
        if was_paused && let Some(last) = case.supplements.last_mut().filter(|last| last.answered.is_some()) {
            last.due_after = due_after;
        }
        if state.is_end() {
            let open = case.tasks.iter_mut().filter(|task| task.state == TaskState::Asked);
            open.for_each(|task| (task.state, task.settled) = (TaskState::TakenBack, Some(self.time.at)));
        }
        Ok(())
    }

    fn ask_more(&self, case: &mut Case) -> Result<(), Refused> {
        let most = self.kind.timing_of(case.variant.as_deref()).supplements;
        if let Some(most) = most.filter(|most| case.supplements_in_time() >= usize::from(*most)) {
            return Err(Refused::Supplements(most));
        }
        case.supplements.push(Supplement {
            asked: self.time.at,
            reason: self.text(AskKind::Reason).unwrap_or_default(),
            parts: self.answer(AskKind::Parts).and_then(|a| a.codes().map(<[_]>::to_vec)).unwrap_or_default(),
            stage: case.state.clone(),
            due_before: case.due(self.time.schedule),
            answered: None,
            due_after: None,
        });
        Ok(())
    }

    fn extend(&self, case: &mut Case) -> Result<(), Refused> {
        let timing = self.kind.timing_of(case.variant.as_deref());
        let most = timing.extensions;
        if case.extensions() >= usize::from(most) {
            return Err(Refused::Extensions(most));
        }
        let (Some(clock), Some(longest)) = (&mut case.clock, timing.extension) else {
            return Err(Refused::Extensions(0));
        };
        let count = self.answer(AskKind::Count).and_then(Answer::count);
        let amount = match count {
            Some(count) => u16::try_from(count).ok().and_then(Amount::whole),
            None => Some(longest.amount),
        };
        let Some(amount) = amount.filter(|amount| *amount <= longest.amount) else {
            let rule = AskRule::Count(longest.amount.wholes().into());
            return Err(Refused::Asked { ask: self.code(AskKind::Count), rule });
        };
        let period = Period { amount, ..longest };
        let reason = self.text(AskKind::Reason).unwrap_or_default();
        clock.extend(self.time.at, period, &reason).map_err(|fault| Refused::Clock(fault.to_string()))
    }

    fn consult(&self, case: &mut Case, consultation: &str) -> Result<(), Refused> {
        let unknown = || Refused::Kind(format!("has no consultation {consultation:?}"));
        let limit = self.kind.consultation(consultation).ok_or_else(unknown)?.limit;
        let unit = self
            .text(AskKind::Unit)
            .ok_or_else(|| Refused::Asked { ask: self.code(AskKind::Unit), rule: AskRule::Required })?;
        let question = self.text(AskKind::Reason).or_else(|| self.text(AskKind::Note)).unwrap_or_default();
        case.tasks.push(Task {
            number: u32::try_from(case.tasks.len()).unwrap_or(u32::MAX).saturating_add(1),
            consultation: consultation.to_owned(),
            unit,
            question,
            asked: self.time.at,
            due: Time::by_law(self.time.at, self.time.schedule).due(limit)?,
            state: TaskState::Asked,
            settled: None,
            opinion: None,
            agrees: None,
            by: None,
        });
        Ok(())
    }

    /// The answer to the first thing of a kind that the action asks.
    fn answer(&self, kind: AskKind) -> Option<&Answer> {
        self.action.asks.iter().filter(|ask| ask.kind == kind).find_map(|ask| self.asked.get(&ask.code))
    }

    fn text(&self, kind: AskKind) -> Option<String> {
        self.answer(kind).and_then(Answer::text).map(str::to_owned)
    }

    fn code(&self, kind: AskKind) -> String {
        let asks = self.action.asks.iter().find(|ask| ask.kind == kind);
        asks.map_or_else(|| self.action.code.clone(), |ask| ask.code.clone())
    }
}
