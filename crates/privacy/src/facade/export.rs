//! All that is kept of somebody, as one document.

use dinh_context::graph::{Act, Note, Stored};
use dinh_context::{AboutOneself, Session};
use dinh_model::EntityId;
use dinh_ngsild::write::{Representation, Writer};
use serde_json::{Value as Json, json};

use super::{Look, Privacy, Who};
use crate::{DataRequest, Error, Receipt};

/// Most looks in an export.
const MOST_LOOKS: usize = 100;
/// Most requests in an export.
const MOST_REQUESTS: usize = 100;
/// Entities read at once.
const PAGE: usize = 100;

/// All that is kept of somebody.
#[derive(Clone, Debug)]
pub struct Export {
    /// The document.
    pub json: Json,
    /// How many entities are in it.
    pub entities: usize,
}

impl Privacy {
    /// All that is kept of somebody for whom the session speaks: entities as NGSI-LD, consents with their texts, requests,
    /// and the last hundred looks. A note of it is in the audit before it is handed out.
    pub async fn export(&self, session: &Session, subject: &EntityId) -> Result<Export, Error> {
        let holdings = self.holdings(session, subject).await?;
        let mut stored: Vec<Stored> = holdings.itself.into_iter().collect();
        for group in &holdings.groups {
            let mut offset = 0;
            loop {
                let page = self.held(session, subject, &group.entity_type, offset, PAGE).await?;
                offset += page.entities.len();
                let last = page.entities.len() < PAGE;
                stored.extend(page.entities);
                if last {
                    break;
                }
            }
        }
        let consents = self.consents_of(session.tenant(), subject, None).await?;
        let consents = consents.into_iter().map(|consent| {
            let purpose = self.0.purposes.version(&consent.purpose, consent.text_version).cloned();
            Receipt { consent, purpose }.to_json()
        });
        let consents: Vec<Json> = consents.collect();
        let (requests, _total) = self.own_requests(session, 0, MOST_REQUESTS).await?;
        let looks = self.looks(session, subject, AboutOneself::Noted, None, MOST_LOOKS).await?.looks;
        let ids = stored.iter().map(|stored| stored.entity.id.clone()).collect();
        let note = Note { entities: ids, ..Note::of(Act::Export) };
        session.clone().with_purpose(dinh_access::Purpose::OwnData).note(note).await?;
        let json = json!({
            "exportedAt": self.now().to_string(),
            "subject": subject.as_str(),
            "entities": stored.iter().map(|stored| self.written(stored)).collect::<Vec<_>>(),
            "more": holdings.more,
            "consents": consents,
            "requests": requests.iter().map(request).collect::<Vec<_>>(),
            "looks": looks.iter().map(look).collect::<Vec<_>>(),
        });
        Ok(Export { json, entities: stored.len() })
    }

    fn written(&self, stored: &Stored) -> Json {
        let core = self.0.context.ld_contexts().core();
        let mut bytes = Vec::new();
        Writer::new(&core).represented(Representation::Normalized).entity(&mut bytes, &stored.entity);
        serde_json::from_slice(&bytes).unwrap_or_default()
    }
}

fn request(request: &DataRequest) -> Json {
    json!({
        "id": request.id.as_str(),
        "number": request.number,
        "kind": request.kind.name(),
        "state": request.state.name(),
        "receivedAt": request.received.to_string(),
        "answerBy": request.answer_by.to_string(),
        "steps": request.steps,
    })
}

fn look(look: &Look) -> Json {
    let who = match &look.who {
        Who::Oneself => json!("oneself"),
        Who::Somebody { roles, units } => json!({"roles": roles, "units": units}),
        Who::Program(part) => json!({"program": part}),
        Who::Anonymous => json!("anonymous"),
    };
    json!({
        "at": look.at.to_string(),
        "who": who,
        "purpose": look.purpose,
        "actions": look.actions,
        "reason": look.reason,
        "entities": look.entities.iter().map(|id| Json::from(id.as_str())).collect::<Vec<_>>(),
    })
}
