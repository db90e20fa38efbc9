//! Logs go to standard error; what a command answers goes to standard output.

use std::io::Write as _;

use tracing_subscriber::EnvFilter;

use crate::config::{Log, LogFormat};

/// Starts logging.
pub(crate) fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match log.format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

/// Says why the program gives up.
pub(crate) fn complain(error: &anyhow::Error) {
    // Nobody is left to tell when standard error is closed.
    drop(writeln!(std::io::stderr(), "dinh: {error:#}"));
}
