//! What the page of links shows, row by row.

use dinh_portal::{Arrival, Day, Failed, LinkState, Waiting};
use serde::Serialize;

use crate::look;
use crate::pages::cases::parts::{Sign, say};
use crate::pages::visitor::{Visitor, encode};
use crate::words::{Lang, args};

/// A counterpart.
#[derive(Serialize)]
pub(super) struct LinkRow {
    title: String,
    host: String,
    state: Sign,
    reason: Option<String>,
}

/// A dossier of which a counterpart could not be told, or is to be told.
#[derive(Serialize)]
pub(super) struct DossierRow {
    id: String,
    number: String,
    at: String,
    reason: String,
}

/// Something that arrived.
#[derive(Serialize)]
pub(super) struct ArrivalRow {
    id: String,
    number: String,
    sender: String,
    procedure: String,
    at: String,
    reason: String,
    /// Which code somebody could explain: `procedure` or `unit`.
    list: Option<&'static str>,
    /// The code.
    code: String,
}

/// A day that was compared.
#[derive(Serialize)]
pub(super) struct DayRow {
    day: String,
    title: String,
    at: String,
    ours: String,
    theirs: String,
    same: String,
    waiting: String,
    differing: String,
    differs: bool,
    fault: Option<String>,
    differences: Vec<DifferenceRow>,
}

/// A dossier that stands otherwise there.
#[derive(Serialize)]
pub(super) struct DifferenceRow {
    number: String,
    ours: String,
    theirs: String,
}

/// What people call a counterpart.
pub(super) fn counterpart(visitor: &Visitor, code: &str) -> String {
    let all = visitor.app.portal.states(visitor.session.tenant());
    let found = all.iter().find(|state| state.counterpart == code);
    found.map_or_else(|| code.to_owned(), |state| say(&state.title, visitor.lang()))
}

pub(super) fn link(visitor: &Visitor, link: &LinkState) -> LinkRow {
    let lang = visitor.lang();
    let health = &link.health;
    let (state, reason) = match (&health.fault, health.took) {
        (Some((at, why)), _) => {
            let word = lang.say_with("portal-link-down", &args([("at", look::date_time(*at, lang))]));
            (Sign { tone: "danger", icon: "danger", word }, Some(why.clone()))
        }
        (None, Some(at)) => {
            let word = lang.say_with("portal-link-good", &args([("at", look::date_time(at, lang))]));
            (Sign { tone: "ok", icon: "ok", word }, None)
        }
        (None, None) => (Sign { tone: "off", icon: "clock", word: lang.say("portal-link-quiet") }, None),
    };
    LinkRow { title: say(&link.title, lang), host: link.host.clone(), state, reason }
}

pub(super) fn failed(one: &Failed, lang: Lang) -> DossierRow {
    let reason = match &one.code {
        Some(code) => {
            lang.say_with("portal-refused", &args([("code", code.clone()), ("why", one.why.clone())]))
        }
        None => one.why.clone(),
    };
    DossierRow {
        id: one.dossier.to_string(),
        number: one.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        at: look::date_time(one.at, lang),
        reason,
    }
}

pub(super) fn waiting(one: &Waiting, lang: Lang) -> DossierRow {
    let reason = match (&one.fault, one.again) {
        (Some(why), Some(again)) => {
            let told = args([("why", why.clone()), ("at", look::date_time(again, lang))]);
            lang.say_with("portal-waits-again", &told)
        }
        (Some(why), None) => lang.say_with("portal-waits-for-link", &args([("why", why.clone())])),
        (None, _) => lang.say("portal-waits-for-turn"),
    };
    DossierRow {
        id: one.dossier.to_string(),
        number: one.number.clone().unwrap_or_else(|| lang.say("cases-no-number")),
        at: one.since.map(|at| look::date_time(at, lang)).unwrap_or_default(),
        reason,
    }
}

pub(super) fn arrival(visitor: &Visitor, one: &Arrival) -> ArrivalRow {
    let lang = visitor.lang();
    let reason = one.reason.clone().unwrap_or_default();
    let quoted = reason.split('"').nth(1).unwrap_or_default().to_owned();
    let (list, code) = if reason.starts_with("MaTTHC:") {
        (one.procedure.as_ref().map(|_| "procedure"), one.procedure.clone().unwrap_or_default())
    } else if reason.starts_with("DonViXuLy:") && !quoted.is_empty() {
        (Some("unit"), quoted)
    } else {
        (None, String::new())
    };
    ArrivalRow {
        id: one.id.to_string(),
        number: one.number.clone(),
        sender: counterpart(visitor, &one.counterpart),
        procedure: one.procedure.clone().unwrap_or_default(),
        at: look::date_time(one.arrived, lang),
        reason: meaning(&reason, &code, lang),
        list,
        code,
    }
}

/// Why something could not be taken, in words; what has no words of its own is told as it is kept.
fn meaning(reason: &str, code: &str, lang: Lang) -> String {
    if reason.starts_with("MaTTHC: no procedure") {
        return lang.say_with("portal-held-procedure", &args([("code", code.to_owned())]));
    }
    if reason.starts_with("DonViXuLy: no unit") {
        return lang.say_with("portal-held-unit", &args([("code", code.to_owned())]));
    }
    if reason.starts_with("DinhDanhCHS:") {
        return lang.say("portal-held-number");
    }
    if reason.starts_with("DuongDanTaiTepTin:") && reason.contains("allow-list") {
        return lang.say("portal-held-host");
    }
    reason.to_owned()
}

pub(super) fn day(day: &Day, lang: Lang) -> DayRow {
    let parsed: Option<jiff::civil::Date> = day.day.parse().ok();
    let state = |number: &str| format!("{number} {}", state_title(number, lang));
    let difference = |one: &dinh_portal::Difference| DifferenceRow {
        number: one.number.clone(),
        ours: state(&one.ours),
        theirs: one.theirs.as_deref().map_or_else(|| lang.say("portal-day-missing"), state),
    };
    DayRow {
        day: day.day.clone(),
        title: parsed.map_or_else(|| day.day.clone(), |day| look::day(day, lang)),
        at: day.at.map(|at| look::date_time(at, lang)).unwrap_or_default(),
        ours: count(day.ours, lang),
        theirs: count(day.theirs, lang),
        same: count(day.same, lang),
        waiting: count(day.waiting, lang),
        differing: count(day.differing, lang),
        differs: day.differing > 0,
        fault: day.fault.clone(),
        differences: day.differences.iter().map(difference).collect(),
    }
}

/// The ten states of the national portal.
pub(super) fn state_title(number: &str, lang: Lang) -> String {
    match number {
        "1" => lang.say("portal-state-1"),
        "2" => lang.say("portal-state-2"),
        "3" => lang.say("portal-state-3"),
        "4" => lang.say("portal-state-4"),
        "5" => lang.say("portal-state-5"),
        "6" => lang.say("portal-state-6"),
        "7" => lang.say("portal-state-7"),
        "8" => lang.say("portal-state-8"),
        "9" => lang.say("portal-state-9"),
        "10" => lang.say("portal-state-10"),
        _ => String::new(),
    }
}

pub(super) fn count(n: u64, lang: Lang) -> String {
    look::number(f64::from(u32::try_from(n).unwrap_or(u32::MAX)), Some(0), lang)
}

/// The address of the page of something that arrived.
pub(super) fn href(visitor: &Visitor, one: &Arrival) -> String {
    visitor.href(&format!("portal/arrivals/{}", encode(one.id.as_str())))
}
