//! Runs the derivations of a feed: gathers the readings they ask for and writes what follows beside.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use dinh_model::{Attribute, Entity, EntityId, Tenant, Term, Timestamp, Value};
use lru::LruCache;

use crate::Words;
use crate::definition::{DefinitionError, FeedDefinition};
use crate::derive::{Derivation, Derivations, Readings};
use crate::mapping::{Mapped, Vocabulary};
use crate::sink::{Sink, SinkError};

/// Most series held in memory for one feed.
const MAX_SERIES: usize = 2_000;
/// Most readings of one series.
const MAX_READINGS: usize = 2_000;

/// The derivations of one feed.
pub(super) struct Deriver {
    rules: Vec<Rule>,
    series: LruCache<(EntityId, Term), VecDeque<(Timestamp, f64)>>,
    vocabulary: Vocabulary,
    derived_by: Term,
    replay_of: Term,
    fallen: Option<Words>,
}

#[derive(Clone)]
struct Rule {
    derivation: Arc<dyn Derivation>,
    reads: BTreeMap<String, Term>,
    window: Duration,
}

impl Deriver {
    pub(super) fn new(
        definition: &FeedDefinition,
        known: &Derivations,
        vocabulary: &Vocabulary,
    ) -> Result<Self, DefinitionError> {
        let mut rules = Vec::new();
        for name in &definition.derive {
            let derivation = known.get(name).ok_or_else(|| {
                let names: Vec<&str> = known.names().collect();
                let rule = format!("{name:?} is not a derivation; known are: {}", names.join(", "));
                DefinitionError::new(&definition.file, "derive.rule", rule)
            })?;
            let reads = derivation.reads().into_iter().map(|name| (name.clone(), vocabulary.term(&name)));
            rules.push(Rule {
                derivation: Arc::clone(derivation),
                reads: reads.collect(),
                window: derivation.window(),
            });
        }
        Ok(Self {
            rules,
            series: no_series(),
            vocabulary: vocabulary.clone(),
            derived_by: vocabulary.term("derivedBy"),
            replay_of: vocabulary.term("replayOf"),
            fallen: None,
        })
    }

    /// The same derivations without memory.
    pub(super) fn fresh(&self) -> Self {
        Self {
            rules: self.rules.clone(),
            series: no_series(),
            vocabulary: self.vocabulary.clone(),
            derived_by: self.derived_by.clone(),
            replay_of: self.replay_of.clone(),
            fallen: None,
        }
    }

    /// What went wrong with a derivation since this was last asked.
    pub(super) fn fallen(&mut self) -> Option<Words> {
        self.fallen.take()
    }

    /// Adds to each fragment what follows from it.
    pub(super) async fn run(
        &mut self,
        tenant: &Tenant,
        sink: &dyn Sink,
        fragments: &mut [Mapped],
        now: Timestamp,
    ) -> Result<(), SinkError> {
        if self.rules.is_empty() {
            return Ok(());
        }
        let ids = fragments.iter().map(|fragment| fragment.id.clone()).collect();
        let entities = sink.entities(tenant, ids).await?;
        for (fragment, entity) in fragments.iter_mut().zip(entities) {
            let at = fragment.observed_at().unwrap_or(now);
            for index in 0..self.rules.len() {
                self.load(index, tenant, sink, fragment, at).await?;
                self.apply(index, fragment, entity.as_deref(), at, now);
            }
        }
        Ok(())
    }

    /// Brings the series that a rule reads into memory, with the readings of the fragment.
    async fn load(
        &mut self,
        index: usize,
        tenant: &Tenant,
        sink: &dyn Sink,
        fragment: &Mapped,
        at: Timestamp,
    ) -> Result<(), SinkError> {
        let Some(rule) = self.rules.get(index) else { return Ok(()) };
        if !rule.reads.values().any(|term| fragment.attributes.contains_key(term)) {
            return Ok(());
        }
        // Of a recording played fast, the window passes faster, too.
        let speed = fragment.replayed.map_or(1.0, |replayed| replayed.speed);
        let window = Duration::try_from_secs_f64(rule.window.as_secs_f64() / speed).unwrap_or(Duration::MAX);
        let window = i64::try_from(window.as_micros()).unwrap_or(i64::MAX);
        let from = at.plus_micros(window.saturating_neg());
        for term in rule.reads.values() {
            let key = (fragment.id.clone(), term.clone());
            if !self.series.contains(&key) {
                let mut past = sink.series(tenant, &fragment.id, term, from, MAX_READINGS).await?;
                past.sort_unstable_by_key(|(at, _)| *at);
                self.series.put(key.clone(), past.into());
            }
            let Some(series) = self.series.get_mut(&key) else { continue };
            if let Some((observed, value)) = reading(fragment, term) {
                remember(series, observed.unwrap_or(at), value);
            }
            while series.len() > MAX_READINGS || series.front().is_some_and(|(oldest, _)| *oldest < from) {
                series.pop_front();
            }
        }
        Ok(())
    }

    fn apply(
        &mut self,
        index: usize,
        fragment: &mut Mapped,
        entity: Option<&Entity>,
        at: Timestamp,
        now: Timestamp,
    ) {
        let Some(rule) = self.rules.get(index) else { return };
        if !rule.reads.values().any(|term| fragment.attributes.contains_key(term)) {
            return;
        }
        let mut series = BTreeMap::new();
        for (name, term) in &rule.reads {
            if let Some(readings) = self.series.peek(&(fragment.id.clone(), term.clone())) {
                series.insert(name.as_str(), readings);
            }
        }
        let view = View { fragment, entity, reads: &rule.reads, series };
        // The algorithms come from elsewhere: one that panics must not take the feed with it.
        let moment = view.moment(at);
        let run = std::panic::AssertUnwindSafe(|| rule.derivation.derive(moment, &view));
        let Ok(derived) = std::panic::catch_unwind(run) else {
            let name = rule.derivation.name();
            self.fallen = Some(Words::new(
                format!("phép tính {name} bị lỗi nội bộ với {}", fragment.id),
                format!("the derivation {name} fell over {}", fragment.id),
            ));
            return;
        };
        let replayed = rule
            .reads
            .values()
            .find_map(|term| fragment.attributes.get(term)?.first()?.sub.get(&self.replay_of).cloned());
        for one in derived {
            let mut attribute = Attribute::new(Value::Property(one.value), now).observed(at);
            attribute.unit_code = one.unit.map(Into::into);
            let name = Value::Property(rule.derivation.name().into());
            attribute.sub.insert(self.derived_by.clone(), vec![Attribute::new(name, now)]);
            if let Some(replayed) = &replayed {
                attribute.sub.insert(self.replay_of.clone(), replayed.clone());
            }
            fragment.set(self.vocabulary.term(&one.name), attribute);
        }
    }
}

fn no_series() -> LruCache<(EntityId, Term), VecDeque<(Timestamp, f64)>> {
    LruCache::new(NonZeroUsize::new(MAX_SERIES).unwrap_or(NonZeroUsize::MIN))
}

/// The number that a fragment gives for an attribute.
fn reading(fragment: &Mapped, term: &Term) -> Option<(Option<Timestamp>, f64)> {
    let instances = fragment.attributes.get(term)?;
    let instance = instances.iter().find(|one| one.dataset_id.is_none()).or_else(|| instances.first())?;
    Some((instance.observed_at, instance.number()?))
}

/// Puts a reading in its place by time; a second one for the same instant replaces the first.
fn remember(series: &mut VecDeque<(Timestamp, f64)>, at: Timestamp, value: f64) {
    let place = series.partition_point(|(other, _)| *other < at);
    match series.get_mut(place) {
        Some(same) if same.0 == at => same.1 = value,
        _ => series.insert(place, (at, value)),
    }
}

struct View<'a> {
    fragment: &'a Mapped,
    entity: Option<&'a Entity>,
    reads: &'a BTreeMap<String, Term>,
    series: BTreeMap<&'a str, &'a VecDeque<(Timestamp, f64)>>,
}

impl View<'_> {
    /// When something was observed in truth: derivations look back in the time of the recording where one is played.
    fn moment(&self, at: Timestamp) -> Timestamp {
        self.fragment.replayed.map_or(at, |replayed| replayed.recorded_at(at))
    }
}

impl Readings for View<'_> {
    fn present(&self, name: &str) -> Option<f64> {
        let term = self.reads.get(name)?;
        reading(self.fragment, term)
            .map(|(_, value)| value)
            .or_else(|| self.entity?.attribute(term.as_str())?.number())
    }

    fn between(&self, name: &str, from: Timestamp, to: Timestamp) -> Vec<(Timestamp, f64)> {
        let Some(series) = self.series.get(name) else { return Vec::new() };
        let moments = series.iter().map(|(at, value)| (self.moment(*at), *value));
        moments.filter(|(at, _)| *at > from && *at <= to).collect()
    }
}
