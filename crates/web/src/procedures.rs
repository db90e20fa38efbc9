//! The list of procedures as pages and programs see it: a view of the graph, kept in memory for those who see the same.
//!
//! It is read anew when there are more or fewer procedures than it holds, and when the feed has moved on and the view is older
//! than a minute: a changed name is found by its new words a minute later at most. The page of a procedure is always read
//! from the graph.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use dinh_access::Audience;
use dinh_context::packs::Packs;
use dinh_context::{Error, Session};
use dinh_model::{Tenant, Term, Timestamp};
use dinh_ngsild::query::{EntityQuery, Literal, Op, Operand, Path, Q};
use dinh_procedures::{Code, Edition, LifeEvents, Procedure, Shelf, graph};
use lru::LruCache;

use crate::display::DisplayError;

/// The pack.
pub(crate) const PACK: &str = "procedures";
/// Procedures read at once.
const PAGE: usize = 1_000;
/// Most procedures of a tenant; the national list has some 4,000.
pub(crate) const MOST: usize = 50_000;
/// Most editions of a procedure that are told.
pub(crate) const EDITIONS: usize = 50;
/// How long a view is used while the feed moves, in microseconds.
const FRESH: i64 = 60_000_000;
/// Views kept, the least used of which go first.
const VIEWS: NonZeroUsize = NonZeroUsize::new(16).expect("not zero");

/// The views, and the life events of the pack.
pub(crate) struct Procedures {
    events: LifeEvents,
    views: Mutex<LruCache<(Tenant, Audience), View>>,
}

#[derive(Clone)]
struct View {
    shelf: Arc<Shelf>,
    entities: u64,
    head: u64,
    at: Timestamp,
}

/// A procedure with its present edition, and the others.
pub(crate) struct Whole {
    /// What it says.
    pub(crate) procedure: Procedure,
    /// Which edition that is.
    pub(crate) edition: Edition,
    /// All editions that are kept, the latest first.
    pub(crate) editions: Vec<Edition>,
}

impl Procedures {
    /// Reads the life events, where there is the pack.
    pub(crate) fn open(packs: &Packs) -> Result<Self, DisplayError> {
        let events = if packs.pack(PACK).is_some() {
            let file = packs.file(PACK, "life-events.toml")?;
            LifeEvents::parse(file.text()?).map_err(|error| file.invalid(&error))?
        } else {
            LifeEvents::default()
        };
        Ok(Self { events, views: Mutex::new(LruCache::new(VIEWS)) })
    }

    /// The life events.
    pub(crate) fn events(&self) -> &LifeEvents {
        &self.events
    }

    /// The list as a session sees it.
    pub(crate) async fn shelf(&self, session: &Session) -> Result<Arc<Shelf>, Error> {
        let query = EntityQuery::of_type(Term::from(graph::PROCEDURE));
        let entities = session.count(query.clone()).await?;
        let key = (session.tenant().clone(), session.sight()?.audience());
        let context = session.context();
        let (head, at) = (context.head(), context.clock().now());
        if let Some(view) = self.kept(&key)
            && view.entities == entities
            && (view.head == head || at.micros_since(view.at) < FRESH)
        {
            return Ok(view.shelf);
        }
        let mut entries = Vec::new();
        let mut offset = 0;
        while offset < MOST {
            let page = session.query(EntityQuery { limit: PAGE, offset, ..query.clone() }).await?;
            // One that somebody has damaged through the API is not listed; the others are.
            entries.extend(page.entities.iter().filter_map(|stored| graph::entry(&stored.entity).ok()));
            offset += page.entities.len();
            if page.entities.len() < PAGE {
                break;
            }
        }
        let filled = Arc::new(Shelf::new(entries, &self.events));
        self.keep(key, View { shelf: Arc::clone(&filled), entities, head, at });
        Ok(filled)
    }

    /// One procedure; none if there is none with this code.
    pub(crate) async fn whole(&self, session: &Session, code: &Code) -> Result<Option<Whole>, Error> {
        let Some(present) = session.find(&graph::id(code)).await? else { return Ok(None) };
        let Ok(standing) = graph::standing(&present.entity) else { return Ok(None) };
        let Some(edition) = session.find(&graph::edition_id(code, &standing.hash)).await? else {
            return Ok(None);
        };
        let Ok((procedure, edition)) = graph::edition(&edition.entity) else { return Ok(None) };
        let query = EntityQuery {
            q: Some(Q::Compare {
                path: Path::attribute(graph::attribute("code")),
                op: Op::Eq,
                value: Operand::One(Literal::Text(code.to_string())),
            }),
            limit: EDITIONS,
            ..EntityQuery::of_type(Term::from(graph::EDITION))
        };
        let page = session.query(query).await?;
        let mut editions: Vec<Edition> =
            page.entities.iter().filter_map(|stored| graph::edition_alone(&stored.entity).ok()).collect();
        editions.sort_by_key(|edition| (edition.superseded_on.is_none(), edition.taken_on));
        editions.reverse();
        Ok(Some(Whole { procedure, edition, editions }))
    }

    fn kept(&self, key: &(Tenant, Audience)) -> Option<View> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn keep(&self, key: (Tenant, Audience), view: View) {
        self.views.lock().unwrap_or_else(PoisonError::into_inner).put(key, view);
    }
}
