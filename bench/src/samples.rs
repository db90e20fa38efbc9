//! Measured durations and what is said of them.

use std::time::Duration;

/// Durations, sorted when asked.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    /// Adds one.
    pub(crate) fn add(&mut self, sample: Duration) {
        self.0.push(sample);
    }

    /// Adds those of another.
    pub(crate) fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The duration that `share` of the samples do not exceed, in milliseconds.
    pub(crate) fn percentile(&mut self, share: f64) -> f64 {
        self.0.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a position among a few thousand samples"
        )]
        let at = (share * self.0.len() as f64).ceil() as usize;
        let sample = self.0.get(at.saturating_sub(1)).copied().unwrap_or_default();
        sample.as_secs_f64() * 1000.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_samples() {
        let mut samples = Samples::default();
        (1..=100).rev().for_each(|ms| samples.add(Duration::from_millis(ms)));
        assert_eq!(
            (samples.percentile(0.5), samples.percentile(0.99), samples.percentile(1.0)),
            (50.0, 99.0, 100.0)
        );
    }
}
