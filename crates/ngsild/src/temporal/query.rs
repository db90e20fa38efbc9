//! Which part of an evolution is asked for (clauses 4.11 and 5.2.21).

use dinh_model::Timestamp;

use super::{TemporalEntity, TemporalInstance};
use crate::read::{ReadError, instant};

/// By which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TimeProperty {
    /// When it was observed.
    #[default]
    ObservedAt,
    /// When it entered the graph.
    CreatedAt,
    /// When it last changed.
    ModifiedAt,
    /// When it went.
    DeletedAt,
}

impl TimeProperty {
    /// As a query writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ObservedAt => "observedAt",
            Self::CreatedAt => "createdAt",
            Self::ModifiedAt => "modifiedAt",
            Self::DeletedAt => "deletedAt",
        }
    }
}

/// Within which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeRelation {
    /// Before an instant, itself left out.
    Before(Timestamp),
    /// From an instant on, itself included.
    After(Timestamp),
    /// From the first, included, to the second, left out.
    Between(Timestamp, Timestamp),
}

impl TimeRelation {
    /// True for an instant within.
    pub fn contains(self, at: Timestamp) -> bool {
        self.from().is_none_or(|from| at >= from) && self.to().is_none_or(|to| at < to)
    }

    /// The first instant within, if there is one.
    pub fn from(self) -> Option<Timestamp> {
        match self {
            Self::Before(_) => None,
            Self::After(from) | Self::Between(from, _) => Some(from),
        }
    }

    /// The first instant beyond, if there is one.
    pub fn to(self) -> Option<Timestamp> {
        match self {
            Self::After(_) => None,
            Self::Before(to) | Self::Between(_, to) => Some(to),
        }
    }
}

/// A question about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TemporalQuery {
    /// Within which time; all of it if not told.
    pub relation: Option<TimeRelation>,
    /// By which time.
    pub property: TimeProperty,
    /// Whether the property was named: what does not have it is then left out, also if no time is told.
    pub stated: bool,
    /// The newest so many of each attribute alone.
    pub last: Option<usize>,
}

impl TemporalQuery {
    /// Reads the parameters `timerel`, `timeAt`, `endTimeAt`, `timeproperty` and `lastN`.
    pub fn parse(
        timerel: Option<&str>,
        time_at: Option<&str>,
        end_time_at: Option<&str>,
        timeproperty: Option<&str>,
        last: Option<&str>,
    ) -> Result<Self, ReadError> {
        let time_at = time_at.map(|text| instant("timeAt", text)).transpose()?;
        let end = end_time_at.map(|text| instant("endTimeAt", text)).transpose()?;
        let relation = match (timerel, time_at, end) {
            (None, None, None) => None,
            (None, ..) => return Err(ReadError::at("timerel", "timeAt and endTimeAt need a timerel")),
            (Some(_), None, _) => return Err(ReadError::at("timeAt", "a timerel needs a timeAt")),
            (Some("before"), Some(at), None) => Some(TimeRelation::Before(at)),
            (Some("after"), Some(at), None) => Some(TimeRelation::After(at)),
            (Some("between"), Some(from), Some(to)) => Some(TimeRelation::Between(from, to)),
            (Some("between"), _, None) => {
                return Err(ReadError::at("endTimeAt", "between needs an endTimeAt"));
            }
            (Some("before" | "after"), ..) => {
                return Err(ReadError::at("endTimeAt", "it goes with timerel=between alone"));
            }
            (Some(_), ..) => return Err(ReadError::at("timerel", "it is before, after or between")),
        };
        let property = match timeproperty {
            None | Some("observedAt") => TimeProperty::ObservedAt,
            Some("createdAt") => TimeProperty::CreatedAt,
            Some("modifiedAt") => TimeProperty::ModifiedAt,
            Some("deletedAt") => TimeProperty::DeletedAt,
            Some(_) => {
                return Err(ReadError::at(
                    "timeproperty",
                    "it is observedAt, createdAt, modifiedAt or deletedAt",
                ));
            }
        };
        let last = match last.map(str::parse::<usize>) {
            None => None,
            Some(Ok(last)) if last > 0 => Some(last),
            Some(_) => return Err(ReadError::at("lastN", "it is a whole number above 0")),
        };
        Ok(Self { relation, property, stated: timeproperty.is_some(), last })
    }

    /// True for a record within the time asked for.
    pub fn selects(&self, record: &TemporalInstance) -> bool {
        match self.relation {
            None => !self.stated || record.time(self.property).is_some(),
            Some(relation) => record.time(self.property).is_some_and(|at| relation.contains(at)),
        }
    }

    /// Leaves the records asked for, oldest first, and no attribute without any.
    pub fn narrow(&self, entity: &mut TemporalEntity) {
        entity.attributes.retain(|_, records| {
            records.retain(|record| self.selects(record));
            records.sort_by_key(|record| record.moment(self.property));
            if let Some(last) = self.last {
                records.drain(..records.len().saturating_sub(last));
            }
            !records.is_empty()
        });
    }
}
