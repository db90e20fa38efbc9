//! `dinh replay`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use dinh_context::outbound::Outbound;
use dinh_feeds::definition::{FeedDefinition, SourceDefinition};
use dinh_feeds::sink::{FeedKey, Sink};
use dinh_feeds::{FeedHealth, FeedPlan, Feeds};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::bridge::GraphSink;
use crate::cli::TargetArgs;
use crate::config::{self, Config, Loaded};
use crate::outcome::{Outcome, answer, remark};
use crate::said::said;
use crate::target::{ServerSink, Target};
use crate::{logging, runtime, shutdown, wiring};

/// How often it is looked whether the recording has come to its end.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How often it is told how far it has come.
const TELL_EVERY: Duration = Duration::from_secs(5);

pub(crate) const ABOUT: &str = "\
Phát lại bản ghi của một nguồn thuộc loại `replay` vào đồ thị như đang diễn ra: mỗi giá trị mang thời gian hiện tại và \
nói rõ thực ra được quan trắc khi nào. Bản ghi được phát đến hết, hoặc phát mãi nếu nguồn tự lặp lại; Ctrl-C để dừng. \
Máy chủ tự phát bản ghi của các tỉnh nó phục vụ; lệnh này dành cho máy chủ khác, vùng dữ liệu khác, tốc độ khác.

Plays the recording of a feed of kind `replay` into a graph, as if it happened now: every value carries the present \
time and says when it was truly observed. It goes on until its end, or for ever if the feed repeats itself; Ctrl-C ends \
it. A server plays the recordings of its provinces by itself; this is for other servers, other tenants, other speeds.";

pub(crate) const EXAMPLES: &str = "\
Ví dụ · Examples:
  dinh replay hydromet/rain-replay --url http://127.0.0.1:8420 --tenant hue
  dinh replay hydromet/rain-replay --data ./data --speed 600 --seconds 30";

/// Flags of `dinh replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// Nguồn cần phát lại, viết là gói/nguồn · Feed to replay, as pack/feed
    feed: String,
    #[command(flatten)]
    target: TargetArgs,
    /// Nhanh gấp mấy lần lúc ghi; nếu không nêu thì theo khai báo của nguồn · How many times faster than it was recorded; otherwise as the feed says
    #[arg(long, value_name = "FACTOR")]
    speed: Option<f64>,
    /// Dừng sau chừng ấy giây · Stop after so many seconds
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
}

/// Plays until the end, a signal, or the time is up.
pub(crate) fn run(args: &ReplayArgs, file: Option<&Path>) -> anyhow::Result<Outcome> {
    let loaded = config::load(file, &args.target.flags(), Config::default())?;
    logging::start_quietly(&loaded)?;
    runtime::run(async {
        let target = Arc::new(Target::open(&args.target, &loaded).await?);
        let played = play(args, &loaded, &target).await;
        target.close().await?;
        played
    })
}

async fn play(args: &ReplayArgs, loaded: &Loaded, target: &Arc<Target>) -> anyhow::Result<Outcome> {
    let packs = wiring::packs(&loaded.config)?;
    let (definition, files) = wiring::plan(&packs, &args.feed)?;
    let definition = at_speed(&definition, args.speed)?;
    let key = FeedKey::new(target.tenant().clone(), definition.name.clone());
    let sink: Arc<dyn Sink> = match target.folder() {
        Some(folder) => Arc::new(GraphSink::new(folder.context().clone())),
        None => Arc::new(ServerSink::new(Arc::clone(target))),
    };
    let outbound = Outbound::new(wiring::allow_list(&loaded.config))?;
    let setup = wiring::feeds_setup(&loaded.config, &packs, outbound, sink)?;
    let plan = FeedPlan { tenant: target.tenant().clone(), definition: Arc::new(definition), files };
    let (feeds, refused) = Feeds::start(&setup, vec![plan]);
    if let Some(reason) = refused.into_iter().next() {
        return Err(reason.into());
    }
    let stop = shutdown::on_signal()?;
    let followed = follow(&feeds, &key, args.seconds.map(Duration::from_secs), &stop).await;
    feeds.stop().await;
    followed?;
    let health = feeds.health_of(&key);
    let rejected = health.as_ref().map_or(0, |health| health.rejected);
    answer(health.as_ref().map(lines).into_iter().flatten())?;
    Ok(if rejected == 0 { Outcome::Done } else { Outcome::Refused })
}

/// The definition, played at another speed.
fn at_speed(definition: &FeedDefinition, speed: Option<f64>) -> anyhow::Result<FeedDefinition> {
    let mut definition = definition.clone();
    let name = definition.name.clone();
    let SourceDefinition::Replay(replay) = &mut definition.source else {
        let kind = definition.source.kind();
        return Err(said(
            format!("{name} là nguồn thuộc loại {kind}; chỉ phát lại được nguồn thuộc loại replay"),
            format!("{name} is a feed of kind {kind}; only feeds of kind replay can be played"),
        ));
    };
    if let Some(speed) = speed {
        if !(0.001..=100_000.0).contains(&speed) {
            return Err(said("--speed phải từ 0.001 đến 100000", "--speed must be between 0.001 and 100000"));
        }
        replay.speed = speed;
    }
    Ok(definition)
}

/// Waits until the end, and tells now and then how far it has come.
async fn follow(
    feeds: &Feeds,
    key: &FeedKey,
    longest: Option<Duration>,
    stop: &CancellationToken,
) -> anyhow::Result<()> {
    let (mut looks, mut tells) = (interval(LOOK_EVERY), interval(TELL_EVERY));
    let over = async {
        match longest {
            Some(longest) => tokio::time::sleep(longest).await,
            None => std::future::pending().await,
        }
    };
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = &mut over => return Ok(()),
            _ = looks.tick() => {
                if feeds.health_of(key).is_none_or(|health| health.finished) {
                    return Ok(());
                }
            }
            _ = tells.tick() => remark(feeds.health_of(key).map(|health| lines(&health)).into_iter().flatten()),
        }
    }
}

fn lines(health: &FeedHealth) -> Vec<String> {
    let FeedHealth { pack, feed, accepted, rejected, last_error, .. } = health;
    let mut lines = vec![
        format!("{pack}/{feed}: {accepted} bản ghi được nhận, {rejected} bị từ chối"),
        format!("{pack}/{feed}: {accepted} accepted, {rejected} rejected"),
    ];
    if let Some(error) = last_error {
        lines.push(format!("  lỗi gần nhất: {}", error.reason.vi));
        lines.push(format!("  last error: {}", error.reason.en));
    }
    lines
}
