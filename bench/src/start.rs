//! Starting on the large graph, and memory.

use anyhow::Result;
use dinh_e2e::{PATIENCE, Server, until};

use crate::graph::Graph;
use crate::options::{Options, Part};
use crate::report::{Report, Row, say};

/// Starts, measured until the first entity was answered.
pub(crate) async fn measure(options: &Options, graph: &Graph, report: &mut Report) -> Result<Server> {
    say("Starting on the large graph");
    // The first start after the load may still have a log to fold in; a server is restarted in the state it was in.
    graph.serve().await?.stop().await?;
    let begun = std::time::Instant::now();
    let server = graph.serve().await?;
    let api = server.tenant(graph.tenant())?;
    until("the first entity is answered", PATIENCE, || async {
        let reply = api.get(&format!("/ngsi-ld/v1/entities/{}", Graph::id(0))).await?;
        Ok((reply.status == 200).then_some(()))
    })
    .await?;
    if options.wants(Part::Start) {
        let name = format!("start on {} entities, to the first answer", graph.entities);
        report.add(Row::under(name, begun.elapsed().as_secs_f64(), "s", 1.0));
    }
    Ok(server)
}

/// Resident memory after everything that reads.
pub(crate) fn measure_memory(server: &Server, report: &mut Report) -> Result<()> {
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
    let megabytes = server.resident_kib()? as f64 * 1024.0 / 1e6;
    report.add(Row::under("resident memory after the reads", megabytes, "MB", 400.0));
    Ok(())
}
