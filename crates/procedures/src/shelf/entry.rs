//! What lists show of a procedure.

use serde::{Deserialize, Serialize};

use crate::{Audience, ChannelKind, Code, Duration, Level, LifeEvents, Procedure};

/// A procedure as lists show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Code.
    pub code: Code,
    /// Name.
    pub name: String,
    /// Levels, the nearest first.
    pub levels: Vec<Level>,
    /// Who files.
    pub audiences: Vec<Audience>,
    /// Fields.
    pub fields: Vec<String>,
    /// Agencies.
    pub agencies: Vec<String>,
    /// Life events.
    pub life_events: Vec<String>,
    /// Names of what comes of it.
    pub results: Vec<String>,
    /// More words it is found by.
    pub keywords: Vec<String>,
    /// The shortest time limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<Duration>,
    /// True if there are longer ones.
    pub longer: bool,
    /// The least fee in đồng; 0 if it is free in any case; none if it is told in words or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fee: Option<u64>,
    /// True if one may file online.
    pub online: bool,
}

impl Entry {
    /// What lists show of this procedure.
    pub fn of(procedure: &Procedure, events: &LifeEvents) -> Self {
        let names = |items: &[crate::Named]| items.iter().map(|item| item.name.clone()).collect();
        let mut times: Vec<Duration> = procedure.channels.iter().filter_map(|way| way.time).collect();
        times.sort_unstable_by_key(|time| (time.hours(), time.unit));
        let fees = procedure.channels.iter().flat_map(|way| &way.fees);
        Self {
            code: procedure.code.clone(),
            name: procedure.name.clone(),
            levels: procedure.levels.clone(),
            audiences: procedure.audiences(),
            fields: names(&procedure.fields),
            agencies: procedure.doers().into_iter().map(str::to_owned).collect(),
            life_events: events.of(procedure),
            results: procedure.results.iter().map(|result| result.name.clone()).collect(),
            keywords: procedure.keywords.clone(),
            time: times.first().copied(),
            longer: times.last().is_some_and(|last| Some(last.hours()) != times.first().map(|t| t.hours())),
            fee: fees.filter_map(|fee| fee.amount).min().filter(|least| *least > 0 || procedure.is_free()),
            online: procedure.channels.iter().any(|way| way.kind == ChannelKind::Online),
        }
    }

    /// The level nearest to a citizen.
    pub fn nearest(&self) -> Level {
        self.levels.iter().copied().min().unwrap_or(Level::Other)
    }
}

impl Duration {
    /// About how many hours, to compare limits in different units. A working day counts as a day.
    pub fn hours(self) -> u64 {
        let hours = match self.unit {
            crate::TimeUnit::Hour => 1,
            crate::TimeUnit::Day | crate::TimeUnit::WorkingDay => 24,
            crate::TimeUnit::Month => 30 * 24,
        };
        u64::from(self.hundredths) * hours / 100
    }
}
