//! Kind `replay`: a recording played again as if it happened now.
//!
//! At start the recent past is written first, so that charts are not empty; then rows come when their time comes.
//! How far the playing has come is kept, so that a restart plays nothing twice.

mod recording;
mod score;

use std::time::Duration;

use dinh_model::Timestamp;
use serde::{Deserialize, Serialize};

use super::Site;
use super::site::both;
use crate::Words;
use crate::definition::ReplaySource;
use crate::formats::Item;
use crate::runner::Outlet;
use crate::text::hex_digest;

use recording::Recording;
use score::{Cue, Score};

/// Rows handed over at once.
const PORTION: usize = 500;
/// Most rows of the recent past written at start; of more, only the latest are.
const MAX_BACKFILL: usize = 20_000;
/// Longest sleep between two looks at the clock.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How far the playing has come.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Played {
    /// What was played: a hash of the recording and of how it is played.
    what: String,
    /// The anchor of the score, in microseconds.
    anchor: i64,
    /// The next row, and the round it belongs to.
    lap: i64,
    row: usize,
}

/// Plays until the recording ends or the feed stops.
pub(super) async fn run(site: &Site, source: &ReplaySource, outlet: &Outlet) -> Result<(), Words> {
    let bytes = site.pack_file(&source.path)?;
    let how = format!("{:?}", (source.speed, &source.start, source.again, &source.time_column));
    let what = hex_digest(&[how.as_bytes(), &bytes]);
    let own = source.clone();
    let read = tokio::task::spawn_blocking(move || Recording::read(bytes, &own.path, &own));
    let mut recording = read
        .await
        .map_err(|reason| both("lỗi khi đọc bản ghi", "the recording could not be read", &reason))??;
    let remembered = site.recall("replay").await?;
    let played = remembered.and_then(|body| serde_json::from_value::<Played>(body).ok());
    let played = played.filter(|played| played.what == what);
    let now = site.clock.now();
    let score = score(source, &recording, played.as_ref(), now);
    let mut band = Player { site, outlet, score, what };
    if played.is_none() && !recording.broken.is_empty() {
        // Told once for each recording; the next portion remembers that this one was begun.
        let broken = std::mem::take(&mut recording.broken);
        outlet.deliver(broken.into_iter().map(|broken| Err(Box::new(broken))).collect(), Vec::new()).await?;
    }
    let since = now.plus_micros(source.backfill.micros().saturating_neg());
    let mut next = band.score.after(since, &recording.offsets);
    if let (Some(first), Some(played)) = (next, &played) {
        next = Some(first.max(Cue { lap: played.lap, row: played.row }));
    }
    next = next.map(|first| band.latest(first, now, &recording.offsets));
    while let Some(cue) = next {
        next = band.play(cue, &mut recording).await?;
        if site.stop.is_cancelled() {
            return Ok(());
        }
    }
    Ok(())
}

/// Lays the recording over the present.
fn score(source: &ReplaySource, recording: &Recording, played: Option<&Played>, now: Timestamp) -> Score {
    let begin = recording.begin;
    let start = source.start.as_ref().and_then(|text| text.parse::<Timestamp>().ok());
    let start_offset = start.map_or(0, |start| start.micros_since(begin));
    let keeps_time_of_day = source.speed.to_bits() == 1f64.to_bits();
    let anchor = match played {
        Some(played) => Timestamp::from_micros(played.anchor),
        // Nothing says where to begin: the recording repeats since it was made.
        None if start.is_none() && source.again => begin,
        None if keeps_time_of_day => Score::same_time_of_day(begin.plus_micros(start_offset), now),
        None => now,
    };
    Score {
        anchor,
        start: start_offset,
        period: Score::period_of(recording.length()),
        speed: source.speed,
        again: source.again,
    }
}

struct Player<'a> {
    site: &'a Site,
    outlet: &'a Outlet,
    score: Score,
    what: String,
}

impl Player<'_> {
    /// Of the cues from `first` up to `now`, at most [`MAX_BACKFILL`]: the first of those that are played.
    fn latest(&self, first: Cue, now: Timestamp, offsets: &[i64]) -> Cue {
        let Some(end) = self.score.after(now, offsets) else { return first };
        let rows = i64::try_from(offsets.len()).unwrap_or(i64::MAX);
        let number =
            |cue: Cue| cue.lap.saturating_mul(rows).saturating_add(i64::try_from(cue.row).unwrap_or(0));
        let least = number(end) - i64::try_from(MAX_BACKFILL).unwrap_or(i64::MAX);
        if number(first) >= least {
            return first;
        }
        Cue { lap: least.div_euclid(rows), row: usize::try_from(least.rem_euclid(rows)).unwrap_or(0) }
    }

    /// Plays what is due from `cue` on, or waits a little until something is. Returns the next cue, or `None` at the
    /// end.
    async fn play(&mut self, cue: Cue, recording: &mut Recording) -> Result<Option<Cue>, Words> {
        let now = self.site.clock.now();
        let mut portion: Vec<Item> = Vec::new();
        let mut cue = cue;
        let mut due = self.score.instant(cue, &recording.offsets);
        while let Some(at) = due.filter(|at| *at <= now)
            && portion.len() < PORTION
        {
            let round = self.score.round(cue.lap).unwrap_or(self.score.anchor);
            portion.extend(recording.play(cue.row, at, (round, self.score.speed)));
            cue = Score::next(cue, &recording.offsets);
            due = self.score.instant(cue, &recording.offsets);
        }
        if portion.is_empty() {
            let Some(at) = due else { return Ok(None) };
            let wait = Duration::from_micros(u64::try_from(at.micros_since(now)).unwrap_or(0));
            self.site.wait(wait.min(LOOK_EVERY)).await;
            return Ok(Some(cue));
        }
        let played = Played {
            what: self.what.clone(),
            anchor: self.score.anchor.as_micros(),
            lap: cue.lap,
            row: cue.row,
        };
        let body = serde_json::to_value(played).unwrap_or_default();
        self.outlet.deliver(portion, vec![self.site.remember("replay", body)]).await?;
        self.site.health.reached();
        Ok(Some(cue))
    }
}
