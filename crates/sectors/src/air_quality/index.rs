//! The index of an hour and of a day.

use super::{Average, Pollutant, Scale, highest_mean_of_8_hours, mean, nowcast};

/// Why there is no index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoIndex {
    /// Section 2.1 b: at least one of the two.
    #[error("VN_AQI needs enough values of PM2.5 or PM10 (decision 1459/QĐ-TCMT, section 2.1)")]
    NoDust,
}

/// What the index of an hour is made from. Concentrations in µg/m³.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hour {
    /// Hourly means of PM2.5, the present hour first.
    pub pm25: Vec<Option<f64>>,
    /// Hourly means of PM10, the present hour first.
    pub pm10: Vec<Option<f64>>,
    /// Ozone, mean of the present hour.
    pub o3: Option<f64>,
    /// Carbon monoxide, mean of the present hour.
    pub co: Option<f64>,
    /// Sulphur dioxide, mean of the present hour.
    pub so2: Option<f64>,
    /// Nitrogen dioxide, mean of the present hour.
    pub no2: Option<f64>,
}

/// What the index of a day is made from: hourly means, the earliest first, 01:00 to 00:00 of the next day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Day {
    /// PM2.5, 24 hours.
    pub pm25: Vec<Option<f64>>,
    /// PM10, 24 hours.
    pub pm10: Vec<Option<f64>>,
    /// Ozone, 31 hours: the seven before the day are needed for means of eight hours.
    pub o3: Vec<Option<f64>>,
    /// Carbon monoxide, 24 hours.
    pub co: Vec<Option<f64>>,
    /// Sulphur dioxide, 24 hours.
    pub so2: Vec<Option<f64>>,
    /// Nitrogen dioxide, 24 hours.
    pub no2: Vec<Option<f64>>,
}

/// The index of one pollutant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// The pollutant.
    pub pollutant: Pollutant,
    /// Its index, not rounded.
    pub value: f64,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// The index, rounded to a whole number, 0 to 500.
    pub value: u16,
    /// The pollutant with the greatest index, which must be named with it (table 3).
    pub lead: Pollutant,
    /// The pollutants counted, in the order of [`Pollutant`].
    pub parts: Vec<Part>,
}

const HOURS_OF_A_DAY: usize = 24;
const HOURS_BEFORE: usize = 7;

impl Scale {
    /// AQI^h (section 2.2.1).
    pub fn hour(&self, hour: &Hour) -> Result<Index, NoIndex> {
        let gas = |pollutant, value: Option<f64>| (pollutant, value);
        self.index([
            (Pollutant::Pm25, nowcast(&hour.pm25)),
            (Pollutant::Pm10, nowcast(&hour.pm10)),
            gas(Pollutant::O3, hour.o3),
            gas(Pollutant::Co, hour.co),
            gas(Pollutant::So2, hour.so2),
            gas(Pollutant::No2, hour.no2),
        ])
    }

    /// AQI^d (section 2.2.2).
    pub fn day(&self, day: &Day) -> Result<Index, NoIndex> {
        let mut index = self.index([
            (Pollutant::Pm25, mean(&day.pm25, HOURS_OF_A_DAY)),
            (Pollutant::Pm10, mean(&day.pm10, HOURS_OF_A_DAY)),
            (Pollutant::O3, highest(day.o3.get(HOURS_BEFORE..).unwrap_or_default())),
            (Pollutant::Co, highest(&day.co)),
            (Pollutant::So2, highest(&day.so2)),
            (Pollutant::No2, highest(&day.no2)),
        ])?;
        let ozone =
            highest_mean_of_8_hours(&day.o3).and_then(|c| self.part(Pollutant::O3, Average::EightHours, c));
        if let Some(value) = ozone {
            index.count(Part { pollutant: Pollutant::O3, value });
        }
        Ok(index)
    }

    /// The greatest of the indices of concentrations, each by the one-hour column.
    fn index(&self, concentrations: [(Pollutant, Option<f64>); 6]) -> Result<Index, NoIndex> {
        let parts = concentrations.into_iter().filter_map(|(pollutant, concentration)| {
            let value = self.part(pollutant, Average::OneHour, concentration?)?;
            Some(Part { pollutant, value })
        });
        let mut index = Index { value: 0, lead: Pollutant::Pm25, parts: parts.collect() };
        if !index.parts.iter().any(|p| matches!(p.pollutant, Pollutant::Pm25 | Pollutant::Pm10)) {
            return Err(NoIndex::NoDust);
        }
        index.settle();
        Ok(index)
    }
}

impl Index {
    /// Counts one more part; of two for one pollutant the greater counts.
    fn count(&mut self, part: Part) {
        match self.parts.iter_mut().find(|p| p.pollutant == part.pollutant) {
            Some(old) => old.value = old.value.max(part.value),
            None => self.parts.push(part),
        }
        self.parts.sort_by_key(|p| p.pollutant);
        self.settle();
    }

    fn settle(&mut self) {
        let greatest = self.parts.iter().copied().reduce(|a, b| if b.value > a.value { b } else { a });
        if let Some(part) = greatest {
            self.lead = part.pollutant;
            self.value = round(part.value);
        }
    }
}

/// The greatest hourly mean.
fn highest(hours: &[Option<f64>]) -> Option<f64> {
    let valid = |c: &f64| c.is_finite() && *c >= 0.0;
    hours.iter().take(HOURS_OF_A_DAY).flatten().copied().filter(valid).reduce(f64::max)
}

/// Rounds to a whole number, halves up; the index is never negative and never above 500.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=500 before")]
fn round(value: f64) -> u16 {
    (value + 0.5).floor().clamp(0.0, 500.0) as u16
}
