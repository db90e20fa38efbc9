//! Checking in by card, at a meeting or a door.

use std::sync::Arc;

use dinh_access::Purpose;
use dinh_context::Session;
use dinh_context::fields::{Fields, Reading};
use dinh_context::graph::{Op, Stored};
use dinh_model::{Entity, EntityId, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, OrderKey, OrderSubject};

use super::uses::Use;
use super::{Cards, Checked, Standing, plain};
use crate::Error;

/// Most check-ins on one page, and most presences of one.
const MOST: usize = 1_000;
/// Longest check-in, in hours: a year, for a door.
const LONGEST: i64 = 366 * 24;
/// Why presences are looked at unmasked, for the audit.
const REASON: &str = "Xem danh sách điểm danh của đơn vị (presences at a check-in of the unit)";

/// A meeting or a door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gathering {
    /// The entity.
    pub id: EntityId,
    /// What it is called.
    pub title: String,
    /// The unit that checks in.
    pub unit: EntityId,
    /// From when.
    pub opens: Timestamp,
    /// Until when.
    pub closes: Timestamp,
}

/// Somebody who was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    /// The name on the card.
    pub name: String,
    /// The unit on the card.
    pub unit_name: String,
    /// When the card was scanned first.
    pub at: Timestamp,
}

impl Cards {
    /// Opens a check-in.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`], [`Error::Text`], [`Error::Span`].
    pub async fn open_gathering(
        &self,
        session: &Session,
        unit: &EntityId,
        title: &str,
        (opens, closes): (Timestamp, Timestamp),
    ) -> Result<EntityId, Error> {
        let account = self.manager(session)?;
        if !account.units.contains(unit.as_str()) {
            return Err(Error::NotManager);
        }
        let title = plain("title", title, 3, 200)?;
        let longest = opens.to_jiff() + jiff::SignedDuration::from_hours(LONGEST);
        if closes <= opens || closes.to_jiff() > longest {
            return Err(Error::Span("check-in"));
        }
        let (id, now) = (self.fresh("CardGathering"), self.now());
        let mut entity = Entity::new(id.clone(), self.names().of("CardGathering"), now);
        entity.attributes = Fields::new(self.names(), now)
            .with("title", title)
            .to("unit", unit)
            .with("opensAt", opens.to_string())
            .with("closesAt", closes.to_string())
            .with("openedBy", Self::actor(session))
            .attributes;
        self.write(session, vec![Op::Create(Arc::new(entity))]).await?;
        Ok(id)
    }

    /// The check-ins of one's own units, the latest first.
    ///
    /// # Errors
    /// [`Error::NotManager`], [`Error::StepUp`].
    pub async fn gatherings(&self, session: &Session) -> Result<Vec<Gathering>, Error> {
        self.manager(session)?;
        let query = EntityQuery {
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Descending }],
            limit: 50,
            ..EntityQuery::of_type(self.names().of("CardGathering"))
        };
        let page = session.clone().with_purpose(Purpose::CaseHandling).query(query).await?;
        page.entities.iter().map(|stored| self.read_gathering(stored)).collect()
    }

    /// One check-in of one's own units.
    ///
    /// # Errors
    /// [`Error::NoSuch`], [`Error::NotManager`], [`Error::StepUp`].
    pub async fn gathering(&self, session: &Session, id: &EntityId) -> Result<Gathering, Error> {
        let account = self.manager(session)?;
        let found = self.own(session.tenant()).find(id).await?;
        let found = found.filter(|stored| stored.entity.is_a(self.names().of("CardGathering").as_str()));
        let gathering = self.read_gathering(&found.ok_or(Error::NoSuch("check-in"))?)?;
        if account.units.contains(gathering.unit.as_str()) {
            Ok(gathering)
        } else {
            Err(Error::NoSuch("check-in"))
        }
    }

    /// Verifies a card and enters its holder, once: `true` if they were not there before.
    ///
    /// # Errors
    /// [`Error::Span`] outside the time of the check-in; a card that does not hold is told by [`Checked`] and enters nobody.
    pub async fn check_in(
        &self,
        session: &Session,
        id: &EntityId,
        text: &str,
    ) -> Result<(Checked, bool), Error> {
        let gathering = self.gathering(session, id).await?;
        let now = self.now();
        if now < gathering.opens || now >= gathering.closes {
            return Err(Error::Span("check-in"));
        }
        let checked = self.check(session.tenant(), text).await?;
        let claims = checked.claims.as_ref().filter(|_| checked.standing == Standing::Valid);
        let Some(claims) = claims else { return Ok((checked, false)) };
        let card = self.by_serial(session.tenant(), claims.serial).await?.ok_or(Error::NoSuch("card"))?;
        let tail = id.as_str().rsplit(':').next().unwrap_or_default();
        // One name for one card at one check-in: whoever scans it twice enters it once.
        let presence = EntityId::trusted(format!("urn:ngsi-ld:CardPresence:{tail}-{}", claims.serial));
        if self.own(session.tenant()).find(&presence).await?.is_some() {
            return Ok((checked, false));
        }
        let mut entity = Entity::new(presence, self.names().of("CardPresence"), now);
        entity.attributes = Fields::new(self.names(), now)
            .to("gathering", id)
            .to("card", &card.id)
            .to_each("holder", card.holder.as_slice())
            .to("unit", &gathering.unit)
            .with("name", card.name)
            .maybe("unitName", Some(card.unit_name).filter(|name| !name.is_empty()))
            .with("at", now.to_string())
            .attributes;
        let used = self.used_op(Use::CheckIn, card.kind);
        self.write(session, vec![Op::Create(Arc::new(entity)), used]).await?;
        Ok((checked, true))
    }

    /// Who was there, the earliest first.
    ///
    /// # Errors
    /// [`Error::NoSuch`], [`Error::NotManager`], [`Error::StepUp`].
    pub async fn presences(&self, session: &Session, id: &EntityId) -> Result<Vec<Presence>, Error> {
        self.gathering(session, id).await?;
        let query = EntityQuery {
            q: Some(self.is("gathering", id.as_str())),
            order: vec![OrderKey { subject: OrderSubject::CreatedAt, direction: Direction::Ascending }],
            limit: MOST,
            ..EntityQuery::of_type(self.names().of("CardPresence"))
        };
        let session = session.clone().with_purpose(Purpose::CaseHandling).revealing(REASON)?;
        let page = session.query(query).await?;
        page.entities.iter().map(|stored| self.read_presence(stored)).collect()
    }

    fn read_gathering(&self, stored: &Stored) -> Result<Gathering, Error> {
        let from = Reading { names: self.names(), entity: &stored.entity };
        Ok(Gathering {
            id: stored.entity.id.clone(),
            title: from.must("title", |text| Some(text.to_owned()))?,
            unit: from.object("unit").ok_or_else(|| from.damaged("unit"))?,
            opens: from.must("opensAt", |text| text.parse().ok())?,
            closes: from.must("closesAt", |text| text.parse().ok())?,
        })
    }

    fn read_presence(&self, stored: &Stored) -> Result<Presence, Error> {
        let from = Reading { names: self.names(), entity: &stored.entity };
        Ok(Presence {
            name: from.text("name").unwrap_or_default().to_owned(),
            unit_name: from.text("unitName").unwrap_or_default().to_owned(),
            at: from.must("at", |text| text.parse().ok())?,
        })
    }
}
