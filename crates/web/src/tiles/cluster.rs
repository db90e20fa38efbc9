//! Clusters: points of a crowded tile, counted by the cells of a grid.

use std::collections::BTreeMap;

use super::address::EXTENT;

/// How much the class of a point matters in a crowd, compared part by part.
///
/// The level comes first, whatever the age of the value: a gauge that fell silent in a flood must not be outvoted by
/// the dry ones around it, and is shown as the old value it is. Where no level decides, fresh values speak before old
/// ones, and then the classes as the layer ranks them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weight {
    /// Level of the class.
    pub(super) level: u8,
    /// False if the value is older than the layer allows.
    pub(super) fresh: bool,
    /// Place of the class among the classes of the layer.
    pub(super) rank: u8,
}

/// A point of a tile, as far as clustering cares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// Position in units of the tile.
    pub(super) at: (i32, i32),
    /// Class of value.
    pub(super) class: Option<u8>,
    /// How much the class matters.
    pub(super) weight: Weight,
    /// True if the value is played from a recording.
    pub(super) replay: bool,
    /// How many entities it stands for already.
    pub(super) count: u64,
}

/// The points of one cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Mean position, weighted by count.
    pub(super) at: (i32, i32),
    /// The class in it that matters most, which a crowd must not hide; none if no member has one.
    pub(super) class: Option<u8>,
    /// True if all values of that class are older than the layer allows.
    pub(super) stale: bool,
    /// True if all values of that class are played from a recording.
    pub(super) replay: bool,
    /// How many entities.
    pub(super) count: u64,
    /// Which of the members, if it is one alone.
    pub(super) alone: Option<usize>,
}

/// Groups `members` by a grid of `cells` by `cells`.
pub(super) fn cluster(members: &[Member], cells: i32) -> Vec<Cluster> {
    #[derive(Default)]
    struct Sum {
        x: i128,
        y: i128,
        count: u64,
        class: Option<(u8, Weight)>,
        replay: bool,
        members: usize,
        first: usize,
    }
    let mut sums: BTreeMap<(i32, i32), Sum> = BTreeMap::new();
    let cell = |v: i32| v.saturating_mul(cells).div_euclid(EXTENT_UNITS);
    for (i, member) in members.iter().enumerate() {
        let sum = sums.entry((cell(member.at.1), cell(member.at.0))).or_default();
        if sum.members == 0 {
            sum.first = i;
        }
        sum.members += 1;
        sum.count += member.count;
        sum.x += i128::from(member.at.0) * i128::from(member.count);
        sum.y += i128::from(member.at.1) * i128::from(member.count);
        let Some(class) = member.class else { continue };
        match sum.class {
            Some((_, known)) if known > member.weight => {}
            Some((_, known)) if known == member.weight => sum.replay &= member.replay,
            _ => (sum.class, sum.replay) = (Some((class, member.weight)), member.replay),
        }
    }
    sums.into_values()
        .map(|sum| {
            let mean = |total: i128| i32::try_from(total / i128::from(sum.count.max(1))).unwrap_or(0);
            Cluster {
                at: (mean(sum.x), mean(sum.y)),
                class: sum.class.map(|(class, _)| class),
                stale: sum.class.is_some_and(|(_, weight)| !weight.fresh),
                replay: sum.replay,
                count: sum.count,
                alone: (sum.members == 1).then_some(sum.first),
            }
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "4096 fits")]
const EXTENT_UNITS: i32 = EXTENT as i32;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn member(x: i32, class: Option<u8>, level: u8, fresh: bool) -> Member {
        let weight = Weight { level, fresh, rank: class.unwrap_or(0) };
        Member { at: (x, 10), class, weight, replay: false, count: 1 }
    }

    #[test]
    fn a_crowd_shows_what_matters_most_and_its_count() {
        let members = [
            member(10, Some(1), 3, true),
            member(20, Some(4), 1, true),
            member(30, None, 0, true),
            member(3000, Some(2), 0, true),
        ];
        let clusters = cluster(&members, 16);
        let shown: Vec<_> = clusters.iter().map(|c| (c.at, c.class, c.count, c.alone)).collect();
        assert_eq!(shown, [((20, 10), Some(1), 3, None), ((3000, 10), Some(2), 1, Some(3))]);
    }

    #[test]
    fn old_values_give_way_unless_they_are_the_more_severe() {
        let class_of = |members: &[Member]| {
            let clusters = cluster(members, 1);
            (clusters[0].class, clusters[0].stale)
        };
        let (dry, rain, storm) =
            (member(1, Some(0), 0, true), member(2, Some(2), 0, true), member(3, Some(5), 3, true));
        assert_eq!(class_of(&[dry, dry]), (Some(0), false), "a dry crowd is dry");
        assert_eq!(class_of(&[dry, rain]), (Some(2), false));
        let old = |member: Member| Member { weight: Weight { fresh: false, ..member.weight }, ..member };
        assert_eq!(class_of(&[old(rain), dry]), (Some(0), false), "what is old says nothing of now");
        assert_eq!(class_of(&[dry, old(storm), rain]), (Some(5), true), "but an alarm is not forgotten");
        assert_eq!(class_of(&[storm, old(storm)]), (Some(5), false));
        assert_eq!(class_of(&[member(1, None, 0, false), member(2, None, 0, true)]), (None, false));
    }

    #[test]
    fn a_crowd_is_played_only_if_what_it_shows_is() {
        let (dry, rain) = (member(1, Some(0), 0, true), member(2, Some(2), 0, true));
        let played = |member: Member| Member { replay: true, ..member };
        let replay = |members: &[Member]| cluster(members, 1)[0].replay;
        assert!(replay(&[dry, played(rain)]));
        assert!(!replay(&[played(dry), rain]));
        assert!(!replay(&[played(rain), rain, played(rain)]));
    }

    proptest! {
        #[test]
        fn nobody_is_lost_or_counted_twice(
            points in prop::collection::vec((0_i32..4096, 0_i32..4096, 1_u64..9), 0..200),
            cells in 1_i32..64,
        ) {
            let members: Vec<_> =
                points.iter().map(|(x, y, count)| Member { at: (*x, *y), count: *count, ..member(0, None, 0, true) }).collect();
            let clusters = cluster(&members, cells);
            prop_assert_eq!(
                clusters.iter().map(|c| c.count).sum::<u64>(),
                members.iter().map(|m| m.count).sum::<u64>()
            );
            prop_assert!(clusters.len() <= (cells * cells).unsigned_abs() as usize);
        }
    }
}
