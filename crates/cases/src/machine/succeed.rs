//! Units that end, and those that take over what they had.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Refused, clocks};
use crate::{Answer, Case, StepTaken};

/// The action under which a case goes from a unit that has ended to the one that takes over.
pub(crate) const SUCCEED: &str = "succeed";

impl Case {
    /// Hands a case over from units that have ended to those that took over: whatever it has with one of them it has with
    /// the successor from then on. Its number, its clocks and whoever works on it stay. None if it has nothing with any of
    /// those units.
    ///
    /// # Errors
    /// [`Refused::Backwards`] before the last step, [`Refused::Full`] for a case that has no room for another.
    pub fn succeed(
        &self,
        successors: &BTreeMap<String, String>,
        role: &str,
        at: Timestamp,
    ) -> Result<Option<Self>, Refused> {
        let mut case = self.clone();
        let mut taken = Vec::new();
        let mut to_successor = |unit: &mut String| {
            if let Some(successor) = successors.get(unit.as_str()) {
                unit.clone_from(successor);
                if !taken.contains(successor) {
                    taken.push(successor.clone());
                }
            }
        };
        for unit in [&mut case.receiving, &mut case.handling, &mut case.competent] {
            to_successor(unit);
        }
        let open = case.tasks.iter_mut().filter(|task| task.state == crate::TaskState::Asked);
        open.for_each(|task| to_successor(&mut task.unit));
        let Some(first) = taken.first().cloned() else { return Ok(None) };
        if case.steps.len() >= Self::MOST_STEPS {
            return Err(Refused::Full);
        }
        clocks::in_order(&case, at)?;
        case.steps.push(StepTaken {
            action: SUCCEED.to_owned(),
            at,
            by: None,
            unit: None,
            role: role.to_owned(),
            state: case.state.clone(),
            asked: [("unit".to_owned(), Answer::Text(first))].into(),
            late: false,
        });
        Ok(Some(case))
    }
}
