//! Units that end: their open cases go on with the unit that takes over, from the day on which it does.

use std::collections::{BTreeMap, BTreeSet};

use dinh_calendar::official_day;
use dinh_cases::{Moved, Tie};
use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_context::graph::{Commit, Op};
use dinh_model::{Entity, EntityId, Tenant};
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Operand, Path, Q};
use jiff::civil::Date;
use serde_json::json;

use super::Casework;
use super::commit::Going;
use crate::Error;

/// Kind of the records that say which units have handed over all that they had.
const DONE: &str = "unit-handed-over";
/// Units and cases looked at at a time.
const CHUNK: usize = 100;
/// Most units of a tenant that have ended.
const MOST_UNITS: usize = 20_000;
/// Most units that took over one from another. Longer chains are circles.
const LONGEST: usize = 20;
/// The attributes of a case that name units.
const WITH: [&str; 4] = ["receivingUnit", "handlingUnit", "competentUnit", "consultedUnit"];

impl Casework {
    /// Hands over what the units that have ended by today still have, and says how many cases that were. A unit says
    /// until when it exists (`validTo`) and which one takes over (`succeededBy`).
    ///
    /// # Errors
    /// Those of the graph. What could not be handed over is tried again the next time.
    pub async fn succeed_once(&self, tenant: &Tenant) -> Result<usize, Error> {
        if !self.is_offered() {
            return Ok(0);
        }
        let own = self.own(tenant);
        let day = official_day(self.now().to_jiff()).to_string();
        let mut handed = 0;
        for (unit, successor) in self.successors(&own).await? {
            // Looked at again every day: a unit that was ended by mistake and is ended again may have got new cases.
            let record = own.record(DONE, &unit).await?;
            let is_done =
                |body: &serde_json::Value| body["to"] == successor.as_str() && body["day"] == day.as_str();
            if record.is_some_and(|record| is_done(&record.body)) {
                continue;
            }
            let pair = BTreeMap::from([(unit.clone(), successor.clone())]);
            let (cases, all) = self.hand_over(tenant, &pair).await?;
            handed += cases;
            if all {
                let body = json!({"to": successor, "cases": cases, "day": day});
                let done = Op::PutRecord { kind: DONE.to_owned(), key: unit, body };
                own.commit(Commit::atomic(vec![done])).await?;
            }
        }
        Ok(handed)
    }

    /// The units that have ended, each with the one that has its work today.
    pub(super) async fn successors(&self, own: &Session) -> Result<BTreeMap<String, String>, Error> {
        let today = official_day(self.now().to_jiff());
        let mut ended: BTreeMap<String, (Option<Date>, Option<String>)> = BTreeMap::new();
        let by = Q::Exists(Path::attribute(self.names().of("succeededBy")));
        let mut offset = 0;
        while offset < MOST_UNITS {
            let query = EntityQuery {
                q: Some(by.clone()),
                offset,
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of("Unit"))
            };
            let page = own.query(query).await?;
            for stored in &page.entities {
                let from = Reading { names: self.names(), entity: &stored.entity };
                let last = from.text("validTo").and_then(|text| text.get(..10)?.parse().ok());
                let to = from.object("succeededBy").map(|id| id.to_string());
                ended.insert(stored.entity.id.to_string(), (last, to));
            }
            offset += page.entities.len();
            if page.entities.len() < CHUNK {
                break;
            }
        }
        let next = |unit: &str| {
            let (last, to) = ended.get(unit)?;
            last.is_some_and(|last| last < today).then(|| to.clone()).flatten()
        };
        let end = |unit: &String| {
            let mut at = next(unit)?;
            for _ in 0..LONGEST {
                match next(&at) {
                    Some(further) => at = further,
                    None => return Some((unit.clone(), at)),
                }
            }
            tracing::warn!(%unit, "units take over from each other in a circle: nothing is handed over");
            None
        };
        Ok(ended.keys().filter_map(end).collect())
    }

    /// Hands over the cases of a unit, and says how many, and whether that were all.
    async fn hand_over(
        &self,
        tenant: &Tenant,
        pair: &BTreeMap<String, String>,
    ) -> Result<(usize, bool), Error> {
        let own = self.own(tenant);
        let (mut handed, mut left) = (0, 0);
        let Some(unit) = pair.keys().next() else { return Ok((0, true)) };
        let open = self.is_open();
        loop {
            let theirs = Q::Or(WITH.iter().map(|field| self.links(field, unit)).collect());
            let query = EntityQuery {
                q: Some(Q::And(vec![theirs, open.clone()])),
                offset: left,
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of("Dossier"))
            };
            let page = own.query(query).await?;
            for stored in &page.entities {
                match self.hand_one(tenant, &stored.entity.id, pair).await {
                    Ok(true) => handed += 1,
                    Ok(false) | Err(Error::Conflict) => left += 1,
                    Err(error) => {
                        left += 1;
                        tracing::warn!(case = %stored.entity.id, %error, "a case was not handed over");
                    }
                }
            }
            if page.entities.len() < CHUNK {
                return Ok((handed, left == 0));
            }
        }
    }

    /// Cases with which something is still to be done: in a state that is no end, or that has them on a desk.
    fn is_open(&self) -> Q {
        let states = self.book().all().flat_map(|kind| &kind.states);
        let open = states.filter(|state| !state.is_end() || state.desk.is_some());
        let codes: BTreeSet<&str> = open.map(|state| state.code.as_str()).collect();
        let codes = codes.into_iter().map(|code| Literal::Text(code.to_owned())).collect();
        Q::Compare {
            path: Path::attribute(self.names().of("state")),
            op: Compare::Eq,
            value: Operand::Many(codes),
        }
    }

    async fn hand_one(
        &self,
        tenant: &Tenant,
        id: &EntityId,
        pair: &BTreeMap<String, String>,
    ) -> Result<bool, Error> {
        let (own, now) = (self.own(tenant), self.now());
        let dossier = self.whole(tenant, id).await?;
        let damaged = |field| dinh_context::fields::Damaged { id: id.clone(), field };
        let case = dossier.case.clone().ok_or_else(|| damaged("case"))?;
        let kind = self.kind_of(&dossier)?.clone();
        let role = kind.roles.iter().find(|role| role.tie == Tie::System);
        let role = role.map(|role| role.code.clone()).unwrap_or_default();
        let Some(case_then) = case.succeed(pair, &role, now.to_jiff())? else { return Ok(false) };
        let moved = Moved { case: case_then, effects: Vec::new() };
        let mut going = Going { id, kind: &kind, before: Some(&case), moved, now };
        let mut ops = self.brought_about(tenant, &mut going).await?;
        ops.insert(0, self.change(id, dossier.version, &kind, &going.moved.case, now));
        self.write(&own, ops).await?;
        Ok(true)
    }

    /// True for a unit that exists today: dossiers are filed with such units alone.
    pub fn exists(&self, unit: &Entity) -> bool {
        let today = official_day(self.now().to_jiff());
        let from = Reading { names: self.names(), entity: unit };
        let last = from.text("validTo").and_then(|text| text.get(..10)?.parse::<Date>().ok());
        last.is_none_or(|last| today <= last)
    }
}
