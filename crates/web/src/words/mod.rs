//! The words of pages, in Vietnamese and English, from Fluent message files.
//!
//! Sentences are whole messages with places for values; no page glues a sentence from pieces. Numbers that a message
//! is given are written the way its language writes them.

mod house;
mod lang;
mod speech;

pub(crate) use house::speech;
pub use lang::Lang;
pub use speech::{Args, Speech, WordsError, args};
