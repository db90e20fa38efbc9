//! What is counted of cases, in the commits of what is counted: by month, unit and procedure.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_access::{Principal, Purpose, Seen};
use dinh_calendar::official_day;
use dinh_cases::Case;
use dinh_context::Session;
use dinh_context::graph::Op;
use jiff::civil::Date;

use super::Casework;
use super::commit::Going;
use crate::Error;

/// Kind of the records of counts.
pub(super) const TALLY: &str = "case-tally";
/// Records read at a time.
const CHUNK: usize = 1_000;
/// Most records of one answer: a hundred units with fifty procedures each, for a year, and more.
const MOST: usize = 100_000;

/// A span of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first month, by any day of it.
    pub from: Date,
    /// Its last month, by any day of it.
    pub to: Date,
}

/// What is added up together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// All of it.
    Whole,
    /// Each month.
    Month,
    /// Each unit.
    Unit,
    /// Each kind of case.
    Kind,
}

/// Counts by their names, of something.
///
/// * `received`, `received.{channel}`: cases received.
/// * `ended`, `ended.{outcome}`: cases that were received and ended; `on-time` those that ended in time, by the rule of
///   index 2.1 of Decision 766/QĐ-TTg: a case of which more was asked twice counts as late.
/// * `minutes`: working minutes from receipt to end, without the time for which the clock stood still.
/// * `reused`: cases received with a document that was there already. `electronic`: those with files.
/// * `rated`, `rated.1` to `rated.5`, `stars`: cases of which applicants said what they think, by stars, and the sum of these.
/// * `about.received`, `about.ended` and so on: the same of cases that are about other cases, as complaints are.
/// * `left.{state}`, `left-late.{state}`, `left-minutes.{state}`: how often cases left a state, how often too late, and
///   for how many working minutes they had stood there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(pub BTreeMap<String, i64>);

impl Tally {
    /// A count; 0 if nothing was counted.
    pub fn of(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// A part as hundredths of a whole; none of nothing.
    pub fn share(&self, part: &str, whole: &str) -> Option<f64> {
        let (part, whole) = (self.of(part), self.of(whole));
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        (whole > 0).then(|| part as f64 * 100.0 / whole as f64)
    }

    fn add(&mut self, name: impl Into<String>, more: i64) {
        if more != 0 {
            *self.0.entry(name.into()).or_default() += more;
        }
    }
}

impl Casework {
    /// What an action adds to the counts.
    pub(super) fn counted(&self, going: &Going<'_>) -> Vec<Op> {
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
        if let Some((at, outcome)) = after.ended
            && received(after)
            && before.is_none_or(|case| case.ended.is_none())
        {
            tally.add("ended", 1);
            tally.add(format!("ended.{}", outcome.name()), 1);
            let in_time = !after.is_late(self.0.times.schedule(), at) && after.supplements_in_time() <= 1;
            tally.add("on-time", i64::from(in_time));
            tally.add("minutes", self.used(after, at));
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
        if tally.0.is_empty() {
            return Vec::new();
        }
        if going.kind.about_case {
            // Complaints are no dossiers: they are counted apart.
            tally.0 = tally.0.into_iter().map(|(name, more)| (format!("about.{name}"), more)).collect();
        }
        let month = official_day(going.now.to_jiff()).strftime("%Y-%m");
        let key = format!("{month} {} {}", after.competent, after.kind);
        vec![Op::AddTo { kind: TALLY.to_owned(), key, add: tally.0 }]
    }

    /// The units whose counts somebody may know; none if they may know all.
    fn counted_units(&self, session: &Session) -> Result<Option<BTreeSet<Arc<str>>>, Error> {
        let desk = session.clone().with_purpose(Purpose::CaseHandling);
        if desk.sight()?.entities(&self.names().of("Dossier")) == Seen::OfAll {
            return Ok(None);
        }
        match session.principal() {
            Principal::Account(account) => Ok(Some(account.units.clone())),
            _ => Ok(Some(BTreeSet::new())),
        }
    }

    fn used(&self, case: &Case, at: jiff::Timestamp) -> i64 {
        let used = case.clock.as_ref().and_then(|clock| clock.used(self.0.times.schedule(), at).ok());
        used.map_or(0, |used| used.time.as_mins())
    }

    /// The counts of a span of months, added up on a scale, by the name of each member of it: of all units for those who
    /// see the cases of all, of their own units for the others.
    ///
    /// # Errors
    /// [`Error::TooMany`] for spans with too many units and procedures.
    pub async fn tallies(
        &self,
        session: &Session,
        period: Period,
        scale: Scale,
    ) -> Result<BTreeMap<String, Tally>, Error> {
        self.enter(session)?;
        let units = self.counted_units(session)?;
        let own = self.own(session.tenant());
        let (from, to) = (period.from.strftime("%Y-%m").to_string(), period.to.strftime("%Y-%m").to_string());
        let (mut after, mut read) = (from, 0);
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        loop {
            let records = own.records(TALLY, &after, CHUNK).await?;
            for record in &records {
                let mut parts = record.key.splitn(3, ' ');
                let (Some(month), Some(unit), Some(kind)) = (parts.next(), parts.next(), parts.next()) else {
                    continue;
                };
                if month > to.as_str() {
                    return Ok(tallies);
                }
                if units.as_ref().is_some_and(|units| !units.contains(unit)) {
                    continue;
                }
                let name = match scale {
                    Scale::Whole => "",
                    Scale::Month => month,
                    Scale::Unit => unit,
                    Scale::Kind => kind,
                };
                let tally = tallies.entry(name.to_owned()).or_default();
                let numbers = record.body.as_object().into_iter().flatten();
                numbers.for_each(|(name, number)| tally.add(name, number.as_i64().unwrap_or_default()));
            }
            read += records.len();
            if read > MOST {
                return Err(Error::TooMany { what: "counts", most: MOST });
            }
            match records.last() {
                Some(last) if records.len() == CHUNK => after.clone_from(&last.key),
                _ => return Ok(tallies),
            }
        }
    }
}
