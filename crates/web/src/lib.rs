//! Floor 6: HTTP. Thin: handlers translate, they do not decide.
//!
//! `api` is the machine's side: NGSI-LD and the house's own JSON. [`words`] and [`look`] say things in Vietnamese and
//! English, [`layers`] read what the packs put on the map, [`tiles`] draw it, `live` tells browsers what changes, `pages`
//! are the HTML that works without scripts. [`router()`] puts all of it behind one stack of middleware, [`App`] holds what
//! the handlers share.

mod api;
mod app;
pub(crate) mod assets;
mod display;
mod feeding;
pub mod layers;
mod live;
pub mod look;
pub(crate) mod pages;
mod procedures;
mod router;
mod settings;
pub mod tiles;
mod uploading;
pub mod words;

pub use app::{App, Parts, RenderMetrics, WriteKey};
pub use display::DisplayError;
pub use router::{Acme, Tls, TlsError, router, serve};
pub use settings::{Budget, HttpSettings, RateSettings};

/// The OpenAPI document of everything that machines may ask, as JSON text.
pub fn openapi() -> String {
    api::operations::openapi_text()
}
