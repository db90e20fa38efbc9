//! Waiting until something holds.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long a test waits for what should take well under a second: an unoptimised binary on a busy machine is slow.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Asks `look` until it has an answer, at most for `limit`; `what` says in the error what never came to hold.
pub async fn until<T, F>(what: &str, limit: Duration, mut look: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<Option<T>>>,
{
    let begun = Instant::now();
    loop {
        if let Some(answer) = look().await? {
            return Ok(answer);
        }
        if begun.elapsed() > limit {
            bail!("waited {} s in vain until {what}", limit.as_secs());
        }
        tokio::time::sleep(PAUSE).await;
    }
}
