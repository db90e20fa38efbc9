//! Floor 6: HTTP. Thin: handlers translate, they do not decide.
//!
//! [`words`] and [`look`] say things in Vietnamese and English, [`layers`] read what the packs put on the map, [`tiles`]
//! draw it, `live` tells browsers what changes, `pages` are the HTML that works without scripts.

pub(crate) mod assets;
pub mod layers;
pub mod look;
pub(crate) mod pages;
pub mod tiles;
pub mod words;

/// Everything that handlers share.
#[derive(Clone)]
pub struct App;
