//! Pages that say why there is no page.

use axum::response::{Html, IntoResponse, Response};
use dinh_access::Denied;
use dinh_context::Error;
use dinh_context::graph::StoreError;
use http::StatusCode;
use http::header::{CACHE_CONTROL, RETRY_AFTER};
use serde::Serialize;

use super::templates::render;
use super::view;
use super::visitor::{Taste, Theme};
use crate::words::Lang;

/// Why there is no page.
#[derive(Debug)]
pub(super) struct Fault {
    taste: Taste,
    status: StatusCode,
    what: What,
    detail: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum What {
    NotFound,
    EntityNotFound,
    BadRequest,
    Denied,
    OtherSite,
    TooMany,
    Busy,
    Internal,
}

impl What {
    /// Title and text.
    fn say(self, lang: Lang) -> (String, String) {
        match self {
            Self::NotFound => (lang.say("error-not-found"), lang.say("error-not-found-text")),
            Self::EntityNotFound => {
                (lang.say("error-entity-not-found"), lang.say("error-entity-not-found-text"))
            }
            Self::BadRequest => (lang.say("error-bad-request"), lang.say("error-bad-request-text")),
            Self::Denied => (lang.say("error-denied"), lang.say("error-denied-text")),
            Self::OtherSite => (lang.say("error-other-site"), lang.say("error-other-site-text")),
            Self::TooMany => (lang.say("error-too-many"), lang.say("error-too-many-text")),
            Self::Busy => (lang.say("error-busy"), lang.say("error-busy-text")),
            Self::Internal => (lang.say("error-internal"), lang.say("error-internal-text")),
        }
    }
}

#[derive(Serialize)]
struct Frame {
    lang: &'static str,
    theme: &'static str,
}

impl Fault {
    fn new(taste: Taste, status: StatusCode, what: What, detail: Option<String>) -> Self {
        Self { taste, status, what, detail }
    }

    /// There is no such page.
    pub(super) fn not_found(taste: Taste) -> Self {
        Self::new(taste, StatusCode::NOT_FOUND, What::NotFound, None)
    }

    /// There is no such entity.
    pub(super) fn no_entity(taste: Taste, id: &str) -> Self {
        Self::new(taste, StatusCode::NOT_FOUND, What::EntityNotFound, Some(id.to_owned()))
    }

    /// What was sent makes no sense.
    pub(super) fn bad_request(taste: Taste, detail: String) -> Self {
        Self::new(taste, StatusCode::BAD_REQUEST, What::BadRequest, Some(detail))
    }

    /// The caller could not be let in.
    pub(super) fn refused(taste: Taste, status: StatusCode) -> Self {
        Self::new(taste, status, What::Denied, None)
    }

    /// Another site's page made the browser ask.
    pub(super) fn other_site(taste: Taste) -> Self {
        Self::new(taste, StatusCode::FORBIDDEN, What::OtherSite, None)
    }

    /// The visitor, or somebody of the same network, has asked too much.
    pub(super) fn too_many(taste: Taste) -> Self {
        Self::new(taste, StatusCode::TOO_MANY_REQUESTS, What::TooMany, None)
    }

    /// There is too much to do at the moment.
    pub(super) fn busy(taste: Taste) -> Self {
        Self::new(taste, StatusCode::SERVICE_UNAVAILABLE, What::Busy, None)
    }

    /// What the door said.
    pub(super) fn of(taste: Taste, error: Error) -> Self {
        let detail = Some(error.to_string());
        match error {
            Error::NotFound(id) => Self::no_entity(taste, id.as_str()),
            Error::Denied(Denied::Unknown(_)) => {
                Self::new(taste, StatusCode::UNAUTHORIZED, What::Denied, None)
            }
            Error::Denied(_) => Self::new(taste, StatusCode::FORBIDDEN, What::Denied, None),
            Error::Store(StoreError::Busy { .. } | StoreError::Closed) => Self::busy(taste),
            Error::Store(StoreError::Invalid(_) | StoreError::TooComplex { .. }) => {
                Self::new(taste, StatusCode::BAD_REQUEST, What::BadRequest, detail)
            }
            other => {
                tracing::error!(error = %other, "a page could not be made");
                Self::new(taste, StatusCode::INTERNAL_SERVER_ERROR, What::Internal, None)
            }
        }
    }

    /// Something of ours failed.
    pub(super) fn broken(taste: Taste, error: &dyn std::error::Error) -> Self {
        tracing::error!(error = %error, "a page could not be made");
        Self::new(taste, StatusCode::INTERNAL_SERVER_ERROR, What::Internal, None)
    }

    /// A template failed: a fault of ours.
    pub(super) fn template(taste: Taste, error: &minijinja::Error) -> Self {
        tracing::error!(error = %format_args!("{error:#}"), "a template failed");
        Self::new(taste, StatusCode::INTERNAL_SERVER_ERROR, What::Internal, None)
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let Taste { lang, theme } = self.taste;
        let (title, text) = self.what.say(lang);
        let error = view::Fault { title, text, detail: self.detail };
        let theme = if theme == Theme::Auto { "auto" } else { theme.name() };
        let page = Frame { lang: lang.tag(), theme };
        let html = render(
            "error.html",
            lang,
            minijinja::context! {
                page => minijinja::value::Serde(page),
                error => minijinja::value::Serde(&error),
            },
        );
        let mut response = match html {
            Ok(html) => Html(html).into_response(),
            Err(_) => error.title.into_response(),
        };
        *response.status_mut() = self.status;
        response.headers_mut().insert(CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, http::HeaderValue::from_static("5"));
        }
        response
    }
}
