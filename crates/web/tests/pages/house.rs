//! A house for the tests: a graph in a temporary folder, one province with a pack of its own, a clock that stands still.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use dinh_access::{OpenWrites, Privacy};
use dinh_context::graph::{Options, VaultOptions};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Session, Settings, SystemRandomness};
use dinh_feeds::derive::Derivations;
use dinh_feeds::mapping::Vocabulary;
use dinh_feeds::{FeedSettings, Feeds, FeedsSetup};
use dinh_model::{
    Attribute, Entity, EntityId, GeoValue, ManualClock, SequentialIds, Tenant, Term, Timestamp, Value,
};
use dinh_web::{App, HttpSettings, Parts};
use http::{Request, Response, header};
use serde_json::{Value as Json, json};
use tower::ServiceExt as _;

use crate::accounts;
use crate::nowhere::Nowhere;
use crate::rules::rules;

/// The clock's time: Friday afternoon in Việt Nam.
pub(crate) const NOW: &str = "2026-11-20T07:05:00Z";
const HOUR: i64 = 3_600_000_000;

pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) context: Context,
    pub(crate) identity: dinh_identity::Identity,
    _folder: tempfile::TempDir,
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().expect("is a time")
}

pub(crate) fn tenant() -> Tenant {
    Tenant::parse("thu").expect("is a name")
}

fn own_packs() -> Packs {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/packs");
    Packs::from_folder(&packs).expect("the packs can be read")
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::with(HttpSettings::default()).await
    }

    pub(crate) async fn with(settings: HttpSettings) -> Self {
        Self::made(settings, Options::default(), own_packs()).await
    }

    /// One with the packs that ship and their rules: nobody may write who is not known.
    pub(crate) async fn as_shipped() -> Self {
        let packs = Packs::embedded().expect("the packs can be read");
        let access = AccessSettings::of(rules(&packs));
        Self::of(HttpSettings::default(), Options::default(), packs, access).await
    }

    /// One whose graph looks at so many entities for one question and no more.
    pub(crate) async fn with_scan_budget(scan_budget: usize) -> Self {
        let store = Options { scan_budget, ..Options::default() };
        Self::made(HttpSettings::default(), store, own_packs()).await
    }

    /// One with the provinces and types that ship with the program, where everybody may write.
    pub(crate) async fn shipped() -> Self {
        let packs = Packs::embedded().expect("the packs can be read");
        Self::made(HttpSettings::default(), Options::default(), packs).await
    }

    async fn made(settings: HttpSettings, store: Options, packs: Packs) -> Self {
        let access = AccessSettings {
            open_writes: OpenWrites::Anywhere,
            undescribed: Privacy::Open,
            ..AccessSettings::of(rules(&packs))
        };
        Self::of(settings, store, packs, access).await
    }

    async fn of(settings: HttpSettings, store: Options, packs: Packs, access: AccessSettings) -> Self {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let clock = Arc::new(ManualClock::at(now()));
        let random = Arc::new(SystemRandomness::default());
        let vault = VaultOptions::new(folder.path().join("keys"), [7; 32], random);
        let door = Settings {
            data: folder.path().join("graph"),
            store: Options { vault: Some(vault), ..store },
            access,
            outbound: AllowList::default(),
            own_addresses: Vec::new(),
        };
        let ids = Arc::new(SequentialIds::default());
        let context = Context::open(door, packs, clock.clone(), ids.clone()).await.expect("the graph opens");
        let setup = FeedsSetup {
            sink: Arc::new(Nowhere),
            clock,
            fetch: Arc::new(Nowhere),
            settings: Arc::new(FeedSettings::default()),
            vocabulary: Vocabulary::new(|name| dinh_ngsild::context::Context::core().expand(name)),
            derivations: Derivations::new(),
        };
        let (feeds, refused) = Feeds::start(&setup, Vec::new());
        assert!(refused.is_empty());
        let identity = accounts::identity(&context);
        let parts = Parts {
            context: context.clone(),
            identity: identity.clone(),
            feeds,
            settings,
            write_key: None,
            ids,
            signing: dinh_signing::Settings::default(),
            metrics: Arc::new(String::new),
        };
        let app = App::new(parts).expect("the pages can be prepared");
        Self { router: dinh_web::router(app), context, identity, _folder: folder }
    }

    pub(crate) fn session(&self) -> Session {
        self.context.system("test", tenant())
    }

    /// Writes a gauge; its level was observed so many hours ago.
    pub(crate) async fn gauge(&self, id: &str, name: &str, level: f64, hours_ago: i64, lon: f64) {
        let mut gauge = gauge(id, name, lon);
        let at = now().plus_micros(-hours_ago * HOUR);
        gauge.set(term("level"), property(json!(level)).observed(at).unit("MTR"));
        self.write(gauge).await;
    }

    /// Creates or replaces an entity.
    pub(crate) async fn write(&self, entity: Entity) {
        let session = self.session();
        let id = entity.id.clone();
        if session.find(&id).await.expect("can be read").is_some() {
            let mutation = dinh_ngsild::mutation::Mutation::Replace(Box::new(entity));
            session.mutate(id, mutation).await.expect("can be replaced");
        } else {
            session.create(entity).await.expect("can be created");
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answered {
        self.ask(Request::get(path).header(header::ACCEPT_LANGUAGE, "vi")).await
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: String) -> Answered {
        let request = request.body(Body::from(body)).expect("is a request");
        Answered::of(self.router.clone().oneshot(request).await.expect("the router answers")).await
    }

    pub(crate) async fn ask(&self, request: http::request::Builder) -> Answered {
        let request = request.body(Body::empty()).expect("is a request");
        Answered::of(self.router.clone().oneshot(request).await.expect("the router answers")).await
    }

    /// An answer whose body goes on and on.
    pub(crate) async fn stream(&self, request: http::request::Builder) -> Response<Body> {
        let request = request.body(Body::empty()).expect("is a request");
        self.router.clone().oneshot(request).await.expect("the router answers")
    }
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Answered {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 8 << 20).await.expect("the body can be read").to_vec();
        Self { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    /// The text, with slashes and quotes as people see them; markup stays escaped.
    pub(crate) fn text(&self) -> String {
        let text = std::str::from_utf8(&self.bytes).expect("is text");
        text.replace("&#x2f;", "/").replace("&quot;", "\"")
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}

pub(crate) fn term(name: &str) -> Term {
    dinh_ngsild::context::Context::core().expand(name)
}

pub(crate) fn property(value: Json) -> Attribute {
    Attribute::new(Value::Property(value), now())
}

pub(crate) fn gauge(id: &str, name: &str, lon: f64) -> Entity {
    let mut gauge = Entity::new(EntityId::trusted(format!("urn:ngsi-ld:Gauge:{id}")), term("Gauge"), now());
    gauge.set(term("name"), property(json!(name)));
    gauge.set(term("location"), Attribute::new(Value::Geo(GeoValue::point(lon, 16.46)), now()));
    gauge
}
