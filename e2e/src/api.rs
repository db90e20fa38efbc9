//! A small client: sends, keeps the whole answer, and shows it when an expectation fails.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use bytes::Bytes;
pub use reqwest::Method;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::Value;

/// Longest answer.
const LONGEST: Duration = Duration::from_mins(2);

/// One tenant of one server, over HTTP.
#[derive(Clone, Debug)]
pub struct Api {
    client: reqwest::Client,
    url: String,
    tenant: Option<String>,
}

/// A whole answer.
#[derive(Debug)]
pub struct Reply {
    /// What was asked, for error messages.
    asked: String,
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body as sent.
    pub bytes: Bytes,
}

impl Api {
    /// A client of the tenant `tenant`, or of the one without a name.
    pub fn new(url: &str, tenant: Option<&str>) -> Result<Self> {
        // Only HTTP is spoken here, but the client wants to know its TLS library all the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(LONGEST)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { client, url: url.to_owned(), tenant: tenant.map(str::to_owned) })
    }

    /// A request to complete with [`Api::send`]. `path` begins with a slash.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.tenant {
            Some(tenant) => request.header("NGSILD-Tenant", tenant),
            None => request,
        }
    }

    /// Sends and reads the whole answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Reply> {
        Reply::read(request).await
    }

    /// GET.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send(self.request(Method::GET, path)).await
    }

    /// GET of an answer that has to be 200 and JSON.
    pub async fn json(&self, path: &str) -> Result<Value> {
        self.get(path).await?.expect(200)?.json()
    }

    /// GET with parameters that are encoded here.
    pub async fn ask(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Reply> {
        let encode = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let pairs: Vec<String> =
            parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
        self.get(&format!("{path}?{}", pairs.join("&"))).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// POST of bytes with a content type.
    pub async fn post_bytes(&self, path: &str, content_type: &str, body: impl Into<Bytes>) -> Result<Reply> {
        let request = self.request(Method::POST, path).header(CONTENT_TYPE, content_type).body(body.into());
        self.send(request).await
    }

    /// PATCH of JSON.
    pub async fn patch(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(self.request(Method::PATCH, path).json(body)).await
    }

    /// PUT of JSON.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    /// DELETE.
    pub async fn delete(&self, path: &str) -> Result<Reply> {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Creates an entity that has to be accepted.
    pub async fn create(&self, entity: &Value) -> Result<Reply> {
        self.post("/ngsi-ld/v1/entities", entity).await?.expect(201)
    }

    /// Entities of a query, normalized.
    pub async fn query(&self, parameters: &str) -> Result<Vec<Value>> {
        match self.json(&format!("/ngsi-ld/v1/entities?{parameters}")).await? {
            Value::Array(entities) => Ok(entities),
            other => anyhow::bail!("a query answers with an array, not {other}"),
        }
    }

    /// The short ends of the ids that a query returns: `a`, `b` of `urn:ngsi-ld:T:a`, …
    pub async fn ids(&self, parameters: &str) -> Result<Vec<String>> {
        let entities = self.query(parameters).await?;
        let last =
            |e: &Value| e["id"].as_str().and_then(|id| id.rsplit(':').next()).unwrap_or_default().to_owned();
        Ok(entities.iter().map(last).collect())
    }
}

impl Reply {
    /// Sends a request of any client and reads the whole answer.
    pub async fn read(request: RequestBuilder) -> Result<Self> {
        let (client, request) = request.build_split();
        let request = request?;
        let asked = format!("{} {}", request.method(), request.url());
        let response = client.execute(request).await.with_context(|| asked.clone())?;
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.with_context(|| asked.clone())?;
        Ok(Self { asked, status, headers, bytes })
    }

    /// This answer, if its status is `status`.
    pub fn expect(self, status: u16) -> Result<Self> {
        ensure!(
            self.status == status,
            "{}: expected {status}, got {}: {}",
            self.asked,
            self.status,
            self.text()
        );
        Ok(self)
    }

    /// This answer, if it is an error of the client's making, told as problem details with a title and a sentence.
    pub fn expect_problem(self, status: u16) -> Result<Value> {
        let reply = self.expect(status)?;
        let problem = reply.json()?;
        for member in ["type", "title"] {
            ensure!(problem[member].is_string(), "{}: no {member} in {problem}", reply.asked);
        }
        let detail = problem["detail"].as_str().unwrap_or_default();
        ensure!(detail.len() > 8, "{}: the problem says too little: {problem}", reply.asked);
        Ok(problem)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value> {
        serde_json::from_slice(&self.bytes)
            .with_context(|| format!("{}: not JSON: {}", self.asked, self.text()))
    }

    /// A header as text, empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
}
