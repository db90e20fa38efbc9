//! Telling a counterpart of one dossier: the dossier as it is, then the steps of which it was not told yet.

use std::collections::BTreeMap;

use dinh_casework::Dossier;
use dinh_context::Session;
use dinh_context::graph::{Act, Note};
use dinh_model::EntityId;
use dinh_ngsild::query::EntityQuery;
use serde_json::{Map, Value as Json, json};

use super::keep::{self, Standing};
use crate::Error;
use crate::facade::client::Trouble;
use crate::facade::{Link, Portal, units};
use crate::message::{self, AT_ONCE, Around, DossierMessage, Fault, Origin, Paper, Progress};
use crate::reply::{Verdict, verdict};

/// Most documents of one dossier.
const MOST_PAPERS: usize = 100;

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// There was nothing to tell: it has no number yet, or all is known.
    Nothing,
    /// The counterpart took it.
    Sent,
}

/// Why a counterpart was not told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Untold {
    /// It does not answer.
    Down(String),
    /// It answers what it should not.
    Odd(String),
    /// It refuses.
    Refused { code: String, text: String },
    /// The dossier cannot be told in its codes.
    Unmapped(String),
}

impl Untold {
    pub(super) fn text(&self) -> &str {
        match self {
            Self::Down(text) | Self::Odd(text) | Self::Unmapped(text) | Self::Refused { text, .. } => text,
        }
    }
}

impl From<Trouble> for Untold {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Down(text) => Self::Down(text),
            Trouble::Odd(text) => Self::Odd(text),
        }
    }
}

impl From<Fault> for Untold {
    fn from(fault: Fault) -> Self {
        Self::Unmapped(fault.to_string())
    }
}

/// A dossier in the words of a counterpart.
struct Drawn {
    message: DossierMessage,
    steps: Vec<Progress>,
    /// How many steps the dossier has.
    all: usize,
    /// Where it stands among the ten states.
    state: String,
}

impl Portal {
    /// Tells of one dossier, and writes into `standing` what the counterpart knows then. Steps that it took are kept at
    /// once, so that little is told twice after a crash.
    pub(super) async fn tell(
        &self,
        own: &Session,
        link: &Link,
        dossier: &Dossier,
        standing: &mut Standing,
    ) -> Result<Result<Told, Untold>, Error> {
        let number = standing.number.clone().or_else(|| dossier.number.clone());
        let Some(number) = number.filter(|_| !standing.is_told_of(dossier)) else {
            return Ok(Ok(Told::Nothing));
        };
        let drawn = match self.drawn(own, link, (dossier, &number), standing).await? {
            Ok(drawn) => drawn,
            Err(fault) => return Ok(Err(fault.into())),
        };
        self.note_telling(own, link, dossier, &drawn).await?;
        if let Err(untold) = self.tell_dossier(link, &drawn.message, standing).await {
            return Ok(Err(untold));
        }
        for some in drawn.steps.chunks(AT_ONCE) {
            if let Err(untold) = self.tell_steps(link, some).await {
                return Ok(Err(untold));
            }
            standing.steps += some.len();
            if standing.steps < drawn.all {
                own.apply(keep::link(&dossier.id, standing)).await?;
            }
        }
        let now = self.now();
        link.pulse.went(now);
        *standing = Standing {
            number: Some(number),
            added: true,
            version: dossier.version,
            state: Some(drawn.state),
            told: Some(now),
            tries: 0,
            again: None,
            fault: None,
            ..std::mem::take(standing)
        };
        Ok(Ok(Told::Sent))
    }

    /// The dossier as it is: as a new one, and as a change where the counterpart has it already, or was told of it.
    async fn tell_dossier(
        &self,
        link: &Link,
        message: &DossierMessage,
        standing: &mut Standing,
    ) -> Result<(), Untold> {
        // What was filed there is there.
        let mut changes = standing.added || standing.arrival.is_some();
        loop {
            let updating = if changes { "True" } else { "False" };
            let body = json!({"service": "DongBoHoSoMC", "isUpdating": updating, "data": [message]});
            match self.called(link, body).await? {
                Verdict::Taken => {
                    standing.added = true;
                    return Ok(());
                }
                Verdict::Known if !changes => changes = true,
                other => return Err(refused(other)),
            }
        }
    }

    /// Steps, in their order.
    async fn tell_steps(&self, link: &Link, steps: &[Progress]) -> Result<(), Untold> {
        let body = json!({"service": "CapNhatTienDoHoSoMC", "data": steps});
        match self.called(link, body).await? {
            // It has them already.
            Verdict::Taken | Verdict::Known => Ok(()),
            other => Err(refused(other)),
        }
    }

    async fn called(&self, link: &Link, body: Json) -> Result<Verdict, Untold> {
        let body: Map<String, Json> = match body {
            Json::Object(body) => body,
            _ => Map::new(),
        };
        let answer = link.call(self.0.context.outbound(), &body).await?;
        Ok(verdict(&answer, &link.counterpart))
    }

    /// That something of a person leaves the house is in the audit before it does.
    async fn note_telling(
        &self,
        own: &Session,
        link: &Link,
        dossier: &Dossier,
        drawn: &Drawn,
    ) -> Result<(), Error> {
        let title = &link.counterpart.title;
        let reason = format!("Đồng bộ hồ sơ lên {} (told to {})", title.vi, title.en);
        let details = json!({"counterpart": link.counterpart.code, "number": drawn.message.number,
            "state": drawn.state, "steps": drawn.steps.len()});
        let attributes = ["contact", "applicantName", "case"].map(|name| self.names().of(name)).to_vec();
        let entities = vec![dossier.id.clone()];
        let note = Note { entities, attributes, reason: Some(reason), details, ..Note::of(Act::Export) };
        Ok(own.note(note).await?)
    }

    async fn drawn(
        &self,
        own: &Session,
        link: &Link,
        (dossier, number): (&Dossier, &str),
        standing: &Standing,
    ) -> Result<Result<Drawn, Fault>, Error> {
        let damaged = |field| dinh_context::fields::Damaged { id: dossier.id.clone(), field };
        let case = dossier.case.as_ref().ok_or_else(|| damaged("case"))?;
        let applicant = dossier.applicant.as_ref().ok_or_else(|| damaged("contact"))?;
        let kind = self.0.casework.kind_of(dossier)?;
        let units = case.steps.iter().filter_map(|step| step.unit.as_deref()).chain([case.handling.as_str()]);
        let units: BTreeMap<String, String> = self.unit_names(own, units).await?;
        let field = self.field_of(own, kind.procedure.as_deref()).await?;
        let tech_id = self.tech_id(own, standing).await?;
        let outcomes = self.papers_of(own, &dossier.id).await?;
        let around = Around {
            kind,
            number,
            field: field.as_deref(),
            units: &units,
            due: self.0.casework.due_of(case).map(dinh_model::Timestamp::to_jiff),
            origin: if standing.arrival.is_some() { Origin::Portal } else { Origin::Province },
            tech_id: tech_id.as_deref(),
            outcomes: &outcomes,
        };
        let to = &link.counterpart;
        Ok(message::dossier(dossier, (case, applicant), &around, to).and_then(|message| {
            let steps = message::progress(case, &around, to, standing.steps)?;
            let state = message::national(kind, case).unwrap_or(1).to_string();
            Ok(Drawn { message, steps, all: case.steps.len(), state })
        }))
    }

    /// The field of a procedure, as the national list calls it.
    async fn field_of(&self, own: &Session, procedure: Option<&str>) -> Result<Option<String>, Error> {
        let Some(procedure) = procedure else { return Ok(None) };
        let found = own.find(&EntityId::trusted(format!("urn:ngsi-ld:Procedure:{procedure}"))).await?;
        Ok(found.and_then(|stored| {
            let from = dinh_context::fields::Reading { names: self.names(), entity: &stored.entity };
            let field = from.json("field")?;
            field.as_str().or_else(|| field.get(0)?.as_str()).map(str::to_owned)
        }))
    }

    /// What has come of a dossier, by name alone.
    async fn papers_of(&self, own: &Session, dossier: &EntityId) -> Result<Vec<Paper>, Error> {
        let query = EntityQuery {
            q: Some(self.is("dossier", dossier.as_str())),
            limit: MOST_PAPERS,
            ..EntityQuery::of_type(self.names().of("Document"))
        };
        let page = own.query(query).await?;
        let paper = |stored: &dinh_context::graph::Stored| {
            let from = dinh_context::fields::Reading { names: self.names(), entity: &stored.entity };
            Paper {
                name: units::text_in(self.names(), &stored.entity, "title").unwrap_or_default(),
                kind: from.text("documentKind").unwrap_or_default().to_owned(),
                id: stored.entity.id.to_string(),
            }
        };
        Ok(page.entities.iter().map(paper).collect())
    }
}

impl Standing {
    /// True if the counterpart knows all that there is to know of a dossier.
    fn is_told_of(&self, dossier: &Dossier) -> bool {
        let steps = dossier.case.as_ref().map_or(0, |case| case.steps.len());
        self.added && self.fault.is_none() && self.version >= dossier.version && self.steps >= steps
    }
}

fn refused(verdict: Verdict) -> Untold {
    match verdict {
        Verdict::Refused { code, text } => Untold::Refused { code, text },
        Verdict::Odd(text) => Untold::Odd(text),
        Verdict::Session => Untold::Down("the session is over again and again".to_owned()),
        Verdict::Known | Verdict::Taken => {
            Untold::Odd("it says that the dossier is there already, to a change of it".to_owned())
        }
    }
}
