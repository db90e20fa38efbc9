//! Clusters: points of a crowded tile, counted by the cells of a grid.

use std::collections::BTreeMap;

use super::address::EXTENT;

/// A point of a tile, as far as clustering cares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member {
    /// Position in units of the tile.
    pub(super) at: (i32, i32),
    /// Class of value.
    pub(super) class: Option<u8>,
    /// How much the class matters.
    pub(super) level: u8,
    /// How many entities it stands for already.
    pub(super) count: u64,
}

/// The points of one cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// Mean position, weighted by count.
    pub(super) at: (i32, i32),
    /// The class in it that matters most, which a crowd must not hide; none if none matters.
    pub(super) class: Option<u8>,
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
        class: Option<u8>,
        level: u8,
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
        if member.level > sum.level {
            (sum.level, sum.class) = (member.level, member.class);
        }
    }
    sums.into_values()
        .map(|sum| {
            let mean = |total: i128| i32::try_from(total / i128::from(sum.count.max(1))).unwrap_or(0);
            Cluster {
                at: (mean(sum.x), mean(sum.y)),
                class: sum.class,
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

    #[test]
    fn a_crowd_shows_what_matters_most_and_its_count() {
        let at = |x, class, level| Member { at: (x, 10), class, level, count: 1 };
        let members = [at(10, Some(1), 3), at(20, Some(4), 1), at(30, None, 0), at(3000, Some(2), 0)];
        let clusters = cluster(&members, 16);
        assert_eq!(
            clusters,
            [
                Cluster { at: (20, 10), class: Some(1), count: 3, alone: None },
                Cluster { at: (3000, 10), class: None, count: 1, alone: Some(3) },
            ]
        );
    }

    proptest! {
        #[test]
        fn nobody_is_lost_or_counted_twice(
            points in prop::collection::vec((0_i32..4096, 0_i32..4096, 1_u64..9), 0..200),
            cells in 1_i32..64,
        ) {
            let members: Vec<_> =
                points.iter().map(|(x, y, count)| Member { at: (*x, *y), class: None, level: 0, count: *count }).collect();
            let clusters = cluster(&members, cells);
            prop_assert_eq!(
                clusters.iter().map(|c| c.count).sum::<u64>(),
                members.iter().map(|m| m.count).sum::<u64>()
            );
            prop_assert!(clusters.len() <= (cells * cells).unsigned_abs() as usize);
        }
    }
}
