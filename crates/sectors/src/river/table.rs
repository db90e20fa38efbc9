//! The table `river-alarm-levels.toml` of the pack `hydromet`: alarm levels by edition of the decision.

use jiff::civil::Date;
use serde::Deserialize;

use super::AlarmLevels;

/// Why a text is not a table of alarm levels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LevelTableError {
    /// Not TOML, or not of this shape.
    #[error("the table of alarm levels cannot be read: {0}")]
    Unreadable(String),
    /// Levels that do not rise.
    #[error("decision {decision}, station {station}: alarm levels I, II and III must rise")]
    Levels {
        /// The edition.
        decision: String,
        /// The station.
        station: String,
    },
    /// A station listed twice in one edition.
    #[error("decision {decision}: the station {station} is listed twice")]
    Twice {
        /// The edition.
        decision: String,
        /// The station.
        station: String,
    },
}

/// How an alarm level was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// From bulletins issued while the edition was in force.
    Bulletin,
    /// From papers of the edition before.
    Older,
    /// Not yet.
    Unconfirmed,
}

/// The levels of one station.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Name in identifiers, e.g. `kim-long`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The river, without the word sông.
    pub river: String,
    /// Code of the province.
    pub province: String,
    /// Levels I, II, III in metres above the gauge's datum.
    pub levels: [f64; 3],
    /// How each level was confirmed.
    pub checked: [Check; 3],
}

/// One decision with its levels.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// Number of the decision.
    pub decision: String,
    /// First day in force.
    pub valid_from: Date,
    /// Last day in force; none while it is.
    #[serde(default)]
    pub valid_to: Option<Date>,
    /// The decision in full.
    pub source: String,
    /// Its stations.
    #[serde(rename = "station")]
    pub stations: Vec<Station>,
}

/// All editions.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct LevelTable {
    #[serde(rename = "edition")]
    editions: Vec<Edition>,
}

impl LevelTable {
    /// Reads the table from TOML and checks every station.
    pub fn parse(toml: &str) -> Result<Self, LevelTableError> {
        let table: Self =
            toml::from_str(toml).map_err(|reason| LevelTableError::Unreadable(reason.to_string()))?;
        for edition in &table.editions {
            for (place, station) in edition.stations.iter().enumerate() {
                let (decision, id) = (edition.decision.clone(), station.id.clone());
                if station.alarm_levels().is_none() {
                    return Err(LevelTableError::Levels { decision, station: id });
                }
                if edition.stations.iter().take(place).any(|other| other.id == id) {
                    return Err(LevelTableError::Twice { decision, station: id });
                }
            }
        }
        Ok(table)
    }

    /// All editions, in the order of the file.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The levels of `station` in force on `day`.
    pub fn on(&self, station: &str, day: Date) -> Option<&Station> {
        let in_force = |e: &&Edition| e.valid_from <= day && e.valid_to.is_none_or(|to| day <= to);
        self.editions.iter().filter(in_force).find_map(|e| e.stations.iter().find(|s| s.id == station))
    }
}

impl Station {
    /// The levels, if they rise; those of a parsed table always do.
    pub fn alarm_levels(&self) -> Option<AlarmLevels> {
        let [first, second, third] = self.levels;
        AlarmLevels::new(first, second, third)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TABLE: &str = include_str!("../../../../packs/hydromet/tables/river-alarm-levels.toml");

    #[test]
    fn levels_are_those_of_the_day() {
        let table = LevelTable::parse(TABLE).unwrap();
        let kim_long = table.on("kim-long", date(2025, 10, 27)).unwrap();
        assert_eq!(kim_long.alarm_levels(), AlarmLevels::new(1.0, 2.0, 3.5));
        assert_eq!(table.on("kim-long", date(2020, 3, 19)), None);
        assert_eq!(table.on("nowhere", date(2025, 10, 27)), None);
        assert_eq!(table.editions().len(), 1);
    }

    #[test]
    fn refuses_tables_that_cannot_be() {
        let broken = |from: &str, to: &str| {
            assert!(TABLE.contains(from), "{from}");
            LevelTable::parse(&TABLE.replacen(from, to, 1)).unwrap_err().to_string()
        };
        assert!(broken("[1.0, 2.0, 3.5]", "[1.0, 4.0, 3.5]").contains("kim-long"));
        assert!(broken("id = \"phu-oc\"", "id = \"kim-long\"").contains("twice"));
        assert!(broken("\"bulletin\"", "\"hearsay\"").contains("cannot be read"));
    }
}
