//! Latencies of questions to the large graph, one at a time, beside the least that this HTTP stack takes.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, Server};
use rand::Rng as _;

use crate::graph::{Graph, ZOOM};
use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Requests whose time is not counted, so that caches and connections are warm.
const WARM_UP: u32 = 50;
/// The limit of every read.
const FLOOR: &str = "GET /health";
/// Entities wanted of a box.
const BOX: f64 = 200.0;
/// Sensors that a selective condition lets through.
const SELECTED: u32 = 20;

/// Times requests whose paths `path` makes from a random sensor; `check` looks at each answer.
async fn time(
    options: &Options,
    api: &Api,
    graph: &Graph,
    path: impl Fn(u32) -> String,
    check: impl Fn(&dinh_e2e::Reply) -> Result<()>,
) -> Result<Samples> {
    let mut samples = Samples::default();
    for request in 0..options.requests + WARM_UP {
        let path = path(rand::rng().random_range(0..graph.entities));
        let begun = Instant::now();
        let reply = api.get(&path).await?.expect(200)?;
        let took = begun.elapsed();
        check(&reply).with_context(|| path.clone())?;
        if request >= WARM_UP {
            samples.add(took);
        }
    }
    Ok(samples)
}

fn array_of(reply: &dinh_e2e::Reply, least: usize, most: usize) -> Result<()> {
    let found = reply.json()?.as_array().map_or(0, Vec::len);
    ensure!((least..=most).contains(&found), "{found} entities, not {least} to {most}");
    Ok(())
}

/// All reads.
pub(crate) async fn measure(
    options: &Options,
    graph: &Graph,
    server: &Server,
    report: &mut Report,
) -> Result<()> {
    say("Reading");
    let api = server.tenant(graph.tenant())?;
    let entities = "/ngsi-ld/v1/entities";
    let mut floor = time(options, &api, graph, |_| "/health".to_owned(), |_| Ok(())).await?;
    let (floor_95, floor_99) = (floor.percentile(0.95), floor.percentile(0.99));

    let path = |n| format!("{entities}/{}", Graph::id(n));
    let mut by_id = time(options, &api, graph, path, |_| Ok(())).await?;
    report.add(Row::figure("retrieve by id, p50", by_id.percentile(0.5), "ms"));
    report.add(Row::under("retrieve by id, p99", by_id.percentile(0.99), "ms", 2.0).beside(floor_99, FLOOR));

    let last = graph.entities.saturating_sub(SELECTED);
    let exact = |reply: &dinh_e2e::Reply| array_of(reply, SELECTED as usize, SELECTED as usize);
    let range = |n: u32| (n.min(last), n.min(last) + SELECTED - 1);
    let path = |n| {
        let (from, to) = range(n);
        format!("{entities}?type=Sensor&q=serial=={from}..{to}&limit=100")
    };
    let mut by_q = time(options, &api, graph, path, exact).await?;
    let name = "type and selective q, a range of 20, p99";
    report.add(Row::under(name, by_q.percentile(0.99), "ms", 20.0).beside(floor_99, FLOOR));

    let path = |n| {
        let (from, to) = range(n);
        format!("{entities}?type=Sensor&q=serial%3E={from};serial%3C={to}&limit=100")
    };
    let mut by_two = time(options, &api, graph, path, exact).await?;
    let name = "type and selective q, the same as two conditions, p99";
    report.add(Row::under(name, by_two.percentile(0.99), "ms", 20.0).beside(floor_99, FLOOR));

    let path = |n| {
        let [w, s, e, north] = graph.area_around(n, BOX);
        let ring = format!("[[[{w},{s}],[{e},{s}],[{e},{north}],[{w},{north}],[{w},{s}]]]");
        format!("{entities}?type=Sensor&georel=within&geometry=Polygon&coordinates={ring}&limit=300")
    };
    let mut by_box = time(options, &api, graph, path, |reply| array_of(reply, 120, 300)).await?;
    report.add(
        Row::under("box of about 200 entities, p99", by_box.percentile(0.99), "ms", 20.0)
            .beside(floor_99, FLOOR),
    );

    let counted = graph.entities.to_string();
    let path = |_| format!("{entities}?type=Sensor&count=true&limit=0");
    let right = |reply: &dinh_e2e::Reply| {
        ensure!(reply.header("ngsild-results-count") == counted, "{}", reply.header("ngsild-results-count"));
        Ok(())
    };
    let mut count = time(options, &api, graph, path, right).await?;
    report.add(Row::under("exact count, p99", count.percentile(0.99), "ms", 5.0).beside(floor_99, FLOOR));

    let path = |n| {
        let (x, y) = graph.tile_of(n);
        format!("/tiles/{}/sensors/{ZOOM}/{x}/{y}", graph.tenant())
    };
    let full = |reply: &dinh_e2e::Reply| {
        ensure!(reply.bytes.len() > 1000, "{} bytes", reply.bytes.len());
        Ok(())
    };
    let mut tile = time(options, &api, graph, path, full).await?;
    report.add(
        Row::under("tile of about 1,000 points, p95", tile.percentile(0.95), "ms", 20.0)
            .beside(floor_95, FLOOR),
    );
    Ok(())
}
