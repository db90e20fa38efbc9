//! The languages that pages speak.

use std::fmt;

/// A language of the pages. Vietnamese comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Vi, Self::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    /// The language of a tag such as `en-GB`, if pages speak it.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag).trim();
        Self::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }

    /// The language that an `Accept-Language` header (RFC 9110 clause 12.5.4) likes best, Vietnamese if it likes none.
    pub fn accepted(header: &str) -> Self {
        let mut best = (Self::Vi, 0.0_f32);
        for range in header.split(',').take(32) {
            let mut parts = range.split(';');
            let Some(lang) = parts.next().and_then(Self::from_tag) else { continue };
            let weight = parts
                .find_map(|p| p.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.trim().parse().unwrap_or(0.0));
            if weight > best.1 {
                best = (lang, weight);
            }
        }
        best.0
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_weighed() {
        for (header, lang) in [
            ("", Lang::Vi),
            ("en-GB,en;q=0.9", Lang::En),
            ("vi-VN,vi;q=0.9,en;q=0.8", Lang::Vi),
            ("fr;q=1, en;q=0.3, vi;q=0.2", Lang::En),
            ("de", Lang::Vi),
            ("en;q=0", Lang::Vi),
            ("en;q=nonsense", Lang::Vi),
        ] {
            assert_eq!(Lang::accepted(header), lang, "{header}");
        }
    }
}
