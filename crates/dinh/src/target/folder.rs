//! A folder that no server uses: the router answers inside this process.

use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use dinh_context::{Context, Session};
use dinh_model::{Ids as _, Tenant};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Request};
use tower::ServiceExt as _;

use super::{Answer, Ask, Trouble};
use crate::config::Config;
use crate::said::Words;
use crate::wiring;

/// Largest answer, in bytes: a page of the largest entities.
const MAX_ANSWER: usize = 512 << 20;

/// The graph of a folder.
pub(crate) struct Folder {
    data: PathBuf,
    context: Context,
    router: Router,
    key: HeaderValue,
}

impl Folder {
    /// Opens the data folder of the configuration.
    pub(crate) async fn open(config: &Config) -> anyhow::Result<Self> {
        // Whoever may write the folder may write the graph, so the command line carries a key of its own.
        let key = dinh_context::RandomIds.uuid().to_string();
        let house = wiring::for_a_command(config, &key).await?;
        let mut value = HeaderValue::from_str(&format!("Bearer {key}"))?;
        value.set_sensitive(true);
        let router = dinh_web::router(house.app);
        Ok(Self { data: config.data.clone(), context: house.context, router, key: value })
    }

    /// Where it is.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// The door.
    pub(crate) fn context(&self) -> &Context {
        &self.context
    }

    /// A session of a part of the program in this folder.
    pub(crate) fn session(&self, part: &str, tenant: &Tenant) -> Session {
        self.context.system(part, tenant.clone())
    }

    /// Asks in a tenant.
    pub(crate) async fn send(&self, ask: &Ask, tenant: &Tenant) -> Result<Answer, Trouble> {
        // A task of its own, so that several requests are worked on at once.
        let answering = tokio::spawn(self.router.clone().oneshot(self.request(ask, tenant)?));
        let response = match answering.await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_panicked) => {
                return Err(Trouble::Away(Words::new(
                    "yêu cầu bị đứt ngay trong chương trình",
                    "the request broke off inside this program",
                )));
            }
        };
        let (parts, body) = response.into_parts();
        let body =
            axum::body::to_bytes(body, MAX_ANSWER).await.map_err(|_limit| Trouble::TooLarge(MAX_ANSWER))?;
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    fn request(&self, ask: &Ask, tenant: &Tenant) -> Result<Request<Body>, Trouble> {
        let mut request = Request::builder()
            .method(ask.method.clone())
            .uri(&ask.path)
            .header(ACCEPT, ask.accept)
            .header(AUTHORIZATION, &self.key)
            .header("NGSILD-Tenant", tenant.as_str());
        if let Some(key) = &ask.idempotency_key {
            request = request.header("Idempotency-Key", key);
        }
        let body = match &ask.body {
            Some((media, body)) => {
                request = request.header(CONTENT_TYPE, *media).header(CONTENT_LENGTH, body.len());
                Body::from(body.clone())
            }
            None => Body::empty(),
        };
        request.body(body).map_err(|error| {
            let path = &ask.path;
            Trouble::Away(Words::new(
                format!("không lập được yêu cầu {path}: {error}"),
                format!("the request {path} cannot be made: {error}"),
            ))
        })
    }

    /// Writes what is queued and closes the graph.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        Ok(self.context.close().await?)
    }
}
