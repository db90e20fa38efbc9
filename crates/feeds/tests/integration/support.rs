//! A place for feeds to work in: a graph in memory, a clock that stands still, packs in a map.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dinh_feeds::definition::{FeedDefinition, FeedName};
use dinh_feeds::derive::Derivations;
use dinh_feeds::fetch::{Answer, Fetch, Request};
use dinh_feeds::files::PackFiles;
use dinh_feeds::mapping::Vocabulary;
use dinh_feeds::sink::{
    Applied, EntityWrite, FeedKey, Outcomes, RecordChange, Refusal, Sink, SinkError, Work,
};
use dinh_feeds::{FeedHealth, FeedPlan, FeedSettings, Feeds, FeedsSetup};
use dinh_model::{Entity, EntityId, ManualClock, Tenant, Term, Timestamp};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use serde_json::Value as Json;
use tokio::sync::watch;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// A graph in memory that keeps what a sink promises.
#[derive(Default)]
pub(crate) struct MemorySink {
    state: Mutex<State>,
    commits: watch::Sender<u64>,
    failures: AtomicUsize,
    room: Option<AtomicUsize>,
}

#[derive(Default)]
struct State {
    entities: HashMap<EntityId, Arc<Entity>>,
    records: BTreeMap<(String, String), Json>,
    history: Vec<(EntityId, Term, Timestamp, Json)>,
    writes: Vec<EntityId>,
}

impl MemorySink {
    /// The next commits fail as if the disk were full.
    pub(crate) fn fail_next(&self, commits: usize) {
        self.failures.store(commits, Ordering::SeqCst);
    }

    /// A graph with room for so many writes.
    pub(crate) fn with_room(writes: usize) -> Self {
        Self { room: Some(AtomicUsize::new(writes)), ..Self::default() }
    }

    /// Makes more room.
    pub(crate) fn make_room(&self, writes: usize) {
        self.room.as_ref().unwrap().store(writes, Ordering::SeqCst);
    }

    /// Waits until `test` holds, looking again after every commit.
    pub(crate) async fn until(&self, what: &str, test: impl Fn(&Self) -> bool) {
        let mut changes = self.commits.subscribe();
        let wait = async {
            while !test(self) {
                changes.changed().await.unwrap();
            }
        };
        assert!(tokio::time::timeout(PATIENCE, wait).await.is_ok(), "waited in vain for {what}");
    }

    pub(crate) fn entity(&self, id: &str) -> Option<Arc<Entity>> {
        self.state.lock().unwrap().entities.get(id).cloned()
    }

    /// Entities other than feeds.
    pub(crate) fn ids(&self) -> Vec<String> {
        let state = self.state.lock().unwrap();
        let ids = state.entities.keys().map(|id| id.as_str().to_owned());
        let mut ids: Vec<String> = ids.filter(|id| !id.starts_with("urn:ngsi-ld:Feed:")).collect();
        ids.sort();
        ids
    }

    /// How often fragments of entities with this prefix were written.
    pub(crate) fn writes(&self, prefix: &str) -> usize {
        let state = self.state.lock().unwrap();
        state.writes.iter().filter(|id| id.as_str().starts_with(prefix)).count()
    }

    /// The observations of an attribute, in the order in which they were written.
    pub(crate) fn history(&self, id: &str, attribute: &str) -> Vec<(String, Json)> {
        let state = self.state.lock().unwrap();
        let mine = state.history.iter().filter(|(e, a, _, _)| e.as_str() == id && *a == term(attribute));
        mine.map(|(_, _, at, value)| (at.to_string(), value.clone())).collect()
    }

    /// The value of an attribute, in a form that compares easily.
    pub(crate) fn value(&self, id: &str, attribute: &str) -> Json {
        let Some(entity) = self.entity(id) else { return Json::Null };
        entity.attribute(term(attribute).as_str()).map_or(Json::Null, plain)
    }

    /// A sub-attribute's value.
    pub(crate) fn sub(&self, id: &str, attribute: &str, sub: &str) -> Json {
        let Some(entity) = self.entity(id) else { return Json::Null };
        let found = entity.attribute(term(attribute).as_str()).and_then(|a| a.sub.get(&term(sub))?.first());
        found.map_or(Json::Null, plain)
    }

    fn apply(state: &mut State, write: &EntityWrite) -> Result<Applied, Refusal> {
        let fragment = &write.fragment;
        state.writes.push(fragment.id.clone());
        let old = state.entities.get(&fragment.id);
        if fragment.types.contains(&term("Refused")) {
            return Err(Refusal::told("this type is refused"));
        }
        if old.is_none() && fragment.mode == dinh_feeds::definition::Mode::Update {
            return Err(Refusal::told("there is no such entity"));
        }
        let created = old.is_none();
        let mut entity = old.map_or_else(
            || {
                let mut entity =
                    Entity::new(fragment.id.clone(), fragment.types[0].clone(), Timestamp::from_micros(0));
                entity.attributes = fragment.on_create.clone();
                entity
            },
            |old| Entity::clone(old),
        );
        let before = entity.clone();
        for (name, instance) in fragment.instances() {
            let same = entity.attribute(name.as_str()).is_some_and(|old| old.says_the_same(instance));
            if let (false, Some(at)) = (same, instance.observed_at) {
                state.history.push((fragment.id.clone(), name.clone(), at, plain(instance)));
            }
            entity.set(name.clone(), instance.clone());
        }
        for late in &write.late {
            let at = late.observed.observed_at.unwrap();
            state.history.push((fragment.id.clone(), late.name.clone(), at, plain(&late.observed)));
        }
        let same = before == entity;
        state.entities.insert(fragment.id.clone(), Arc::new(entity));
        Ok(if created {
            Applied::Created
        } else if same {
            Applied::Same
        } else {
            Applied::Changed
        })
    }
}

fn plain(attribute: &dinh_model::Attribute) -> Json {
    match &attribute.value {
        dinh_model::Value::Property(value) | dinh_model::Value::Json(value) => value.clone(),
        dinh_model::Value::Geo(geometry) => geometry.as_json()["coordinates"].clone(),
        dinh_model::Value::Relationship { object, .. } => {
            object.as_slice().iter().map(dinh_model::Iri::as_str).collect::<Vec<_>>().join(" ").into()
        }
        other => serde_json::to_value(other).unwrap(),
    }
}

impl Sink for MemorySink {
    fn commit<'a>(
        &'a self,
        _feed: &'a FeedKey,
        work: &'a Work,
    ) -> BoxFuture<'a, Result<Outcomes, SinkError>> {
        async move {
            if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
                return Err(SinkError("the disk is full".to_owned()));
            }
            let results = {
                let mut state = self.state.lock().unwrap();
                let room = self.room.as_ref().map(|room| room.load(Ordering::SeqCst));
                if room.is_some_and(|room| state.writes.len() + work.writes.len() > room) {
                    return Err(SinkError("the disk is full".to_owned()));
                }
                let results = work.writes.iter().map(|write| Self::apply(&mut state, write)).collect();
                for change in &work.records {
                    match change {
                        RecordChange::Put { kind, key, body } => {
                            state.records.insert(((*kind).to_owned(), key.clone()), body.clone());
                        }
                        RecordChange::Delete { kind, key } => {
                            state.records.remove(&((*kind).to_owned(), key.clone()));
                        }
                    }
                }
                results
            };
            self.commits.send_modify(|count| *count += 1);
            Ok(results)
        }
        .boxed()
    }

    fn record<'a>(
        &'a self,
        _tenant: &'a Tenant,
        kind: &'static str,
        key: &'a str,
    ) -> BoxFuture<'a, Result<Option<Json>, SinkError>> {
        let found = self.state.lock().unwrap().records.get(&(kind.to_owned(), key.to_owned())).cloned();
        std::future::ready(Ok(found)).boxed()
    }

    fn records<'a>(
        &'a self,
        _tenant: &'a Tenant,
        kind: &'static str,
        after: &'a str,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(String, Json)>, SinkError>> {
        let state = self.state.lock().unwrap();
        let mine = state.records.iter().filter(|((k, key), _)| k == kind && key.as_str() > after);
        let page = mine.take(limit).map(|((_, key), body)| (key.clone(), body.clone())).collect();
        std::future::ready(Ok(page)).boxed()
    }

    fn entities<'a>(
        &'a self,
        _tenant: &'a Tenant,
        ids: Vec<EntityId>,
    ) -> BoxFuture<'a, Result<Vec<Option<Arc<Entity>>>, SinkError>> {
        let state = self.state.lock().unwrap();
        let found = ids.iter().map(|id| state.entities.get(id).cloned()).collect();
        std::future::ready(Ok(found)).boxed()
    }

    fn series<'a>(
        &'a self,
        _tenant: &'a Tenant,
        id: &'a EntityId,
        attribute: &'a Term,
        from: Timestamp,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<(Timestamp, f64)>, SinkError>> {
        let state = self.state.lock().unwrap();
        let mine = state.history.iter().filter(|(e, a, at, _)| e == id && a == attribute && *at > from);
        let page = mine.filter_map(|(_, _, at, value)| Some((*at, value.as_f64()?))).take(limit).collect();
        std::future::ready(Ok(page)).boxed()
    }
}

/// The full name of a short one, in the vocabulary of these tests.
pub(crate) fn term(name: &str) -> Term {
    Term::new(format!("https://uri.etsi.org/ngsi-ld/default-context/{name}"))
}

/// Calls this machine and no other.
struct LocalFetch(reqwest::Client);

impl Fetch for LocalFetch {
    fn allows(&self, url: &url::Url) -> Result<(), String> {
        match url.host_str() {
            Some("127.0.0.1" | "localhost") => Ok(()),
            other => Err(format!("the host {other:?} is not on the allow-list")),
        }
    }

    fn get(&self, request: Request) -> BoxFuture<'_, Result<Answer, String>> {
        async move {
            let mut call = self.0.get(request.url).timeout(request.timeout);
            for (name, value) in request.headers {
                call = call.header(name, value);
            }
            let response = call.send().await.map_err(|reason| reason.to_string())?;
            let headers = response.headers().iter();
            let headers =
                headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
            let status = response.status().as_u16();
            let body = response.bytes().await.map_err(|reason| reason.to_string())?.to_vec();
            Ok(Answer { status, headers, body })
        }
        .boxed()
    }
}

/// The files of a pack, in memory.
#[derive(Clone, Default)]
pub(crate) struct MemoryFiles(pub(crate) BTreeMap<String, Vec<u8>>);

impl PackFiles for MemoryFiles {
    fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, String> {
        self.0.get(path).cloned().map(Cow::Owned).ok_or_else(|| format!("{path}: there is no such file"))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.0.keys().filter(|path| path.starts_with(&format!("{folder}/"))).cloned().collect()
    }
}

/// Where one test runs its feeds.
pub(crate) struct Place {
    pub(crate) sink: Arc<MemorySink>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) files: MemoryFiles,
    pub(crate) settings: FeedSettings,
    pub(crate) derivations: Derivations,
}

impl Place {
    /// A place where it is `now`.
    pub(crate) fn at(now: &str) -> Self {
        Self {
            sink: Arc::default(),
            clock: Arc::new(ManualClock::at(now.parse().unwrap())),
            files: MemoryFiles::default(),
            settings: FeedSettings::default(),
            derivations: Derivations::new(),
        }
    }

    /// Starts the feed `p/f` with this definition.
    pub(crate) fn start(&self, definition: &str) -> Feeds {
        self.start_many(&[("f", definition)])
    }

    /// Starts several feeds of the pack `p`.
    pub(crate) fn start_many(&self, definitions: &[(&str, &str)]) -> Feeds {
        let plans = definitions.iter().map(|(name, text)| FeedPlan {
            tenant: tenant(),
            definition: Arc::new(parse(name, text)),
            files: Arc::new(self.files.clone()),
        });
        let (feeds, refused) = Feeds::start(&self.setup(), plans.collect());
        assert!(refused.is_empty(), "{refused:?}");
        feeds
    }

    pub(crate) fn setup(&self) -> FeedsSetup {
        FeedsSetup {
            sink: self.sink.clone(),
            clock: self.clock.clone(),
            fetch: Arc::new(LocalFetch(http_client())),
            settings: Arc::new(self.settings.clone()),
            vocabulary: Vocabulary::new(term),
            derivations: self.derivations.clone(),
        }
    }
}

fn http_client() -> reqwest::Client {
    // Another test may have been first; then it is installed already.
    let _installed = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

pub(crate) fn parse(name: &str, text: &str) -> FeedDefinition {
    FeedDefinition::parse(FeedName::new("p", name), &format!("{name}.toml"), text).unwrap()
}

pub(crate) fn tenant() -> Tenant {
    Tenant::parse("hue").unwrap()
}

/// The key of the feed `p/f`.
pub(crate) fn key() -> FeedKey {
    FeedKey::new(tenant(), FeedName::new("p", "f"))
}

/// The health of the feed `p/f`.
pub(crate) fn health(feeds: &Feeds) -> FeedHealth {
    feeds.health_of(&key()).unwrap()
}
