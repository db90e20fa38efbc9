//! What is asked.

use bytes::Bytes;
use http::Method;
use url::form_urlencoded::Serializer;

/// One request, without the address of the server.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    /// How.
    pub(crate) method: Method,
    /// What: a path with its query.
    pub(crate) path: String,
    /// The media type of the answer, if not JSON.
    pub(crate) accept: &'static str,
    /// A body with its media type.
    pub(crate) body: Option<(&'static str, Bytes)>,
    /// Under which key the request is done once only, however often it is sent.
    pub(crate) idempotency_key: Option<String>,
}

impl Ask {
    /// Asks for JSON.
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            path: path.into(),
            accept: "application/json",
            body: None,
            idempotency_key: None,
        }
    }

    /// Sends a document.
    pub(crate) fn post(path: impl Into<String>, media: &'static str, body: impl Into<Bytes>) -> Self {
        Self { method: Method::POST, body: Some((media, body.into())), ..Self::get(path) }
    }

    /// Builder: wants another form of answer.
    pub(crate) fn accept(mut self, media: &'static str) -> Self {
        self.accept = media;
        self
    }
}

/// Says that the question stays in this house: then it needs no other condition (CIM 009 clause 5.7.2).
pub(crate) const LOCAL: (&str, &str) = ("local", "true");

/// A path with a query.
pub(crate) fn path(path: &str, parameters: &[(&str, &str)]) -> String {
    if parameters.is_empty() {
        return path.to_owned();
    }
    let query = Serializer::new(String::new()).extend_pairs(parameters).finish();
    format!("{path}?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_escaped() {
        assert_eq!(path("/x", &[]), "/x");
        assert_eq!(
            path("/x", &[("q", "a>2;b==\"đ\""), ("type", "A|B")]),
            "/x?q=a%3E2%3Bb%3D%3D%22%C4%91%22&type=A%7CB"
        );
    }
}
