//! One edition of the scale: breakpoints and bands.

use std::fmt;

use jiff::civil::Date;
use serde::Deserialize;

use super::Band;

/// What the index counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pollutant {
    /// Dust up to 2.5 µm.
    Pm25,
    /// Dust up to 10 µm.
    Pm10,
    /// Ozone.
    O3,
    /// Carbon monoxide.
    Co,
    /// Sulphur dioxide.
    So2,
    /// Nitrogen dioxide.
    No2,
}

impl Pollutant {
    /// The name of its attribute in the graph (Smart Data Models, `AirQualityObserved`).
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Pm25 => "pm25",
            Self::Pm10 => "pm10",
            Self::O3 => "o3",
            Self::Co => "co",
            Self::So2 => "so2",
            Self::No2 => "no2",
        }
    }
}

impl fmt::Display for Pollutant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.attribute())
    }
}

/// Which breakpoints of ozone apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Average {
    /// Mean of one hour. The other pollutants have only one column and take it for every average.
    OneHour,
    /// Mean of eight hours.
    EightHours,
}

/// One edition of the scale, checked: every column rises and begins at zero, the bands follow without gaps.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// Number of the decision.
    pub decision: String,
    /// First day in force.
    pub valid_from: Date,
    /// Last day in force; none while it is.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// Where the numbers were taken from.
    pub source: String,
    /// Values of the index at the breakpoints.
    pub(super) index: Vec<f64>,
    pub(super) breakpoints: Columns,
    /// Bands, the best air first.
    #[serde(rename = "band")]
    pub bands: Vec<Band>,
}

/// Concentrations in µg/m³ at the values of the index (table 2). A column may end early (ozone over eight hours).
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    pub(super) pm25: Vec<f64>,
    pub(super) pm10: Vec<f64>,
    pub(super) o3_1h: Vec<f64>,
    pub(super) o3_8h: Vec<f64>,
    pub(super) co: Vec<f64>,
    pub(super) so2: Vec<f64>,
    pub(super) no2: Vec<f64>,
}

impl Scale {
    pub(super) fn column(&self, pollutant: Pollutant, average: Average) -> &[f64] {
        match (pollutant, average) {
            (Pollutant::Pm25, _) => &self.breakpoints.pm25,
            (Pollutant::Pm10, _) => &self.breakpoints.pm10,
            (Pollutant::O3, Average::OneHour) => &self.breakpoints.o3_1h,
            (Pollutant::O3, Average::EightHours) => &self.breakpoints.o3_8h,
            (Pollutant::Co, _) => &self.breakpoints.co,
            (Pollutant::So2, _) => &self.breakpoints.so2,
            (Pollutant::No2, _) => &self.breakpoints.no2,
        }
    }

    /// The index of one pollutant at `concentration` µg/m³, not rounded: linear between breakpoints (formula 1).
    ///
    /// Above the last breakpoint the index stays at its last value, 500 (table 2 says "≥"). None for negative or
    /// infinite concentrations, and for eight hours of ozone above the last breakpoint, for which the decree defines
    /// no index (section 2.2.2 b).
    pub fn part(&self, pollutant: Pollutant, average: Average, concentration: f64) -> Option<f64> {
        if !concentration.is_finite() || concentration < 0.0 {
            return None;
        }
        let column = self.column(pollutant, average);
        let steps = column.windows(2).zip(self.index.windows(2));
        for (breakpoints, index) in steps {
            if let ([low, high], [from, to]) = (breakpoints, index)
                && concentration <= *high
            {
                return Some((to - from) / (high - low) * (concentration - low) + from);
            }
        }
        (column.len() == self.index.len()).then(|| self.index.last().copied()).flatten()
    }

    /// The band of an index.
    pub fn band(&self, index: u16) -> Option<&Band> {
        self.bands.iter().find(|band| (band.min..=band.max).contains(&index))
    }
}
