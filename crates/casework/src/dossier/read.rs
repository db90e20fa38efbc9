//! From an entity.

use dinh_cases::{Case, Channel, Outcome};
use dinh_context::fields::{Names, Reading};
use dinh_context::graph::Stored;
use dinh_model::Timestamp;
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Dossier, marks};
use crate::Error;

impl Dossier {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Error> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let time = |field| from.text(field).and_then(|text| text.parse::<Timestamp>().ok());
        let unit = |field: &'static str| from.object(field).ok_or_else(|| from.damaged(field));
        let outcome = from.json("outcome").and_then(read::<Outcome>);
        let number = from.json("kindVersion").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            kind: from.must("kind", |text| Some(text.to_owned()))?,
            kind_version: number.ok_or_else(|| from.damaged("kindVersion"))?,
            number: from.text("number").map(str::to_owned),
            state: from.must("state", |text| Some(text.to_owned()))?,
            channel: from.must("channel", Channel::from_name)?,
            opened: time("openedAt").ok_or_else(|| from.damaged("openedAt"))?,
            received: time("receivedAt"),
            due: time("dueAt"),
            ended: time("endedAt").zip(outcome),
            on_time: from.json("onTime").and_then(Json::as_bool),
            desk_due: time("deskDue"),
            desk: from.object("desk"),
            receiving: unit("receivingUnit")?,
            handling: unit("handlingUnit")?,
            competent: unit("competentUnit")?,
            assignee: from.text("assignee").map(str::to_owned),
            account: from.text("account").map(str::to_owned),
            parent: from.object("parent"),
            applicant: from.open_json("contact").and_then(read),
            applicant_name: from.text("applicantName").unwrap_or_default().to_owned(),
            case: from.open_json("case").and_then(read::<Case>).map(|case| with_marks(case, from)),
            rating: from.json("rating").and_then(Json::as_u64).and_then(|n| u8::try_from(n).ok()),
        })
    }
}

/// A case with what was counted of it, which is kept beside it.
fn with_marks(mut case: Case, from: Reading<'_>) -> Case {
    case.counted.done = marks::read(from.json("counted"), marks::DONE);
    case.counted.open = marks::read(from.json("countedOpen"), marks::OPEN);
    case
}

fn read<T: for<'de> Deserialize<'de>>(json: &Json) -> Option<T> {
    T::deserialize(json).ok()
}
