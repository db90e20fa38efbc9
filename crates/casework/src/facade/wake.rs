//! What happens to cases by themselves: timers that take an action, escalations that tell somebody.

use std::collections::BTreeMap;
use std::time::Duration;

use dinh_cases::{Actor, Attempt, Effect, Moved, Wake};
use dinh_model::{EntityId, Tenant};
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject, Path};
use tokio_util::sync::CancellationToken;

use super::Casework;
use super::commit::Going;
use crate::Error;

/// Cases woken at a time.
const CHUNK: usize = 100;
/// How often it is looked whose time has come.
const EVERY: Duration = Duration::from_secs(15);

impl Casework {
    /// Does what happens by itself, until `stop`.
    pub async fn wake(&self, stop: CancellationToken) {
        loop {
            for tenant in self.0.context.tenants() {
                if let Err(error) = self.succeed_once(&tenant).await {
                    tracing::warn!(%tenant, %error, "what ended units had was not handed over");
                }
                if let Err(error) = self.wake_once(&tenant).await {
                    tracing::warn!(%tenant, %error, "cases whose time has come were not woken");
                }
                if let Err(error) = self.sweep_drafts(&tenant).await {
                    tracing::warn!(%tenant, %error, "drafts whose days are over were not deleted");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Does what is to happen by itself now in one tenant, and says how many cases it was done with.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn wake_once(&self, tenant: &Tenant) -> Result<usize, Error> {
        if !self.is_offered() {
            return Ok(0);
        }
        let own = self.own(tenant);
        let wakes = self.names().of("wakesAt");
        let (mut woken, mut offset) = (0, 0);
        loop {
            let query = EntityQuery {
                q: Some(self.compare("wakesAt", Compare::Le, Literal::Text(self.now().to_string()))),
                order: vec![OrderKey {
                    subject: OrderSubject::Value(Path::attribute(wakes.clone())),
                    direction: Direction::Ascending,
                }],
                offset,
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of("Dossier"))
            };
            let page = own.query(query).await?;
            let mut done = 0;
            for stored in &page.entities {
                match self.wake_one(tenant, &stored.entity.id).await {
                    Ok(()) => done += 1,
                    // Somebody acts on it at this very moment: it is looked at again with the next page.
                    Err(Error::Conflict) => {}
                    Err(error) => tracing::warn!(case = %stored.entity.id, %error, "a case was not woken"),
                }
            }
            woken += done;
            // What cannot be woken stays where it is, and holds back nobody behind it.
            offset += page.entities.len() - done;
            if page.entities.len() < CHUNK {
                return Ok(woken);
            }
        }
    }

    async fn wake_one(&self, tenant: &Tenant, id: &EntityId) -> Result<(), Error> {
        let (own, now) = (self.own(tenant), self.now());
        let dossier = self.whole(tenant, id).await?;
        let damaged = |field| dinh_context::fields::Damaged { id: id.clone(), field };
        let case = dossier.case.clone().ok_or_else(|| damaged("case"))?;
        let kind = self.kind_of(&dossier)?.clone();
        let (schedule, rules) =
            (self.0.times.schedule(), self.0.times.rules(&kind, case.variant.as_deref(), now));
        let moved = match kind.next_wake(&case, now.to_jiff(), schedule) {
            Some(next) if next.at <= now.to_jiff() => match next.what {
                Wake::Tell { escalation, role, message } => {
                    let mut case = case.clone();
                    case.told.push(escalation);
                    Moved { case, effects: vec![Effect::Notify { role, message }] }
                }
                Wake::Act(action) => {
                    let attempt = Attempt {
                        action: &action,
                        actor: &Actor::system(),
                        at: now.to_jiff(),
                        asked: BTreeMap::new(),
                        schedule,
                        rules: &rules,
                    };
                    kind.act(&case, &attempt)?
                }
            },
            // Its time has moved since: only when it wakes is to be written anew.
            _ => Moved { case: case.clone(), effects: Vec::new() },
        };
        let mut going = Going { id, kind: &kind, before: Some(&case), moved, now };
        let mut ops = self.brought_about(tenant, &mut going).await?;
        ops.insert(0, self.change(id, dossier.version, &kind, &going.moved.case, now));
        self.write(&own, ops).await.map(drop)
    }
}
