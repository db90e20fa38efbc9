//! The machine, tried on the kinds that ship and on small ones.

mod before;
mod changes;
mod checks;
mod journeys;
mod kinds;
mod numbers;
mod procedures;
mod random;
mod tariffs;
mod times;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dinh_calendar::{Editions, Rules, Schedule, Table, Week, WorkingDays};
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value as Json};

use crate::{Actor, Answer, Attempt, Case, Channel, Kind, Known, Merge, Moved, Opening, Refused, Tie};

const BASE: &str = include_str!("../../../../packs/one-stop/cases/dossier.base.toml");
const COPY: &str = include_str!("../../../../packs/one-stop/cases/civil-status-copy.toml");

/// A house in which cases are tried: working time, and one kind.
struct House {
    schedule: Schedule,
    counting: Editions<Rules>,
    kind: Kind,
}

fn merged(text: &str) -> Kind {
    let (base, own) = (Merge::read(BASE).expect("is TOML"), Merge::read(text).expect("is TOML"));
    own.on(&base).expect("fits its base").kind().expect("is a kind")
}

fn schedule() -> Schedule {
    let table: Table =
        toml::from_str(include_str!("../../../../packs/calendar/holidays.toml")).expect("is a table");
    let hours: Editions<Week> =
        toml::from_str(include_str!("../../../../packs/calendar/hours.toml")).expect("are hours");
    let days = WorkingDays::new(&table).expect("fits");
    Schedule::new(Arc::new(days), &hours, "default").expect("has default hours")
}

fn known() -> Known {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let messages = concat!(
        include_str!("../../../../packs/one-stop/messages/dossier.toml"),
        include_str!("../../../../packs/one-stop/messages/complaint.toml")
    );
    let messages: toml::Table = toml::from_str(messages).expect("is TOML");
    Known {
        roles: set(&["one-stop-officer", "officer", "unit-leader", "clerk"]),
        messages: messages.keys().cloned().collect(),
        forms: procedures::forms().iter().map(|(name, form)| (name.clone(), asked(form))).collect(),
        templates: procedures::templates(),
        kinds: procedures::shipped().into_iter().map(|kind| kind.code).collect(),
    }
}

/// The names of what a form asks.
fn asked(form: &dinh_forms::Form) -> BTreeSet<String> {
    form.fields.iter().map(|field| field.name.clone()).collect()
}

/// A moment of official time.
fn at(text: &str) -> Timestamp {
    let local: DateTime = text.parse().expect("is a time");
    jiff::tz::Offset::constant(7).to_timestamp(local).expect("is a moment")
}

fn actor(account: &str, roles: &[&str], ties: &[Tie]) -> Actor {
    Actor {
        account: Some(account.to_owned()),
        unit: Some("urn:ngsi-ld:Unit:phuong-1".to_owned()),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        ties: ties.iter().copied().collect(),
        stepped_up: true,
        barred: false,
    }
}

fn program() -> Actor {
    Actor {
        account: None,
        unit: None,
        roles: BTreeSet::new(),
        ties: BTreeSet::from([Tie::System]),
        stepped_up: false,
        barred: false,
    }
}

fn citizen() -> Actor {
    Actor { unit: None, ..actor("citizen", &[], &[Tie::Applicant]) }
}

fn clerk() -> Actor {
    actor("clerk", &["one-stop-officer"], &[Tie::Receiving, Tie::Handling, Tie::Competent])
}

fn handler() -> Actor {
    actor("handler", &["officer"], &[Tie::Handling, Tie::Receiving, Tie::Competent])
}

fn leader() -> Actor {
    actor("leader", &["unit-leader"], &[Tie::Competent, Tie::Handling, Tie::Receiving])
}

fn records() -> Actor {
    actor("records", &["clerk"], &[Tie::Competent])
}

impl House {
    fn of(kind: Kind) -> Self {
        let counting =
            toml::from_str(include_str!("../../../../packs/calendar/counting.toml")).expect("are rules");
        Self { schedule: schedule(), counting, kind }
    }

    fn copies() -> Self {
        Self::of(merged(COPY))
    }

    fn rules(&self, now: Timestamp) -> Rules {
        let name = self.kind.timing.counting.as_deref().unwrap_or("default");
        let edition = self.counting.on(name, dinh_calendar::official_day(now));
        edition.map(|edition| edition.holds).unwrap_or_default()
    }

    fn opened(&self, now: &str, answers: &Json) -> Case {
        let rules = self.rules(at(now));
        let answers = answers.as_object().cloned().unwrap_or_default();
        let opening = self.opening(&rules, now, answers);
        self.kind.open(opening).expect("opens").case
    }

    fn opening<'a>(&'a self, rules: &'a Rules, now: &str, answers: Map<String, Json>) -> Opening<'a> {
        static CITIZEN: std::sync::LazyLock<Actor> = std::sync::LazyLock::new(citizen);
        Opening {
            actor: &CITIZEN,
            role: "applicant",
            at: at(now),
            channel: Channel::Online,
            answers,
            parts: BTreeMap::new(),
            sent: None,
            receiving: "urn:ngsi-ld:Unit:phuong-1".to_owned(),
            handling: None,
            competent: "urn:ngsi-ld:Unit:phuong-1".to_owned(),
            schedule: &self.schedule,
            rules,
        }
    }

    fn act(
        &self,
        case: &Case,
        now: &str,
        actor: &Actor,
        action: &str,
        asked: &[(&str, Answer)],
    ) -> Result<Moved, Refused> {
        let rules = self.rules(at(now));
        let asked = asked.iter().map(|(code, answer)| ((*code).to_owned(), answer.clone())).collect();
        let attempt = Attempt { action, actor, at: at(now), asked, schedule: &self.schedule, rules: &rules };
        self.kind.act(case, &attempt)
    }

    /// The same for what must succeed.
    fn does(&self, case: &Case, now: &str, actor: &Actor, action: &str, asked: &[(&str, Answer)]) -> Case {
        match self.act(case, now, actor, action, asked) {
            Ok(moved) => moved.case,
            Err(refused) => panic!("{action} at {now}: {refused}"),
        }
    }
}

fn text(text: &str) -> Answer {
    Answer::Text(text.to_owned())
}
