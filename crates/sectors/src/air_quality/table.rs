//! The table `vn-aqi.toml` of the pack `air-quality`: all editions of the scale.

use jiff::civil::Date;
use serde::Deserialize;

use super::scale::Columns;
use super::{Pollutant, Scale};

/// Why a text is not a table of scales.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// Not TOML, or not of this shape.
    #[error("the table of the air quality index cannot be read: {0}")]
    Unreadable(String),
    /// No edition.
    #[error("the table of the air quality index has no edition")]
    Empty,
    /// Breakpoints that do not rise from zero, or are more than the values of the index.
    #[error(
        "decision {decision}: the {column} of the air quality index must begin at 0 and rise, in at most {most} steps"
    )]
    Column {
        /// The edition.
        decision: String,
        /// Name of the column.
        column: &'static str,
        /// How many values the index has.
        most: usize,
    },
    /// Bands with gaps or overlaps.
    #[error(
        "decision {decision}: the bands of the air quality index must follow each other from 0 to {last}"
    )]
    Bands {
        /// The edition.
        decision: String,
        /// The highest value of the index.
        last: String,
    },
}

/// All editions of the scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    editions: Vec<Scale>,
}

#[derive(Deserialize)]
struct File {
    edition: Vec<Scale>,
}

impl Table {
    /// Reads the table from TOML and checks every edition.
    pub fn parse(toml: &str) -> Result<Self, TableError> {
        let file: File = toml::from_str(toml).map_err(|reason| TableError::Unreadable(reason.to_string()))?;
        if file.edition.is_empty() {
            return Err(TableError::Empty);
        }
        for scale in &file.edition {
            check_columns(scale)?;
            check_bands(scale)?;
        }
        Ok(Self { editions: file.edition })
    }

    /// All editions, in the order of the file.
    pub fn editions(&self) -> &[Scale] {
        &self.editions
    }

    /// The edition in force on `day`.
    pub fn on(&self, day: Date) -> Option<&Scale> {
        self.editions.iter().find(|s| s.valid_from <= day && s.valid_to.is_none_or(|to| day <= to))
    }
}

fn check_columns(scale: &Scale) -> Result<(), TableError> {
    let Columns { pm25, pm10, o3_1h, o3_8h, co, so2, no2 } = &scale.breakpoints;
    let most = scale.index.len();
    let columns = [
        ("index", &scale.index),
        (Pollutant::Pm25.attribute(), pm25),
        (Pollutant::Pm10.attribute(), pm10),
        ("o3_1h", o3_1h),
        ("o3_8h", o3_8h),
        (Pollutant::Co.attribute(), co),
        (Pollutant::So2.attribute(), so2),
        (Pollutant::No2.attribute(), no2),
    ];
    for (column, values) in columns {
        let rises = values.windows(2).all(|pair| matches!(pair, [low, high] if low < high));
        let begins = values.first().is_some_and(|v| *v == 0.0);
        if !rises
            || !begins
            || values.len() < 2
            || values.len() > most
            || values.iter().any(|v| !v.is_finite())
        {
            return Err(TableError::Column { decision: scale.decision.clone(), column, most });
        }
    }
    Ok(())
}

fn check_bands(scale: &Scale) -> Result<(), TableError> {
    let first = scale.bands.first().is_some_and(|band| band.min == 0);
    let follow =
        scale.bands.windows(2).all(|pair| matches!(pair, [a, b] if a.max.checked_add(1) == Some(b.min)));
    let ordered = scale.bands.iter().all(|band| band.min <= band.max);
    let last = scale.index.last().copied().unwrap_or_default();
    let ends = scale.bands.last().is_some_and(|band| f64::from(band.max) >= last);
    if first && follow && ordered && ends {
        Ok(())
    } else {
        Err(TableError::Bands { decision: scale.decision.clone(), last: last.to_string() })
    }
}
