//! Stopping: the first signal asks everything to finish, the second ends the program at once.

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::said::{OrSay as _, Words};

/// Exit status after a second signal: that of a shell command ended by SIGINT.
const AT_ONCE: i32 = 130;

/// A token that is cancelled by SIGINT or SIGTERM.
pub(crate) fn on_signal() -> anyhow::Result<CancellationToken> {
    let listen = |kind| {
        signal(kind)
            .or_say(|| Words::new("không nhận được tín hiệu của hệ thống", "cannot listen for signals"))
    };
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        tracing::info!("stopping; a second signal stops at once");
        asked.cancel();
        tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
        std::process::exit(AT_ONCE);
    });
    Ok(stop)
}
