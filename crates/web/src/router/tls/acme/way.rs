//! The way to the authority: the one that all calls to other machines take.

use std::pin::Pin;

use axum::body::Bytes;
use dinh_context::outbound::Outbound;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};

/// Largest answer: a chain of certificates has a few thousand bytes.
const LARGEST: usize = 256 << 10;

/// Sends what the protocol says by the one way out.
pub(super) struct Way(pub(super) Outbound);

impl HttpClient for Way {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let outbound = self.0.clone();
        Box::pin(async move {
            let (parts, body) = request.into_parts();
            let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let asked = outbound.request(parts.method, &parts.uri.to_string()).map_err(other)?;
            let answer =
                outbound.send(asked.headers(parts.headers).body(body), LARGEST).await.map_err(other)?;
            let mut response = Response::new(Full::new(Bytes::from(answer.body)));
            *response.status_mut() =
                http::StatusCode::from_u16(answer.status).map_err(|e| other(e.to_string()))?;
            *response.headers_mut() = answer.headers;
            Ok(BytesResponse::from(response))
        })
    }
}

fn other(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Other(error.into())
}
