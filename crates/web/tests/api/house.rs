//! A house for the tests, and the few words in which they speak to it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use dinh_access::{OpenWrites, Privacy};
use dinh_context::outbound::AllowList;
use dinh_context::packs::Packs;
use dinh_context::{AccessSettings, Context, Settings};
use dinh_feeds::derive::Derivations;
use dinh_feeds::mapping::Vocabulary;
use dinh_feeds::{FeedSettings, Feeds, FeedsSetup};
use dinh_model::{ManualClock, SequentialIds};
use dinh_web::{App, HttpSettings, Parts, WriteKey};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use http::{Method, Request};
use serde_json::Value as Json;
use tower::ServiceExt as _;

use crate::accounts;
use crate::nowhere::Nowhere;
use crate::rules::rules;

/// The clock's time.
pub(crate) const NOW: &str = "2026-11-20T07:05:00Z";
/// The write key.
pub(crate) const KEY: &str = "mot-hai-ba-bon-nam-sau";
/// Path of the collection of entities.
pub(crate) const ENTITIES: &str = "/ngsi-ld/v1/entities";

/// A graph with everything that serves it.
pub(crate) struct House {
    pub(crate) router: Router,
    pub(crate) context: Context,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) app: App,
    _folder: tempfile::TempDir,
}

impl House {
    /// One where everybody may write.
    pub(crate) async fn open() -> Self {
        Self::with(OpenWrites::Anywhere, HttpSettings::default()).await
    }

    /// One with these rules and bounds.
    pub(crate) async fn with(open_writes: OpenWrites, settings: HttpSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages/packs");
        let packs = Packs::from_folder(&packs).unwrap();
        let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
        let ids = Arc::new(SequentialIds::default());
        let door = Settings {
            data: folder.path().to_path_buf(),
            store: dinh_context::graph::Options::default(),
            access: AccessSettings {
                open_writes,
                undescribed: Privacy::Open,
                ..AccessSettings::of(rules(&packs))
            },
            outbound: AllowList::new(["receiver.example"]),
            own_addresses: vec!["http://here.test".to_owned()],
        };
        let context = Context::open(door, packs, clock.clone(), ids.clone()).await.unwrap();
        let setup = FeedsSetup {
            sink: Arc::new(Nowhere),
            clock: clock.clone(),
            fetch: Arc::new(Nowhere),
            settings: Arc::new(FeedSettings::default()),
            vocabulary: Vocabulary::new(|name| dinh_ngsild::context::Context::core().expand(name)),
            derivations: Derivations::new(),
        };
        let (feeds, _none) = Feeds::start(&setup, Vec::new());
        let parts = Parts {
            context: context.clone(),
            identity: accounts::identity(&context),
            feeds,
            settings,
            write_key: WriteKey::new(KEY),
            ids,
            signing: dinh_signing::Settings::default(),
            metrics: Arc::new(|| "dinh_up 1\n".to_owned()),
        };
        let app = App::new(parts).unwrap();
        let router = dinh_web::router(app.clone());
        Self { router, context, clock, app, _folder: folder }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Ask::new(Method::GET, path)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Reply {
        self.send(Ask::new(Method::DELETE, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Reply {
        self.send(Ask::new(Method::POST, path).json(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Reply {
        self.send(Ask::new(Method::PUT, path).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Json) -> Reply {
        self.send(Ask::new(Method::PATCH, path).json(body)).await
    }

    /// Creates an entity that must be taken.
    pub(crate) async fn create(&self, entity: &Json) {
        self.post(ENTITIES, entity).await.expect(201);
    }

    pub(crate) async fn send(&self, ask: Ask) -> Reply {
        let Ask { mut request, peer } = ask;
        let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        let asked = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap().to_vec();
        Reply { asked, status: parts.status.as_u16(), headers: parts.headers, bytes }
    }
}

/// A request in the making.
pub(crate) struct Ask {
    request: Request<Body>,
    peer: &'static str,
}

impl Ask {
    pub(crate) fn new(method: Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        Self { request, peer: "203.0.113.7" }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers_mut().append(name, value.parse().unwrap());
        self
    }

    pub(crate) fn accept(self, value: &str) -> Self {
        self.header("accept", value)
    }

    pub(crate) fn json(self, body: &Json) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) fn body(mut self, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let headers = self.request.headers_mut();
        headers.insert(CONTENT_LENGTH, body.len().into());
        if !kind.is_empty() {
            headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        }
        *self.request.body_mut() = Body::from(body);
        self
    }

    /// With a body that is announced and never sent.
    pub(crate) fn endless(mut self, kind: &str) -> Self {
        let headers = self.request.headers_mut();
        headers.insert(CONTENT_LENGTH, 100.into());
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        *self.request.body_mut() =
            Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
        self
    }

    /// From this machine.
    pub(crate) fn from_here(mut self) -> Self {
        self.peer = "127.0.0.1";
        self
    }
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) asked: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    /// This answer, if it has that status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}: {}", self.asked, self.text());
        self
    }

    /// The problem that it tells: its type without the part that all share, and its detail.
    #[track_caller]
    pub(crate) fn problem(self, status: u16) -> (String, String) {
        let reply = self.expect(status);
        assert_eq!(reply.header("content-type"), "application/json", "{}", reply.asked);
        let problem = reply.json();
        assert_eq!(problem["status"], status, "{}: {problem}", reply.asked);
        assert!(problem["title"].as_str().is_some_and(|title| title.len() > 3), "{problem}");
        let text = |name: &str| problem[name].as_str().unwrap_or_default().to_owned();
        (text("type").replace("https://uri.etsi.org/ngsi-ld/errors/", ""), text("detail"))
    }

    pub(crate) fn json(&self) -> Json {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", self.asked, self.text()))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header as text, several of one name joined; empty if it is not there.
    pub(crate) fn header(&self, name: &str) -> String {
        let values: Vec<&str> = self.headers.get_all(name).iter().map(|v| v.to_str().unwrap()).collect();
        values.join(", ")
    }

    /// The last parts of the identifiers in a list of entities.
    pub(crate) fn names(&self) -> Vec<String> {
        let last =
            |e: &Json| e["id"].as_str().and_then(|id| id.rsplit(':').next()).unwrap_or_default().to_owned();
        self.json().as_array().unwrap().iter().map(last).collect()
    }
}
