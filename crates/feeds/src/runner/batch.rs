//! One batch: from deliveries to what is written.

use dinh_model::Timestamp;

use super::delivery::{Delivery, Outcome};
use super::health::Tally;
use crate::formats::Item;
use crate::mapping::{Mapped, Mapper, Rejection};
use crate::quality::Checks;

/// Deliveries that are worked on together.
pub(super) struct Batch {
    pub(super) deliveries: Vec<Delivery>,
}

/// What mapping and checking made of a batch.
pub(super) struct Prepared {
    /// The fragments, each with the number of the item that it came from.
    pub(super) fragments: Vec<Mapped>,
    pub(super) owners: Vec<usize>,
    /// What is wrong with items, by their number.
    pub(super) rejections: Vec<(usize, Rejection)>,
    /// Items that no map is interested in are marked.
    pub(super) skipped: Vec<bool>,
    pub(super) tally: Tally,
}

impl Batch {
    /// How many items there are.
    pub(super) fn len(&self) -> usize {
        self.deliveries.iter().map(|delivery| delivery.items.len()).sum()
    }

    /// The items in order.
    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.deliveries.iter().flat_map(|delivery| &delivery.items)
    }

    /// The dead letter that each item was, if it was one.
    pub(super) fn letters(&self) -> impl Iterator<Item = Option<u64>> {
        self.deliveries.iter().flat_map(|delivery| delivery.items.iter().map(|_| delivery.letter))
    }

    /// Maps and checks every item.
    pub(super) fn prepare(&self, mapper: &Mapper, checks: &mut Checks, now: Timestamp) -> Prepared {
        let count = self.len();
        let mut prepared = Prepared {
            fragments: Vec::with_capacity(count),
            owners: Vec::with_capacity(count),
            rejections: Vec::new(),
            skipped: vec![false; count],
            tally: Tally { received: u64::try_from(count).unwrap_or(u64::MAX), ..Tally::default() },
        };
        for (index, item) in self.items().enumerate() {
            match item {
                Err(broken) => prepared.rejections.push((index, broken.rejection.clone())),
                Ok(record) => {
                    let mapping = mapper.map(record, now);
                    if mapping.is_empty()
                        && let Some(skipped) = prepared.skipped.get_mut(index)
                    {
                        *skipped = true;
                    }
                    prepared.rejections.extend(mapping.rejections.into_iter().map(|why| (index, why)));
                    for fragment in mapping.fragments {
                        prepared.check(index, fragment, checks, now);
                    }
                }
            }
        }
        prepared
    }

    /// Tells every source what became of its items.
    pub(super) fn answer(self, mut outcomes: impl Iterator<Item = Outcome>) {
        for delivery in self.deliveries {
            let mine: Vec<Outcome> = outcomes.by_ref().take(delivery.items.len()).collect();
            if let Some(done) = delivery.done {
                // A source that has gone away does not mind.
                drop(done.send(mine));
            }
        }
    }
}

impl Prepared {
    fn check(&mut self, index: usize, mut fragment: Mapped, checks: &mut Checks, now: Timestamp) {
        match checks.run(&mut fragment, now) {
            Err(why) => self.rejections.push((index, why)),
            Ok(report) => {
                self.tally.flagged += report.flagged;
                self.tally.dropped += report.dropped;
                self.tally.mended += report.mended;
                self.tally.missing += report.missing;
                self.tally.newest = self.tally.newest.max(fragment.observed_at());
                self.fragments.push(fragment);
                self.owners.push(index);
            }
        }
    }
}
