//! Media types: what a body is, and what a client takes (CIM 009 clause 6.3.4).

use http::HeaderMap;
use http::header::{ACCEPT, CONTENT_TYPE};

use crate::api::reply::Refusal;

/// A representation of entities or of anything else in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    /// `application/json`: the `@context` is in a `Link` header.
    Json,
    /// `application/ld+json`: the `@context` is in the body.
    LdJson,
    /// `application/geo+json`: a GeoJSON feature or collection.
    GeoJson,
}

/// What every operation can answer with.
pub(crate) const JSON: &[Media] = &[Media::Json, Media::LdJson];
/// What the consumption of entities can answer with too.
pub(crate) const JSON_OR_GEO: &[Media] = &[Media::Json, Media::LdJson, Media::GeoJson];

/// Most media ranges read from one `Accept` header.
const MAX_RANGES: usize = 64;

impl Media {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::LdJson => "application/ld+json",
            Self::GeoJson => "application/geo+json",
        }
    }

    /// What the client likes best of `offered`. With equal weights the order of `offered` decides, not the client's.
    pub(crate) fn wanted(headers: &HeaderMap, offered: &[Self]) -> Result<Self, Refusal> {
        let mut ranges = Vec::new();
        for value in headers.get_all(ACCEPT) {
            let text = value.to_str().unwrap_or_default();
            ranges.extend(
                text.split(',').filter_map(Range::parse).take(MAX_RANGES - ranges.len().min(MAX_RANGES)),
            );
        }
        if ranges.is_empty() && !headers.contains_key(ACCEPT) {
            return Ok(Self::Json);
        }
        let mut best: Option<(u16, Self)> = None;
        for media in offered {
            let weight = weight(&ranges, media.name());
            if weight > best.map_or(0, |(most, _)| most) {
                best = Some((weight, *media));
            }
        }
        best.map(|(_, media)| media).ok_or_else(|| Refusal::not_acceptable(offered))
    }

    /// What the body is said to be; `patch` allows `application/merge-patch+json` (RFC 7396), which means JSON.
    pub(crate) fn of_body(headers: &HeaderMap, patch: bool) -> Result<Self, Refusal> {
        let value = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut parts = value.split(';');
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        for parameter in parts {
            if let Some((key, charset)) = parameter.split_once('=')
                && key.trim().eq_ignore_ascii_case("charset")
                && !charset.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
            {
                return Err(Refusal::unsupported_media(value, patch));
            }
        }
        match name.as_str() {
            "application/json" => Ok(Self::Json),
            "application/ld+json" => Ok(Self::LdJson),
            "application/merge-patch+json" if patch => Ok(Self::Json),
            _ => Err(Refusal::unsupported_media(value, patch)),
        }
    }
}

/// One media range with its weight in thousandths (RFC 9110 clause 12.5.1).
struct Range<'a> {
    name: &'a str,
    weight: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';');
        let name = parts.next()?.trim();
        if name.is_empty() {
            return None;
        }
        let q = parts.find_map(|p| p.trim().strip_prefix("q=").or_else(|| p.trim().strip_prefix("Q=")));
        Some(Self { name, weight: q.and_then(thousandths).unwrap_or(1000) })
    }

    /// How closely the range names `media`: 0 if it does not.
    fn fits(&self, media: &str) -> u8 {
        if self.name.eq_ignore_ascii_case(media) {
            3
        } else if self.name == "*/*" || self.name == "*" {
            1
        } else if self.name.strip_suffix("/*").is_some_and(|kind| {
            media.split_once('/').is_some_and(|(of_media, _)| of_media.eq_ignore_ascii_case(kind))
        }) {
            2
        } else {
            0
        }
    }
}

/// A weight such as `0.25`; `None` if it is none.
fn thousandths(text: &str) -> Option<u16> {
    let weight: f32 = text.trim().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
    (0.0..=1.0).contains(&weight).then(|| (weight * 1000.0).round() as u16)
}

/// The weight of `media`: that of the range that names it most closely.
fn weight(ranges: &[Range<'_>], media: &str) -> u16 {
    let closest = ranges.iter().filter(|r| r.fits(media) > 0).max_by_key(|r| r.fits(media));
    closest.map_or(0, |range| range.weight)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn accept(value: &str, offered: &[Media]) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_str(value).unwrap());
        Media::wanted(&headers, offered).ok()
    }

    #[test]
    fn the_list_of_the_standard_decides_between_equals() {
        use Media::{GeoJson, Json, LdJson};
        assert_eq!(Media::wanted(&HeaderMap::new(), JSON).unwrap(), Json);
        for (value, offered, expected) in [
            ("application/ld+json, application/json", JSON, Some(Json)),
            ("application/ld+json", JSON, Some(LdJson)),
            ("application/geo+json, application/json", JSON_OR_GEO, Some(Json)),
            ("application/geo+json", JSON_OR_GEO, Some(GeoJson)),
            ("application/geo+json", JSON, None),
            ("application/geo+json;q=0.9, application/ld+json;q=0.1", JSON, Some(LdJson)),
            ("application/json;q=0.1, application/ld+json;q=0.9", JSON, Some(LdJson)),
            ("application/json;q=0, */*", JSON, Some(LdJson)),
            ("*/*;q=0.9, application/ld+json;q=0.8", JSON, Some(Json)),
            ("application/ld+json;q=notanumber", JSON, Some(LdJson)),
            ("application/*", JSON, Some(Json)),
            ("*/*", JSON_OR_GEO, Some(Json)),
            ("text/html", JSON, None),
            ("*/*;q=0", JSON, None),
            ("", JSON, None),
        ] {
            assert_eq!(accept(value, offered), expected, "{value}");
        }
    }

    #[test]
    fn bodies_are_json_in_utf_8() {
        let of = |value: &str, patch| {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_str(value).unwrap());
            Media::of_body(&headers, patch).ok()
        };
        assert_eq!(of("application/json", false), Some(Media::Json));
        assert_eq!(of("Application/LD+JSON; charset=UTF-8", false), Some(Media::LdJson));
        assert_eq!(of("application/merge-patch+json", true), Some(Media::Json));
        assert_eq!(of("application/merge-patch+json", false), None);
        assert_eq!(of("application/json; charset=utf-16", false), None);
        assert_eq!(of("application/xml", true), None);
        assert!(Media::of_body(&HeaderMap::new(), false).is_err());
    }
}
