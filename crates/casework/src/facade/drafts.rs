//! Drafts: what somebody has filled in and not filed yet. Sealed as personal data, theirs alone, and bounded in number, size and
//! days. A draft is named by the form that was shown, as the case is that comes of it: keeping one twice keeps one.

use std::sync::Arc;
use std::time::Duration;

use dinh_access::{Account, Principal, Purpose};
use dinh_context::Session;
use dinh_context::fields::{Fields, Reading};
use dinh_context::graph::{Op, Stored};
use dinh_model::{Entity, EntityId, Tenant, Timestamp};
use dinh_ngsild::query::{Direction, EntityQuery, Literal, Op as Compare, OrderKey, OrderSubject};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Casework, follow};
use crate::Error;

/// Type of the entities that are drafts.
const DRAFT: &str = "DossierDraft";
/// Why somebody opens their own draft, for the audit.
const REASON: &str = "Mở bản nháp của chính mình (own draft)";
/// Drafts deleted at a time.
const CHUNK: usize = 200;

/// A draft, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The entity.
    pub id: EntityId,
    /// Of which kind of case it is.
    pub kind: String,
    /// When it was kept last.
    pub saved: Timestamp,
    /// When it is deleted if it is not kept again.
    pub expires: Timestamp,
    /// What was filled in; none in lists.
    pub content: Option<DraftContent>,
}

/// What was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftContent {
    /// What makes the filing the same when it comes twice: from the form that was shown.
    pub once: String,
    /// Names and values of the fields, as a browser sends them. Files are not among them.
    pub pairs: Vec<(String, String)>,
}

impl Casework {
    /// Most drafts of one account.
    pub const MOST_DRAFTS: usize = 20;
    /// Largest draft, in bytes of its names and values.
    pub const MOST_DRAFT: usize = 64 * 1024;
    /// How long a draft is kept after it was kept last.
    pub const DRAFT_LIFE: Duration = Duration::from_hours(30 * 24);

    /// Keeps a draft: a new one, or the one of the same form anew.
    ///
    /// # Errors
    /// [`Error::NoKind`], [`Error::TooMany`] beyond [`Casework::MOST_DRAFTS`] or [`Casework::MOST_DRAFT`] bytes.
    pub async fn keep_draft(
        &self,
        session: &Session,
        kind: &str,
        content: DraftContent,
    ) -> Result<Draft, Error> {
        let account = self.drafting(session)?;
        let today = dinh_calendar::official_day(self.now().to_jiff());
        self.0.book.on(kind, today).ok_or_else(|| Error::NoKind(kind.to_owned()))?;
        let size: usize = content.pairs.iter().map(|(name, value)| name.len() + value.len()).sum();
        if size > Self::MOST_DRAFT {
            return Err(Error::TooMany { what: "bytes of a draft", most: Self::MOST_DRAFT });
        }
        let (id, now) = (draft_id(&account, &content.once), self.now());
        let life = i64::try_from(Self::DRAFT_LIFE.as_micros()).unwrap_or(i64::MAX);
        let expires = Timestamp::from_micros(now.as_micros().saturating_add(life));
        let subject = account.subjects.first().and_then(|subject| EntityId::parse(subject).ok());
        let fields = Fields::new(self.names(), now)
            .with("kind", kind)
            .with("account", &*account.id)
            .to_each("owner", subject.as_slice())
            .with("savedAt", now.to_string())
            .with("expiresAt", expires.to_string())
            .with("content", json!(content));
        let op = if self.own(session.tenant()).find(&id).await?.is_some() {
            Op::Mutate { id: id.clone(), mutation: Box::new(fields.change()), expect: None, types: None }
        } else {
            if self.drafts(session).await?.len() >= Self::MOST_DRAFTS {
                return Err(Error::TooMany { what: "drafts", most: Self::MOST_DRAFTS });
            }
            let mut entity = Entity::new(id.clone(), self.names().of(DRAFT), now);
            entity.attributes = fields.attributes;
            Op::Create(Arc::new(entity))
        };
        self.write(session, vec![op]).await?;
        Ok(Draft { id, kind: kind.to_owned(), saved: now, expires, content: Some(content) })
    }

    /// The drafts of whoever is signed in, the latest first, without what was filled in.
    ///
    /// # Errors
    /// [`Error::NotSignedIn`], and those of the graph.
    pub async fn drafts(&self, session: &Session) -> Result<Vec<Draft>, Error> {
        let account = self.drafting(session)?;
        let query = EntityQuery {
            q: Some(self.is("account", &account.id)),
            order: vec![OrderKey { subject: OrderSubject::ModifiedAt, direction: Direction::Descending }],
            limit: Self::MOST_DRAFTS,
            ..EntityQuery::of_type(self.names().of(DRAFT))
        };
        let page = session.clone().with_purpose(Purpose::OwnData).query(query).await?;
        let drafts = page.entities.iter().map(|stored| self.read_draft(stored));
        let now = self.now();
        drafts.filter(|draft| draft.as_ref().map_or(true, |draft| draft.expires > now)).collect()
    }

    /// One's own draft, with what was filled in.
    ///
    /// # Errors
    /// [`Error::NoSuch`] for one that is not there any more, or somebody else's.
    pub async fn draft(&self, session: &Session, id: &EntityId) -> Result<Draft, Error> {
        self.drafting(session)?;
        let own = session.clone().with_purpose(Purpose::OwnData).revealing(REASON)?;
        let found =
            own.find(id).await?.filter(|stored| stored.entity.types.contains(&self.names().of(DRAFT)));
        let draft = self.read_draft(&found.ok_or_else(|| Error::NoSuch(id.clone()))?)?;
        if draft.content.is_none() || draft.expires <= self.now() {
            return Err(Error::NoSuch(id.clone()));
        }
        Ok(draft)
    }

    /// Deletes one's own draft.
    ///
    /// # Errors
    /// As [`Casework::draft`].
    pub async fn discard_draft(&self, session: &Session, id: &EntityId) -> Result<(), Error> {
        self.drafting(session)?;
        let found = session.clone().with_purpose(Purpose::OwnData).find(id).await?;
        if !found.is_some_and(|stored| stored.entity.types.contains(&self.names().of(DRAFT))) {
            return Err(Error::NoSuch(id.clone()));
        }
        self.write(session, vec![Op::delete(id.clone())]).await.map(drop)
    }

    /// Deletes the draft of a form that has been filed, if there is one.
    pub(super) async fn drop_draft(&self, session: &Session, once: &str) -> Result<(), Error> {
        let Principal::Account(account) = session.principal() else { return Ok(()) };
        match self.discard_draft(session, &draft_id(account, once)).await {
            Err(Error::NoSuch(_)) => Ok(()),
            other => other,
        }
    }

    /// Deletes the drafts of a tenant whose days are over, and says how many.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn sweep_drafts(&self, tenant: &Tenant) -> Result<usize, Error> {
        let (own, mut swept) = (self.own(tenant), 0);
        loop {
            let query = EntityQuery {
                q: Some(self.compare("expiresAt", Compare::Le, Literal::Text(self.now().to_string()))),
                limit: CHUNK,
                ..EntityQuery::of_type(self.names().of(DRAFT))
            };
            let page = own.query(query).await?;
            let ops: Vec<Op> =
                page.entities.iter().map(|stored| Op::delete(stored.entity.id.clone())).collect();
            swept += ops.len();
            if ops.is_empty() {
                return Ok(swept);
            }
            self.write(&own, ops).await?;
        }
    }

    fn drafting(&self, session: &Session) -> Result<Arc<Account>, Error> {
        self.enter(session)?;
        match session.principal() {
            Principal::Account(account) => Ok(Arc::clone(account)),
            _ => Err(Error::NotSignedIn),
        }
    }

    fn read_draft(&self, stored: &Stored) -> Result<Draft, Error> {
        let from = Reading { names: self.names(), entity: &stored.entity };
        Ok(Draft {
            id: stored.entity.id.clone(),
            kind: from.must("kind", |text| Some(text.to_owned()))?,
            saved: from.must("savedAt", |text| text.parse().ok())?,
            expires: from.must("expiresAt", |text| text.parse().ok())?,
            content: from.open_json("content").and_then(|json| DraftContent::deserialize(json).ok()),
        })
    }
}

fn draft_id(account: &Account, once: &str) -> EntityId {
    let name: String = follow::digest(&format!("draft {} {once}", account.id)).chars().take(32).collect();
    EntityId::trusted(format!("urn:ngsi-ld:{DRAFT}:{name}"))
}
