//! `GET` and `POST /{tenant}/sources/{pack}/{feed}`: one source, and the records that were rejected.

use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use dinh_feeds::definition::FeedName;
use dinh_feeds::sink::FeedKey;
use dinh_feeds::{CorrectError, DeadLetter};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::summary::{href, make, words};
use crate::feeding::may_mend;
use crate::look;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view::{self, Letter, Outcome};
use crate::pages::visitor::Visitor;
use crate::words::args;

/// Rejected records on a page.
const LETTERS: usize = 20;
/// Most lines of a field.
const MAX_ROWS: usize = 24;

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    source: view::Source,
    outcome: Option<Outcome>,
    letters: Vec<Letter>,
    /// What was rejected is not for whoever looks.
    closed: bool,
    more_letters: u64,
}

/// What somebody decided about a rejected record.
#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    id: u64,
    record: String,
    r#do: String,
}

/// The page.
pub(crate) async fn source(
    visitor: Visitor,
    Path((_, pack, feed)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    show(&visitor, &pack, &feed, None, None).await
}

/// Corrects and replays a rejected record, or drops it.
pub(crate) async fn settle(
    visitor: Visitor,
    Path((_, pack, feed)): Path<(String, String, String)>,
    Form(decision): Form<Decision>,
) -> Result<Response, Fault> {
    let lang = visitor.lang();
    let key = FeedKey::new(visitor.province.tenant.clone(), FeedName::new(pack.clone(), feed.clone()));
    may_mend(&visitor.app, &visitor.session, &key).map_err(|e| Fault::of(visitor.taste, e))?;
    let feeds = &visitor.app.feeds;
    if decision.r#do == "drop" {
        let dropped = feeds.discard(&key, decision.id).await;
        let outcome = match dropped {
            Ok(()) => Outcome { tone: "ok", text: lang.say("letter-dropped") },
            Err(error) => refused(&visitor, &error)?,
        };
        return show(&visitor, &pack, &feed, Some(outcome), None).await;
    }
    let corrected: Result<Json, _> = serde_json::from_str(&decision.record);
    let outcome = match corrected {
        Err(error) => failed(&visitor, &error.to_string()),
        Ok(record) => match feeds.correct(&key, decision.id, Some(record)).await {
            Ok(()) => Outcome { tone: "ok", text: lang.say("letter-replayed") },
            Err(error) => refused(&visitor, &error)?,
        },
    };
    let kept = (outcome.tone != "ok").then_some((decision.id, decision.record));
    show(&visitor, &pack, &feed, Some(outcome), kept).await
}

fn failed(visitor: &Visitor, reason: &str) -> Outcome {
    let text = visitor
        .lang()
        .say_with("letter-refused", &args([("reason", reason.trim_end_matches('.').to_owned())]));
    Outcome { tone: "danger", text }
}

fn refused(visitor: &Visitor, error: &CorrectError) -> Result<Outcome, Fault> {
    let lang = visitor.lang();
    match error {
        CorrectError::NoSuchFeed | CorrectError::NoSuchLetter => Err(Fault::not_found(visitor.taste)),
        CorrectError::Unusable(reason) => Ok(failed(visitor, &words(reason, lang))),
        CorrectError::StillWrong(why) => {
            Ok(failed(visitor, &format!("{}: {}", why.field, words(&why.reason, lang))))
        }
        CorrectError::Skipped => Ok(failed(visitor, &lang.say("letter-skipped"))),
        CorrectError::Unavailable(_) | CorrectError::Stopping => {
            Ok(failed(visitor, &lang.say("letter-later")))
        }
    }
}

async fn show(
    visitor: &Visitor,
    pack: &str,
    feed: &str,
    outcome: Option<Outcome>,
    kept: Option<(u64, String)>,
) -> Result<Response, Fault> {
    let key = FeedKey::new(visitor.province.tenant.clone(), FeedName::new(pack.to_owned(), feed.to_owned()));
    let feeds = &visitor.app.feeds;
    let health = feeds.health_of(&key).ok_or_else(|| Fault::not_found(visitor.taste))?;
    let closed = may_mend(&visitor.app, &visitor.session, &key).is_err();
    let letters =
        if closed { Vec::new() } else { feeds.dead_letters(&key, 0, LETTERS).await.unwrap_or_default() };
    let mut source = make(visitor, &health);
    if let Some(definition) = feeds.definition(&key) {
        source.description = words(&definition.description, visitor.lang());
    }
    let values = Values {
        page: frame(visitor, source.title.clone(), Here::Sources, ""),
        outcome,
        closed,
        more_letters: health.dead_letters.saturating_sub(letters.len() as u64),
        letters: letters
            .iter()
            .map(|letter| shown(visitor, &href(visitor, &health), letter, kept.as_ref()))
            .collect(),
        source,
    };
    Ok(page(visitor, "source.html", values)?.into_response())
}

fn shown(visitor: &Visitor, action: &str, letter: &DeadLetter, kept: Option<&(u64, String)>) -> Letter {
    let lang = visitor.lang();
    // What somebody has just written is not thrown away because it was still wrong.
    let record = match kept {
        Some((id, record)) if *id == letter.id => record.clone(),
        _ => match &letter.record {
            Json::String(text) => text.clone(),
            other => serde_json::to_string_pretty(other).unwrap_or_default(),
        },
    };
    Letter {
        id: letter.id.to_string(),
        action: action.to_owned(),
        reason: format!(
            "{} ({}): {}",
            letter.rejection.field,
            letter.position,
            words(&letter.rejection.reason, lang)
        ),
        at: look::date_time(letter.at, lang),
        rows: record.lines().count().clamp(3, MAX_ROWS),
        record,
    }
}
