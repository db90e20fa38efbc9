//! A house for the matrix: two provinces under the shipped policies, accounts, one feed.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use dinh_access::OpenWrites;
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, RandomIds, Settings};
use dinh_feeds::definition::{FeedDefinition, FeedName};
use dinh_feeds::derive::Derivations;
use dinh_feeds::files::PackFiles;
use dinh_feeds::mapping::Vocabulary;
use dinh_feeds::{FeedPlan, FeedSettings, Feeds, FeedsSetup};
use dinh_identity::Identity;
use dinh_model::{EntityId, ManualClock, Tenant, Term};
use dinh_ngsild::mutation::Mutation;
use dinh_web::{App, Budget, HttpSettings, Parts, RateSettings, WriteKey};
use futures::{FutureExt as _, StreamExt as _};
use http::Request;
use tower::ServiceExt as _;

use crate::accounts;
use crate::letters::Letters;
use crate::planted::Planted;
use crate::rules::rules;

/// The clock's time.
pub(crate) const NOW: &str = "2026-11-20T07:05:00Z";
/// The write key.
pub(crate) const KEY: &str = "mot-hai-ba-bon-nam-sau";
/// Most bytes of an answer.
const MOST: usize = 8 << 20;

pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) context: Context,
    pub(crate) identity: Identity,
    pub(crate) clock: Arc<ManualClock>,
    _folder: tempfile::TempDir,
}

/// The full name of a type or attribute.
pub(crate) fn term(name: &str) -> Term {
    dinh_ngsild::context::Context::core().expand(name)
}

/// The tenant in which everything is asked.
pub(crate) fn thu() -> Tenant {
    Tenant::parse("thu").expect("a name")
}

/// The other one.
pub(crate) fn khac() -> Tenant {
    Tenant::parse("khac").expect("a name")
}

/// The matrix asks more than any caller may.
fn unbounded() -> HttpSettings {
    let most = std::num::NonZeroU32::new(1_000_000).expect("not zero");
    let budget = Budget { per_second: most, burst: most };
    HttpSettings {
        rate: RateSettings { reads: budget, writes: budget, ..RateSettings::default() },
        ..HttpSettings::default()
    }
}

impl House {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix/packs");
        let packs = Packs::from_folder(&packs).expect("packs");
        let clock = Arc::new(ManualClock::at(NOW.parse().expect("a time")));
        let door = Settings {
            data: folder.path().to_path_buf(),
            store: dinh_context::graph::Options::default(),
            access: AccessSettings { open_writes: OpenWrites::Local, ..AccessSettings::of(rules(&packs)) },
            outbound: AllowList::new(["receiver.example"]),
            own_addresses: vec!["http://here.test".to_owned()],
        };
        let ids = Arc::new(RandomIds);
        let context = Context::open(door, packs, clock.clone(), ids.clone()).await.expect("a graph");
        let setup = FeedsSetup {
            sink: Arc::new(Letters),
            clock: clock.clone(),
            fetch: Arc::new(crate::nowhere::Nowhere),
            settings: Arc::new(FeedSettings::default()),
            vocabulary: Vocabulary::new(|name| dinh_ngsild::context::Context::core().expand(name)),
            derivations: Derivations::new(),
        };
        let (feeds, refused) = Feeds::start(&setup, vec![plan()]);
        assert!(refused.is_empty(), "the feed runs");
        let identity = accounts::identity(&context);
        let parts = Parts {
            context: context.clone(),
            identity: identity.clone(),
            feeds,
            settings: unbounded(),
            write_key: WriteKey::new(KEY),
            ids,
            signing: dinh_signing::Settings::default(),
            metrics: Arc::new(|| "dinh_up 1\n".to_owned()),
        };
        let router = dinh_web::router(App::new(parts).expect("pages"));
        Self { router, context, identity, clock, _folder: folder }
    }

    /// Puts an entity into a tenant as it was planted, whatever has become of it.
    pub(crate) async fn plant(&self, tenant: Tenant, what: &Planted) {
        let session = self.context.system("test", tenant);
        let entity = what.entity(self.context.clock().now());
        if session.find(&entity.id).await.expect("can be read").is_some() {
            let id = entity.id.clone();
            session.mutate(id, Mutation::Replace(Box::new(entity))).await.expect("replaced");
        } else {
            session.create(entity).await.expect("created");
        }
    }

    /// The number of the last change of an entity; none if it is gone.
    pub(crate) async fn version(&self, what: &Planted) -> Option<u64> {
        let id = EntityId::trusted(what.id());
        let found = self.context.system("test", thu()).find(&id).await.expect("can be read");
        found.map(|stored| stored.version)
    }

    /// Removes what was created after the model of an entity; true if there was something.
    pub(crate) async fn remove_new(&self, what: &Planted) -> bool {
        let id = EntityId::trusted(format!("{}-new", what.id()));
        let session = self.context.system("test", thu());
        let there = session.find(&id).await.expect("can be read").is_some();
        if there {
            session.delete(id).await.expect("deleted");
        }
        there
    }

    /// Sends a request, and reads the answer as far as it comes.
    pub(crate) async fn send(&self, request: http::request::Builder, body: String, here: bool) -> Answer {
        let mut request: Request<Body> = request.body(Body::from(body)).expect("a request");
        let peer: SocketAddr =
            if here { "127.0.0.1:4711" } else { "203.0.113.7:4711" }.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let text = |name: http::HeaderName| {
            parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let endless = text(http::header::CONTENT_TYPE) == "text/event-stream";
        let bytes = if endless {
            let mut frames = body.into_data_stream();
            let mut all = Vec::new();
            while let Some(Some(Ok(frame))) = frames.next().now_or_never() {
                all.extend_from_slice(&frame);
            }
            all
        } else {
            axum::body::to_bytes(body, MOST).await.expect("a body").to_vec()
        };
        let zipped = text(http::header::CONTENT_ENCODING) == "gzip";
        let bytes = if zipped { unzip(&bytes) } else { bytes };
        let policy = text(http::header::CONTENT_SECURITY_POLICY);
        let framed = policy.contains("frame-ancestors 'none'");
        let protected = framed && text(http::header::X_CONTENT_TYPE_OPTIONS) == "nosniff";
        let location = parts.headers.get(http::header::LOCATION).and_then(|v| v.to_str().ok());
        Answer {
            status: parts.status.as_u16(),
            location: location.unwrap_or_default().to_owned(),
            text: String::from_utf8_lossy(&bytes).into_owned(),
            protected,
        }
    }
}

/// What was answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) text: String,
    /// It says that it may be neither framed nor sniffed.
    pub(crate) protected: bool,
}

fn unzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut out).expect("gzip");
    out
}

struct NoFiles;

impl PackFiles for NoFiles {
    fn read(&self, _: &str) -> Result<std::borrow::Cow<'static, [u8]>, String> {
        Err("there are none".to_owned())
    }

    fn list(&self, _: &str) -> Vec<String> {
        Vec::new()
    }
}

fn plan() -> FeedPlan {
    let text = include_str!("packs/test/feeds/benches.toml");
    let name = FeedName::parse("test/benches").expect("a name");
    let definition = FeedDefinition::parse(name, "benches.toml", text).expect("a feed");
    FeedPlan { tenant: thu(), definition: Arc::new(definition), files: Arc::new(NoFiles) }
}
