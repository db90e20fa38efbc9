//! What became of telling, for those who look after it: what waits and why, what failed, telling again.

use dinh_calendar::official_day;
use dinh_context::Session;
use dinh_context::graph::{Commit, Op, Record};
use dinh_model::{EntityId, Tenant, Timestamp};
use serde::Deserialize as _;

use super::keep::{self, Dead, FAILED, NEWS, SENT, parse_news_key};
use crate::Error;
use crate::facade::{Health, Portal};

/// Most rows of one answer.
const MOST: usize = 100;
/// Records of news that are looked at for them: a dossier may have several.
const LOOKED_AT: usize = 1_000;

/// How a link fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkState {
    /// The counterpart, by its code.
    pub counterpart: String,
    /// What people call it.
    pub title: dinh_calendar::Named,
    /// The host that is called.
    pub host: String,
    /// How it fares.
    pub health: Health,
}

/// A dossier of which there is something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The dossier.
    pub dossier: EntityId,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// When it is tried again, if it was tried.
    pub again: Option<Timestamp>,
    /// What was wrong the last time.
    pub fault: Option<String>,
}

/// A dossier of which a counterpart could not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// The dossier.
    pub dossier: EntityId,
    /// Its number.
    pub number: Option<String>,
    /// The counterpart.
    pub counterpart: String,
    /// When.
    pub at: Timestamp,
    /// The counterpart's number of the fault, if it answered.
    pub code: Option<String>,
    /// What is wrong.
    pub why: String,
}

/// What a counterpart knows of a dossier, for its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synced {
    /// The counterpart, by its code.
    pub counterpart: String,
    /// The number of the dossier there, if it is another.
    pub number: Option<String>,
    /// When it was told last.
    pub told: Option<Timestamp>,
    /// Whether something could not be told since.
    pub failed: bool,
    /// What the counterpart told of it, if it was filed there.
    pub arrival: Option<EntityId>,
}

impl Portal {
    /// How the links of a tenant fare.
    pub fn states(&self, tenant: &Tenant) -> Vec<LinkState> {
        self.links(tenant)
            .map(|link| LinkState {
                counterpart: link.counterpart.code.clone(),
                title: link.counterpart.title.clone(),
                host: host(&link.address),
                health: link.pulse.health(),
            })
            .collect()
    }

    /// How many records of news wait, how many dossiers failed, how many were told of this month.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn counts(&self, tenant: &Tenant) -> Result<(u64, u64, u64), Error> {
        let own = self.own(tenant);
        let month = official_day(self.now().to_jiff()).strftime("%Y-%m").to_string();
        let sent = own.record(SENT, &month).await?.and_then(|record| record.body["told"].as_u64());
        Ok((own.record_count(NEWS).await?, own.record_count(FAILED).await?, sent.unwrap_or_default()))
    }

    /// Dossiers of which there is something to tell; at most a hundred.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn waiting(&self, tenant: &Tenant) -> Result<Vec<Waiting>, Error> {
        let own = self.own(tenant);
        let mut rows: Vec<Waiting> = Vec::new();
        for record in own.records(NEWS, "", LOOKED_AT).await? {
            let Some(dossier) = parse_news_key(&record.key) else { continue };
            if rows.last().is_some_and(|last| last.dossier == dossier) {
                continue;
            }
            if rows.len() == MOST {
                break;
            }
            rows.push(self.waiting_one(&own, dossier, &record).await?);
        }
        Ok(rows)
    }

    async fn waiting_one(&self, own: &Session, dossier: EntityId, news: &Record) -> Result<Waiting, Error> {
        let standing = keep::standing(own, &dossier).await?.unwrap_or_default();
        let since = news.body["at"].as_str().and_then(|at| at.parse().ok());
        let number = match standing.number {
            Some(number) => Some(number),
            None => self.number_of(own, &dossier).await?,
        };
        Ok(Waiting { dossier, number, since, again: standing.again, fault: standing.fault })
    }

    pub(in crate::facade) async fn number_of(
        &self,
        own: &Session,
        dossier: &EntityId,
    ) -> Result<Option<String>, Error> {
        let found = own.find(dossier).await?;
        Ok(found.and_then(|stored| {
            let from = dinh_context::fields::Reading { names: self.names(), entity: &stored.entity };
            from.text("number").map(str::to_owned)
        }))
    }

    /// Dossiers of which a counterpart could not be told; at most a hundred.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn failed(&self, tenant: &Tenant) -> Result<Vec<Failed>, Error> {
        let own = self.own(tenant);
        let mut rows = Vec::new();
        for record in own.records(FAILED, "", MOST).await? {
            let (Ok(dead), Ok(dossier)) = (Dead::deserialize(&record.body), EntityId::parse(&record.key))
            else {
                continue;
            };
            let number = match dead.number {
                Some(number) => Some(number),
                None => self.number_of(&own, &dossier).await?,
            };
            let Dead { at, counterpart, code, why, .. } = dead;
            rows.push(Failed { dossier, number, counterpart, at, code, why });
        }
        Ok(rows)
    }

    /// Has a counterpart told of a dossier anew as it is, by order of whoever the session is; `whole` with all its steps
    /// from the first on, for a counterpart that does not know it.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for a dossier that no counterpart is told of.
    pub async fn tell_again(&self, session: &Session, dossier: &EntityId, whole: bool) -> Result<(), Error> {
        let own = self.own(session.tenant());
        self.whom(&own, dossier).await?.ok_or_else(|| Error::NoSuch(dossier.clone()))?;
        let mut standing = keep::standing(&own, dossier).await?.unwrap_or_default();
        // If it has the dossier, it will say so.
        (standing.added, standing.version) = (false, 0);
        (standing.tries, standing.again, standing.fault) = (0, None, None);
        if whole {
            standing.steps = 0;
        }
        let mut ops =
            vec![keep::link(dossier, &standing), keep::news(dossier, self.0.context.head(), self.now())];
        if own.record(FAILED, dossier.as_str()).await?.is_some() {
            ops.push(Op::DeleteRecord { kind: FAILED.to_owned(), key: dossier.to_string() });
        }
        session.clone().vouched().commit(Commit::atomic(ops)).await?;
        self.0.news.notify_waiters();
        Ok(())
    }

    /// Has all counterparts tried now that rest.
    pub fn try_now(&self, tenant: &Tenant) {
        self.links(tenant).for_each(|link| link.pulse.wake());
        self.0.news.notify_waiters();
    }

    /// What a counterpart knows of a dossier; none if it was never told. For whoever may see the dossier.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn synced(&self, tenant: &Tenant, dossier: &EntityId) -> Result<Option<Synced>, Error> {
        let own = self.own(tenant);
        let Some(standing) = keep::standing(&own, dossier).await? else { return Ok(None) };
        let own_number = self.number_of(&own, dossier).await?;
        Ok(Some(Synced {
            counterpart: standing.counterpart,
            number: standing.number.filter(|number| Some(number) != own_number.as_ref()),
            told: standing.told,
            failed: own.record(FAILED, dossier.as_str()).await?.is_some(),
            arrival: standing.arrival,
        }))
    }
}

/// The host of an address, which is all that pages show of it.
fn host(address: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default().to_owned()
}
