//! Opinions of others, given or not needed any more.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::refused::AskRule;
use super::{Actor, Refused, clocks};
use crate::{Answer, Case, StepTaken, TaskState, Tie};

/// Name of the step by which an opinion is given.
const OPINION: &str = "opinion";
/// Fewest and most characters of an opinion.
const LENGTH: (usize, usize) = (5, 4_000);

/// An opinion.
#[derive(Clone, Debug)]
pub struct Opinion<'a> {
    /// The number of the task within the case.
    pub task: u32,
    /// What is said.
    pub text: &'a str,
    /// Whether it agrees.
    pub agrees: bool,
}

impl Case {
    /// Gives an opinion that was asked. The case stays where it is: opinions run beside it.
    ///
    /// # Errors
    /// [`Refused::Role`] for somebody who does not act for the unit that was asked, [`Refused::State`] if it was given
    /// already or is not needed any more, [`Refused::Asked`] for a text that is too short or too long.
    pub fn opine(&self, opinion: &Opinion<'_>, actor: &Actor, at: Timestamp) -> Result<Self, Refused> {
        clocks::in_order(self, at)?;
        let text = opinion.text.trim();
        if !(LENGTH.0..=LENGTH.1).contains(&text.chars().count()) {
            let rule = AskRule::Text { least: LENGTH.0, most: LENGTH.1 };
            return Err(Refused::Asked { ask: OPINION.to_owned(), rule });
        }
        let mut case = self.clone();
        let task = case.tasks.iter_mut().find(|task| task.number == opinion.task);
        let task = task.ok_or_else(|| Refused::NoAction(format!("{OPINION} {}", opinion.task)))?;
        if !actor.ties.contains(&Tie::Consulted) || actor.unit.as_ref() != Some(&task.unit) {
            return Err(Refused::Role { action: OPINION.to_owned(), roles: vec![task.unit.clone()] });
        }
        if task.state != TaskState::Asked {
            return Err(Refused::State { action: OPINION.to_owned(), state: self.state.clone() });
        }
        let late = at > task.due;
        (task.state, task.settled) = (TaskState::Given, Some(at));
        (task.opinion, task.agrees) = (Some(text.to_owned()), Some(opinion.agrees));
        task.by.clone_from(&actor.account);
        case.steps.push(StepTaken {
            action: OPINION.to_owned(),
            at,
            by: actor.account.clone(),
            unit: actor.unit.clone(),
            role: OPINION.to_owned(),
            state: case.state.clone(),
            asked: BTreeMap::from([("task".to_owned(), Answer::Count(u64::from(opinion.task)))]),
            late,
        });
        Ok(case)
    }
}
