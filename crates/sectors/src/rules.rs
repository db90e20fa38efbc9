//! Derived attributes by name: what a feed asks for with `[[derive]] rule = "…"`.
//!
//! A rule reads numbers of one entity (its present values and its past) and says which attributes follow from them.
//! Who calls decides where the numbers come from ([`Readings`]) and writes the result.

use std::sync::Arc;
use std::time::Duration;

use dinh_model::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::air_quality::{Hour, NOWCAST_HOURS, Table};
use crate::river::AlarmLevels;

/// Microseconds in an hour.
const HOUR: i64 = 3_600_000_000;

/// The numbers of one entity, under short names and in the units that its type names.
pub trait Readings {
    /// The present value of attribute `name` (short name), if it is a number.
    fn present(&self, name: &str) -> Option<f64>;
    /// The values of attribute `name` observed after `from` and not after `to`, in any order. An hourly mean carries
    /// the end of its hour.
    fn between(&self, name: &str, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, f64)>;
}

/// An attribute that follows from others.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// Its short name.
    pub name: &'static str,
    /// What it says.
    pub value: Json,
    /// UN/CEFACT code of the unit.
    pub unit: Option<&'static str>,
}

/// Turns readings into derived attributes.
pub trait Rule: Send + Sync {
    /// The name that feeds use.
    fn name(&self) -> &'static str;
    /// Short names of the attributes that it reads: a change of one of them calls for the rule.
    fn reads(&self) -> &'static [&'static str];
    /// How far back it looks.
    fn window(&self) -> Duration;
    /// What follows at the instant `at`. Empty if the readings do not suffice; then nothing is to be written.
    fn apply(&self, at: Timestamp, readings: &dyn Readings) -> Vec<Derived>;
}

/// All rules, with the tables they need.
pub struct Rules(Vec<Arc<dyn Rule>>);

impl Rules {
    /// The rules of this crate. `air_quality` is the table `vn-aqi.toml` of the pack `air-quality`.
    pub fn new(air_quality: Table) -> Self {
        Self(vec![Arc::new(VnAqi(air_quality)), Arc::new(RiverAlarm)])
    }

    /// A rule by its name.
    pub fn get(&self, name: &str) -> Option<&Arc<dyn Rule>> {
        self.0.iter().find(|rule| rule.name() == name)
    }

    /// All rules.
    pub fn all(&self) -> &[Arc<dyn Rule>] {
        &self.0
    }
}

/// VN_AQI of the present hour: `airQualityIndex`, `airQualityLevel` and `leadPollutant`.
struct VnAqi(Table);

impl Rule for VnAqi {
    fn name(&self) -> &'static str {
        "vn-aqi"
    }

    fn reads(&self) -> &'static [&'static str] {
        &["pm25", "pm10", "o3", "co", "so2", "no2"]
    }

    fn window(&self) -> Duration {
        Duration::from_hours(NOWCAST_HOURS as u64)
    }

    fn apply(&self, at: Timestamp, readings: &dyn Readings) -> Vec<Derived> {
        let hanoi = TimeZone::fixed(jiff::tz::offset(7));
        let Some(scale) = self.0.on(at.to_jiff().to_zoned(hanoi).date()) else { return Vec::new() };
        let hours = |name: &str, count| hourly_means(readings, name, at, count);
        let gas = |name: &str| hours(name, 1).first().copied().flatten();
        let hour = Hour {
            pm25: hours("pm25", NOWCAST_HOURS),
            pm10: hours("pm10", NOWCAST_HOURS),
            o3: gas("o3"),
            co: gas("co"),
            so2: gas("so2"),
            no2: gas("no2"),
        };
        let Ok(index) = scale.hour(&hour) else { return Vec::new() };
        let mut derived = vec![
            Derived { name: "airQualityIndex", value: index.value.into(), unit: None },
            Derived { name: "leadPollutant", value: index.lead.attribute().into(), unit: None },
        ];
        if let Some(band) = scale.band(index.value) {
            derived.push(Derived { name: "airQualityLevel", value: band.key.clone().into(), unit: None });
        }
        derived
    }
}

/// The alarm level that a river has reached: `alarmStatus` and `aboveAlarm`.
struct RiverAlarm;

impl Rule for RiverAlarm {
    fn name(&self) -> &'static str {
        "river-alarm"
    }

    fn reads(&self) -> &'static [&'static str] {
        &["waterLevel", "alarmLevel1", "alarmLevel2", "alarmLevel3"]
    }

    fn window(&self) -> Duration {
        Duration::ZERO
    }

    fn apply(&self, _at: Timestamp, readings: &dyn Readings) -> Vec<Derived> {
        let of = |name: &str| readings.present(name);
        let levels = || AlarmLevels::new(of("alarmLevel1")?, of("alarmLevel2")?, of("alarmLevel3")?);
        let Some(stage) = of("waterLevel").and_then(|level| levels()?.stage(level)) else {
            return Vec::new();
        };
        // To the centimetre, as gauges are read.
        let above = (stage.above * 100.0).round() / 100.0;
        vec![
            Derived { name: "alarmStatus", value: stage.level.into(), unit: None },
            Derived { name: "aboveAlarm", value: above.into(), unit: Some("MTR") },
        ]
    }
}

/// The means of the last `count` hours before `at`, the latest first. An hour begins just after the full span before
/// it and includes its end.
fn hourly_means(readings: &dyn Readings, name: &str, at: Timestamp, count: usize) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0_u32); count];
    let hours = i64::try_from(count).unwrap_or(i64::MAX);
    let from = at.plus_micros(hours.saturating_mul(-HOUR));
    for (observed, value) in readings.between(name, from, at) {
        let age = at.micros_since(observed);
        let slot = usize::try_from(age.div_euclid(HOUR)).ok();
        if let Some((sum, n)) = slot.and_then(|slot| sums.get_mut(slot))
            && value.is_finite()
        {
            *sum += value;
            *n += 1;
        }
    }
    sums.into_iter().map(|(sum, n)| (n > 0).then(|| sum / f64::from(n))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake(Vec<(&'static str, Timestamp, f64)>);

    impl Readings for Fake {
        fn present(&self, name: &str) -> Option<f64> {
            self.0.iter().filter(|(n, ..)| *n == name).max_by_key(|(_, at, _)| at).map(|(.., value)| *value)
        }

        fn between(&self, name: &str, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, f64)> {
            let within = |at: Timestamp| from < at && at <= to;
            self.0.iter().filter(|(n, at, _)| *n == name && within(*at)).map(|(_, at, v)| (*at, *v)).collect()
        }
    }

    fn rules() -> Rules {
        Rules::new(Table::parse(crate::air_quality::TABLE).unwrap())
    }

    fn at() -> Timestamp {
        "2026-11-20T20:00:00+07:00".parse().unwrap()
    }

    fn text(derived: &[Derived]) -> Vec<(&'static str, String)> {
        derived.iter().map(|d| (d.name, d.value.to_string())).collect()
    }

    #[test]
    fn vn_aqi_of_a_station_that_reports_each_quarter_of_an_hour() {
        let dust = [20.6, 19.6, 22.4, 20.3, 16.5, 19.0, 16.5, 19.5, 23.5, 20.5, 24.7, 26.9];
        let quarter = HOUR / 4;
        let mut readings = Vec::new();
        for (hour, value) in (0_i64..).zip(dust) {
            for (part, off) in (0_i64..4).zip([-1.0, 1.0, -2.0, 2.0]) {
                let at = at().plus_micros(-(hour * HOUR + part * quarter));
                readings.push(("pm25", at, value + off));
            }
        }
        readings.push(("o3", at(), 136.1));
        readings.push(("no2", at(), 118.7));
        // An hour old: not of this hour.
        readings.push(("so2", at().plus_micros(-HOUR), 2_000.0));
        let rules = rules();
        let derived = rules.get("vn-aqi").unwrap().apply(at(), &Fake(readings));
        let expected =
            [("airQualityIndex", "59"), ("leadPollutant", "\"no2\""), ("airQualityLevel", "\"moderate\"")];
        assert_eq!(text(&derived), expected.map(|(n, v)| (n, v.to_owned())));
        assert!(rules.get("vn-aqi").unwrap().apply(at(), &Fake(Vec::new())).is_empty());
    }

    #[test]
    fn river_alarm_needs_all_three_levels() {
        let level = |name, value| (name, at(), value);
        let mut readings =
            vec![level("waterLevel", 2.714), level("alarmLevel1", 1.0), level("alarmLevel2", 2.0)];
        let rules = rules();
        let rule = rules.get("river-alarm").unwrap();
        assert!(rule.apply(at(), &Fake(readings.clone())).is_empty());
        readings.push(level("alarmLevel3", 3.5));
        let derived = rule.apply(at(), &Fake(readings));
        assert_eq!(text(&derived), [("alarmStatus", "2".to_owned()), ("aboveAlarm", "0.71".to_owned())]);
    }

    #[test]
    fn rules_are_found_by_name() {
        let rules = rules();
        let names: Vec<_> = rules.all().iter().map(|rule| rule.name()).collect();
        assert_eq!(names, ["vn-aqi", "river-alarm"]);
        assert!(rules.get("perpetuum-mobile").is_none());
    }
}
