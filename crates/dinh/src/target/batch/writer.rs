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
        let mut wait = FIRST_WAIT;
        let mut attempt = 1;
        loop {
            let error = match self.target.send(&ask).await {
                Ok(answer) => match verdict(&answer, entities) {
                    Verdict::Each(results) => return Ok(Ok(results)),
                    Verdict::Unreadable(reason) => return Ok(Err(reason)),
                    Verdict::Stop(reason) => return Err(refused(answer.status, Some(reason))),
                    Verdict::Later(reason) => refused(answer.status, Some(reason)),
                },
                Err(error @ Trouble::Away(_)) => error.into(),
                Err(error @ Trouble::TooLarge(_)) => return Err(error.into()),
            };
            if attempt == ATTEMPTS {
                return Err(Said::because(
                    Words::new(
                        format!("đã thử {ATTEMPTS} lần mà không được"),
                        format!("given up after {ATTEMPTS} attempts"),
                    ),
                    error,
                ));
            }
            tracing::warn!(reason = format!("{error:#}"), ?wait, "the batch is sent again");
            tokio::time::sleep(wait).await;
            attempt += 1;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}
