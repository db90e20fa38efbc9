//! Colours of classes: a token of the design, or an official colour.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Names of the tokens that a class may use.
pub const TOKENS: [&str; 11] =
    ["ink", "quiet", "lacquer", "river", "gold", "ok", "watch", "warn", "danger", "extreme", "line"];

/// A colour: `river`, or `#00E400`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Colour {
    /// A token: light and dark are known to the style sheet.
    Token(&'static str),
    /// An sRGB colour.
    Rgb(u8, u8, u8),
}

impl Colour {
    /// Reads a token's name or `#RRGGBB`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(token) = TOKENS.into_iter().find(|t| *t == text) {
            return Some(Self::Token(token));
        }
        let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
        let number = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some(Self::Rgb(r, g, b))
    }
}

impl Colour {
    /// True for the quiet tokens and for colours without much of a hue.
    pub fn is_grey(&self) -> bool {
        match self {
            Self::Token(name) => matches!(*name, "quiet" | "line" | "ink"),
            Self::Rgb(r, g, b) => r.max(g).max(b) - r.min(g).min(b) < 24,
        }
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(name) => f.write_str(name),
            Self::Rgb(r, g, b) => write!(f, "#{r:02X}{g:02X}{b:02X}"),
        }
    }
}

impl Serialize for Colour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Colour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!("{text:?} is not a colour: write #RRGGBB or one of {TOKENS:?}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_tokens_and_rgb_only() {
        assert_eq!(Colour::parse("river"), Some(Colour::Token("river")));
        assert_eq!(Colour::parse("#00E400").map(|c| c.to_string()), Some("#00E400".to_owned()));
        assert!(Colour::Rgb(0x5B, 0x56, 0x4E).is_grey() && !Colour::Rgb(0x0B, 0x5C, 0x73).is_grey());
        for bad in ["blue", "#00E40", "#00E4000", "00E400", "#GGGGGG", "#é0000", ""] {
            assert_eq!(Colour::parse(bad), None, "{bad}");
        }
    }
}
