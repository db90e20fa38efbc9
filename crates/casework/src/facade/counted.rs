//! What an action adds to the counts, in its own commit, and the marks that the counts leave on the case.

use std::collections::BTreeMap;

use dinh_calendar::{Schedule, official_day};
use dinh_cases::{Case, Does, Kind, Scope};
use dinh_context::graph::Op;

use super::Casework;
use super::commit::Going;
use super::tally::{OPEN, Tally};
use crate::dossier::{desk_of, marks};

/// Day of what has none.
const NO_DAY: &str = "-";

impl Casework {
    /// What an action adds to the counts. The case is marked with what was counted of it.
    pub(super) fn counted(&self, going: &mut Going<'_>) -> Vec<Op> {
        let mut ops = Vec::new();
        let mut happened = self.happened(going);
        if going.kind.about_case {
            // Complaints are no dossiers: they are counted apart.
            let apart = std::mem::take(&mut happened.0).into_iter();
            happened.0 = apart.map(|(name, more)| (format!("about.{name}"), more)).collect();
        }
        let case = &mut going.moved.case;
        if !happened.0.is_empty() {
            let month = official_day(going.now.to_jiff()).strftime("%Y-%m");
            for name in happened.0.keys().filter(|name| is_marked(name)) {
                let mark = format!("{name} {month} {}", marks::short(&case.competent));
                marks::add(&mut case.counted.done, &mark);
            }
            ops.extend(happened.added((&month.to_string(), &case.competent, &case.kind)));
        }
        if going.kind.about_case {
            return ops;
        }
        let open = standing(case, going.kind, self.0.times.schedule());
        let before = std::mem::replace(&mut case.counted.open, open);
        for (unit, tally) in moved(&before, &case.counted.open) {
            let key = format!("{unit} {}", case.kind);
            ops.push(Op::AddTo { kind: OPEN.to_owned(), key, add: tally.0 });
        }
        ops
    }

    /// What has happened.
    fn happened(&self, going: &Going<'_>) -> Tally {
        let (before, after) = (going.before, &going.moved.case);
        let mut tally = Tally::default();
        let received = |case: &Case| case.received.is_some();
        if received(after) && !before.is_some_and(received) {
            tally.add("received", 1);
            tally.add(format!("received.{}", after.channel.name()), 1);
            let reused = after.parts.values().any(|part| part.reused.is_some());
            let electronic = after.parts.values().any(|part| !part.files.is_empty());
            tally.add("reused", i64::from(reused));
            tally.add("electronic", i64::from(electronic));
        }
        if before.is_none_or(|case| case.ended.is_none()) {
            self.ended(after, &mut tally);
        }
        if issues(going) {
            tally.add("issued", 1);
        }
        if let Some(before) =
            before.filter(|before| before.state != after.state || before.since != after.since)
        {
            let (state, until) = (&before.state, after.since);
            let worked = self.0.times.schedule().worked(before.since, until).minutes();
            let late = before.state_due(self.0.times.schedule()).is_some_and(|due| until > due);
            tally.add(format!("left.{state}"), 1);
            tally.add(format!("left-late.{state}"), i64::from(late));
            tally.add(format!("left-minutes.{state}"), worked);
        }
        tally
    }

    /// What is counted of a case that has just ended, if it was ever received.
    fn ended(&self, case: &Case, tally: &mut Tally) {
        let Some((at, outcome)) = case.ended.filter(|_| case.received.is_some()) else { return };
        let asked = case.supplements_in_time();
        let in_time = !case.is_late(self.0.times.schedule(), at) && asked <= 1;
        tally.add("ended", 1);
        tally.add(format!("ended.{}", outcome.name()), 1);
        tally.add("on-time", i64::from(in_time));
        tally.add("late", i64::from(!in_time));
        tally.add("supplemented", i64::from(asked > 0));
        tally.add("again", i64::from(asked > 1));
        let used = case.clock.as_ref().and_then(|clock| clock.used(self.0.times.schedule(), at).ok());
        let minutes = used.map_or(0, |used| used.time.as_mins());
        tally.add("minutes", minutes);
        if outcome == dinh_cases::Outcome::Granted {
            tally.add("minutes-granted", minutes);
        }
    }
}

/// True if the step that was taken puts something into the applicant's locker.
fn issues(going: &Going<'_>) -> bool {
    let (before, after) = (going.before, &going.moved.case);
    let Some(step) = after.steps.last().filter(|_| before.is_some_and(|b| b.steps.len() < after.steps.len()))
    else {
        return false;
    };
    let action = going.kind.action(&step.action);
    action.is_some_and(|action| action.does(|does| matches!(does, Does::Issue { .. })))
        && going.kind.brings(&Scope::of_filing(&after.answers, after.channel, after.opened)).next().is_some()
}

/// True for counts by which cases can be found. Sums of minutes cannot; what ended ended in time or late, and how it came
/// in and how it ended is written on the case.
fn is_marked(name: &str) -> bool {
    let name = name.strip_prefix("about.").unwrap_or(name);
    !name.contains("minutes")
        && !name.starts_with("received.")
        && name != "ended"
        && !name.starts_with("ended.")
}

/// The marks of a case that is open. Its day is that on which it is due, by the official calendar.
fn standing(case: &Case, kind: &Kind, schedule: &Schedule) -> Vec<String> {
    if case.ended.is_some() {
        return Vec::new();
    }
    let due = case.due(schedule).map(|due| official_day(due).to_string());
    let due = due.unwrap_or_else(|| NO_DAY.to_owned());
    let mut names = vec![format!("as.{}/{due}", how(case, &due)), format!("state.{}/{due}", case.state)];
    names.extend(desk_of(case, kind).map(|desk| format!("desk.{desk}/{due}")));
    names.extend(case.assignee.as_ref().map(|account| format!("who.{account}/{due}")));
    names.extend(case.received.map(|at| format!("got./{}", official_day(at))));
    let unit = marks::short(&case.competent);
    names.into_iter().map(|name| format!("{name} {unit}")).collect()
}

/// How an open case stands to its time: not received yet; late whatever comes, since more was asked twice; the clock runs;
/// it stands still, and did not do so only after the time was over.
fn how(case: &Case, due: &str) -> &'static str {
    let too_late = |one: &dinh_cases::Supplement| one.due_before.is_some_and(|due| due < one.asked);
    if case.received.is_none() {
        "filed"
    } else if case.supplements_in_time() > 1 {
        "again"
    } else if due != NO_DAY {
        "runs"
    } else if case.open_supplement().is_some_and(too_late) {
        "stands-late"
    } else {
        "stands"
    }
}

/// What is counted more and less, by unit.
fn moved(before: &[String], after: &[String]) -> BTreeMap<String, Tally> {
    let mut by_unit: BTreeMap<String, Tally> = BTreeMap::new();
    let gone = before.iter().filter(|mark| !after.contains(mark)).map(|mark| (mark, -1));
    let come = after.iter().filter(|mark| !before.contains(mark)).map(|mark| (mark, 1));
    for (mark, by) in gone.chain(come) {
        if let Some((unit, name)) = marks::of_unit(mark) {
            by_unit.entry(unit).or_default().add(name, by);
        }
    }
    by_unit
}
