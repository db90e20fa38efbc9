//! Progress: a bar where somebody watches a terminal, a line now and then where nobody does.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::tally::Tally;
use crate::outcome::remark;

/// Between two lines when there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Tells how far a load has come.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    position: Arc<AtomicU64>,
    total: Option<u64>,
    file: String,
    told: Instant,
}

impl Progress {
    /// For `file` of `total` bytes, if that is known, of which `position` are read.
    pub(super) fn new(file: String, total: Option<u64>, position: Arc<AtomicU64>, now: Instant) -> Self {
        let bar = std::io::stderr().is_terminal().then(|| match total {
            Some(total) => ProgressBar::new(total)
                .with_style(style("{prefix} {wide_bar} {bytes}/{total_bytes}, {eta}\n{msg}")),
            None => {
                ProgressBar::new_spinner().with_style(style("{prefix} {spinner} {bytes}, {elapsed}\n{msg}"))
            }
        });
        if let Some(bar) = &bar {
            bar.set_prefix(file.clone());
        }
        Self { bar, position, total, file, told: now }
    }

    pub(super) fn tell(&mut self, tally: &Tally, now: Instant) {
        let position = self.position.load(Ordering::Relaxed);
        let counts = tally.counts();
        if let Some(bar) = &self.bar {
            bar.set_position(position);
            bar.set_message(counts);
        } else if now.duration_since(self.told) >= LINE_EVERY {
            self.told = now;
            let share =
                self.total.filter(|total| *total > 0).map(|total| format!(" {} %,", position * 100 / total));
            remark([format!("{}:{} {counts}", self.file, share.unwrap_or_default())]);
        }
    }

    pub(super) fn finish(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
