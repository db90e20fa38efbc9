//! A token bucket: it fills at a steady rate up to its brim, and every request takes one token.

use dinh_model::Timestamp;

use crate::settings::Budget;

const SECOND: f64 = 1_000_000.0;

/// What is left of a budget.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bucket {
    tokens: f64,
    at: Timestamp,
}

impl Bucket {
    /// A full one.
    pub(super) fn full(budget: Budget, now: Timestamp) -> Self {
        Self { tokens: f64::from(budget.burst.get()), at: now }
    }

    /// Takes a token if there is one.
    pub(super) fn take(&mut self, budget: Budget, now: Timestamp) -> bool {
        let rate = f64::from(budget.per_second.get());
        // A clock that is set back gives nothing and takes nothing.
        let passed = f64::from(u32::try_from(now.micros_since(self.at).max(0)).unwrap_or(u32::MAX));
        self.at = now;
        self.tokens = (self.tokens + passed / SECOND * rate).min(f64::from(budget.burst.get()));
        let there_is_one = self.tokens >= 1.0;
        if there_is_one {
            self.tokens -= 1.0;
        }
        there_is_one
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use proptest::prelude::*;

    use super::*;

    fn budget(per_second: u32, burst: u32) -> Budget {
        Budget { per_second: NonZeroU32::new(per_second).unwrap(), burst: NonZeroU32::new(burst).unwrap() }
    }

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(1_800_000_000_000_000 + micros)
    }

    #[test]
    fn a_burst_is_spent_and_comes_back_with_time() {
        let budget = budget(2, 3);
        let mut bucket = Bucket::full(budget, at(0));
        let mut taken = |micros| bucket.take(budget, at(micros));
        assert_eq!([0, 0, 0, 0].map(&mut taken), [true, true, true, false]);
        assert_eq!([500_000, 500_000].map(&mut taken), [true, false]);
        assert_eq!([60_000_000; 4].map(&mut taken), [true, true, true, false]);
        // Set back by a minute: the bucket goes on from there.
        assert_eq!([0, 500_000].map(&mut taken), [false, true]);
    }

    proptest! {
        #[test]
        fn no_more_is_taken_than_the_burst_and_the_rate_allow(
            steps in prop::collection::vec(0i64..200_000, 1..400),
            per_second in 1u32..100,
            burst in 1u32..50,
        ) {
            let budget = budget(per_second, burst);
            let mut bucket = Bucket::full(budget, at(0));
            let (mut now, mut taken) = (0, 0u32);
            for step in steps {
                now += step;
                taken += u32::from(bucket.take(budget, at(now)));
            }
            let passed = f64::from(u32::try_from(now).unwrap()) / SECOND;
            let most = f64::from(burst) + passed * f64::from(per_second);
            prop_assert!(f64::from(taken) <= most + 1e-6, "{taken} of {most}");
        }
    }
}
