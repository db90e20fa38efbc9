//! Counting what came of the records.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::said::decimal;

/// Most different reasons told; further ones are counted together.
const MAX_REASONS: usize = 50;
/// Places told of one reason.
const PLACES: usize = 5;
/// What reasons beyond [`MAX_REASONS`] are counted under.
const OTHERS: &str = "lý do khác · other reasons";

/// What came of the records so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// Records whose end is known.
    pub(super) read: u64,
    /// Entities that are in the graph now as the records say.
    pub(super) accepted: u64,
    /// Records that were refused.
    pub(super) refused: u64,
    /// Refused records, grouped.
    pub(super) reasons: BTreeMap<String, Group>,
    /// Records that an earlier, interrupted load had brought in.
    #[serde(skip)]
    pub(super) earlier: u64,
    /// How long this load took.
    #[serde(skip)]
    pub(super) took: Duration,
}

/// Records refused for one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Group {
    count: u64,
    example: String,
    first: Vec<u64>,
}

impl Tally {
    pub(super) fn accept(&mut self) {
        self.read += 1;
        self.accepted += 1;
    }

    pub(super) fn refuse(&mut self, place: u64, reason: &str) {
        self.read += 1;
        self.refused += 1;
        let key = pattern(reason);
        let is_known = self.reasons.contains_key(&key) || self.reasons.len() < MAX_REASONS;
        let group = self.reasons.entry(if is_known { key } else { OTHERS.to_owned() }).or_default();
        if group.count == 0 {
            reason.clone_into(&mut group.example);
        }
        group.count += 1;
        if group.first.len() < PLACES {
            group.first.push(place);
        }
    }

    /// What is told on the way.
    pub(super) fn counts(&self) -> String {
        let Self { accepted, refused, .. } = self;
        format!("{accepted} được nhận, {refused} bị từ chối · {accepted} accepted, {refused} refused")
    }

    /// What is told at the end.
    pub(super) fn summary(&self, file: &str) -> Vec<String> {
        let seconds = self.took.as_secs_f64().max(0.001);
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let rate = (self.read - self.earlier.min(self.read)) as f64 / seconds;
        let Self { read, accepted, refused, earlier, .. } = self;
        let mut lines = vec![
            format!(
                "{file}: {read} bản ghi, {accepted} được nhận, {refused} bị từ chối, trong {} giây ({rate:.0} bản \
                 ghi/giây)",
                decimal(seconds)
            ),
            format!(
                "{file}: {read} records, {accepted} accepted, {refused} refused, in {seconds:.1} s ({rate:.0}/s)"
            ),
        ];
        if *earlier > 0 {
            lines.push(format!("  {earlier} bản ghi đầu đã được nạp trước khi bị ngắt"));
            lines.push(format!("  the first {earlier} had been loaded before the interruption"));
        }
        let mut groups: Vec<&Group> = self.reasons.values().collect();
        groups.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.first.cmp(&b.first)));
        for group in groups {
            let places: Vec<String> = group.first.iter().map(u64::to_string).collect();
            let more = if group.count > places.len() as u64 { ", …" } else { "" };
            lines.push(format!("  {} × {} (ở · at {}{more})", group.count, group.example, places.join(", ")));
        }
        lines
    }
}

/// A reason without what differs from record to record: quoted texts, identifiers and numbers.
fn pattern(reason: &str) -> String {
    let mut pattern = String::with_capacity(reason.len());
    for (index, part) in reason.split('"').enumerate() {
        if index % 2 == 1 {
            pattern.push_str("\"…\"");
            continue;
        }
        for word in part.split_inclusive(' ') {
            let is_particular = word.contains("://")
                || word.starts_with("urn:")
                || word.contains(|c: char| c.is_ascii_digit());
            pattern.push_str(if is_particular { "… " } else { word });
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_that_differ_in_particulars_are_one_group() {
        let mut tally = Tally::default();
        tally.accept();
        for place in [3, 9] {
            tally.refuse(place, &format!("\"no {place}\" is not a URI: it needs a scheme"));
        }
        tally.refuse(12, "the record has no \"id\"");
        assert_eq!((tally.read, tally.accepted, tally.refused, tally.reasons.len()), (4, 1, 3, 2));
        let told = tally.summary("g.ndjson").join("\n");
        assert!(told.contains("4 bản ghi, 1 được nhận, 3 bị từ chối"), "{told}");
        assert!(told.contains("4 records, 1 accepted, 3 refused"), "{told}");
        assert!(told.contains("2 × \"no 3\" is not a URI: it needs a scheme (ở · at 3, 9)"), "{told}");
    }

    #[test]
    fn there_are_only_so_many_groups_and_places() {
        let mut tally = Tally::default();
        for place in 0..1000 {
            let reason: String = (0..=place % 200).map(|_| 'x').collect();
            tally.refuse(place, &reason);
        }
        assert_eq!(tally.reasons.len(), MAX_REASONS + 1);
        assert_eq!(tally.reasons[OTHERS].first.len(), PLACES);
        assert_eq!(tally.reasons.values().map(|group| group.count).sum::<u64>(), 1000);
    }
}
