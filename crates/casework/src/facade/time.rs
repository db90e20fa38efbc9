//! Working time, as the pack of calendars says it.

use std::sync::Arc;

use dinh_calendar::{Editions, Law, Rules, Schedule, Table, Week, WorkingDays, official_day};
use dinh_cases::Kind;
use dinh_context::packs::Packs;
use dinh_model::Timestamp;
use serde::de::DeserializeOwned;

use crate::Error;

/// The pack with the days on which offices rest and the hours in which they work.
const CALENDAR: &str = "calendar";
/// The edition that holds where nothing else is said.
const DEFAULT: &str = "default";

/// Working time of the offices.
pub(super) struct Times {
    schedule: Schedule,
    counting: Editions<Rules>,
}

impl Times {
    pub(super) fn read(packs: &Packs) -> Result<Self, Error> {
        let fault = |file: &str, reason: &dyn std::fmt::Display| Error::Pack {
            file: format!("{CALENDAR}/{file}"),
            reason: reason.to_string(),
        };
        let table: Table = toml(packs, "holidays.toml")?;
        let law: Law = toml(packs, "days-off.toml")?;
        let days = WorkingDays::with_law(&table, &law).map_err(|reason| fault("holidays.toml", &reason))?;
        let hours: Editions<Week> = toml(packs, "hours.toml")?;
        let schedule = Schedule::new(Arc::new(days), &hours, DEFAULT);
        Ok(Self {
            schedule: schedule.map_err(|reason| fault("hours.toml", &reason))?,
            counting: toml(packs, "counting.toml")?,
        })
    }

    pub(super) fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// How periods of a kind are counted that begin now.
    pub(super) fn rules(&self, kind: &Kind, variant: Option<&str>, now: Timestamp) -> Rules {
        let name = kind.timing_of(variant).counting.as_deref().unwrap_or(DEFAULT);
        let edition = self.counting.on(name, official_day(now.to_jiff()));
        edition.map_or_else(Rules::default, |edition| edition.holds)
    }
}

/// A file of the calendar. A folder of packs that brings no calendar has the one that ships with the program.
fn toml<T: DeserializeOwned>(packs: &Packs, file: &str) -> Result<T, Error> {
    let read = || -> Result<T, dinh_context::packs::Error> {
        if packs.pack(CALENDAR).is_some() {
            return packs.file(CALENDAR, file)?.toml();
        }
        Packs::embedded()?.file(CALENDAR, file)?.toml()
    };
    Ok(read().map_err(dinh_context::Error::from)?)
}
