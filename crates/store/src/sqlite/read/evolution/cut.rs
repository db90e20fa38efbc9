//! An answer that would be too large is cut in time, not in attributes: every attribute is told completely up to the same
//! instant, so that the next request can go on from there (CIM 009 clause 6.3.10).

use dinh_model::Term;
use dinh_ngsild::temporal::{Records, TemporalEntity, TemporalInstance, TimeProperty};
use dinh_ngsild::vocabulary::SCOPE;

use crate::EvolutionQuery;

/// How much of a series is worth reading.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Most records.
    pub(super) most: usize,
    /// The first one found will do.
    pub(super) only_first: bool,
    /// The last instant that can still be told.
    edge: Option<i64>,
    backwards: bool,
}

impl Reading {
    pub(super) fn all() -> Self {
        Self { most: usize::MAX, only_first: false, edge: None, backwards: false }
    }

    pub(super) fn up_to(most: usize) -> Self {
        Self { most, ..Self::all() }
    }

    pub(super) fn first() -> Self {
        Self { only_first: true, ..Self::all() }
    }

    /// The part of a range that can still be told.
    pub(super) fn narrow(&self, from: i64, to: i64) -> (i64, i64) {
        match self.edge {
            None => (from, to),
            Some(edge) if self.backwards => (from.max(edge), to),
            Some(edge) => (from, to.min(edge.saturating_add(1))),
        }
    }
}

/// Keeps an answer within its bound.
pub(super) struct Cut {
    most: usize,
    property: TimeProperty,
    backwards: bool,
    /// The instants of all that is kept.
    instants: Vec<i64>,
    edge: Option<i64>,
}

impl Cut {
    pub(super) fn new(query: &EvolutionQuery) -> Self {
        Self {
            most: query.most.max(1),
            property: query.time.property,
            backwards: query.time.last.is_some(),
            instants: Vec::new(),
            edge: None,
        }
    }

    /// One more than there is room for tells whether there is more.
    pub(super) fn reading(&self) -> Reading {
        let most = self.most.saturating_add(1);
        Reading { most, only_first: false, edge: self.edge, backwards: self.backwards }
    }

    pub(super) fn is_cut(&self) -> bool {
        self.edge.is_some()
    }

    /// Takes the records of an attribute in.
    pub(super) fn take(
        &mut self,
        told: &mut Records,
        name: Term,
        mut records: Vec<TemporalInstance>,
        beyond: bool,
    ) {
        records.retain(|record| self.keeps(self.instant(record)));
        self.instants.extend(records.iter().map(|record| record.moment(self.property).as_micros()));
        if self.instants.len() > self.most {
            self.move_edge();
        }
        if beyond || !records.is_empty() {
            told.insert(name, records);
        }
    }

    fn instant(&self, record: &TemporalInstance) -> i64 {
        record.moment(self.property).as_micros()
    }

    fn keeps(&self, at: i64) -> bool {
        self.edge.is_none_or(|edge| if self.backwards { at >= edge } else { at <= edge })
    }

    /// The edge is the last instant up to which everything has room; the first one is told even if it has none.
    fn move_edge(&mut self) {
        self.instants.sort_unstable();
        if self.backwards {
            self.instants.reverse();
        }
        let Some(beyond) = self.instants.get(self.most).copied() else { return };
        let kept = self.instants.get(..self.most).unwrap_or_default();
        let edge = kept.iter().rev().find(|at| **at != beyond).copied().unwrap_or(beyond);
        self.edge = Some(edge);
        let backwards = self.backwards;
        self.instants.retain(|at| if backwards { *at >= edge } else { *at <= edge });
    }

    /// Takes away what turned out to be beyond the edge. An attribute that begins there is told to be empty.
    pub(super) fn apply(&self, entities: &mut [TemporalEntity]) {
        if self.edge.is_none() {
            return;
        }
        for entity in entities {
            for (name, records) in &mut entity.attributes {
                if name.as_str() != SCOPE {
                    records.retain(|record| self.keeps(self.instant(record)));
                }
            }
        }
    }
}
