//! Floor 2: what an official document is, before anybody types, keeps or shows it. Pure.
//!
//! A [`Sheet`] says which template is to be set with which values; whoever can set type ([`Typeset`]) makes a PDF of it.
//! A document goes from [`Standing`] to standing and never back; its [`Code`] leads whoever holds it, on paper or on a
//! screen, to the page that says whether it is genuine; its [`Digest`] says whether a file is the one that was issued.
//! What is added to it later, as signatures are, must leave every byte of it where it is ([`appended`]).

mod append;
mod code;
mod digest;
mod fault;
mod official;
mod qr;
mod register;
mod sheet;
mod spot;
mod standing;

pub use append::{Altered, appended};
pub use code::Code;
pub use digest::Digest;
pub use fault::{Fault, Place};
pub use official::{day_in_words, heading};
pub use qr::qr_svg;
pub use register::{Column, Register};
pub use sheet::{NoPress, Sheet, Template, Typeset};
pub use spot::{Laid, Places, Spot};
pub use standing::{Move, Standing, Standstill};
