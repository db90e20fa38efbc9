//! Measures the bars of the project and prints them beside the limits of the same machine, measured in the same run.
//!
//! Black-box, like the tests: the release binary is started as its users start it. Only the bare SQLite loops know
//! the tables, because a limit is honest only when it writes the same rows.

mod access;
mod batch;
mod cases;
mod demo;
mod evolutions;
mod federation;
mod graph;
mod kill;
mod limits;
mod live;
mod machine;
mod money;
mod options;
mod overload;
mod reads;
mod report;
mod rivals;
mod samples;
mod start;
mod upserts;

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Parser as _;

use crate::graph::Graph;
use crate::options::{Options, Part};
use crate::report::Report;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<ExitCode> {
    let options = Options::parse();
    let folder = options.work_folder()?;
    let mut report = Report::new(machine::describe(&folder)?);
    let needs_graph = [Part::Load, Part::Start, Part::Read, Part::Live, Part::Batch];
    if needs_graph.into_iter().any(|part| options.wants(part)) {
        measure_graph(&options, &mut report).await.context("measuring the large graph")?;
    }
    if options.wants(Part::Access) {
        access::measure(&options, &mut report).await.context("deciding")?;
    }
    if options.wants(Part::Cases) {
        cases::measure(&options, &mut report).await.context("the one-stop shop")?;
    }
    if options.wants(Part::Papers) {
        cases::measure_papers(&options, &mut report).await.context("papers")?;
    }
    if options.wants(Part::Signs) {
        cases::measure_signs(&options, &mut report).await.context("signing")?;
    }
    if options.wants(Part::Federation) {
        federation::measure(&options, &mut report).await.context("asking other brokers")?;
    }
    if options.wants(Part::Upserts) {
        upserts::measure(&options, &mut report).await.context("upserting")?;
    }
    if options.wants(Part::History) {
        evolutions::measure(&options, &mut report).await.context("history")?;
    }
    if options.wants(Part::Rivals) {
        rivals::measure(&mut report).await.context("two batches at once")?;
    }
    if options.wants(Part::Overload) {
        overload::measure(&options, &mut report).await.context("more load than there is capacity")?;
    }
    if options.wants(Part::Money) {
        money::measure(&mut report).context("matching statements")?;
    }
    if options.wants(Part::Demo) {
        demo::measure(&options, &mut report).await.context("measuring the demo")?;
    }
    if options.wants(Part::Kill) {
        kill::measure(&options, &mut report).await.context("killing")?;
    }
    report.print()?;
    Ok(if options.strict && !report.all_met() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn measure_graph(options: &Options, report: &mut Report) -> Result<()> {
    let graph = Graph::prepare(options, report).await?;
    let mut server = start::measure(options, &graph, report).await?;
    if options.wants(Part::Read) {
        reads::measure(options, &graph, &server, report).await.context("reading")?;
    }
    if options.wants(Part::Live) {
        live::measure(options, &graph, &server, report).await.context("following live")?;
    }
    if options.wants(Part::Start) {
        start::measure_memory(&server, report)?;
    }
    if options.wants(Part::Batch) {
        batch::measure(options, &graph, &mut server, report).await.context("updating")?;
    } else {
        server.stop().await?;
    }
    Ok(())
}
