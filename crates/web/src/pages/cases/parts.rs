//! What several of these pages show.

use dinh_calendar::{Named, Period, Unit};
use dinh_cases::{Kind, Outcome, State};
use dinh_casework::Dossier;
use dinh_model::{EntityId, Timestamp};
use serde::Serialize;

use crate::look;
use crate::pages::entity::entity_name;
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// Where something stands: tone, icon and word.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sign {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) word: String,
}

/// A case in a list.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) version: u64,
    pub(super) href: String,
    pub(super) number: String,
    pub(super) kind: String,
    pub(super) applicant: String,
    pub(super) state: Sign,
    pub(super) due: Option<Sign>,
    pub(super) opened: String,
}

/// A name in the language of whoever looks.
pub(super) fn say(named: &Named, lang: Lang) -> String {
    match lang {
        Lang::Vi => named.vi.clone(),
        Lang::En => named.en.clone(),
    }
}

pub(super) fn row(visitor: &Visitor, dossier: &Dossier) -> Row {
    let lang = visitor.lang();
    let kind = visitor.app.casework.kind_of(dossier).ok();
    Row {
        id: dossier.id.to_string(),
        version: dossier.version,
        href: href(visitor, &dossier.id),
        number: dossier.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        kind: kind.map_or_else(|| dossier.kind.clone(), |kind| say(&kind.title, lang)),
        applicant: dossier.applicant_name.clone(),
        state: state(kind.and_then(|kind| kind.state(&dossier.state)), &dossier.state, lang),
        due: due(dossier, visitor.now, lang),
        opened: look::date_time(dossier.opened, lang),
    }
}

pub(super) fn href(visitor: &Visitor, id: &EntityId) -> String {
    visitor.href(&format!("cases/{}", encode(id.as_str())))
}

/// Where a case stands, as a sign.
pub(super) fn state(state: Option<&State>, code: &str, lang: Lang) -> Sign {
    let Some(state) = state else { return Sign { tone: "off", icon: "silent", word: code.to_owned() } };
    let (tone, icon) = match (state.ends, state.clock) {
        (Some(Outcome::Granted), _) => ("ok", "ok"),
        (Some(Outcome::Refused | Outcome::NotAccepted), _) => ("danger", "danger"),
        (Some(_), _) => ("off", "silent"),
        (None, dinh_cases::Clocking::Pauses) => ("warn", "clock"),
        (None, _) => ("watch", "clock"),
    };
    Sign { tone, icon, word: say(&state.title, lang) }
}

/// When a case is due, and whether that is past; when it ended, whether in time.
pub(super) fn due(dossier: &Dossier, now: Timestamp, lang: Lang) -> Option<Sign> {
    if let Some(on_time) = dossier.on_time {
        let (tone, icon, word) = if on_time {
            ("ok", "ok", lang.say("cases-ended-on-time"))
        } else {
            ("danger", "danger", lang.say("cases-ended-late"))
        };
        return Some(Sign { tone, icon, word });
    }
    let due = dossier.due?;
    let day = args([("when", look::day_and_time(due, now, lang))]);
    Some(if now > due {
        Sign { tone: "danger", icon: "danger", word: lang.say_with("cases-late-since", &day) }
    } else if due.micros_since(now) < 8 * 3_600_000_000 {
        Sign { tone: "warn", icon: "clock", word: lang.say_with("cases-due", &day) }
    } else {
        Sign { tone: "watch", icon: "clock", word: lang.say_with("cases-due", &day) }
    })
}

/// A period in words: `3 ngày làm việc`.
pub(super) fn period(period: Period, lang: Lang) -> String {
    let digits = u8::from(period.amount.has_half());
    let amount = period.amount.as_number();
    let mut values = args([("amount", look::number(amount, Some(digits), lang))]);
    values.set("count", amount);
    match period.unit {
        Unit::WorkingDay => lang.say_with("cases-period-working-days", &values),
        Unit::Day => lang.say_with("cases-period-days", &values),
        Unit::WorkingHour => lang.say_with("cases-period-working-hours", &values),
        Unit::Hour => lang.say_with("cases-period-hours", &values),
        Unit::Month => lang.say_with("cases-period-months", &values),
    }
}

/// A unit by its name; by its identifier if it cannot be seen.
pub(super) async fn unit(visitor: &Visitor, id: &str) -> String {
    let Ok(parsed) = EntityId::parse(id) else { return id.to_owned() };
    match visitor.session.find(&parsed).await {
        Ok(Some(found)) => entity_name(visitor, &found.entity),
        _ => id.to_owned(),
    }
}

/// A unit by its name in a language: papers are in Vietnamese, whatever language the page speaks.
pub(super) async fn unit_in(visitor: &Visitor, id: &str, lang: Lang) -> String {
    if lang == visitor.lang() {
        return unit(visitor, id).await;
    }
    let found = match EntityId::parse(id) {
        Ok(parsed) => visitor.session.find(&parsed).await.ok().flatten(),
        Err(_) => None,
    };
    let name = found.and_then(|found| {
        let label = dinh_model::Term::new("https://uri.etsi.org/ngsi-ld/default-context/name");
        match &found.entity.attribute(label.as_str())?.value {
            dinh_model::Value::Language(texts) => texts.get(lang.tag())?.as_slice().first().cloned(),
            _ => None,
        }
    });
    match name {
        Some(name) => name,
        None => unit(visitor, id).await,
    }
}

/// The name of a step: of the action, or of what is no action.
pub(super) fn step(kind: &Kind, action: &str, lang: Lang) -> String {
    match (kind.action(action), action) {
        (Some(action), _) => say(&action.done, lang),
        (None, "open") => lang.say("cases-step-open"),
        (None, "adopt") => lang.say("cases-step-adopt"),
        (None, "prove") => lang.say("cases-step-prove"),
        (None, "succeed") => lang.say("cases-step-succeed"),
        (None, "rate") => lang.say("citizen-step-rate"),
        (None, "opinion") => lang.say("cases-step-opinion"),
        (None, other) => other.to_owned(),
    }
}
