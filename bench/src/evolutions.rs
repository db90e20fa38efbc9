//! Ten million points of history: a day of one series as it was measured, and a week of it by the hour.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use dinh_e2e::{Api, Reply, Server};
use rand::Rng as _;
use serde_json::json;

use crate::options::Options;
use crate::report::{Report, Row, say};
use crate::samples::Samples;

const EVOLUTIONS: &str = "/ngsi-ld/v1/temporal/entities";
/// Series, each of one attribute of one entity.
const SERIES: usize = 1_000;
/// Points of each, one a minute: a week, all but eighty minutes.
const POINTS: usize = 10_000;
/// Points in one request.
const AT_ONCE: usize = 2_500;
/// Connections that load.
const LOADERS: usize = 4;
/// Minutes of a day, which is what one question asks for.
const DAY: usize = 1_440;
/// Requests whose time is not counted.
const WARM_UP: u32 = 20;

fn id(series: usize) -> String {
    format!("urn:ngsi-ld:Gauge:{series}")
}

/// The time of a point: minutes since the first of November.
fn at(minute: usize) -> String {
    format!("2026-11-{:02}T{:02}:{:02}:00Z", 1 + minute / DAY, minute / 60 % 24, minute % 60)
}

/// Some points of one series. Written without a JSON tree: there are many.
fn points(series: usize, first: usize) -> Result<String> {
    let mut text = String::from(r#"{"level":["#);
    for minute in first..first + AT_ONCE {
        let comma = if minute == first { "" } else { "," };
        // Levels come and go with the tide, each gauge at its own time.
        let tide = (minute + series * 7) % 745;
        let level = if tide < 372 { tide } else { 745 - tide };
        write!(
            text,
            r#"{comma}{{"type":"Property","value":{}.{:02},"unitCode":"MTR","observedAt":"{}"}}"#,
            level / 100,
            level % 100,
            at(minute),
        )?;
    }
    text.push_str("]}");
    Ok(text)
}

async fn load(api: Api, next: Arc<AtomicUsize>) -> Result<()> {
    loop {
        let series = next.fetch_add(1, Ordering::Relaxed);
        if series >= SERIES {
            return Ok(());
        }
        let first = json!({"id": id(series), "type": "Gauge", "name": {"type": "Property", "value": "Trạm"}});
        api.create(&first).await?;
        let path = format!("{EVOLUTIONS}/{}/attrs", id(series));
        for first in (0..POINTS).step_by(AT_ONCE) {
            api.post_bytes(&path, "application/json", points(series, first)?).await?.expect(204)?;
        }
    }
}

/// Times a question about random series.
async fn time(
    options: &Options,
    api: &Api,
    question: impl Fn(usize) -> String,
    points: impl Fn(&Reply) -> Result<usize>,
    expected: usize,
) -> Result<Samples> {
    let mut samples = Samples::default();
    for request in 0..options.requests.min(500) + WARM_UP {
        let path = format!("{EVOLUTIONS}/{}?attrs=level&{}", id(rand::rng().random_range(0..SERIES)), {
            question(rand::rng().random_range(0..POINTS / DAY))
        });
        let begun = Instant::now();
        let reply = api.get(&path).await?.expect(200)?;
        let took = begun.elapsed();
        let found = points(&reply)?;
        ensure!(found == expected, "{path}: {found} points, not {expected}");
        if request >= WARM_UP {
            samples.add(took);
        }
    }
    Ok(samples)
}

fn count(reply: &Reply, member: &str) -> Result<usize> {
    let level = &reply.json()?["level"];
    let level = if member.is_empty() { level } else { &level[member] };
    level.as_array().map(Vec::len).context("no array of points")
}

/// A day of it, from its first minute to its last.
fn day(day: usize) -> String {
    format!("timerel=between&timeAt={}&endTimeAt={}", at(day * DAY), at((day + 1) * DAY))
}

/// Loads, and asks.
pub(crate) async fn measure(options: &Options, report: &mut Report) -> Result<()> {
    say(&format!("History: {SERIES} series of {POINTS} points"));
    let server = Server::start().await?;
    let api = server.api()?;
    let (begun, next) = (Instant::now(), Arc::new(AtomicUsize::new(0)));
    let loaders: Vec<_> = (0..LOADERS).map(|_| tokio::spawn(load(api.clone(), Arc::clone(&next)))).collect();
    for loader in loaders {
        loader.await??;
    }
    #[expect(clippy::cast_precision_loss, reason = "ten million points")]
    let rate = (SERIES * POINTS) as f64 / begun.elapsed().as_secs_f64();
    report.add(Row::figure(format!("{} points loaded over HTTP, durable", SERIES * POINTS), rate, "/s"));

    let normalized = |reply: &Reply| count(reply, "");
    let mut raw = time(options, &api, day, normalized, DAY).await?;
    report.add(Row::under(
        "one day of one series, every point in full, p95",
        raw.percentile(0.95),
        "ms",
        5.0,
    ));
    let values = |reply: &Reply| count(reply, "values");
    let question = |number| format!("{}&options=temporalValues", day(number));
    let mut raw = time(options, &api, question, values, DAY).await?;
    report.add(Row::under("the same as values and times, p95", raw.percentile(0.95), "ms", 5.0));
    let hours = |reply: &Reply| count(reply, "avg");
    let week = format!("timerel=between&timeAt={}&endTimeAt={}", at(0), at(POINTS));
    let question =
        |_| format!("{week}&options=aggregatedValues&aggrMethods=avg,min,max&aggrPeriodDuration=PT1H");
    let mut hourly = time(options, &api, question, hours, POINTS.div_ceil(60)).await?;
    let name = "a week of one series by the hour: mean, least, most, p95";
    report.add(Row::under(name, hourly.percentile(0.95), "ms", 20.0));
    Ok(())
}
