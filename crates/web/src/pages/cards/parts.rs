//! What several of these pages show.

use dinh_cards::{Card, State, Step, StepTaken, Use};
use dinh_credentials::card::CardKind;
use dinh_model::Timestamp;
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

use crate::look;
use crate::pages::visitor::{Visitor, encode};
use crate::words::Lang;

/// Where something stands: tone, icon and word.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Sign {
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) word: String,
}

/// A card in a list, and on its own page.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) version: u64,
    pub(super) href: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) position: String,
    pub(super) number: Option<String>,
    pub(super) serial: Option<String>,
    pub(super) state: Sign,
    pub(super) proposed: String,
    pub(super) issued: Option<String>,
    pub(super) expires: Option<String>,
    pub(super) photo_href: Option<String>,
    /// Whether it holds now.
    pub(super) holds: bool,
}

/// A step in the life of a card.
#[derive(Debug, Serialize)]
pub(super) struct StepRow {
    what: String,
    at: String,
    by: String,
    reason: String,
}

pub(super) fn shown(visitor: &Visitor, card: &Card, base: &str) -> Shown {
    let lang = visitor.lang();
    let id = encode(card.id.as_str());
    Shown {
        id: card.id.to_string(),
        version: card.version,
        href: visitor.href(&format!("{base}/{id}")),
        kind: kind(card.kind, lang),
        name: card.name.clone(),
        unit: card.unit_name.clone(),
        position: card.position.clone(),
        number: card.number.clone(),
        serial: card.serial.map(serial),
        state: state(card, visitor.now, lang),
        proposed: look::date_time(card.proposed, lang),
        issued: card.issued.map(|at| look::date(at, lang)),
        expires: card.expires.map(|at| look::date(at, lang)),
        holds: card.holds(visitor.now),
        photo_href: card.photo.as_ref().map(|_| visitor.href(&format!("cards/{id}/photo"))),
    }
}

/// The serial number as it is printed.
pub(super) fn serial(serial: u32) -> String {
    format!("{serial:06}")
}

pub(in crate::pages) fn kind(kind: CardKind, lang: Lang) -> String {
    match kind {
        CardKind::CivilServant => lang.say("cards-kind-civil-servant"),
        CardKind::Person => lang.say("cards-kind-person"),
        CardKind::Enterprise => lang.say("cards-kind-enterprise"),
    }
}

/// What a card is shown for.
pub(super) fn used(purpose: Use, lang: Lang) -> String {
    match purpose {
        Use::Presentation => lang.say("cards-use-presentation"),
        Use::StepUp => lang.say("cards-use-step-up"),
        Use::Exemption => lang.say("cards-use-exemption"),
        Use::CheckIn => lang.say("cards-use-check-in"),
    }
}

/// What the holder of a card is entitled to: code, title, until when, what proves it.
pub(super) fn benefits(visitor: &Visitor, card: &Card) -> Vec<(String, String, String, String)> {
    let row = |one: &dinh_cards::Benefit| {
        let until = look::day(one.until, visitor.lang());
        (one.code.clone(), benefit(visitor, &one.code), until, one.proof.clone())
    };
    card.benefits.iter().map(row).collect()
}

/// A benefit as the pack calls it.
pub(in crate::pages) fn benefit(visitor: &Visitor, code: &str) -> String {
    let rules = visitor.app.cards.rules().ok();
    let found = rules.and_then(|rules| rules.benefits().iter().find(|one| one.code == code));
    let title = |one: &dinh_cards::BenefitRules| match visitor.lang() {
        Lang::Vi => one.title.vi.clone(),
        Lang::En => one.title.en.clone(),
    };
    found.map_or_else(|| code.to_owned(), title)
}

pub(super) fn state_word(state: State, lang: Lang) -> String {
    match state {
        State::Proposed => lang.say("cards-state-proposed"),
        State::Active => lang.say("cards-state-active"),
        State::Suspended => lang.say("cards-state-suspended"),
        State::Revoked => lang.say("cards-state-revoked"),
        State::Refused => lang.say("cards-state-refused"),
    }
}

fn state(card: &Card, now: Timestamp, lang: Lang) -> Sign {
    let (tone, icon, word) = match card.state {
        State::Active if card.is_over(now) => ("off", "silent", lang.say("cards-state-expired")),
        State::Active => ("ok", "ok", state_word(card.state, lang)),
        State::Proposed => ("watch", "clock", state_word(card.state, lang)),
        State::Suspended if card.lost => ("warn", "warn", lang.say("cards-state-lost")),
        State::Suspended => ("warn", "warn", state_word(card.state, lang)),
        State::Revoked | State::Refused => ("danger", "danger", state_word(card.state, lang)),
    };
    Sign { tone, icon, word }
}

/// What happened to a card, with names of officials in the place of accounts.
pub(super) async fn steps(visitor: &Visitor, steps: &[StepTaken]) -> Vec<StepRow> {
    let lang = visitor.lang();
    let mut rows = Vec::with_capacity(steps.len());
    for step in steps {
        let id = step.by.strip_prefix("account:").unwrap_or_default();
        let official = visitor.app.identity.official(id).await.ok().flatten();
        rows.push(StepRow {
            what: step_word(step.step, lang),
            at: look::date_time(step.at, lang),
            by: official.unwrap_or_else(|| lang.say("cards-by-holder")),
            reason: step.reason.clone(),
        });
    }
    rows
}

fn step_word(step: Step, lang: Lang) -> String {
    match step {
        Step::Propose => lang.say("cards-step-propose"),
        Step::Approve => lang.say("cards-step-approve"),
        Step::Refuse => lang.say("cards-step-refuse"),
        Step::Suspend => lang.say("cards-step-suspend"),
        Step::Resume => lang.say("cards-step-resume"),
        Step::Lost => lang.say("cards-step-lost"),
        Step::Revoke => lang.say("cards-step-revoke"),
        Step::Replace => lang.say("cards-step-replace"),
        Step::Renew => lang.say("cards-step-renew"),
        Step::Task => lang.say("cards-step-task"),
        Step::Benefit => lang.say("cards-step-benefit"),
    }
}

/// A text as a QR, to be drawn within a page; none if it does not fit into one.
pub(super) fn qr(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M).ok()?;
    let mut drawing = code.render::<svg::Color<'_>>();
    let drawn = drawing.dark_color(svg::Color("#000")).light_color(svg::Color("#fff")).build();
    // Within a page it is an element and not a document.
    Some(drawn.split_once("?>").map_or(drawn.clone(), |(_, element)| element.to_owned()))
}
