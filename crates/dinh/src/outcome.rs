//! How a command ended, as its exit status tells.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

/// Exit status for a command line that is not understood (`EX_USAGE` of BSD): 2 has another meaning here.
pub(crate) const USAGE: u8 = 64;

/// How a command that did not fail ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All is well.
    Done,
    /// It did its work and found faults.
    Faults,
    /// It did its work, but some records were refused.
    Refused,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Done => 0,
            Outcome::Faults => 1,
            Outcome::Refused => 2,
        })
    }
}

/// True if whoever read our output has enough of it: `dinh export | head`.
pub(crate) fn is_reader_gone(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

/// Writes lines that answer the command to standard output.
pub(crate) fn answer<T: std::fmt::Display>(lines: impl IntoIterator<Item = T>) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    out.flush()?;
    Ok(())
}

/// Writes lines that tell how things go to standard error.
pub(crate) fn remark<T: std::fmt::Display>(lines: impl IntoIterator<Item = T>) {
    let mut err = std::io::stderr().lock();
    for line in lines {
        // Progress that nobody can read is no reason to stop.
        drop(writeln!(err, "{line}"));
    }
}
