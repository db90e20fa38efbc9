//! Parts that both pages show.

use dinh_procedures::plain::{Piece, Sentence};
use dinh_procedures::{Audience, ChannelKind, Doubt, Duration, Entry, Level, TimeUnit};
use serde::Serialize;

use crate::look;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

/// A procedure in a list.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    href: String,
    code: String,
    name: String,
    level: String,
    fields: String,
    time: Option<String>,
    fee: Option<String>,
    online: bool,
}

pub(super) fn row(visitor: &Visitor, entry: &Entry) -> Row {
    let lang = visitor.lang();
    let levels: Vec<String> = entry.levels.iter().map(|level| level_title(*level, lang)).collect();
    Row {
        href: visitor.href(&format!("procedures/{}", entry.code)),
        code: entry.code.to_string(),
        name: entry.name.clone(),
        level: levels.join(", "),
        fields: entry.fields.join("; "),
        time: entry.time.map(|time| {
            let least = duration(time, lang);
            if entry.longer { lang.say_with("procedure-time-from", &args([("time", least)])) } else { least }
        }),
        fee: entry.fee.map(|fee| money(fee, lang)),
        online: entry.online,
    }
}

/// A part of a sentence.
#[derive(Debug, Serialize)]
pub(super) struct Part {
    text: String,
    /// True if it is Vietnamese whatever the language of the page.
    data: bool,
}

/// A sentence as its parts.
pub(super) fn parts(sentence: &Sentence) -> Vec<Part> {
    let part = |piece: &Piece| match piece {
        Piece::Words(text) => Part { text: text.clone(), data: false },
        Piece::Data(text) => Part { text: text.clone(), data: true },
    };
    sentence.0.iter().map(part).collect()
}

pub(super) fn level_title(level: Level, lang: Lang) -> String {
    match level {
        Level::Commune => lang.say("procedure-level-commune"),
        Level::Province => lang.say("procedure-level-province"),
        Level::Ministry => lang.say("procedure-level-ministry"),
        Level::Other => lang.say("procedure-level-other"),
    }
}

pub(super) fn audience_title(audience: Audience, lang: Lang) -> String {
    match audience {
        Audience::Person => lang.say("procedure-for-person"),
        Audience::Enterprise => lang.say("procedure-for-enterprise"),
        Audience::Organisation => lang.say("procedure-for-organisation"),
    }
}

pub(super) fn channel_title(kind: ChannelKind, lang: Lang) -> String {
    match kind {
        ChannelKind::Counter => lang.say("procedure-way-counter"),
        ChannelKind::Online => lang.say("procedure-way-online"),
        ChannelKind::Post => lang.say("procedure-way-post"),
    }
}

/// A time limit with its unit.
pub(super) fn duration(time: Duration, lang: Lang) -> String {
    let count = f64::from(time.hundredths) / 100.0;
    let args = args([("count", count)]);
    match time.unit {
        TimeUnit::WorkingDay => lang.say_with("procedure-working-days", &args),
        TimeUnit::Day => lang.say_with("procedure-days", &args),
        TimeUnit::Hour => lang.say_with("procedure-hours", &args),
        TimeUnit::Month => lang.say_with("procedure-months", &args),
    }
}

/// An amount in đồng, or that nothing is due.
pub(super) fn money(amount: u64, lang: Lang) -> String {
    if amount == 0 {
        return lang.say("procedure-free");
    }
    #[expect(clippy::cast_precision_loss, reason = "no fee has more than fifteen digits")]
    let amount = look::number(amount as f64, Some(0), lang);
    lang.say_with("procedure-dong", &args([("amount", amount)]))
}

/// What could not be read with certainty.
pub(super) fn doubt_title(doubt: Doubt, lang: Lang) -> String {
    match doubt {
        Doubt::Documents => lang.say("procedure-doubt-documents"),
        Doubt::Forms => lang.say("procedure-doubt-forms"),
        Doubt::Channels => lang.say("procedure-doubt-channels"),
        Doubt::TimeUnit => lang.say("procedure-doubt-time"),
        Doubt::Fee => lang.say("procedure-doubt-fee"),
        Doubt::Results => lang.say("procedure-doubt-results"),
        Doubt::LegalBasis => lang.say("procedure-doubt-acts"),
        Doubt::Level => lang.say("procedure-doubt-level"),
    }
}
