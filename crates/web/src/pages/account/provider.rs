//! Signing in with an identity provider, and linking one's account with one: away to the provider's page, and back.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse as _, Redirect, Response};
use dinh_identity::oidc::Provider;
use dinh_identity::{Departure, Return};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};

use super::enter::{go_on_with, place, show_refused};
use super::own::{refused, to_sign_in};
use super::private;
use crate::pages::fault::Fault;
use crate::pages::frame::{Here, frame, page};
use crate::pages::view;
use crate::pages::visitor::{Visitor, encode};
use crate::router::cookie;
use crate::words::Lang;

/// What the browser keeps while somebody is away.
const AWAY: &str = "dinh-away";
/// The same where browsers come by HTTPS.
const AWAY_SECURE: &str = "__Host-dinh-away";
/// Seconds that somebody may be away.
const PATIENCE: u32 = 600;

/// Where to go after signing in.
#[derive(Deserialize)]
pub(in crate::pages) struct Next {
    #[serde(default)]
    next: Option<String>,
}

/// What the provider sends the browser back with (OpenID Connect Core 1.0, 3.1.2.5; RFC 9207).
#[derive(Deserialize)]
pub(in crate::pages) struct Back {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    iss: Option<String>,
}

#[derive(Serialize)]
struct Values {
    page: view::Frame,
    provider: String,
    /// The provider's page.
    href: String,
    back: String,
}

/// What people call a provider.
pub(super) fn title(provider: &Provider, lang: Lang) -> String {
    let titles = provider.title();
    let title = titles.get(lang.tag()).or_else(|| titles.values().next());
    title.map_or_else(|| provider.name().to_owned(), Clone::clone)
}

/// `GET /{tenant}/sign-in/with/{provider}`: away to the provider's page.
pub(in crate::pages) async fn leave(
    visitor: Visitor,
    Path((_tenant, name)): Path<(String, String)>,
    Query(next): Query<Next>,
) -> Result<Response, Fault> {
    let next = place(&visitor, next.next.as_deref());
    match visitor.app.identity.provider_begin(&name, &redirect(&visitor), None).await {
        Ok(departure) => {
            let away = Redirect::to(&departure.address).into_response();
            Ok(keeping(&visitor, &departure, &next, away))
        }
        Err(error) => show_refused(&visitor, &error, &next).await,
    }
}

/// `POST /{tenant}/account/with/{provider}`: a page that leads to the provider, to link the account. It is a link and no
/// redirect, because the content policy lets forms lead to our own pages only.
pub(in crate::pages) async fn link(
    visitor: Visitor,
    Path((_tenant, name)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let Some(present) = visitor.guest.present.as_ref() else { return Ok(to_sign_in(&visitor)) };
    let identity = &visitor.app.identity;
    let account = visitor.href("account");
    match identity.provider_begin(&name, &redirect(&visitor), Some(present)).await {
        Ok(departure) => {
            let provider = identity.providers().iter().find(|provider| provider.name() == name);
            let values = Values {
                page: frame(&visitor, visitor.lang().say("account-link-title"), Here::Account, ""),
                provider: provider.map(|provider| title(provider, visitor.lang())).unwrap_or_default(),
                href: departure.address.clone(),
                back: account.clone(),
            };
            let shown = private(page(&visitor, "away.html", values)?.into_response());
            Ok(keeping(&visitor, &departure, &account, shown))
        }
        Err(error) => refused(&visitor, present, &error).await,
    }
}

/// `GET /{tenant}/sign-in/back`: the provider has sent the browser back.
pub(in crate::pages) async fn back(
    visitor: Visitor,
    headers: HeaderMap,
    Query(back): Query<Back>,
) -> Result<Response, Fault> {
    let secure = visitor.app.settings.for_https();
    let kept = cookie(&headers, name_of_cookie(secure)).unwrap_or_default().to_owned();
    let (binding, next) = kept.split_once('.').unwrap_or((&kept, ""));
    let next = percent_encoding::percent_decode_str(next).decode_utf8_lossy();
    let next = place(&visitor, Some(next.as_ref()).filter(|next| !next.is_empty()));
    let returned = Return {
        state: &back.state,
        code: back.code.as_deref(),
        error: back.error.as_deref(),
        issuer: back.iss.as_deref(),
        binding,
    };
    let mut response = match visitor.app.identity.provider_finish(&returned, &visitor.guest.from).await {
        Ok(Some(answer)) => go_on_with(&visitor, answer, &next).await?,
        Ok(None) => private(Redirect::to(&visitor.href("account")).into_response()),
        Err(error) => show_refused(&visitor, &error, &next).await?,
    };
    response.headers_mut().append(SET_COOKIE, forgotten(secure));
    Ok(response)
}

/// The address to which providers send browsers back, as it is registered with them. What the request says of its host
/// is not believed: the configuration says under which address browsers know this server.
fn redirect(visitor: &Visitor) -> String {
    let site = visitor.app.settings.public_url.as_deref().unwrap_or_default();
    format!("{}{}", site.trim_end_matches('/'), visitor.href("sign-in/back"))
}

fn name_of_cookie(secure: bool) -> &'static str {
    if secure { AWAY_SECURE } else { AWAY }
}

/// An answer with which the browser keeps what shows that it was this one that began, and where to go on.
fn keeping(visitor: &Visitor, departure: &Departure, next: &str, mut response: Response) -> Response {
    let secure = visitor.app.settings.for_https();
    let (name, flag) = (name_of_cookie(secure), if secure { "; Secure" } else { "" });
    let value = format!("{}.{}", departure.binding, encode(next));
    let text = format!("{name}={value}; Path=/; Max-Age={PATIENCE}; HttpOnly; SameSite=Lax{flag}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    private(response)
}

fn forgotten(secure: bool) -> HeaderValue {
    HeaderValue::from_static(if secure {
        "__Host-dinh-away=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0"
    } else {
        "dinh-away=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    })
}
