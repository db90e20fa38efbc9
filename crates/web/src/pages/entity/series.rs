//! Reading the history of one attribute.

use dinh_context::Session;
use dinh_context::graph::HistoryQuery;
use dinh_model::{EntityId, Term, Timestamp};

use crate::look::chart::Point;

/// Observations read at once.
const PAGE: usize = 5_000;
/// Most observations read for one chart; of a longer history the last ones are shown.
const MOST: usize = 60_000;
const HOUR: i64 = 3_600_000_000;

/// How far back a chart looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Span {
    Day,
    Week,
    Month,
    Year,
}

impl Span {
    pub(super) const ALL: [Self; 4] = [Self::Day, Self::Week, Self::Month, Self::Year];

    /// The name in addresses.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
            Self::Year => "1y",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|span| span.name() == name)
    }

    /// Its length in microseconds.
    pub(crate) const fn micros(self) -> i64 {
        match self {
            Self::Day => 24 * HOUR,
            Self::Week => 7 * 24 * HOUR,
            Self::Month => 30 * 24 * HOUR,
            Self::Year => 365 * 24 * HOUR,
        }
    }
}

/// The numbers observed of an attribute between two instants, earliest first.
pub(crate) async fn read_series(
    session: &Session,
    id: &EntityId,
    attribute: &Term,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Point>, dinh_context::Error> {
    let mut points = Vec::new();
    let mut after = None;
    while points.len() < MOST {
        let query = HistoryQuery {
            attributes: vec![attribute.clone()],
            from: Some(from),
            to: Some(to),
            limit: PAGE,
            after,
            ..HistoryQuery::of(id.clone())
        };
        let history = session.history(query).await?;
        for series in history.series.iter().filter(|series| series.dataset_id.is_none()) {
            points.extend(series.observations.iter().filter_map(|observed| {
                let value = observed.number().filter(|value| value.is_finite())?;
                Some(Point { at: observed.observed_at.unwrap_or(observed.modified_at), value })
            }));
        }
        match history.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    points.sort_by_key(|point| point.at);
    Ok(points)
}
