//! What an official at the desk says of a dossier: who applies, what came with it, how it came, who handles it.

use std::collections::BTreeMap;

use dinh_cases::{Answer, Channel, Does, Held, HeldAs, Kind, Outcome};
use dinh_casework::{Applicant, ApplicantKind, AtDesk, Dossier, Error, Then};
use dinh_model::{EntityId, Timestamp};
use jiff::civil::{Date, Time};
use serde_json::{Map, Value as Json};

use super::intake::What;
use crate::pages::cases::filing::Draft;
use crate::pages::visitor::Visitor;
use crate::words::Lang;

/// Channels by which a desk takes in.
pub(super) const CHANNELS: [Channel; 4] =
    [Channel::Counter, Channel::Post, Channel::Assisted, Channel::Offline];
/// Kinds of applicant, by the names that the page writes.
pub(super) const APPLICANTS: [(&str, ApplicantKind); 4] = [
    ("person", ApplicantKind::Person),
    ("enterprise", ApplicantKind::Enterprise),
    ("authority", ApplicantKind::Authority),
    ("organisation", ApplicantKind::Organisation),
];

/// What was said, or what is wrong with it.
pub(super) enum Said {
    Well(AtDesk),
    Wrong(String),
}

/// The channel that was chosen; the counter if none was.
pub(super) fn channel(draft: &Draft) -> Channel {
    let chosen = Channel::from_name(&draft.own("channel"));
    chosen.filter(|channel| CHANNELS.contains(channel)).unwrap_or(Channel::Counter)
}

/// Who applies, as it was typed.
pub(super) fn applicant(draft: &Draft) -> Applicant {
    let kind = draft.own("kind");
    let kind = APPLICANTS.into_iter().find(|(name, _)| *name == kind).map(|(_, kind)| kind);
    Applicant {
        kind: kind.unwrap_or_default(),
        name: draft.own("name"),
        subject: draft.maybe("subject").and_then(|subject| EntityId::parse(&subject).ok()),
        number: draft.maybe("number"),
        telephone: draft.maybe("telephone"),
        email: draft.maybe("email"),
        address: draft.maybe("address"),
        by: draft.maybe("by"),
        by_number: draft.maybe("by-number"),
    }
}

/// Puts somebody who is known into the fields.
pub(super) fn put(draft: &mut Draft, applicant: &Applicant) {
    let kind = APPLICANTS.into_iter().find(|(_, kind)| *kind == applicant.kind).map(|(name, _)| name);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    draft.put("kind", kind.unwrap_or_default().to_owned());
    draft.put("name", applicant.name.clone());
    draft.put("subject", applicant.subject.as_ref().map(ToString::to_string).unwrap_or_default());
    draft.put("number", text(&applicant.number));
    draft.put("telephone", text(&applicant.telephone));
    draft.put("email", text(&applicant.email));
    draft.put("address", text(&applicant.address));
    draft.put("by", text(&applicant.by));
    draft.put("by-number", text(&applicant.by_number));
    draft.put("known", "yes".to_owned());
}

/// What the form of the procedure can take from who applies, by the keys that its fields name.
pub(super) fn known(draft: &Draft) -> Map<String, Json> {
    if draft.own("kind") != "person" && !draft.own("kind").is_empty() {
        return Map::new();
    }
    let mut known = Map::new();
    for (key, field) in [
        ("person.name", "name"),
        ("person.personalId", "number"),
        ("person.telephone", "telephone"),
        ("person.email", "email"),
    ] {
        known.extend(draft.maybe(field).map(|text| (key.to_owned(), Json::String(text))));
    }
    known
}

/// The papers that were ticked; and whether a part is there as a scan alone.
pub(super) fn papers(kind: &Kind, draft: &Draft) -> (BTreeMap<String, Held>, bool) {
    let mut papers = BTreeMap::new();
    let mut scans = false;
    for part in &kind.parts {
        let held_as = match draft.own(&format!("paper.{}", part.code)).as_str() {
            "original" => HeldAs::Original,
            "copy" => HeldAs::Copy,
            _ => {
                scans |= draft.has_file(&part.code);
                continue;
            }
        };
        papers.insert(part.code.clone(), Held { held_as, files: Vec::new(), reused: None });
    }
    (papers, scans)
}

/// How the dossier came, who handles it, and what is done with it at once.
pub(super) fn at_desk(kind: &Kind, draft: &Draft, what: What, lang: Lang) -> Said {
    let handling = draft.maybe("handling").and_then(|unit| EntityId::parse(&unit).ok());
    let sent = match (channel(draft), sent(draft)) {
        (Channel::Post | Channel::Offline, Some(sent)) => Some(sent),
        (Channel::Post | Channel::Offline, None) => return Said::Wrong(lang.say("counter-error-day")),
        _ => None,
    };
    let reason = draft.own("reason");
    let action = match what {
        What::Receive => return Said::Well(AtDesk { handling, sent, then: Then::Receive }),
        What::Ask => asking(kind),
        What::Refuse => refusing(kind),
    };
    let Some(action) = action else { return Said::Wrong(lang.say("counter-error-no-way")) };
    let mut asked = BTreeMap::from([("reason".to_owned(), Answer::Text(reason))]);
    let lacking: Vec<String> = kind
        .parts
        .iter()
        .filter(|part| draft.maybe(&format!("lack.{}", part.code)).is_some())
        .map(|part| part.code.clone())
        .collect();
    if what == What::Ask && !lacking.is_empty() {
        asked.insert("parts".to_owned(), Answer::Codes(lacking));
    }
    Said::Well(AtDesk { handling, sent, then: Then::Act { action, asked } })
}

/// Receives a dossier whose files have come by now.
pub(super) async fn receive(visitor: &Visitor, kind: &Kind, dossier: &mut Dossier) -> Result<(), Error> {
    let (casework, session) = (&visitor.app.casework, &visitor.session);
    let numbers = |does: &Does| matches!(does, Does::Number);
    let Some(action) = kind.actions_from(&dossier.state).find(|action| action.does(numbers)) else {
        return Ok(());
    };
    // Files have moved the version on.
    let version = casework.show(session, &dossier.id).await?.dossier.version;
    let on = (&dossier.id, version);
    let received = casework.act(session, on, &action.code, BTreeMap::new(), BTreeMap::new()).await?;
    *dossier = received;
    Ok(())
}

/// When it was sent or taken down: the day, and the time if one is told; otherwise the beginning of the day.
fn sent(draft: &Draft) -> Option<Timestamp> {
    let day: Date = draft.own("sent").parse().ok()?;
    let time: Time = match draft.maybe("sent-time") {
        Some(text) => text.parse().ok()?,
        None => Time::midnight(),
    };
    let at = jiff::tz::Offset::constant(7).to_timestamp(day.to_datetime(time)).ok()?;
    Some(at.into())
}

/// The action of a kind by which somebody is asked to complete what they filed.
fn asking(kind: &Kind) -> Option<String> {
    let first = kind.first()?;
    let asks = |does: &Does| matches!(does, Does::AskMore);
    kind.actions_from(&first.code).find(|action| action.does(asks)).map(|action| action.code.clone())
}

/// The action of a kind by which what was filed is not accepted.
fn refusing(kind: &Kind) -> Option<String> {
    let first = kind.first()?;
    let ends = |to: &String| kind.state(to).and_then(|state| state.ends) == Some(Outcome::NotAccepted);
    let refuses = |action: &&dinh_cases::Action| action.to.as_ref().is_some_and(ends);
    kind.actions_from(&first.code).find(refuses).map(|action| action.code.clone())
}
