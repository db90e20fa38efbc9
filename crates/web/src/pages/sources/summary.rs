//! `GET /{tenant}/sources`: the health of all sources.

use axum::response::{IntoResponse as _, Response};
use dinh_feeds::{FeedHealth, FeedStatus};
use serde::Serialize;

use super::credits;
use crate::look;
use crate::pages::asked::Asked;
use crate::pages::cases::signs;
use crate::pages::explore;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::present::age;
use crate::pages::view::{self, State};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    summary: String,
    sources: Vec<view::Source>,
    credits: Vec<view::Credit>,
    explore_href: String,
}

/// The page, or with `part=health` the line for the foot of the operations page.
pub(crate) async fn sources(visitor: Visitor) -> Result<Response, Fault> {
    #[derive(Serialize)]
    struct Part {
        health: Vec<State>,
    }
    if Asked::of(&visitor.uri).get("part") == Some("health") {
        let part = Part { health: health(&visitor).await };
        return Ok(page(&visitor, "health.html", part)?.into_response());
    }
    let mut all = visitor.app.feeds.health(&visitor.province.tenant);
    all.sort_by_key(urgency);
    let values = Values {
        page: frame(&visitor, visitor.lang().say("sources-title"), Here::Sources, ""),
        summary: summary(&all, visitor.lang()),
        sources: all.iter().map(|feed| make(&visitor, feed)).collect(),
        credits: credits(&visitor),
        explore_href: visitor.href(explore::HOME),
    };
    Ok(page(&visitor, "sources.html", values)?.into_response())
}

/// What fails comes first, then what is silent.
fn urgency(feed: &FeedHealth) -> (u8, String) {
    let rank = match feed.status {
        FeedStatus::Error => 0,
        FeedStatus::Silent => 1,
        FeedStatus::Ok => 2,
        FeedStatus::Stopped => 3,
    };
    (rank, feed.title.vi.clone())
}

fn summary(all: &[FeedHealth], lang: Lang) -> String {
    let works = all.iter().filter(|feed| is_well(feed)).count();
    let waits = all.iter().filter(|feed| is_waiting(feed)).count();
    let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    if works == all.len() {
        return lang.say_with("sources-summary-good", &args([("count", number(works))]));
    }
    if works + waits == all.len() {
        let counts = args([("ok", number(works)), ("waiting", number(waits))]);
        return lang.say_with("sources-summary-waiting", &counts);
    }
    lang.say_with("sources-summary", &args([("ok", number(works)), ("count", number(all.len()))]))
}

/// A source that has come to its end has done what it should.
fn is_well(feed: &FeedHealth) -> bool {
    matches!(feed.status, FeedStatus::Ok | FeedStatus::Stopped) && !is_waiting(feed)
}

/// A source that others send to, and nobody has yet. Files that ship are read once, so that after a restart there is
/// nothing new in them: those have done their work.
fn is_waiting(feed: &FeedHealth) -> bool {
    feed.status == FeedStatus::Ok && feed.last_message_at.is_none() && feed.kind != "file"
}

/// How many sources work, are silent, fail, and what keeps applicants from being told: for the foot of the operations
/// page.
pub(crate) async fn health(visitor: &Visitor) -> Vec<State> {
    let mut states = of_feeds(visitor);
    states.extend(signs(visitor).await);
    states
}

fn of_feeds(visitor: &Visitor) -> Vec<State> {
    let all = visitor.app.feeds.health(&visitor.province.tenant);
    let lang = visitor.lang();
    let count = |wanted: &dyn Fn(&FeedHealth) -> bool| {
        u32::try_from(all.iter().filter(|f| wanted(f)).count()).unwrap_or(u32::MAX)
    };
    if all.is_empty() {
        return vec![State { tone: "off", icon: "silent", word: lang.say("health-none") }];
    }
    let mut states = vec![State {
        tone: "ok",
        icon: "ok",
        word: lang.say_with("health-ok", &args([("count", count(&is_well))])),
    }];
    let waiting = count(&is_waiting);
    if waiting > 0 {
        let word = lang.say_with("health-waiting", &args([("count", waiting)]));
        states.push(State { tone: "off", icon: "clock", word });
    }
    let silent = count(&|feed| feed.status == FeedStatus::Silent);
    if silent > 0 {
        let word = lang.say_with("health-silent", &args([("count", silent)]));
        states.push(State { tone: "warn", icon: "silent", word });
    }
    let failing = count(&|feed| feed.status == FeedStatus::Error);
    if failing > 0 {
        let word = lang.say_with("health-error", &args([("count", failing)]));
        states.push(State { tone: "danger", icon: "danger", word });
    }
    states
}

/// One source as it is shown.
pub(super) fn make(visitor: &Visitor, feed: &FeedHealth) -> view::Source {
    let lang = visitor.lang();
    let whole = |count: u64| {
        #[expect(clippy::cast_precision_loss, reason = "counts of messages are far below 2^52")]
        let count = count as f64;
        look::number(count, Some(0), lang)
    };
    view::Source {
        id: format!("{}/{}", feed.pack, feed.feed),
        href: href(visitor, feed),
        title: words(&feed.title, lang),
        description: feed.as_of_note.clone().unwrap_or_default(),
        kind: kind(feed.kind, lang),
        owner: words(&feed.owner, lang),
        licence: feed.licence.clone(),
        state: state(feed, lang),
        last_message: last_message(feed, visitor),
        rate: lang.say_with("rate-value", &args([("n", whole(feed.rate_per_minute))])),
        lag: feed.lag_seconds.map_or_else(|| "–".to_owned(), |lag| lag_text(lag, lang)),
        accepted: whole(feed.accepted),
        // Records refused before this start still wait to be corrected.
        rejected: whole(feed.rejected.max(feed.dead_letters)),
        has_rejected: feed.dead_letters > 0,
        last_error: feed.last_error.as_ref().map(|error| words(&error.reason, lang)),
    }
}

fn last_message(feed: &FeedHealth, visitor: &Visitor) -> view::Age {
    let lang = visitor.lang();
    let told = age(feed.last_message_at, visitor.now, lang);
    let text = match feed.last_message_at {
        Some(_) => return told,
        None if is_waiting(feed) => lang.say("never-received"),
        None => lang.say("received-before"),
    };
    view::Age { text, ..told }
}

pub(super) fn href(visitor: &Visitor, feed: &FeedHealth) -> String {
    visitor.href(&format!("sources/{}/{}", encode(&feed.pack), encode(&feed.feed)))
}

fn lag_text(seconds: f64, lang: Lang) -> String {
    let (key, value, digits) = if seconds < 120.0 {
        ("lag-value", seconds, u8::from(seconds < 10.0))
    } else if seconds < 7200.0 {
        ("lag-minutes", seconds / 60.0, 0)
    } else {
        ("lag-hours", seconds / 3600.0, 0)
    };
    let n = args([("n", look::number(value.max(0.0), Some(digits), lang))]);
    match key {
        "lag-value" => lang.say_with("lag-value", &n),
        "lag-minutes" => lang.say_with("lag-minutes", &n),
        _ => lang.say_with("lag-hours", &n),
    }
}

fn state(feed: &FeedHealth, lang: Lang) -> State {
    let (tone, icon, word) = match feed.status {
        FeedStatus::Ok if is_waiting(feed) => ("off", "clock", lang.say("state-waiting")),
        FeedStatus::Ok if feed.last_message_at.is_none() => ("off", "ok", lang.say("state-loaded")),
        FeedStatus::Ok => ("ok", "ok", lang.say("state-ok")),
        FeedStatus::Silent => ("warn", "silent", lang.say("state-silent")),
        FeedStatus::Error => ("danger", "danger", lang.say("state-error")),
        FeedStatus::Stopped => ("off", "ok", lang.say("state-stopped")),
    };
    State { tone, icon, word }
}

fn kind(kind: &str, lang: Lang) -> String {
    match kind {
        "file" => lang.say("kind-file"),
        "folder" => lang.say("kind-folder"),
        "http-push" => lang.say("kind-http-push"),
        "http-poll" => lang.say("kind-http-poll"),
        "mqtt" => lang.say("kind-mqtt"),
        "gtfs" => lang.say("kind-gtfs"),
        "gtfs-rt" => lang.say("kind-gtfs-rt"),
        "gtfs-timetable" => lang.say("kind-gtfs-timetable"),
        "replay" => lang.say("kind-replay"),
        other => other.to_owned(),
    }
}

/// A text of the feeds in the visitor's language.
pub(super) fn words(words: &dinh_feeds::Words, lang: Lang) -> String {
    match lang {
        Lang::En if !words.en.is_empty() => words.en.clone(),
        _ => words.vi.clone(),
    }
}
