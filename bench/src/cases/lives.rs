//! Dossiers as they come in over a year, with what happens to them: each from filing to the result in ten steps and more,
//! some late, some sent back for more, a few still on their way.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use dinh_cases::{Actor, Answer, Channel, Held, HeldAs, Tie};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Brought, BroughtStep, Filing};
use dinh_model::{EntityId, Timestamp};
use rand::Rng as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Map, Value as Json};

/// Communes, and the departments of the province.
pub(crate) const UNITS: u32 = 190;
/// Kinds of dossier that are copies of one of the three below, so that units have as many as in life.
pub(crate) const COPIES: u32 = 12;
/// The kinds that ship and whose steps are taken here, with how to answer their forms.
pub(crate) const KINDS: [&str; 3] = ["civil-status-copy", "residence-confirmation", "road-works-permit"];
/// How many these are.
const BASES: u32 = 3;
/// Answers that fit the forms.
const EXAMPLES: &str = include_str!("../../../crates/cases/src/tests/procedures/examples.json");
/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// Days over which dossiers come in.
const DAYS: i64 = 365;
/// Minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// A unit.
pub(crate) fn unit(number: u32) -> EntityId {
    EntityId::trusted(format!("urn:ngsi-ld:Unit:bench-{number:03}"))
}

/// A unit's electronic identifier.
pub(crate) fn code(number: u32) -> String {
    format!("H57.{}.{:02}", 20 + number / 100, number % 100)
}

/// A kind: one that ships, or a copy of it.
pub(crate) fn kind(number: u32) -> String {
    let base = KINDS[number as usize % BASES as usize];
    match number / BASES {
        0 => base.to_owned(),
        copy => format!("{base}-{copy}"),
    }
}

/// Tells what happens to dossiers.
pub(crate) struct Lives {
    examples: Map<String, Json>,
    end: Timestamp,
    reasons: BTreeMap<String, Answer>,
}

/// One dossier on its way.
struct Way {
    at: i64,
    unit: u32,
    account: String,
    steps: Vec<BroughtStep>,
}

impl Lives {
    /// Up to a moment.
    pub(crate) fn until(end: Timestamp) -> Result<Self> {
        let examples: Json = serde_json::from_str(EXAMPLES)?;
        let reason = Answer::Text("Đề nghị bổ sung bản sao giấy tờ còn thiếu theo quy định.".to_owned());
        Ok(Self {
            examples: examples.as_object().cloned().context("examples by name")?,
            end,
            reasons: [("reason".to_owned(), reason)].into(),
        })
    }

    /// The dossier with a number: the same in every run.
    pub(crate) fn of(&self, number: u32) -> Brought {
        let mut dice = StdRng::seed_from_u64(u64::from(number));
        let opened = self.opened(&mut dice);
        let unit_number = dice.random_range(0..UNITS);
        let kind_number = dice.random_range(0..BASES * (COPIES + 1));
        let online = dice.random_range(0..100) < 62;
        let account = format!("citizen-{}", number % 400_000);
        let channel = if online { Channel::Online } else { Channel::Counter };
        let mut way = Way { at: opened.as_micros() / MINUTE, unit: unit_number, account, steps: Vec::new() };
        self.walk(&mut way, &mut dice);
        let base = KINDS[kind_number as usize % BASES as usize];
        let answers = self.examples.get(base).and_then(Json::as_object).cloned().unwrap_or_default();
        let by = if online { way.citizen() } else { way.official("one-stop-officer", &[Tie::Receiving]) };
        Brought {
            filing: Self::filing(number, (&kind(kind_number), channel), (unit_number, answers), &mut dice),
            account: online.then(|| way.account.clone()),
            opened,
            by,
            number: Some(format!("{}-B-{number:07}", code(unit_number))),
            steps: way.steps,
        }
    }

    fn filing(
        number: u32,
        (kind, channel): (&str, Channel),
        (unit_number, answers): (u32, Map<String, Json>),
        dice: &mut StdRng,
    ) -> Filing {
        let held = |reused: bool| {
            if reused {
                Held { held_as: HeldAs::Reused, files: vec![], reused: Some("urn:ngsi-ld:Document:x".into()) }
            } else {
                let files = vec!["urn:ngsi-ld:StoredFile:x".into()];
                Held { held_as: HeldAs::Electronic, files, reused: None }
            }
        };
        let parts = PARTS.iter().filter(|(of, _)| kind.starts_with(of));
        let parts = parts.map(|(_, part)| ((*part).to_owned(), held(dice.random_range(0..8) == 0))).collect();
        Filing {
            kind: kind.to_owned(),
            channel,
            answers,
            parts,
            applicant: Applicant {
                kind: ApplicantKind::Person,
                name: format!("Nguyễn Văn {}", NAMES[number as usize % NAMES.len()]),
                subject: None,
                number: Some(format!("0461{:08}", number % 100_000_000)),
                telephone: Some(format!("09{:08}", number % 100_000_000)),
                email: None,
                address: Some("12 Lê Lợi, phường Thuận Hoá, thành phố Huế".to_owned()),
                by: None,
                by_number: None,
            },
            receiving: unit(unit_number),
            competent: None,
            at_desk: AtDesk::default(),
            parent: None,
            once: None,
        }
    }

    /// In office hours of some day of the last year.
    fn opened(&self, dice: &mut StdRng) -> Timestamp {
        let days = dice.random_range(0..DAYS);
        // Eight o'clock in Viet Nam is one in Greenwich.
        let midnight = self.end.as_micros() / MINUTE / DAY * DAY;
        let minute = midnight - days * DAY + 60 + dice.random_range(0..480);
        Timestamp::from_micros(minute.min(self.end.as_micros() / MINUTE - 5) * MINUTE)
    }

    /// Ten steps and more; those that would lie in the future are not taken yet.
    fn walk(&self, way: &mut Way, dice: &mut StdRng) {
        let slow = dice.random_range(0..20) == 0;
        let wait = |dice: &mut StdRng| {
            // Most wait a day or less at each desk, so that what lies open is what comes in within a week.
            let long = if slow { 4 * DAY } else { DAY };
            dice.random_range(5..long)
        };
        let (desk, chair) = ("one-stop-officer", "unit-leader");
        let mut script: Vec<(&str, Option<&str>)> = vec![("accept", Some(desk))];
        // Somebody notes something, hands over, or asks for more.
        script.extend([("remark", Some("officer")), ("start", Some("officer"))]);
        if dice.random_range(0..6) == 0 {
            script.extend([("ask-more", Some("officer")), ("answer", Some(desk))]);
        } else {
            script.extend([("remark", Some("officer")), ("remark", Some("officer"))]);
        }
        script.extend([("submit", Some("officer")), ("send-back", Some(chair)), ("submit", Some("officer"))]);
        match dice.random_range(0..40) {
            0 => script.push(("refuse", Some(chair))),
            _ => script.extend([
                ("approve", Some(chair)),
                ("issue-on-paper", Some("clerk")),
                ("deliver", Some(desk)),
            ]),
        }
        for (action, role) in script {
            way.at += wait(dice);
            if way.at * MINUTE >= self.end.as_micros() {
                return;
            }
            let role = role.unwrap_or("officer");
            let ties: &[Tie] = match role {
                "one-stop-officer" => &[Tie::Receiving],
                "unit-leader" | "clerk" => &[Tie::Competent, Tie::Handling],
                _ => &[Tie::Handling],
            };
            let asked = match action {
                "ask-more" | "send-back" | "refuse" => self.reasons.clone(),
                "remark" => [("note".to_owned(), Answer::Text("Đã đối chiếu sổ gốc.".to_owned()))].into(),
                "deliver" => [("how".to_owned(), Answer::Text("counter".to_owned()))].into(),
                _ => BTreeMap::new(),
            };
            let at = Timestamp::from_micros(way.at * MINUTE);
            let by = way.official(role, ties);
            way.steps.push(BroughtStep { at, by, action: action.to_owned(), asked });
        }
    }
}

impl Way {
    fn citizen(&self) -> Actor {
        Actor {
            account: Some(self.account.clone()),
            ties: [Tie::Applicant, Tie::Anybody].into(),
            ..Actor::default()
        }
    }

    fn official(&self, role: &str, ties: &[Tie]) -> Actor {
        Actor {
            account: Some(format!("{role}-{:03}", self.unit)),
            unit: Some(unit(self.unit).as_str().to_owned()),
            roles: [role.to_owned()].into(),
            ties: ties.iter().copied().collect(),
            stepped_up: true,
            barred: false,
        }
    }
}

const NAMES: [&str; 8] = ["An", "Bình", "Cường", "Dũng", "Giang", "Hải", "Khánh", "Minh"];

/// Parts that the kinds ask for, by the beginning of their codes.
const PARTS: [(&str, &str); 4] = [
    ("road-works-permit", "drawings"),
    ("road-works-permit", "reinstatement"),
    ("road-works-permit", "median-distances"),
    ("road-works-permit", "load-report"),
];
