//! Writing batches: again while the server is away, in halves when a batch cannot be read as a whole.

use std::time::Duration;

use super::answer::{Verdict, verdict};
use super::{Entity, Manner, Mode, Written, request};
use crate::said::{Said, Words};
use crate::target::answer::refused;
use crate::target::{Target, Trouble};

/// First wait before a batch is sent again; each further wait is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(200);
/// Longest wait between two attempts.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How often a batch is sent before it is given up: for about a minute and a half.
const ATTEMPTS: u32 = 10;
/// Longest that one batch waits in all for a server that names times in `Retry-After`.
const PATIENCE: Duration = Duration::from_mins(5);

/// Writes batches to a graph.
pub(crate) struct BatchWriter<'a> {
    /// Where.
    pub(crate) target: &'a Target,
    /// What happens to entities that exist already.
    pub(crate) mode: Mode,
}

impl BatchWriter<'_> {
    /// Writes `entities`, all of one manner, and tells of each what became of it. Under the same `key` the same
    /// entities are written once only, however often this is tried.
    pub(crate) async fn write(
        &self,
        entities: &[&Entity],
        manner: Manner,
        key: Option<&str>,
    ) -> anyhow::Result<Vec<Written>> {
        let mut results = Vec::with_capacity(entities.len());
        // Halves wait on this stack, the first on top, so that results come in order.
        let mut waiting = vec![entities];
        while let Some(part) = waiting.pop() {
            let key = key.map(|key| format!("{key}-{}-{}", results.len(), part.len()));
            match self.part(part, manner, key).await? {
                Ok(each) => results.extend(each),
                Err(reason) if part.len() == 1 => results.push(Err(reason)),
                Err(_unreadable) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.extend([second, first]);
                }
            }
        }
        Ok(results)
    }

    /// Sends one batch until there is an answer; the inner error means that it cannot be read as a whole.
    async fn part(
        &self,
        entities: &[&Entity],
        manner: Manner,
        key: Option<String>,
    ) -> anyhow::Result<Result<Vec<Written>, String>> {
        if entities.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        let mut ask = request(self.mode, manner, entities);
        ask.idempotency_key = key;
        let mut waits = Waits::default();
        loop {
            let mut asked = None;
            let error = match self.target.send(&ask).await {
                Ok(answer) => match verdict(&answer, entities) {
                    Verdict::Each(results) => return Ok(Ok(results)),
                    Verdict::Unreadable(reason) => return Ok(Err(reason)),
                    Verdict::Stop(reason) => return Err(refused(answer.status, Some(reason))),
                    Verdict::Later(reason) => {
                        asked = answer.retry_after();
                        refused(answer.status, Some(reason))
                    }
                },
                Err(error @ Trouble::Away(_)) => error.into(),
                Err(error @ Trouble::TooLarge(_)) => return Err(error.into()),
            };
            let Some(wait) = waits.next(asked) else {
                let tries = waits.attempts + 1;
                return Err(Said::because(
                    Words::new(
                        format!("đã thử {tries} lần mà không được"),
                        format!("given up after {tries} attempts"),
                    ),
                    error,
                ));
            };
            tracing::warn!(reason = format!("{error:#}"), ?wait, "the batch is sent again");
            tokio::time::sleep(wait).await;
        }
    }
}

/// How long to wait before each further attempt.
#[derive(Default)]
struct Waits {
    /// Attempts that there have been before this one.
    attempts: u32,
    /// How long was waited for them.
    waited: Duration,
}

impl Waits {
    /// The next wait: as long as the server asks, and no shorter than our own. `None` where it is time to give up: there
    /// were enough attempts, or it would take longer than a batch may take.
    fn next(&mut self, asked: Option<Duration>) -> Option<Duration> {
        let own = (FIRST_WAIT * 2_u32.saturating_pow(self.attempts)).min(LONGEST_WAIT);
        let wait = asked.map_or(own, |asked| asked.max(own));
        if self.attempts + 1 == ATTEMPTS || self.waited.saturating_add(wait) > PATIENCE {
            return None;
        }
        self.attempts += 1;
        self.waited += wait;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(asked: Option<Duration>) -> Vec<Duration> {
        let mut waits = Waits::default();
        std::iter::from_fn(|| waits.next(asked)).collect()
    }

    #[test]
    fn waits_grow_and_end() {
        let waits = all(None);
        assert_eq!(waits.len(), 9, "{waits:?}");
        assert_eq!((waits[0], waits[1]), (FIRST_WAIT, FIRST_WAIT * 2));
        assert!(waits.iter().all(|wait| *wait <= LONGEST_WAIT));
    }

    #[test]
    fn a_server_is_left_alone_as_long_as_it_asks_and_no_longer_than_we_can_wait() {
        assert_eq!(all(Some(Duration::from_secs(30))), [Duration::from_secs(30); 9]);
        assert_eq!(all(Some(Duration::from_secs(100))), [Duration::from_secs(100); 3]);
        assert!(all(Some(Duration::from_secs(u64::MAX))).is_empty());
        assert_eq!(all(Some(Duration::ZERO)), all(None), "never without a pause");
    }
}
