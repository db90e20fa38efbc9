//! `GET /{tenant}/admin/people/{id}`: one account.

use axum::extract::Path;
use axum::response::Response;
use dinh_access::AccountKind;
use dinh_identity::domain::{AccountId, AccountRecord, Address, State};
use dinh_identity::{Factors, Known, Office};
use serde::Serialize;

use super::list::roles;
use super::rows::{self, Dated, Session, TIES, tie_name, tie_title};
use crate::look;
use crate::pages::admin::days::today;
use crate::pages::admin::given::{Given, Trouble};
use crate::pages::admin::guard::{Desk, Place, Stop, desk, failed, lookup, office, show};
use crate::pages::admin::titles;
use crate::pages::admin::units::{self, Unit};
use crate::pages::admin::why::{Offered, choice};
use crate::pages::fault::Fault;
use crate::pages::view::Outcome;
use crate::pages::visitor::Visitor;
use crate::words::{Lang, args};

#[derive(Serialize)]
struct Values {
    #[serde(flatten)]
    desk: Desk,
    id: String,
    kind: String,
    tone: &'static str,
    icon: &'static str,
    state: String,
    /// What may be done here: to an account that is looked after elsewhere rights are given, and no more.
    may: May,
    facts: Facts,
    roles: Vec<Dated>,
    positions: Vec<Dated>,
    ties: Vec<Dated>,
    sessions: Vec<Session>,
    factors: Option<FactorsView>,
    choices: Choices,
    typed: std::collections::BTreeMap<String, String>,
    /// Which form was sent.
    sent: String,
    trouble: Option<Trouble>,
    outcome: Option<Outcome>,
    people_href: String,
    keys_href: Option<String>,
    why_href: String,
}

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one thing whether it may be done")]
struct May {
    care: bool,
    rights: bool,
    lock: bool,
    unlock: bool,
    close: bool,
    link: bool,
    oneself: bool,
}

#[derive(Serialize)]
struct Facts {
    name: String,
    email: String,
    email_seen: String,
    phone: String,
    phone_seen: String,
    home: String,
    subject: String,
    identity: String,
    created: String,
    changed: String,
    english: bool,
}

#[derive(Serialize)]
struct FactorsView {
    lines: Vec<String>,
    has_second: bool,
}

#[derive(Serialize)]
struct Choices {
    roles: Vec<Offered>,
    units: Vec<Offered>,
    ties: Vec<Offered>,
    bases: Vec<Offered>,
}

/// What was typed, and what came of it.
#[derive(Default)]
pub(super) struct Came {
    pub(super) given: Given,
    pub(super) trouble: Option<Trouble>,
    pub(super) outcome: Option<Outcome>,
}

/// The page.
pub(in crate::pages) async fn one(
    visitor: Visitor,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let office = office(&visitor)?;
    let id = AccountId::parse(&id).ok_or_else(|| Fault::not_found(visitor.taste))?;
    shown(&visitor, &office, &id, Came::default()).await
}

/// The page with what was typed, and what came of it.
pub(super) async fn shown(
    visitor: &Visitor,
    office: &Office,
    id: &AccountId,
    came: Came,
) -> Result<Response, Stop> {
    let lang = visitor.lang();
    let known = office.known(id).await.map_err(|error| failed(visitor, &error))?;
    let record = &known.record;
    let units = units::all(visitor).await?;
    let may = may(visitor, &known);
    let (mut sessions, mut factors) = (Vec::new(), None);
    if may.care {
        sessions = office.sessions(id).await.map_err(|error| failed(visitor, &error))?;
        factors = Some(office.factors(id).await.map_err(|error| failed(visitor, &error))?);
    }
    let here = &visitor.province.tenant;
    let positions: Vec<_> = record.positions.iter().filter(|at| at.tenant == *here).cloned().collect();
    let names = rows::holders(&lookup(visitor)?, &positions).await;
    let (tone, state) = titles::state(record.state, lang);
    let machine = matches!(record.kind, AccountKind::Device | AccountKind::System);
    let title = if record.name.is_empty() { lang.say("admin-no-name") } else { record.name.clone() };
    let roles = record.roles.iter().filter(|role| role.tenant == *here);
    let values = Values {
        desk: desk(visitor, title, Place::People),
        kind: titles::kind(record.kind, lang),
        tone,
        icon: if record.state == State::Active { "ok" } else { "warn" },
        state,
        facts: facts(visitor, &known),
        roles: roles.map(|role| rows::role(visitor, role, &units)).collect(),
        positions: positions.iter().map(|at| rows::position(visitor, at, &units, &names)).collect(),
        ties: record.speaks_for.iter().map(|tie| rows::tie(visitor, tie)).collect(),
        sessions: sessions.iter().rev().map(|session| rows::session(session, lang)).collect(),
        factors: factors.filter(|_| !machine).map(|factors| factors_view(&factors, lang)),
        choices: choices(visitor, &came.given, &units),
        typed: typed(&came.given),
        sent: came.given.get("do").to_owned(),
        trouble: came.trouble,
        outcome: came.outcome,
        people_href: visitor.href("admin/people"),
        keys_href: (machine && may.care).then(|| visitor.href(&format!("admin/keys?account={id}"))),
        why_href: visitor.href(&format!("admin/why?account={id}")),
        id: id.to_string(),
        may,
    };
    show(visitor, "admin_person.html", values)
}

fn may(visitor: &Visitor, known: &Known) -> May {
    let record = &known.record;
    let oneself = visitor.guest.present.as_ref().is_some_and(|present| *present.id() == record.id);
    let care = known.cared_for && !oneself;
    let person = matches!(record.kind, AccountKind::Citizen | AccountKind::Official);
    May {
        oneself,
        care: care && record.state != State::Closed,
        rights: !oneself && record.state != State::Closed,
        lock: care && record.state == State::Active,
        unlock: care && record.state == State::Locked,
        close: care && record.state != State::Closed,
        link: care && person && record.state == State::Active,
    }
}

fn facts(visitor: &Visitor, known: &Known) -> Facts {
    let (record, lang): (&AccountRecord, Lang) = (&known.record, visitor.lang());
    let text = |address: &Option<Address>| address.as_ref().map(|a| a.text.clone()).unwrap_or_default();
    let seen = |address: &Option<Address>| match address.as_ref().map(|address| address.verified) {
        None => String::new(),
        Some(None) => lang.say("admin-address-unseen"),
        Some(Some(at)) => lang.say_with("admin-address-seen", &args([("when", look::date(at, lang))])),
    };
    let identity = match &record.identity {
        None => lang.say("admin-identity-none"),
        Some(proved) => {
            let by = if proved.by == "counter" { lang.say("admin-by-counter") } else { proved.by.clone() };
            let values =
                [("level", proved.level.to_string()), ("by", by), ("when", look::date(proved.at, lang))];
            lang.say_with("admin-identity-proved", &args(values))
        }
    };
    let packs = visitor.app.context.packs();
    let home = packs.province(record.home.as_str());
    Facts {
        name: record.name.clone(),
        email: text(&record.email),
        email_seen: seen(&record.email),
        phone: text(&record.phone),
        phone_seen: seen(&record.phone),
        home: home
            .map_or_else(|| lang.say("admin-home-central"), |home| visitor.title(&home.title).to_owned()),
        subject: record.subject.as_ref().map(ToString::to_string).unwrap_or_default(),
        identity,
        created: look::date_time(record.created, lang),
        changed: look::date_time(record.changed, lang),
        english: record.language == dinh_identity::domain::Language::En,
    }
}

fn factors_view(factors: &Factors, lang: Lang) -> FactorsView {
    let mut lines = vec![match factors.password {
        Some(at) => lang.say_with("admin-password-set", &args([("when", look::date_time(at, lang))])),
        None => lang.say("admin-password-none"),
    }];
    if let Some(until) = factors.link_until {
        lines.push(lang.say_with("admin-link-open", &args([("when", look::date_time(until, lang))])));
    }
    if let Some(since) = factors.totp {
        lines.push(lang.say_with("admin-totp-since", &args([("when", look::date_time(since, lang))])));
        let left = i64::try_from(factors.recovery_codes).unwrap_or(i64::MAX);
        lines.push(lang.say_with("admin-codes-left", &args([("count", left)])));
    }
    for key in &factors.passkeys {
        let values = [("name", key.name.clone()), ("when", look::date(key.since, lang))];
        lines.push(lang.say_with("admin-passkey-since", &args(values)));
    }
    let has_second = factors.totp.is_some() || !factors.passkeys.is_empty();
    if !has_second {
        lines.push(lang.say("admin-second-none"));
    }
    FactorsView { lines, has_second }
}

fn choices(visitor: &Visitor, given: &Given, units: &[Unit]) -> Choices {
    let (lang, day) = (visitor.lang(), today(visitor.now));
    let alive = units.iter().filter(|unit| !unit.days.is_over(day));
    let bases = [
        ("held", lang.say("admin-basis-held")),
        ("substitute", lang.say("admin-basis-substitute")),
        ("delegated", lang.say("admin-basis-delegated")),
    ];
    Choices {
        roles: roles(visitor, given.get("role")),
        units: alive
            .map(|unit| choice(unit.id.as_str(), unit.title(visitor), given.get("unit") == unit.id.as_str()))
            .collect(),
        ties: TIES
            .iter()
            .map(|tie| choice(tie_name(*tie), tie_title(*tie, lang), given.get("tie") == tie_name(*tie)))
            .collect(),
        bases: bases
            .into_iter()
            .map(|(name, title)| choice(name, title, given.get("basis") == name))
            .collect(),
    }
}

/// What was typed into the forms, with every field that they have.
fn typed(given: &Given) -> std::collections::BTreeMap<String, String> {
    let mut typed = given.again();
    for name in ["name", "email", "phone", "subject", "reason", "from", "to", "title", "holder", "of"] {
        typed.entry(name.to_owned()).or_default();
    }
    typed
}
