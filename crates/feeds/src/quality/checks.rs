//! The checks of a feed, run on each fragment.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::{Attribute, Term, Timestamp, Value};
use lru::LruCache;
use serde_json::Value as Json;

use super::outline::{Outline, Outlines};
use super::place::{self, PlaceFinding};
use super::series::{self, Finding, MAX_SERIES, Moment, SavedSeries, Seen, SeriesKey};
use crate::Words;
use crate::definition::{Action, CheckDefinition, CheckRule};
use crate::mapping::{Fault, Mapped, Rejection, Vocabulary};

/// What the checks found in one fragment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Values marked.
    pub flagged: u64,
    /// Values left out.
    pub dropped: u64,
    /// Places mended.
    pub mended: u64,
    /// Observations that should have come before this one and did not.
    pub missing: u64,
}

/// The checks of a feed with what they remember.
#[derive(Debug)]
pub struct Checks {
    all: Vec<Check>,
    series: LruCache<SeriesKey, Seen>,
    flag: Term,
    changed: bool,
    /// How many observed seconds pass in one second: more than one where a recording is played fast.
    speed: f64,
}

#[derive(Debug)]
struct Check {
    attribute: Term,
    name: String,
    action: Action,
    rule: CheckRule,
    outline: Option<Arc<Outline>>,
}

impl Checks {
    /// The checks of a feed, with no memory yet.
    pub fn new(definitions: &[CheckDefinition], vocabulary: &Vocabulary, outlines: &Outlines) -> Self {
        let checks = definitions.iter().enumerate().map(|(number, definition)| Check {
            attribute: vocabulary.term(&definition.attribute),
            name: definition.attribute.clone(),
            action: definition.action,
            rule: definition.rule.clone(),
            outline: outlines.of(number).cloned(),
        });
        Self {
            all: checks.collect(),
            series: LruCache::new(NonZeroUsize::new(MAX_SERIES).unwrap_or(NonZeroUsize::MIN)),
            flag: vocabulary.term("qualityFlag"),
            changed: false,
            speed: 1.0,
        }
    }

    /// Runs every check on a fragment. `Err` refuses it.
    pub fn run(&mut self, fragment: &mut Mapped, now: Timestamp) -> Result<Report, Rejection> {
        let mut report = Report::default();
        self.speed = fragment.replayed.map_or(1.0, |replayed| replayed.speed);
        for index in 0..self.all.len() {
            self.run_one(index, fragment, now, &mut report)?;
        }
        fragment.check().map_err(|(field, fault)| Rejection::new(field, &fault))?;
        Ok(report)
    }

    fn run_one(
        &mut self,
        index: usize,
        fragment: &mut Mapped,
        now: Timestamp,
        report: &mut Report,
    ) -> Result<(), Rejection> {
        let Some(check) = self.all.get(index) else { return Ok(()) };
        let Some(instances) = fragment.attributes.get_mut(&check.attribute) else { return Ok(()) };
        let (id, replayed) = (fragment.id.as_str(), fragment.replayed);
        let mut dropped = Vec::new();
        for (place, instance) in instances.iter_mut().enumerate() {
            let trusted = !instance.sub.contains_key(&self.flag);
            let key = || (index, series_name(id, instance));
            let moment = Moment::of(instance.observed_at.unwrap_or(now), replayed);
            match check.look(&mut self.series, key, instance, moment, trusted) {
                Outcome::Fine => {}
                Outcome::Missing(count) => report.missing += count,
                Outcome::Mended(value) => {
                    instance.value = value;
                    add_flag(instance, &self.flag, check.flag(), now);
                    report.mended += 1;
                }
                Outcome::Fails => match check.action {
                    Action::Flag | Action::Mend => {
                        add_flag(instance, &self.flag, check.flag(), now);
                        report.flagged += 1;
                    }
                    Action::Drop => dropped.push(place),
                    Action::Reject => {
                        return Err(Rejection::new(&check.name, &Fault::Quality(check.reason(instance))));
                    }
                },
            }
        }
        self.changed |= check.rule.is_stateful();
        report.dropped += u64::try_from(dropped.len()).unwrap_or(u64::MAX);
        for place in dropped.into_iter().rev() {
            instances.remove(place);
        }
        if instances.is_empty() {
            fragment.attributes.remove(&check.attribute);
        }
        Ok(())
    }

    /// How many series are overdue: nothing came for twice the time that a gap check expects.
    pub fn overdue(&self, now: Timestamp) -> u64 {
        let late =
            self.series.iter().filter(|((index, _), seen)| match self.all.get(*index).map(|c| &c.rule) {
                Some(CheckRule::Gap { expect_every }) => {
                    let most = Duration::from_micros(expect_every.micros().unsigned_abs().saturating_mul(2));
                    let silent = u64::try_from(now.micros_since(seen.heard)).unwrap_or(0);
                    Duration::from_micros(silent) > most.div_f64(self.speed)
                }
                _ => false,
            });
        u64::try_from(late.count()).unwrap_or(u64::MAX)
    }

    /// What the checks remember, if it has changed since it was last asked for.
    pub fn save(&mut self) -> Option<SavedSeries> {
        if !std::mem::take(&mut self.changed) {
            return None;
        }
        let all = self.series.iter().map(|((index, name), seen)| (*index, name.clone(), *seen));
        Some(SavedSeries(all.collect()))
    }

    /// Remembers what was saved. Series of checks that are no more are forgotten.
    pub fn restore(&mut self, saved: SavedSeries) {
        // Saved most recent first; put back in the other direction so that the order stays.
        for (index, name, seen) in saved.0.into_iter().take(MAX_SERIES).rev() {
            if index < self.all.len() {
                self.series.put((index, name), seen);
            }
        }
    }
}

enum Outcome {
    Fine,
    Fails,
    Missing(u64),
    Mended(Value),
}

impl Check {
    fn look(
        &self,
        series: &mut LruCache<SeriesKey, Seen>,
        key: impl FnOnce() -> SeriesKey,
        instance: &Attribute,
        moment: Moment,
        trusted: bool,
    ) -> Outcome {
        match &self.rule {
            CheckRule::SwappedCoordinates { .. } | CheckRule::Bounds { .. } | CheckRule::Outline { .. } => {
                match place::look(&self.rule, self.outline.as_deref(), &instance.value, self.action) {
                    PlaceFinding::Fine => Outcome::Fine,
                    PlaceFinding::Fails => Outcome::Fails,
                    PlaceFinding::Mended(geometry) => Outcome::Mended(Value::Geo(geometry)),
                }
            }
            CheckRule::Range { min, max } => match instance.number() {
                Some(value) if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) => {
                    Outcome::Fails
                }
                _ => Outcome::Fine,
            },
            CheckRule::Stuck { .. } | CheckRule::Step { .. } | CheckRule::Gap { .. } => {
                let value = match (instance.number(), &self.rule) {
                    (Some(value), _) => value,
                    (None, CheckRule::Gap { .. }) => 0.0,
                    (None, _) => return Outcome::Fine,
                };
                match series::look(series, key(), &self.rule, (value, moment), trusted) {
                    Finding::Fine => Outcome::Fine,
                    Finding::Fails => Outcome::Fails,
                    Finding::Missing(count) => Outcome::Missing(count),
                }
            }
        }
    }

    /// What the sub-attribute `qualityFlag` says.
    fn flag(&self) -> &'static str {
        match (&self.rule, self.action) {
            (CheckRule::SwappedCoordinates { .. }, Action::Mend) => "mended-swapped-coordinates",
            (CheckRule::SwappedCoordinates { .. }, _) => "suspect-swapped-coordinates",
            (CheckRule::Bounds { .. } | CheckRule::Outline { .. }, _) => "suspect-bounds",
            (CheckRule::Range { .. }, _) => "suspect-range",
            (CheckRule::Stuck { .. }, _) => "suspect-stuck",
            (CheckRule::Step { .. }, _) => "suspect-step",
            (CheckRule::Gap { .. }, _) => "suspect-gap",
        }
    }

    fn reason(&self, instance: &Attribute) -> Words {
        let value = match &instance.value {
            Value::Property(value) => value.to_string(),
            Value::Geo(geometry) => geometry.as_json()["coordinates"].to_string(),
            _ => String::new(),
        };
        let value = crate::text::excerpt(&value, 80);
        match &self.rule {
            CheckRule::SwappedCoordinates { .. } => Words::new(
                format!("kinh độ và vĩ độ {value} bị đổi chỗ"),
                format!("longitude and latitude {value} have changed places"),
            ),
            CheckRule::Bounds { bounds } => Words::new(
                format!("vị trí {value} nằm ngoài khung {bounds:?}"),
                format!("the position {value} lies outside {bounds:?}"),
            ),
            CheckRule::Outline { .. } => Words::new(
                format!("vị trí {value} nằm ngoài ranh giới địa bàn"),
                format!("the position {value} lies outside the outlines of the area"),
            ),
            CheckRule::Range { min, max } => {
                let text = |end: &Option<f64>| end.map_or("…".to_owned(), |end| end.to_string());
                Words::new(
                    format!("giá trị {value} nằm ngoài khoảng {}–{}", text(min), text(max)),
                    format!("the value {value} lies outside {} to {}", text(min), text(max)),
                )
            }
            CheckRule::Stuck { same_for, .. } => Words::new(
                format!("giá trị {value} không đổi suốt {same_for} trở lên"),
                format!("the value {value} has not moved for {same_for} or longer"),
            ),
            CheckRule::Step { max_change_per_hour } => Words::new(
                format!("giá trị {value} thay đổi nhanh hơn {max_change_per_hour} mỗi giờ"),
                format!("the value {value} has changed by more than {max_change_per_hour} an hour"),
            ),
            CheckRule::Gap { expect_every } => Words::new(
                format!("thiếu số liệu, lẽ ra cứ {expect_every} phải có một lần"),
                format!("observations are missing; one should come every {expect_every}"),
            ),
        }
    }
}

impl CheckRule {
    fn is_stateful(&self) -> bool {
        matches!(self, Self::Stuck { .. } | Self::Step { .. } | Self::Gap { .. })
    }
}

fn series_name(entity: &str, instance: &Attribute) -> String {
    match &instance.dataset_id {
        None => entity.to_owned(),
        Some(dataset) => format!("{entity} {dataset}"),
    }
}

/// Adds a flag: a text, or a list of texts once there are several.
fn add_flag(instance: &mut Attribute, name: &Term, flag: &str, now: Timestamp) {
    let old = instance.sub.remove(name).and_then(|mut old| old.pop()).map(|old| old.value);
    let value = match old {
        Some(Value::Property(Json::Array(mut flags))) => {
            flags.push(Json::from(flag));
            Json::Array(flags)
        }
        Some(Value::Property(old)) => Json::Array(vec![old, Json::from(flag)]),
        _ => Json::from(flag),
    };
    instance.sub.insert(name.clone(), vec![Attribute::new(Value::Property(value), now)]);
}
