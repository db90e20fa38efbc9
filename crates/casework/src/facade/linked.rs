//! Cases that a case opens as its children (liên thông): of another kind, for the same applicant, with the same answers and
//! the documents that have come of it already.

use std::collections::BTreeMap;
use std::sync::Arc;

use dinh_calendar::official_day;
use dinh_cases::{Actor, Channel, Held, HeldAs, Kind, Opening, Tie};
use dinh_context::graph::Op;
use dinh_model::{Entity, EntityId, Tenant};
use dinh_ngsild::query::EntityQuery;

use super::commit::Going;
use super::file::unchanging;
use super::{Casework, Filing};
use crate::Error;

/// Most documents of one case.
const MOST: usize = 100;

impl Casework {
    /// The operations that open a child of a case, and count it.
    ///
    /// # Errors
    /// [`Error::NoKind`] for a kind that is not open today, or that the program may not open.
    pub(super) async fn child(
        &self,
        tenant: &Tenant,
        going: &Going<'_>,
        code: &str,
    ) -> Result<Vec<Op>, Error> {
        let missing = || Error::NoKind(code.to_owned());
        let kind = self.0.book.on(code, official_day(going.now.to_jiff())).ok_or_else(missing)?;
        let role = kind.roles.iter().find(|role| role.tie == Tie::System).ok_or_else(missing)?;
        let parent = self.whole(tenant, going.id).await?;
        let damaged = |field| dinh_context::fields::Damaged { id: going.id.clone(), field };
        let filing = Filing {
            kind: code.to_owned(),
            channel: Channel::Case,
            answers: going.moved.case.answers.clone(),
            parts: self.parts_of(tenant, going.id, kind).await?,
            applicant: parent.applicant.clone().ok_or_else(|| damaged("contact"))?,
            receiving: parent.receiving.clone(),
            competent: None,
            parent: Some(going.id.clone()),
            once: None,
        };
        let rules = self.0.times.rules(kind, None, going.now);
        let moved = kind.open(Opening {
            actor: &Actor::system(),
            role: &role.code,
            at: going.now.to_jiff(),
            channel: filing.channel,
            answers: filing.answers.clone(),
            parts: filing.parts.clone(),
            receiving: filing.receiving.as_str().to_owned(),
            competent: filing.receiving.as_str().to_owned(),
            schedule: self.0.times.schedule(),
            rules: &rules,
        })?;
        let name = self.0.context.ids().uuid().simple().to_string();
        let id = EntityId::trusted(format!("urn:ngsi-ld:{}:{name}", kind.entity_type));
        let mut opened = Going { id: &id, kind, before: None, moved, now: going.now };
        let mut ops = self.counted(&mut opened);
        let fields = self.draw(kind, &opened.moved.case, going.now);
        let fields = unchanging(fields, kind, &filing, &filing.applicant, going.now);
        let mut entity = Entity::new(id.clone(), self.names().of(&kind.entity_type), going.now);
        entity.attributes = fields.maybe("account", parent.account.as_deref()).attributes;
        ops.insert(0, Op::Create(Arc::new(entity)));
        Ok(ops)
    }

    /// What has come of a case already, for the parts of a kind that it serves for.
    async fn parts_of(
        &self,
        tenant: &Tenant,
        case: &EntityId,
        kind: &Kind,
    ) -> Result<BTreeMap<String, Held>, Error> {
        let query = EntityQuery {
            q: Some(self.links("dossier", case.as_str())),
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("Document"))
        };
        let page = self.own(tenant).query(query).await?;
        let mut parts = BTreeMap::new();
        for stored in &page.entities {
            let document = self.document(stored)?;
            for part in kind.parts.iter().filter(|part| part.served_by.contains(&document.kind)) {
                let reused = Some(document.id.as_str().to_owned());
                let held = Held { held_as: HeldAs::Reused, files: Vec::new(), reused };
                parts.entry(part.code.clone()).or_insert(held);
            }
        }
        Ok(parts)
    }
}
