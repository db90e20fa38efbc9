//! Map layers: what the packs say about which entities are shown, where, with which sign and in which class of value.
//!
//! A layer is data (`packs/<pack>/layers/<layer>.toml`). Map, list, legend and live changes all go through one
//! [`Item`], so they cannot disagree.

mod class;
mod colour;
mod definition;
mod extras;
mod item;
mod registry;
mod shape;

pub use class::{ATTENTION, Class};
pub use colour::{Colour, TOKENS};
pub use definition::{ChartKind, Column, Foremost, Layer, LayerError, ValueOf};
pub use extras::{Around, Threshold};
pub use item::{Item, ItemValue, Place, REPLAY_OF, name_of, replay_of};
pub use registry::{Error, Layers};
pub use shape::{Shape, Sign};
