//! Who sends a request: the key in its header, or the machine it comes from.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use dinh_access::Principal;
use dinh_identity::{Identity, KeyFault, Origin, Present};
use dinh_model::Tenant;
use http::header::{AUTHORIZATION, HOST, HeaderName, ORIGIN, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, Uri};

use super::cookie::session_cookie;
use super::whence::Whence;
use crate::api::reply::Refusal;
use crate::api::request::tenant;
use crate::app::{App, WriteKey};

/// Who sends a request.
#[derive(Clone, Debug)]
pub(crate) struct Caller(pub(crate) Principal);

/// Who sends a request, and the session that they are signed in with.
#[derive(Clone)]
pub(crate) struct Guest {
    pub(crate) principal: Principal,
    /// None for whoever is not signed in.
    pub(crate) present: Option<Present>,
    /// From where, as accounts keep it.
    pub(crate) from: Origin,
    /// By what they are known.
    pub(crate) shown: Shown,
}

/// By what somebody is known, for asking anew whether it still holds.
#[derive(Clone)]
pub(crate) enum Shown {
    /// By nothing that ends.
    Nothing,
    /// By the token of a session.
    Session(Arc<str>),
    /// By a key.
    Key(Arc<str>),
}

impl FromRequestParts<App> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        Guest::from_request_parts(parts, app).await.map(|guest| Self(guest.principal))
    }
}

impl FromRequestParts<App> for Guest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Refusal> {
        // The way in has asked already, except for what operators ask.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let whence = Whence::of(&parts.extensions, &parts.headers, &app.settings.trusted_proxies);
        Self::find(parts, whence, app).await
    }
}

impl Guest {
    /// From where, as the audit records it.
    pub(crate) fn origin(&self) -> dinh_context::graph::Origin {
        dinh_context::graph::Origin {
            peer: self.from.address.map(|address| address.to_string()),
            session: self.present.as_ref().map(|present| present.session().id.clone()),
            request: None,
        }
    }

    /// Who they are by now: none if what they have shown holds no more. Asking so does not keep a session alive.
    pub(crate) async fn still(&self, app: &App, tenant: &Tenant) -> Option<Principal> {
        match &self.shown {
            Shown::Nothing => Some(self.principal.clone()),
            Shown::Session(token) => {
                let present = app.identity.session_unseen(token, tenant).await.ok()??;
                Some(present.principal())
            }
            Shown::Key(key) => match app.identity.key(key, &self.from, tenant).await {
                Ok(holder) => Some(holder.principal()),
                // Busy is not revoked.
                Err(dinh_identity::Error::KeyRefused(KeyFault::Rate)) => Some(self.principal.clone()),
                Err(_) => None,
            },
        }
    }

    /// Finds out who sends a request that comes from there.
    pub(super) async fn find(parts: &mut Parts, whence: Whence, app: &App) -> Result<Self, Refusal> {
        let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let from = whence.sender.map_or_else(Origin::default, |sender| Origin::new(sender, agent));
        let tenant = tenant_of(parts, app).await?;
        let from = from.at(&tenant);
        if let Some(key) = key(&parts.headers) {
            let holder = app.identity.key(key, &from, &tenant).await.map_err(key_refused)?;
            let shown = Shown::Key(key.into());
            return Ok(Self { principal: holder.principal(), present: None, from, shown });
        }
        if !parts.headers.contains_key(AUTHORIZATION)
            && let Some(token) = session_cookie(&parts.headers, app.settings.for_https())
            && let Some(present) = app.identity.session(token, &tenant).await.map_err(failed)?
        {
            let shown = Shown::Session(token.into());
            return Ok(Self { principal: present.principal(), present: Some(present), from, shown });
        }
        let principal = principal(&parts.headers, whence, app.write_key.as_ref())?;
        Ok(Self { principal, present: None, from, shown: Shown::Nothing })
    }
}

/// The tenant that a request is about: that of its path, or else of its header.
async fn tenant_of(parts: &mut Parts, app: &App) -> Result<Tenant, Refusal> {
    let params = RawPathParams::from_request_parts(parts, app).await;
    let named = params.ok().and_then(|params| {
        params.iter().find(|(name, _)| *name == "tenant").and_then(|(_, name)| Tenant::parse(name).ok())
    });
    match named {
        Some(tenant) => Ok(tenant),
        None => Ok(tenant(&parts.headers)?),
    }
}

/// The key of a device or system, if one is shown.
fn key(headers: &HeaderMap) -> Option<&str> {
    let shown = headers.get(AUTHORIZATION)?.to_str().ok().and_then(bearer)?;
    Identity::is_key(shown).then_some(shown)
}

fn key_refused(error: dinh_identity::Error) -> Refusal {
    match error {
        dinh_identity::Error::KeyRefused(fault) => {
            Refusal::unauthorized(format!("The key in the Authorization header was refused: {fault}."))
        }
        other => failed(other),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn failed(error: dinh_identity::Error) -> Refusal {
    tracing::error!(%error, "who sends a request could not be found out");
    Refusal::busy("Who you are could not be found out just now. Try again in a moment.".to_owned())
}

/// A wrong key is refused rather than ignored: who shows one means to be let in by it.
fn principal(headers: &HeaderMap, whence: Whence, key: Option<&WriteKey>) -> Result<Principal, Refusal> {
    if let Some(value) = headers.get(AUTHORIZATION) {
        let shown = value.to_str().ok().and_then(bearer);
        let Some(shown) = shown else {
            return Err(Refusal::unauthorized(
                "The Authorization header must read: Bearer, a space, the write key.",
            ));
        };
        return match key {
            Some(key) if key.opens(shown) => Ok(Principal::Operator("key".into())),
            Some(_) => {
                Err(Refusal::unauthorized("The key in the Authorization header is not the write key."))
            }
            None => Err(Refusal::unauthorized(
                "No write key is configured here; leave the Authorization header out.",
            )),
        };
    }
    let here = whence.this_machine && from_own_page(headers);
    Ok(if here { Principal::Local } else { Principal::Anonymous })
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}

/// False for a request that a browser on this machine sends on behalf of another site's page: such a page is not
/// trusted because of where the browser runs, nor because its name has been made to point here.
fn from_own_page(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let host = text(HOST);
    let named_here = host.is_none_or(is_here);
    let origin_fits = match (text(ORIGIN), host) {
        (None, _) => true,
        (Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, authority)| authority == host)
        }
        (Some(_), None) => false,
    };
    named_here && origin_fits
}

/// True for `localhost`, `127.…` and `[::1]`, with or without a port.
fn is_here(authority: &str) -> bool {
    let Some(uri) = authority.parse::<Uri>().ok().filter(|uri| uri.scheme().is_none()) else { return false };
    let Some(host) = uri.host() else { return false };
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::extract::ConnectInfo;
    use http::{Extensions, HeaderValue};

    use super::*;

    fn who(peer: &str, headers: &[(&str, &str)]) -> Result<Principal, u16> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        let key = WriteKey::new("0123456789abcdef");
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().unwrap(), 4711)));
        principal(&map, Whence::of(&extensions, &map, &[]), key.as_ref())
            .map_err(|refusal| refusal.status().as_u16())
    }

    #[test]
    fn the_key_counts_from_anywhere_and_a_wrong_one_nowhere() {
        let operator = Principal::Operator("key".into());
        assert_eq!(who("203.0.113.9", &[("authorization", "Bearer 0123456789abcdef")]), Ok(operator));
        for wrong in ["Bearer no", "Bearer ", "Basic 0123456789abcdef", "0123456789abcdef"] {
            assert_eq!(who("127.0.0.1", &[("authorization", wrong)]), Err(401), "{wrong}");
        }
    }

    #[test]
    fn this_machine_is_local_unless_it_speaks_for_another() {
        for headers in [
            &[][..],
            &[("host", "localhost:8420")],
            &[("host", "127.0.0.1:8420"), ("origin", "http://127.0.0.1:8420")],
            &[("host", "[::1]:8420"), ("origin", "http://[::1]:8420")],
        ] {
            assert_eq!(who("127.0.0.1", headers), Ok(Principal::Local), "{headers:?}");
            assert_eq!(who("::1", headers), Ok(Principal::Local), "{headers:?}");
            assert_eq!(who("::ffff:127.0.0.1", headers), Ok(Principal::Local), "{headers:?}");
            assert_eq!(who("192.168.1.7", headers), Ok(Principal::Anonymous), "{headers:?}");
        }
        for headers in [
            &[("x-forwarded-for", "203.0.113.9")][..],
            &[("forwarded", "for=203.0.113.9")],
            &[("host", "evil.example:8420")],
            &[("host", "127.0.0.1:8420"), ("origin", "http://evil.example")],
            &[("host", "127.0.0.1:8420"), ("origin", "null")],
            &[("host", "127.0.0.1.evil.example"), ("origin", "http://127.0.0.1.evil.example")],
        ] {
            assert_eq!(who("127.0.0.1", headers), Ok(Principal::Anonymous), "{headers:?}");
        }
    }
}
