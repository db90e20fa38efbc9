//! Who looks at a page, and how they like it: province, language, light or dark.

use axum::extract::{FromRequestParts, RawPathParams};
use dinh_access::{Principal, Purpose};
use dinh_context::Session;
use dinh_context::packs::Province;
use dinh_model::{Entity, Term, Timestamp};
use dinh_ngsild::context::Context as LdContext;
use http::header::{ACCEPT_LANGUAGE, HOST};
use http::request::Parts;
use http::{HeaderMap, Uri};

use super::fault::Fault;
use super::present::Voice;
use crate::app::App;
use crate::layers::name_of;
use crate::router::{Guest, taste_cookie};
use crate::words::Lang;

/// Name of the cookie with the language.
pub(super) const LANG: &str = "lang";
/// Name of the cookie with light or dark.
pub(super) const THEME: &str = "theme";

/// How somebody likes pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Taste {
    pub(super) lang: Lang,
    pub(super) theme: Theme,
}

/// Light, dark, or as the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(super) const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Taste {
    /// From the cookies; the language from `Accept-Language` if no cookie says it.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let accepted = || {
            let header = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
            Lang::accepted(header.unwrap_or_default())
        };
        Self {
            lang: taste_cookie(headers, LANG).and_then(Lang::from_tag).unwrap_or_else(accepted),
            theme: taste_cookie(headers, THEME).and_then(Theme::from_name).unwrap_or_default(),
        }
    }
}

/// Somebody who looks at a page of a province.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) app: App,
    pub(super) session: Session,
    /// Who they are, if they are signed in, and from where they come.
    pub(super) guest: Guest,
    pub(super) province: Province,
    pub(super) taste: Taste,
    pub(super) uri: Uri,
    pub(super) now: Timestamp,
    /// The name by which they have reached this server.
    pub(super) host: Option<String>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let taste = Taste::of(&parts.headers);
        let params = RawPathParams::from_request_parts(parts, app).await;
        let named = params.ok().and_then(|params| {
            params.iter().find(|(name, _)| *name == "tenant").map(|(_, tenant)| tenant.to_owned())
        });
        let province = named.as_deref().and_then(|name| app.context.packs().province(name));
        let province = province.ok_or_else(|| Fault::not_found(taste))?.clone();
        let guest = Guest::from_request_parts(parts, app)
            .await
            .map_err(|refusal| Fault::refused(taste, refusal.status()))?;
        let purpose = match guest.principal {
            Principal::Anonymous => Purpose::PublicInformation,
            _ => Purpose::Operations,
        };
        Ok(Self {
            session: app
                .context
                .session(guest.principal.clone(), province.tenant.clone(), purpose)
                .from_origin(guest.origin()),
            guest,
            app: app.clone(),
            province,
            taste,
            uri: parts.uri.clone(),
            now: app.context.clock().now(),
            host: parts.headers.get(HOST).and_then(|host| host.to_str().ok()).map(str::to_owned),
        })
    }
}

impl Visitor {
    /// The language.
    pub(super) fn lang(&self) -> Lang {
        self.taste.lang
    }

    /// The title in the visitor's language.
    pub(super) fn title<'t>(&self, titles: &'t dinh_context::packs::Titles) -> &'t str {
        titles.in_language(self.taste.lang.tag())
    }

    /// The name of an entity, as its type says.
    pub(super) fn name_of(&self, entity: &Entity) -> String {
        let described = self.app.context.types().of(&entity.types).next();
        let label = described.map_or("name", |described| described.label.as_str());
        name_of(entity, &LdContext::core().expand(label), self.lang()).to_string()
    }

    /// Says values of entities with these types.
    pub(super) fn voice<'v>(&'v self, types: &'v [Term]) -> Voice<'v> {
        let described = self.app.context.types().of(types).next();
        Voice {
            lang: self.lang(),
            words: &self.app.display().pack_words,
            pack: described.map(|d| d.pack.as_str()),
        }
    }

    /// An address below the province's.
    pub(super) fn href(&self, path: &str) -> String {
        format!("/{}/{path}", self.province.tenant)
    }

    /// The page of an entity.
    pub(super) fn entity_href(&self, id: &str) -> String {
        self.href(&format!("entity/{}", encode(id)))
    }
}

/// A text as one segment of a path.
pub(super) fn encode(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const SEGMENT: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b':').remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'@');
    utf8_percent_encode(text, SEGMENT).to_string()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::COOKIE;

    use super::*;

    #[test]
    fn cookies_win_over_headers() {
        let headers = |cookie: &'static str, accept: &'static str| {
            HeaderMap::from_iter([
                (COOKIE, HeaderValue::from_static(cookie)),
                (ACCEPT_LANGUAGE, HeaderValue::from_static(accept)),
            ])
        };
        let taste = Taste::of(&headers("a=1; lang=en; theme=dark", "vi"));
        assert_eq!((taste.lang, taste.theme), (Lang::En, Theme::Dark));
        let taste = Taste::of(&headers("language=en; theme=pink", "en-GB"));
        assert_eq!((taste.lang, taste.theme), (Lang::En, Theme::Auto));
        let taste = Taste::of(&headers("lang=vi; __Host-lang=en; __Host-theme=light; theme=dark", "vi"));
        assert_eq!((taste.lang, taste.theme), (Lang::En, Theme::Light), "what only this host can set counts");
        assert_eq!(Taste::of(&HeaderMap::new()).lang, Lang::Vi);
    }

    #[test]
    fn identifiers_become_one_segment() {
        assert_eq!(encode("urn:ngsi-ld:Trạm:1/2?x"), "urn:ngsi-ld:Tr%E1%BA%A1m:1%2F2%3Fx");
    }
}
