//! What arrived, as it is kept: an entity of the type `PortalArrival`. What the sender said is sealed.

use std::collections::BTreeMap;

use dinh_context::fields::{Damaged, Fields, Names, Reading};
use dinh_context::graph::{Op, Stored};
use dinh_model::{EntityId, Timestamp};
use serde_json::{Value as Json, json};

use crate::message::DossierMessage;

/// Most remarks.
const REMARKS: usize = 200;
/// Longest of them and of the reason, in characters.
const LONGEST: usize = 500;

/// Where something stands that arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArrivalState {
    /// It is to become a case.
    Waiting,
    /// It cannot, until somebody mends what is wrong.
    Held,
    /// It has become one.
    Taken,
    /// It has become one, and came once more with another content.
    Changed,
    /// Somebody has decided that it becomes none.
    Dropped,
}

impl ArrivalState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Waiting, Self::Held, Self::Taken, Self::Changed, Self::Dropped];

    /// The name that entities and pages write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Held => "held",
            Self::Taken => "taken",
            Self::Changed => "changed",
            Self::Dropped => "dropped",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Something that arrived, as somebody sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// Its number with the sender.
    pub number: String,
    /// Who sent it.
    pub counterpart: String,
    /// Code of the national procedure.
    pub procedure: Option<String>,
    /// Where it stands.
    pub state: ArrivalState,
    /// When it arrived.
    pub arrived: Timestamp,
    /// Why it could not be taken.
    pub reason: Option<String>,
    /// What did not come into the dossier.
    pub remarks: Vec<String>,
    /// The unit that receives it, once that is known.
    pub unit: Option<EntityId>,
    /// The dossier that it has become.
    pub dossier: Option<EntityId>,
    /// What the sender said; none if that is masked, or none of the contract.
    pub message: Option<DossierMessage>,
    pub(super) content: Option<Json>,
    pub(super) digest: String,
    pub(super) lenient: bool,
    pub(super) tries: usize,
    pub(super) again: Option<Timestamp>,
    /// Files that were fetched, by their addresses.
    pub(super) fetched: BTreeMap<String, String>,
    pub(super) owner: Option<EntityId>,
}

impl Arrival {
    /// From an entity.
    pub(super) fn read(names: &Names, stored: &Stored) -> Result<Self, Damaged> {
        let entity = &*stored.entity;
        let from = Reading { names, entity };
        let time = |field| from.text(field).and_then(|text| text.parse::<Timestamp>().ok());
        let content = from.open_json("content").cloned();
        let message = content.clone().and_then(|json| serde_json::from_value(json).ok());
        let remarks = match from.json("remarks") {
            Some(Json::Array(all)) => all.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            Some(Json::String(one)) => vec![one.clone()],
            _ => Vec::new(),
        };
        let fetched = from.open_json("fetched").cloned();
        Ok(Self {
            id: entity.id.clone(),
            version: stored.version,
            number: from.must("number", |text| Some(text.to_owned()))?,
            counterpart: from.must("counterpart", |text| Some(text.to_owned()))?,
            procedure: from.text("procedure").map(str::to_owned),
            state: from.must("standing", ArrivalState::from_name)?,
            arrived: time("arrivedAt").ok_or_else(|| from.damaged("arrivedAt"))?,
            reason: from.text("reason").map(str::to_owned),
            remarks,
            unit: from.object("unit"),
            dossier: from.object("dossier"),
            message,
            content,
            digest: from.open_text("digest").unwrap_or_default(),
            lenient: from.json("lenient").and_then(Json::as_bool).unwrap_or_default(),
            tries: from
                .json("tries")
                .and_then(Json::as_u64)
                .and_then(|n| usize::try_from(n).ok())
                .unwrap_or_default(),
            again: time("again"),
            fetched: fetched.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default(),
            owner: from.object("owner"),
        })
    }

    /// Everything of it, as an entity has it.
    pub(super) fn drawn(&self, names: &Names, now: Timestamp) -> Fields {
        let remarks: Vec<String> = self.remarks.iter().take(REMARKS).map(|text| short(text)).collect();
        Fields::new(names, now)
            .with("number", self.number.as_str())
            .with("counterpart", self.counterpart.as_str())
            .maybe("procedure", self.procedure.as_deref())
            .with("standing", self.state.name())
            .with("arrivedAt", self.arrived.to_string())
            .maybe("reason", self.reason.as_deref().map(short))
            .maybe("remarks", Some(json!(remarks)).filter(|_| !remarks.is_empty()))
            .with("lenient", self.lenient)
            .maybe("again", self.again.map(|at| at.to_string()))
            .with("tries", self.tries)
            .to_each("unit", self.unit.as_slice())
            .to_each("dossier", self.dossier.as_slice())
            .to_each("owner", self.owner.as_slice())
            .with("digest", self.digest.as_str())
            .maybe("content", self.content.clone())
            .maybe("fetched", Some(json!(self.fetched)).filter(|_| !self.fetched.is_empty()))
    }

    /// The operation that writes it as it stands now, if nobody has changed it since.
    pub(super) fn change(&self, names: &Names, now: Timestamp) -> Op {
        let mutation = Box::new(self.drawn(names, now).change());
        Op::Mutate { id: self.id.clone(), mutation, expect: Some(self.version), types: None }
    }
}

fn short(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    clean.trim().to_owned()
}
