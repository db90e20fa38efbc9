//! Geometry of a layer and the signs that its points carry.

use serde::{Deserialize, Serialize};

/// What the entities of a layer are on the ground.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Points, drawn as signs.
    #[default]
    Point,
    /// Lines.
    Line,
    /// Areas.
    Polygon,
}

/// The sign of a point. Classes differ in colour and, where it matters, in sign, so that colour is never alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say what they draw")]
pub enum Sign {
    #[default]
    Circle,
    Square,
    Triangle,
    Diamond,
    Drop,
    Bus,
    Star,
    Pentagon,
    Cross,
    Ring,
    Temple,
    Wave,
}

impl Sign {
    /// All signs.
    pub const ALL: [Self; 12] = [
        Self::Circle,
        Self::Square,
        Self::Triangle,
        Self::Diamond,
        Self::Drop,
        Self::Bus,
        Self::Star,
        Self::Pentagon,
        Self::Cross,
        Self::Ring,
        Self::Temple,
        Self::Wave,
    ];

    /// Its name, as the packs write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Circle => "circle",
            Self::Square => "square",
            Self::Triangle => "triangle",
            Self::Diamond => "diamond",
            Self::Drop => "drop",
            Self::Bus => "bus",
            Self::Star => "star",
            Self::Pentagon => "pentagon",
            Self::Cross => "cross",
            Self::Ring => "ring",
            Self::Temple => "temple",
            Self::Wave => "wave",
        }
    }

    /// Its outline as an SVG path in a box of 20 by 20. Legends, lists and the map draw the same outline.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Circle => "M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14z",
            Self::Square => "M4 4h12v12h-12z",
            Self::Triangle => "M10 2.5l8 14.5h-16z",
            Self::Diamond => "M10 1.5l8.5 8.5l-8.5 8.5l-8.5-8.5z",
            Self::Drop => "M10 1.5c3.2 4.4 5.8 7.3 5.8 10.7a5.8 5.8 0 0 1-11.6 0c0-3.4 2.6-6.3 5.8-10.7z",
            Self::Bus => {
                "M4 2.5h12a1.5 1.5 0 0 1 1.5 1.5v11h-1.5v2.5h-3v-2.5h-6v2.5h-3v-2.5h-1.5v-11a1.5 1.5 0 0 1 1.5-1.5zM5 5v5h10v-5z"
            }
            Self::Star => "M10 1.5l2.5 5.6l6.1 .6l-4.6 4l1.4 6l-5.4-3.2l-5.4 3.2l1.4-6l-4.6-4l6.1-.6z",
            Self::Pentagon => "M10 2l8 5.8l-3 9.7h-10l-3-9.7z",
            Self::Cross => "M7.5 2.5h5v5h5v5h-5v5h-5v-5h-5v-5h5z",
            Self::Ring => "M10 2.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15zM10 6a4 4 0 1 0 0 8a4 4 0 1 0 0-8z",
            Self::Temple => {
                "M10 2c2.4 2.6 5 4 8.5 4.2c-.2 1.6-.9 2.7-2 3.4v7.9h-13v-7.9c-1.1-.7-1.8-1.8-2-3.4c3.5-.2 6.1-1.6 8.5-4.2z"
            }
            Self::Wave => "M1.5 9c2-3 4.2-3 6.2-1.2s3.6 1.6 5.4-.2s3.4-1.8 5.4 0v8.9h-17z",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_write_signs_by_name() {
        for sign in Sign::ALL {
            let json = serde_json::to_string(&sign).unwrap();
            assert_eq!(json, format!("\"{}\"", sign.name()));
            assert!(sign.path().starts_with('M') && sign.path().ends_with('z'));
        }
    }
}
