//! Answering the queries of a snapshot, after its maker has been answered (CIM 009 clause 5.16.1.4).

use std::sync::Arc;

use dinh_context::graph::EvolutionQuery;
use dinh_context::snapshots::MOST_FROZEN;
use dinh_model::{Entity, EntityId};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::problem::{Problem, ProblemKind};
use dinh_ngsild::query::EntityQuery;
use dinh_ngsild::snapshot::{Outcome, Snapshot};
use serde_json::Value as Json;

use crate::api::ngsild::body_query::BodyQuery;
use crate::api::ngsild::form::Form;
use crate::api::ngsild::maps::found;
use crate::api::reply::Refusal;
use crate::api::request::Visit;

/// Evolutions asked for at once.
const PORTION: usize = 20;

/// Begins to answer the queries of a snapshot.
pub(super) fn begin(visit: Visit, snapshot: Snapshot, context: Arc<LdContext>) {
    // Nothing that was revealed is kept: the same purpose again, masked.
    let purpose = visit.session.purpose();
    let visit = Visit { session: visit.session.with_purpose(purpose), ..visit };
    tokio::spawn(Box::pin(async move {
        let mut filling = Filling { visit: &visit, snapshot: &snapshot, context, room: MOST_FROZEN };
        let (mut outcomes, mut temporal) = (Vec::new(), Vec::new());
        for query in &snapshot.queries {
            outcomes.push(outcome(Box::pin(filling.entities(query)).await));
        }
        for query in &snapshot.temporal_queries {
            temporal.push(outcome(Box::pin(filling.evolutions(query)).await));
        }
        ended(&visit, &snapshot, (outcomes, temporal)).await;
    }));
}

/// Begins to copy a snapshot into another one.
pub(super) fn copy(visit: Visit, from: EntityId, to: Snapshot) {
    tokio::spawn(Box::pin(async move {
        let snapshots = visit.app.context.snapshots();
        if let Err(error) = snapshots.copy(&visit.session, from.as_str(), to.id.as_str()).await {
            tracing::error!(%error, snapshot = %to.id, "that a snapshot is ready could not be kept");
        }
    }));
}

async fn ended(visit: &Visit, snapshot: &Snapshot, outcomes: (Vec<Outcome>, Vec<Outcome>)) {
    let context = &visit.app.context;
    let place = (visit.session.tenant(), snapshot.id.as_str());
    if let Err(error) = context.snapshots().end(context, place, outcomes).await {
        tracing::error!(%error, snapshot = %snapshot.id, "that a snapshot is ready could not be kept");
    }
}

fn outcome(found: Result<usize, Refusal>) -> Outcome {
    match found {
        Ok(0) => Outcome::Nothing,
        Ok(_) => Outcome::Found,
        Err(refusal) => Outcome::Failed(refusal.problem().to_json()),
    }
}

/// A snapshot being filled.
struct Filling<'f> {
    visit: &'f Visit,
    snapshot: &'f Snapshot,
    context: Arc<LdContext>,
    /// How many entities there is room for.
    room: usize,
}

impl Filling<'_> {
    /// Keeps what a query for entities finds; how many they are.
    async fn entities(&mut self, query: &Json) -> Result<usize, Refusal> {
        let BodyQuery { query, form, beyond, .. } = self.read(query)?;
        let page = found(self.visit, &query, &form, &beyond).await?;
        let shown = page.entities.iter().filter(|entity| form.shows(entity));
        let entities: Vec<Arc<Entity>> = shown.map(|entity| projected(entity, &form)).collect();
        self.take(entities.len())?;
        let id = self.snapshot.id.as_str();
        refuse(self.visit.app.context.snapshots().put(&self.visit.session, id, &entities).await?)?;
        Ok(entities.len())
    }

    /// Keeps what entities said over time that a query asks for; how many they are.
    async fn evolutions(&mut self, query: &Json) -> Result<usize, Refusal> {
        let BodyQuery { query, form, time, .. } = self.read(query)?;
        let time = time.ok_or_else(|| Problem::bad_data("temporalQ is missing."))?;
        let named = form.attrs.as_ref().or(form.pick.as_ref());
        let attributes = named.map(|named| named.attributes().cloned().collect()).unwrap_or_default();
        let mut asked = EvolutionQuery {
            entities: EntityQuery { limit: PORTION, ..query },
            time,
            attributes,
            most: self.visit.app.settings.most_records,
            aggregation: None,
        };
        let snapshots = self.visit.app.context.snapshots();
        loop {
            let page = self.visit.session.evolutions(&asked).await?;
            if page.cut {
                let detail = format!("There are more than {} records of {PORTION} entities.", asked.most);
                return Err(Problem::new(ProblemKind::TooManyResults, detail).into());
            }
            let count = page.entities.len();
            asked.entities.offset += count;
            self.take(count)?;
            let id = self.snapshot.id.as_str();
            refuse(snapshots.put_evolutions(&self.visit.session, id, page.entities).await?)?;
            if !page.more || count == 0 {
                return Ok(asked.entities.offset);
            }
        }
    }

    fn read(&self, query: &Json) -> Result<BodyQuery, Refusal> {
        BodyQuery::read(query.clone(), &self.context, &self.visit.headers, false)
    }

    fn take(&mut self, entities: usize) -> Result<(), Problem> {
        let left = self.room.checked_sub(entities);
        self.room = left.ok_or_else(|| {
            let detail =
                format!("The queries find more than {MOST_FROZEN} entities, the most that a snapshot holds.");
            Problem::new(ProblemKind::TooManyResults, detail)
        })?;
        Ok(())
    }
}

/// What is shown of an entity.
fn projected(entity: &Arc<Entity>, form: &Form) -> Arc<Entity> {
    let shown = form.shown();
    let has = |name: &str| shown.has(name) && form.attrs.as_ref().is_none_or(|attrs| attrs.has(name));
    if entity.attributes.keys().all(|name| has(name.as_str())) {
        return Arc::clone(entity);
    }
    let mut part = Entity::clone(entity);
    part.attributes.retain(|name, _| has(name.as_str()));
    Arc::new(part)
}

/// A snapshot that lacks something is told so.
fn refuse(failed: Option<(usize, String)>) -> Result<(), Problem> {
    match failed {
        None => Ok(()),
        Some((count, reason)) => Err(Problem::bad_data(format!(
            "{count} of the entities found could not be kept; the first: {reason}."
        ))),
    }
}
