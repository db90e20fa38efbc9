//! What is counted of cases, read: what has happened by month, unit and procedure, and what is open now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_access::{Principal, Purpose, Seen};
use dinh_context::Session;
use dinh_context::graph::Op;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::Casework;
use crate::Error;

/// Kind of the records of what has happened, by `{month} {unit} {kind}`.
pub(super) const TALLY: &str = "case-tally";
/// The same for all kinds together, by `{month} {unit}`.
pub(super) const OF_UNITS: &str = "case-tally-unit";
/// The same for all units together, by `{month} {kind}`.
pub(super) const OF_KINDS: &str = "case-tally-kind";
/// Kind of the records of what is open.
pub(super) const OPEN: &str = "case-open";
/// Records read at a time.
const CHUNK: usize = 1_000;
/// Most records of one answer: a hundred units with fifty procedures each, for two years, and more.
const MOST: usize = 200_000;
/// Most months of one question.
const MOST_MONTHS: usize = 60;

/// A span of months.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first month, by any day of it.
    pub from: Date,
    /// Its last month, by any day of it.
    pub to: Date,
}

impl Period {
    /// Its months, as counts and marks write them: `2026-11`.
    ///
    /// # Errors
    /// [`Error::TooMany`] for more than five years.
    pub(super) fn months(self) -> Result<Vec<String>, Error> {
        let (mut month, last) = (self.from.first_of_month(), self.to.first_of_month());
        let mut months = Vec::new();
        while month <= last {
            if months.len() == MOST_MONTHS {
                return Err(Error::TooMany { what: "months", most: MOST_MONTHS });
            }
            months.push(month.strftime("%Y-%m").to_string());
            month = month.saturating_add(jiff::Span::new().months(1));
        }
        Ok(months)
    }
}

/// What is added up together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// All of it.
    Whole,
    /// Each month: `2026-11`.
    Month,
    /// Each quarter: `2026-Q4`.
    Quarter,
    /// Each year.
    Year,
    /// Each unit.
    Unit,
    /// Each kind of case.
    Kind,
}

impl Scale {
    fn name(self, (month, unit, kind): (&str, &str, &str)) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Month => month.to_owned(),
            Self::Quarter => {
                let (year, number) = month.split_once('-').unwrap_or((month, ""));
                let quarter = number.parse::<u32>().unwrap_or(1).saturating_sub(1) / 3 + 1;
                format!("{year}-Q{quarter}")
            }
            Self::Year => month.split('-').next().unwrap_or_default().to_owned(),
            Self::Unit => unit.to_owned(),
            Self::Kind => kind.to_owned(),
        }
    }
}

/// Of which cases the counts are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// Those of this competent unit; none for all.
    pub unit: Option<String>,
    /// Those of this kind; none for all.
    pub kind: Option<String>,
}

/// Counts by their names, of something. What has happened:
///
/// * `received`, `received.{channel}`: cases received.
/// * `ended`, `ended.{outcome}`: cases that were received and ended; `on-time` those that ended in time, by the rule of
///   index 2.1 of Decision 766/QĐ-TTg: a case of which more was asked twice counts as late. `late` the others.
/// * `supplemented`, `again`: cases that ended and of which more was asked after receipt, once or more, twice or more.
/// * `minutes`: working minutes from receipt to end, without the time for which the clock stood still;
///   `minutes-granted` those of cases that were granted.
/// * `reused`: cases received with a document that was there already. `electronic`: those with files.
/// * `synced`: cases received of which the national portal was told.
/// * `issued`: cases whose results were put into the applicant's locker.
/// * `rated`, `rated.1` to `rated.5`, `rating-sum`: cases of which applicants said what they think, by stars, and the sum of these.
/// * `about.received`, `about.ended` and so on: the same of cases that are about other cases, as complaints are.
/// * `left.{state}`, `left-late.{state}`, `left-minutes.{state}`: how often cases left a state, how often too late, and
///   for how many working minutes they had stood there.
///
/// What is open now, each with the day on which it is due, or `-`:
///
/// * `as.{how}/{day}`: `filed`, `runs`, `stands`, `stands-late` (its clock stands still, and was over before), `again`
///   (more was asked twice).
/// * `state.{state}/{day}`, `desk.{unit}/{day}`, `who.{account}/{day}`: where it lies, and with whom.
/// * `got./{day}`: the day on which it was received instead.
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

    /// The operations that add it to what has happened in a month, of a unit and a kind.
    pub(super) fn added(&self, (month, unit, kind): (&str, &str, &str)) -> [Op; 3] {
        let sums = [
            (TALLY, format!("{month} {unit} {kind}")),
            (OF_UNITS, format!("{month} {unit}")),
            (OF_KINDS, format!("{month} {kind}")),
        ];
        sums.map(|(records, key)| Op::AddTo { kind: records.to_owned(), key, add: self.0.clone() })
    }

    pub(crate) fn add(&mut self, name: impl Into<String> + AsRef<str>, more: i64) {
        if more == 0 {
            return;
        }
        match self.0.get_mut(name.as_ref()) {
            Some(sum) => *sum += more,
            None => drop(self.0.insert(name.into(), more)),
        }
    }
}

/// Counts added up on a scale, by the name of each member of it.
pub type Tallies = BTreeMap<String, Tally>;

impl Casework {
    /// The units whose counts somebody may know; none if they may know all.
    pub(super) fn counted_units(&self, session: &Session) -> Result<Option<BTreeSet<Arc<str>>>, Error> {
        let desk = session.clone().with_purpose(Purpose::CaseHandling);
        if desk.sight()?.entities(&self.names().of("Dossier")) == Seen::OfAll {
            return Ok(None);
        }
        match session.principal() {
            Principal::Account(account) => Ok(Some(account.units.clone())),
            _ => Ok(Some(BTreeSet::new())),
        }
    }

    /// The counts of a span of months, added up on a scale: of all units for those who see the cases of all, of their own
    /// units for the others.
    ///
    /// # Errors
    /// [`Error::TooMany`] for spans with too many months, units and procedures.
    pub async fn tallies(&self, session: &Session, period: Period, scale: Scale) -> Result<Tallies, Error> {
        let mut all = self.tallied(session, period, &Among::default(), &[scale]).await?;
        Ok(all.pop().unwrap_or_default())
    }

    /// The same on several scales at once, for some cases.
    ///
    /// # Errors
    /// As [`Casework::tallies`].
    pub async fn tallied(
        &self,
        session: &Session,
        period: Period,
        among: &Among,
        scales: &[Scale],
    ) -> Result<Vec<Tallies>, Error> {
        self.enter(session)?;
        let (months, own) = (period.months()?, self.own(session.tenant()));
        let mut sums = Sums::new(scales, among);
        let (Some(first), Some(last)) = (months.first(), months.last()) else { return Ok(sums.tallies) };
        let units: Option<Vec<String>> = match (&among.unit, self.counted_units(session)?) {
            (Some(unit), Some(units)) => {
                Some(units.contains(unit.as_str()).then(|| unit.clone()).into_iter().collect())
            }
            (Some(unit), None) => Some(vec![unit.clone()]),
            (None, Some(units)) => Some(units.iter().map(|unit| (**unit).to_owned()).collect()),
            (None, None) => None,
        };
        let mut left = MOST;
        let whole = |key: &str| key.split(' ').next() <= Some(last.as_str());
        match units {
            Some(units) => {
                for prefix in prefixes(&months, &units) {
                    let within = |key: &str| key.starts_with(&prefix);
                    each(&own, (TALLY, &prefix), &mut left, within, |key, body| {
                        sums.take_key(TALLY, key, body);
                    })
                    .await?;
                }
            }
            None if among.kind.is_some() => {
                each(&own, (TALLY, first), &mut left, whole, |key, body| sums.take_key(TALLY, key, body))
                    .await?;
            }
            // Sums that are kept: a year of a province is a few thousand records instead of a hundred thousand.
            None => {
                for records in [OF_UNITS, OF_KINDS] {
                    each(&own, (records, first), &mut left, whole, |key, body| {
                        sums.take_key(records, key, body);
                    })
                    .await?;
                }
            }
        }
        Ok(sums.tallies)
    }

    /// What is open now, on several scales at once; there are no months.
    ///
    /// # Errors
    /// As [`Casework::tallies`].
    pub async fn open_now(
        &self,
        session: &Session,
        among: &Among,
        scales: &[Scale],
    ) -> Result<Vec<Tallies>, Error> {
        self.enter(session)?;
        let units = self.counted_units(session)?;
        let mut sums = Sums::new(scales, among);
        let mut left = MOST;
        let take = |key: &str, body: &Json| {
            let unit = key.split(' ').next().unwrap_or_default();
            if units.as_ref().is_none_or(|units| units.contains(unit)) {
                sums.take_key(OPEN, key, body);
            }
        };
        each(&self.own(session.tenant()), (OPEN, ""), &mut left, |_| true, take).await?;
        Ok(sums.tallies)
    }
}

/// The beginnings of the keys of units in months.
fn prefixes(months: &[String], units: &[String]) -> Vec<String> {
    let of = |month| units.iter().map(move |unit| format!("{month} {unit} "));
    months.iter().flat_map(of).collect()
}

/// Reads records of a kind in the order of their keys, as long as keys are `within`; `left` is how many more may be read.
async fn each(
    own: &Session,
    (records, from): (&str, &str),
    left: &mut usize,
    within: impl Fn(&str) -> bool,
    mut take: impl FnMut(&str, &Json),
) -> Result<(), Error> {
    // Few at first: whoever wants the counts of a ward does not read those of a province.
    let (mut after, mut most) = (from.to_owned(), 64);
    loop {
        let chunk = own.records(records, &after, most).await?;
        *left = left.checked_sub(chunk.len()).ok_or(Error::TooMany { what: "counts", most: MOST })?;
        for record in &chunk {
            if !within(&record.key) {
                return Ok(());
            }
            take(&record.key, &record.body);
        }
        match chunk.last() {
            Some(last) if chunk.len() == most => after.clone_from(&last.key),
            _ => return Ok(()),
        }
        most = CHUNK.min(most * 4);
    }
}

/// Month, unit and kind of a record, from its key. What is open has no month, and sums lack the unit or the kind.
fn cell_of<'k>(records: &str, key: &'k str) -> Option<(&'k str, &'k str, &'k str)> {
    let (first, rest) = key.split_once(' ')?;
    match records {
        OPEN => Some(("", first, rest)),
        OF_UNITS => Some((first, rest, "")),
        OF_KINDS => Some((first, "", rest)),
        _ => rest.split_once(' ').map(|(unit, kind)| (first, unit, kind)),
    }
}

/// Counts being added up.
struct Sums<'a> {
    scales: &'a [Scale],
    among: &'a Among,
    tallies: Vec<Tallies>,
}

impl<'a> Sums<'a> {
    fn new(scales: &'a [Scale], among: &'a Among) -> Self {
        Self { scales, among, tallies: vec![Tallies::new(); scales.len()] }
    }

    fn take_key(&mut self, records: &str, key: &str, body: &Json) {
        let Some(cell) = cell_of(records, key) else { return };
        let is = |wanted: &Option<String>, found: &str| wanted.as_ref().is_none_or(|one| one == found);
        if !is(&self.among.unit, cell.1) || !is(&self.among.kind, cell.2) {
            return;
        }
        for (scale, tallies) in self.scales.iter().zip(&mut self.tallies) {
            // Of the sums by unit only units are told, and everything else by the sums by kind.
            if records == OF_UNITS && *scale != Scale::Unit || records == OF_KINDS && *scale == Scale::Unit {
                continue;
            }
            let tally = tallies.entry(scale.name(cell)).or_default();
            for (name, number) in body.as_object().into_iter().flatten() {
                tally.add(name.as_str(), number.as_i64().unwrap_or_default());
            }
        }
    }
}
