//! What many values come to: the aggregated temporal representation (clause 4.5.19).

use std::collections::HashSet;

use dinh_model::{Timestamp, Value};
use jiff::Span;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::query::DatasetId;

/// How values are aggregated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Their mean.
    Avg,
    /// How many different ones there are.
    DistinctCount,
    /// The largest.
    Max,
    /// The smallest.
    Min,
    /// Their standard deviation: of all of them, not of a sample.
    Stddev,
    /// Their sum.
    Sum,
    /// The sum of their squares.
    Sumsq,
    /// How many there are.
    TotalCount,
}

impl Method {
    const ALL: [Self; 8] = [
        Self::Avg,
        Self::DistinctCount,
        Self::Max,
        Self::Min,
        Self::Stddev,
        Self::Sum,
        Self::Sumsq,
        Self::TotalCount,
    ];

    /// As a query and an answer write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Avg => "avg",
            Self::DistinctCount => "distinctCount",
            Self::Max => "max",
            Self::Min => "min",
            Self::Stddev => "stddev",
            Self::Sum => "sum",
            Self::Sumsq => "sumsq",
            Self::TotalCount => "totalCount",
        }
    }

    /// Whether values of a class have it (tables 4.5.19.1-1 to -3).
    fn suits(self, class: Class) -> bool {
        match class {
            Class::Number | Class::Boolean => true,
            Class::Text => matches!(self, Self::Max | Self::Min | Self::DistinctCount | Self::TotalCount),
            Class::Array => !matches!(self, Self::Stddev | Self::Sumsq),
            Class::Other => matches!(self, Self::DistinctCount | Self::TotalCount),
        }
    }
}

/// Over which time values are aggregated.
#[derive(Clone, Copy, Debug)]
pub enum Period {
    /// All of the time asked for.
    Whole,
    /// So many microseconds at a time.
    Fixed(i64),
    /// Months and years, which differ in length, and what stands beside them.
    Calendar(Span),
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// By these methods, in this order.
    pub methods: Vec<Method>,
    /// Over periods of this length.
    pub period: Period,
}

/// Why something cannot be aggregated so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AggregationError {
    /// A method that the standard does not have.
    #[error(
        "aggrMethods: {0:?} is not a method; these are avg, distinctCount, max, min, stddev, sum, sumsq and totalCount"
    )]
    Method(String),
    /// No method.
    #[error("aggrMethods: aggregated values need at least one method, such as avg")]
    NoMethod,
    /// A period that is no duration.
    #[error("aggrPeriodDuration: {0:?} is not a duration such as PT1H, P1D or P1M")]
    Period(String),
}

impl Aggregation {
    /// Most periods that one attribute is told for.
    pub const MOST_PERIODS: usize = 100_000;

    /// Reads the parameters `aggrMethods` and `aggrPeriodDuration`.
    pub fn parse(methods: Option<&str>, period: Option<&str>) -> Result<Self, AggregationError> {
        let mut chosen = Vec::new();
        for name in methods.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let method = Method::ALL.into_iter().find(|method| method.as_str() == name);
            let method = method.ok_or_else(|| AggregationError::Method(name.to_owned()))?;
            if !chosen.contains(&method) {
                chosen.push(method);
            }
        }
        if chosen.is_empty() {
            return Err(AggregationError::NoMethod);
        }
        Ok(Self { methods: chosen, period: period.map_or(Ok(Period::Whole), Period::parse)? })
    }
}

impl Period {
    /// Reads an ISO 8601 duration in the form that clause 4.5.19.1 allows.
    fn parse(text: &str) -> Result<Self, AggregationError> {
        let wrong = || AggregationError::Period(text.to_owned());
        if !text.starts_with('P') || text.contains(['.', ',']) {
            return Err(wrong());
        }
        let span: Span = text.parse().map_err(|_unreadable| wrong())?;
        if span.is_zero() {
            return Ok(Self::Whole);
        }
        if span.is_negative() {
            return Err(wrong());
        }
        if span.get_years() != 0 || span.get_months() != 0 {
            return Ok(Self::Calendar(span));
        }
        let seconds = i64::from(span.get_weeks()) * 604_800
            + i64::from(span.get_days()) * 86_400
            + i64::from(span.get_hours()) * 3_600
            + span.get_minutes() * 60
            + span.get_seconds();
        Ok(Self::Fixed(seconds.saturating_mul(1_000_000)))
    }

    /// The end of the period that begins at an instant; none for one that has no end of its own.
    fn end(self, from: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Whole => None,
            Self::Fixed(micros) => Some(from.plus_micros(micros)),
            Self::Calendar(span) => {
                let end = from.to_jiff().to_zoned(TimeZone::UTC).checked_add(span);
                Some(end.map_or(Timestamp::from_micros(i64::MAX), |end| end.timestamp().into()))
            }
        }
    }
}

/// What the values of a period come to, its beginning and its end.
pub type InPeriod = (Json, Timestamp, Timestamp);

/// What the values of one attribute and data set come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Aggregated {
    /// Of which data set, if not of the default one.
    pub dataset_id: DatasetId,
    /// Whether it is a relationship.
    pub relationship: bool,
    /// By method: value, beginning and end of each period that has values.
    pub methods: Vec<(Method, Vec<InPeriod>)>,
    /// Methods that these values do not have.
    pub unsuited: Vec<Method>,
}

/// What a value is to an aggregation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Number,
    Boolean,
    Text,
    Array,
    Other,
}

/// One period under way.
#[derive(Clone, Debug)]
struct Bucket {
    from: Timestamp,
    to: Option<Timestamp>,
    last: Timestamp,
    count: u64,
    sum: f64,
    sumsq: f64,
    min: f64,
    max: f64,
    /// Smallest and largest text.
    texts: Option<(String, String)>,
    distinct: HashSet<String>,
}

/// Takes values in the order of their time, and tells what they come to.
#[derive(Debug)]
pub struct Aggregator<'a> {
    asked: &'a Aggregation,
    distinct: bool,
    /// The time asked for: where it begins and ends, as far as that is told.
    within: (Option<Timestamp>, Option<Timestamp>),
    class: Option<Class>,
    relationship: bool,
    open: Option<Bucket>,
    done: Vec<Bucket>,
}

impl<'a> Aggregator<'a> {
    /// Has taken nothing yet.
    pub fn new(asked: &'a Aggregation, within: (Option<Timestamp>, Option<Timestamp>)) -> Self {
        let distinct = asked.methods.contains(&Method::DistinctCount);
        Self { asked, distinct, within, class: None, relationship: false, open: None, done: Vec::new() }
    }

    /// How many periods have had values.
    pub fn periods(&self) -> usize {
        self.done.len() + usize::from(self.open.is_some())
    }

    /// Takes a number: the usual case, without a value around it.
    pub fn number(&mut self, at: Timestamp, number: f64) {
        self.of_class(Class::Number);
        let text = if self.distinct { Some(number.to_string()) } else { None };
        self.take(at, Some(number), text);
    }

    /// Takes any value.
    pub fn value(&mut self, at: Timestamp, value: &Value) {
        let (class, number) = match value {
            Value::Property(json) => class_of(json),
            Value::List(items) => (Class::Array, Some(length(items.len()))),
            Value::Relationship { .. } | Value::ListRelationship { .. } => {
                self.relationship = true;
                (Class::Other, None)
            }
            _ => (Class::Other, None),
        };
        self.of_class(class);
        let text = match value {
            Value::Property(Json::String(text)) => Some(text.clone()),
            Value::Property(Json::Number(number)) if self.distinct => {
                number.as_f64().map(|number| number.to_string())
            }
            value if self.distinct => serde_json::to_string(value).ok(),
            _ => None,
        };
        self.take(at, number, text);
    }

    /// An attribute that says different things at different times has what all of them have.
    fn of_class(&mut self, class: Class) {
        self.class = Some(match self.class {
            Some(known) if known != class => Class::Other,
            _ => class,
        });
    }

    fn take(&mut self, at: Timestamp, number: Option<f64>, text: Option<String>) {
        if self.open.as_ref().is_some_and(|open| open.to.is_some_and(|to| at >= to)) {
            self.done.extend(self.open.take());
        }
        let distinct = self.distinct;
        let bucket = match &mut self.open {
            Some(open) => open,
            none => {
                let (from, to) = next_period(self.asked.period, self.within.0, self.done.last(), at);
                none.insert(Bucket::new(from, to))
            }
        };
        bucket.take(at, number, text, distinct);
    }

    /// What all values came to; none if there were none.
    pub fn finish(mut self) -> Option<Aggregated> {
        self.done.extend(self.open.take());
        let class = self.class?;
        let (suited, unsuited): (Vec<Method>, Vec<Method>) =
            self.asked.methods.iter().partition(|method| method.suits(class));
        let end = self.within.1;
        let methods = suited.into_iter().map(|method| {
            let told = self.done.iter().map(|bucket| {
                (bucket.result(method, class), bucket.from, bucket.to.or(end).unwrap_or(bucket.last))
            });
            (method, told.collect())
        });
        let dataset_id = None;
        Some(Aggregated { dataset_id, relationship: self.relationship, methods: methods.collect(), unsuited })
    }
}

/// The period that an instant lies in. Periods stand one behind the other from the first value on, which lies within the
/// time asked for; one period over all of it begins with that time.
fn next_period(
    period: Period,
    begin: Option<Timestamp>,
    last: Option<&Bucket>,
    at: Timestamp,
) -> (Timestamp, Option<Timestamp>) {
    let Some(last) = last else {
        let from = if matches!(period, Period::Whole) { begin.unwrap_or(at) } else { at };
        return (from, period.end(from));
    };
    let mut from = last.to.unwrap_or(at);
    if let Period::Fixed(micros) = period {
        let behind = at.micros_since(from) / micros.max(1);
        from = from.plus_micros(behind.saturating_mul(micros));
        return (from, period.end(from));
    }
    loop {
        match period.end(from) {
            Some(to) if to <= at && to > from => from = to,
            to => return (from, to),
        }
    }
}

impl Bucket {
    fn new(from: Timestamp, to: Option<Timestamp>) -> Self {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        let (texts, distinct) = (None, HashSet::new());
        Self { from, to, last: from, count: 0, sum: 0.0, sumsq: 0.0, min, max, texts, distinct }
    }

    fn take(&mut self, at: Timestamp, number: Option<f64>, text: Option<String>, distinct: bool) {
        self.count += 1;
        self.last = at;
        if let Some(number) = number {
            self.sum += number;
            self.sumsq += number * number;
            self.min = self.min.min(number);
            self.max = self.max.max(number);
        }
        let Some(text) = text else { return };
        if number.is_none() {
            match &mut self.texts {
                Some((min, max)) => {
                    if text < *min {
                        min.clone_from(&text);
                    } else if text > *max {
                        max.clone_from(&text);
                    }
                }
                none => *none = Some((text.clone(), text.clone())),
            }
        }
        if distinct {
            self.distinct.insert(text);
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody counts so far")]
    fn result(&self, method: Method, class: Class) -> Json {
        let count = self.count as f64;
        if class == Class::Text {
            match (method, &self.texts) {
                (Method::Min, Some((min, _))) => return Json::from(min.as_str()),
                (Method::Max, Some((_, max))) => return Json::from(max.as_str()),
                _ => {}
            }
        }
        match method {
            Method::Avg => Json::from(self.sum / count),
            Method::Max => Json::from(self.max),
            Method::Min => Json::from(self.min),
            Method::Sum => Json::from(self.sum),
            Method::Sumsq => Json::from(self.sumsq),
            Method::Stddev => {
                let mean = self.sum / count;
                Json::from((self.sumsq / count - mean * mean).max(0.0).sqrt())
            }
            Method::DistinctCount => Json::from(self.distinct.len()),
            Method::TotalCount => Json::from(self.count),
        }
    }
}

fn class_of(json: &Json) -> (Class, Option<f64>) {
    match json {
        Json::Number(number) => (Class::Number, number.as_f64()),
        Json::Bool(yes) => (Class::Boolean, Some(f64::from(u8::from(*yes)))),
        Json::String(_) => (Class::Text, None),
        Json::Array(items) => (Class::Array, Some(length(items.len()))),
        Json::Object(_) | Json::Null => (Class::Other, None),
    }
}

#[expect(clippy::cast_precision_loss, reason = "no array is so long")]
fn length(items: usize) -> f64 {
    items as f64
}
