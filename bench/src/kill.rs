//! kill -9 under load, many times.

use std::time::Instant;

use anyhow::Result;

use crate::options::Options;
use crate::report::{Bar, Report, Row, say};

/// Every round checks itself; one that finds a loss ends the whole run with an error.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say(&format!("kill -9, {} rounds", options.rounds));
    let begun = Instant::now();
    let tally = dinh_e2e::survive_kills(options.rounds).await?;
    say(&format!(
        "  {} acknowledged updates, {} notifications, {:.0} s",
        tally.updates,
        tally.notifications,
        begun.elapsed().as_secs_f64()
    ));
    #[expect(clippy::cast_precision_loss, reason = "some ten rounds")]
    let (survived, asked) = (tally.rounds as f64, options.rounds as f64);
    report.add(Row {
        bar: Bar::AtLeast(asked),
        ..Row::figure(
            "kill -9 under 16 writers: nothing lost, all notified, verify clean",
            survived,
            "rounds",
        )
    });
    Ok(())
}
