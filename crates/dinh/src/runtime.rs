//! The asynchronous runtime, for the commands that need one.

use std::time::Duration;

use tokio::runtime::Builder;

use crate::said::{OrSay as _, Words};

/// How long work that nobody waits for may keep the program from ending.
const LEFTOVER: Duration = Duration::from_secs(1);

/// Runs `work` to its end.
pub(crate) fn run<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    // The ring provider is the only one linked; a second installation in one process is no fault.
    drop(rustls::crypto::ring::default_provider().install_default());
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .or_say(|| Words::new("không khởi động được các luồng làm việc", "cannot start worker threads"))?;
    let outcome = runtime.block_on(work);
    runtime.shutdown_timeout(LEFTOVER);
    outcome
}
