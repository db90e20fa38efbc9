//! The bars of the one-stop shop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use dinh_e2e::{Api, Server};

use super::drive::{Desk, Person, Seen, Work};
use super::house::Worker;
use super::load::Province;
use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

/// Between two requests of somebody who works: they look at what came before they go on.
const PAUSE: Duration = Duration::from_secs(1);
/// Long enough for what a server does once after its start, such as taking in the national list of procedures.
const WARM_UP: Duration = Duration::from_mins(1);
/// The limit of every page.
const FLOOR: &str = "GET /health";

/// All of them.
pub(crate) async fn all(options: &Options, province: &Province, report: &mut Report) -> Result<()> {
    let (workers, desks) = province.staff().await?;
    let desks: Vec<Arc<Desk>> = desks.into_iter().map(Arc::new).collect();
    let mut server = province.serve().await?;
    let people = people(&server, &workers, &desks)?;
    let (officials, leaders) = people.split_at(people.len() - 2);
    let floor = floor(options, &server).await?;
    let time = Duration::from_secs(options.seconds);
    say("Warming up");
    work(officials, Work::All, WARM_UP, PAUSE).await?;
    say("Fifty people, with a pause between two requests");
    let mut seen = work(&people, Work::All, time * 2, PAUSE).await?;
    told(report, &mut seen, "50 people at work", floor);
    say("Fifty requests under way all the time");
    for (what, name) in [(Work::Read, "read"), (Work::Queue, "queue"), (Work::Act, "act")] {
        let begun = Instant::now();
        let mut seen = work(officials, what, time, Duration::ZERO).await?;
        let samples = match what {
            Work::Read => &mut seen.reads,
            Work::Queue => &mut seen.queues,
            _ => &mut seen.acts,
        };
        #[expect(clippy::cast_precision_loss, reason = "some thousand requests")]
        let rate = samples.len() as f64 / begun.elapsed().as_secs_f64();
        report.add(Row::figure(format!("{name}, 48 without a pause, p95"), samples.percentile(0.95), "ms"));
        report.add(Row::figure(format!("{name}, 48 without a pause"), rate, "requests/s"));
    }
    boards(options, leaders, report, floor).await?;
    memory(options, &server, &people, report).await?;
    server.stop().await.map(drop)
}

fn people(server: &Server, workers: &[Worker], desks: &[Arc<Desk>]) -> Result<Vec<Person>> {
    let person = |worker: &Worker| {
        let desk = desks.get(worker.unit as usize).context("a desk of each unit")?;
        Ok(Person { api: Api::new(server.url(), None)?, worker: worker.clone(), desk: Arc::clone(desk) })
    };
    workers.iter().map(person).collect()
}

async fn floor(options: &Options, server: &Server) -> Result<f64> {
    let (api, mut samples) = (Api::new(server.url(), None)?, Samples::default());
    for _ in 0..options.requests {
        let begun = Instant::now();
        api.get("/health").await?.expect(200)?;
        samples.add(begun.elapsed());
    }
    Ok(samples.percentile(0.95))
}

async fn work(people: &[Person], work: Work, time: Duration, pause: Duration) -> Result<Seen> {
    let all = people.iter().map(|person| person.works(work, time, pause));
    let mut sum = Seen::default();
    for seen in futures::future::try_join_all(all).await? {
        sum.reads.extend(seen.reads);
        sum.queues.extend(seen.queues);
        sum.acts.extend(seen.acts);
        sum.boards.extend(seen.boards);
    }
    Ok(sum)
}

fn told(report: &mut Report, seen: &mut Seen, who: &str, floor: f64) {
    for (share, name, read, act) in
        [(0.5, "p50", 50.0, 100.0), (0.95, "p95", 150.0, 300.0), (0.99, "p99", 300.0, 500.0)]
    {
        let name = |what: &str| format!("{what}, {who}, {name}");
        report.add(
            Row::under(name("page of a dossier"), seen.reads.percentile(share), "ms", read)
                .beside(floor, FLOOR),
        );
        report.add(Row::under(name("action"), seen.acts.percentile(share), "ms", act).beside(floor, FLOOR));
    }
    let queue = seen.queues.percentile(0.95);
    report.add(Row::under(format!("queue, {who}, p95"), queue, "ms", 150.0).beside(floor, FLOOR));
    let open = seen.boards.percentile(0.95);
    report.add(Row::under(format!("what is open, {who}, p95"), open, "ms", 1_000.0).beside(floor, FLOOR));
}

/// The pages of leaders: the province and a year.
async fn boards(options: &Options, leaders: &[Person], report: &mut Report, floor: f64) -> Result<()> {
    say("The board");
    let leader = leaders.first().context("a leader")?;
    let pages = [
        ("board of the province, a year, p95", "/hue/board?from=2026-01&to=2026-12"),
        ("indicators of the province, a year, p95", "/hue/board/indicators?from=2026-01&to=2026-12"),
        ("what is open in the province, p95", "/hue/board/now"),
        ("list of what was late in a year, p95", "/hue/board/cases?of=late&from=2026-01&to=2026-12"),
        (
            "list of what was late with one kind in a month, p95",
            "/hue/board/cases?of=late&kind=residence-confirmation&from=2026-06&to=2026-06",
        ),
    ];
    for (name, path) in pages {
        let mut samples = Samples::default();
        for _ in 0..(options.requests / 100).max(10) {
            let begun = Instant::now();
            leader.get(path).await?;
            samples.add(begun.elapsed());
        }
        report.add(Row::under(name, samples.percentile(0.95), "ms", 1_000.0).beside(floor, FLOOR));
    }
    Ok(())
}

/// Memory before and after a time of work.
async fn memory(options: &Options, server: &Server, people: &[Person], report: &mut Report) -> Result<()> {
    let minutes = options.soak;
    if minutes == 0 {
        return Ok(());
    }
    say(&format!("Working for {minutes} minutes"));
    #[expect(clippy::cast_precision_loss, reason = "kilobytes of one process")]
    let megabytes = || -> Result<f64> { Ok(server.resident_kib()? as f64 * 1024.0 / 1e6) };
    let before = megabytes()?;
    work(people, Work::All, Duration::from_secs(minutes * 60), PAUSE).await?;
    report.add(Row::figure("resident memory before", before, "MB"));
    report.add(Row::under(
        format!("resident memory after {minutes} minutes of 50 people"),
        megabytes()?,
        "MB",
        before * 1.1,
    ));
    Ok(())
}
