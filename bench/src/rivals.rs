//! Two batches of the same thousand entities at once, a hundred times.

use std::time::Instant;

use anyhow::Result;

use crate::report::{Bar, Report, Row, say};

/// Rounds.
const ROUNDS: usize = 100;
/// Entities in each batch.
const ENTITIES: usize = 1_000;

/// Every round checks itself; one that finds a mixture ends the whole run with an error.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    say(&format!("Two batches of the same {ENTITIES} entities at once, {ROUNDS} rounds"));
    let begun = Instant::now();
    let rivalry = dinh_e2e::rival_batches(ROUNDS, ENTITIES).await?;
    say(&format!("  {} reads meanwhile, {:.0} s", rivalry.reads, begun.elapsed().as_secs_f64()));
    #[expect(clippy::cast_precision_loss, reason = "a hundred rounds")]
    let (whole, asked) = (rivalry.rounds as f64, ROUNDS as f64);
    let name = format!("two upserts of the same {ENTITIES} entities at once: one after the other, no error");
    report.add(Row { bar: Bar::AtLeast(asked), ..Row::figure(name, whole, "rounds") });
    Ok(())
}
