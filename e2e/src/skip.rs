//! Saying loudly that a test could not be run.

use std::io::Write as _;

/// Writes `SKIPPED: test: reason` past the test runner's capture; `make test` repeats these lines in its summary.
pub fn skip(test: &str, reason: &str) {
    let line = format!("\nSKIPPED: {test}: {reason}\n");
    // Nothing to be done when even standard error is closed.
    drop(std::io::stderr().lock().write_all(line.as_bytes()));
}
