//! A leaf: sets type with typst. Nothing else links it, and only the binary links this crate; all others know
//! `dinh_documents::Typeset` alone.
//!
//! A [`Press`] has its fonts built in and its templates from the packs. It has no files, no network, no packages and no
//! clock: the same sheet becomes the same bytes. What it makes is PDF/A-2u with tagged text. Values come into a template as
//! data, never as text of the template, so that nothing that somebody wrote is ever executed.

mod faults;
mod fonts;
mod press;
mod spot;
mod world;

pub use press::Press;
