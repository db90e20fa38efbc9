//! Golden messages: what a dossier becomes is compared word by word with files that an official can read.

mod codes;
mod golden;
mod read;
mod replies;

use dinh_cases::{Case, Kind};
use dinh_casework::{Applicant, ApplicantKind, Dossier};
use dinh_model::EntityId;
use serde_json::{Value as Json, json};

use crate::codes::Counterpart;

/// The counterparts that ship.
fn counterpart(name: &str) -> Counterpart {
    let file = format!("{}/../../packs/national/counterparts/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(file).expect("the pack");
    toml::from_str::<Counterpart>(&text).expect("reads").checked().expect("is good")
}

fn kind() -> Kind {
    toml::from_str(include_str!("kind.toml")).expect("a kind")
}

/// A dossier that was received, completed once and handed over.
fn case() -> Case {
    let step = |action: &str, at: &str, role: &str, state: &str, unit: Json, asked: Json| json!({"action": action, "at": at, "role": role, "state": state, "unit": unit, "asked": asked, "by": "acc-1"});
    let ward = json!("urn:ngsi-ld:Unit:phuong-1");
    serde_json::from_value(json!({
        "kind": "copy", "version": 1, "state": "delivered", "since": "2026-11-25T03:00:00Z",
        "number": "H57.20.01-261123-0001", "channel": "counter", "opened": "2026-11-23T01:30:00Z",
        "received": "2026-11-23T01:30:00Z", "ended": ["2026-11-25T02:00:00Z", "granted"],
        "answers": {"copies": 2},
        "parts": {"id-card": {"held_as": "electronic", "files": ["urn:ngsi-ld:File:1"]}, "form": {"held_as": "original"}},
        "supplements": [{"asked": "2026-11-24T01:00:00Z", "reason": "Thiếu chữ ký", "stage": "received",
            "due_before": "2026-11-25T10:00:00Z", "answered": "2026-11-24T02:00:00Z", "due_after": "2026-11-25T11:00:00Z"}],
        "receiving": ward, "handling": ward, "competent": ward,
        "steps": [
            step("open", "2026-11-23T01:30:00Z", "intake", "filed", ward.clone(), json!({})),
            step("accept", "2026-11-23T01:30:00Z", "intake", "received", ward.clone(), json!({})),
            step("check", "2026-11-24T01:00:00Z", "handler", "looking", ward.clone(), json!({})),
            step("grant", "2026-11-25T02:00:00Z", "handler", "done", ward.clone(), json!({})),
            step("hand-over", "2026-11-25T03:00:00Z", "intake", "delivered", ward.clone(), json!({}))
        ]
    }))
    .expect("a case")
}

fn applicant() -> Applicant {
    Applicant {
        kind: ApplicantKind::Person,
        name: "Trần Thị An".to_owned(),
        number: Some("046184001234".to_owned()),
        telephone: Some("+84901234567".to_owned()),
        email: Some("an@example.vn".to_owned()),
        ..Applicant::default()
    }
}

fn dossier() -> Dossier {
    let case = case();
    let unit = EntityId::trusted(case.receiving.as_str());
    Dossier {
        id: EntityId::trusted("urn:ngsi-ld:Dossier:1"),
        version: 5,
        kind: case.kind.clone(),
        kind_version: 1,
        number: case.number.clone(),
        state: case.state.clone(),
        channel: case.channel,
        opened: case.opened.into(),
        received: case.received.map(Into::into),
        due: None,
        ended: case.ended.map(|(at, outcome)| (at.into(), outcome)),
        on_time: Some(true),
        desk_due: None,
        desk: None,
        receiving: unit.clone(),
        handling: unit.clone(),
        competent: unit,
        assignee: None,
        account: None,
        parent: None,
        applicant: Some(applicant()),
        applicant_name: "Trần Thị An".to_owned(),
        case: Some(case),
        rating: None,
    }
}
