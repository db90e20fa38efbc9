//! Rating a case that has ended.

use std::collections::BTreeMap;

use dinh_calendar::Schedule;
use jiff::Timestamp;

use super::clocks::{self, Time};
use super::refused::AskRule;
use super::{Actor, Refused};
use crate::{Answer, Case, Kind, Rating, StepTaken, Tie};

/// Name of the step by which a case is rated.
pub(crate) const RATE: &str = "rate";
/// The best rating.
const BEST: u8 = 5;
/// Most characters of a remark.
const REMARK: usize = 1_000;

impl Kind {
    /// Until when a case may be rated, or its rating changed; none for one that has not ended, that nobody is asked about,
    /// or whose time is over.
    pub fn rated_until(&self, case: &Case, now: Timestamp, schedule: &Schedule) -> Option<Timestamp> {
        let terms = self.rating?;
        let (ended, _) = case.ended?;
        let (from, period) = match &case.rating {
            Some(rating) => (rating.first, terms.change),
            None => (ended, terms.within),
        };
        let until = Time::by_law(from, schedule).due(period).ok()?;
        (now <= until).then_some(until)
    }

    /// Rates a case that has ended, or changes its rating. The case stays where it is.
    ///
    /// # Errors
    /// [`Refused::Role`] for somebody who is not its applicant, [`Refused::State`] if it has not ended or nobody is asked,
    /// [`Refused::Over`] if the time for it is over, [`Refused::Asked`] for stars or a remark that are none.
    pub fn rate(
        &self,
        case: &Case,
        (stars, remark): (u8, &str),
        actor: &Actor,
        at: Timestamp,
        schedule: &Schedule,
    ) -> Result<Case, Refused> {
        clocks::in_order(case, at)?;
        if !actor.ties.contains(&Tie::Applicant) {
            return Err(Refused::Role { action: RATE.to_owned(), roles: vec!["applicant".to_owned()] });
        }
        if case.ended.is_none() || self.rating.is_none() {
            return Err(Refused::State { action: RATE.to_owned(), state: case.state.clone() });
        }
        if self.rated_until(case, at, schedule).is_none() {
            return Err(Refused::Over(RATE.to_owned()));
        }
        if case.steps.len() >= Case::MOST_STEPS {
            return Err(Refused::Full);
        }
        if !(1..=BEST).contains(&stars) {
            return Err(Refused::Asked { ask: "stars".to_owned(), rule: AskRule::Count(BEST.into()) });
        }
        let remark = remark.replace("\r\n", "\n").trim().to_owned();
        let odd = remark.chars().any(|c| c.is_control() && c != '\n');
        if odd || remark.chars().count() > REMARK {
            let rule = AskRule::Text { least: 0, most: REMARK };
            return Err(Refused::Asked { ask: "remark".to_owned(), rule });
        }
        let mut case = case.clone();
        let first = case.rating.as_ref().map_or(at, |before| before.first);
        let remark = Some(remark).filter(|text| !text.is_empty());
        case.rating = Some(Rating { stars, remark, first, at });
        case.steps.push(StepTaken {
            action: RATE.to_owned(),
            at,
            by: actor.account.clone(),
            unit: None,
            role: "applicant".to_owned(),
            state: case.state.clone(),
            asked: BTreeMap::from([("stars".to_owned(), Answer::Count(stars.into()))]),
            late: false,
        });
        Ok(case)
    }
}
