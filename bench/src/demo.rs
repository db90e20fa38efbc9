//! The demo's start: from nothing to the first page.

use std::time::Instant;

use anyhow::Result;
use dinh_e2e::{PATIENCE, Server, until};

use crate::options::Options;
use crate::report::{Report, Row, say};

/// Starts the demo in an empty folder, measured until it is ready and its first page is answered.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say("Starting the demo");
    let folder = tempfile::tempdir_in(options.work_folder()?)?;
    let begun = Instant::now();
    let mut server = Server::demo_in(&folder.path().join("data")).await?;
    let api = server.api()?;
    until("the demo is ready", PATIENCE, || async {
        let ready = api.get("/ready").await?.status == 200 && api.get("/hue/").await?.status == 200;
        Ok(ready.then_some(()))
    })
    .await?;
    report.add(Row::under(
        "demo from an empty folder to its first page",
        begun.elapsed().as_secs_f64(),
        "s",
        5.0,
    ));
    server.stop().await?;
    Ok(())
}
