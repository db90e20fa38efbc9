//! What the program says to people, in both languages of the house: Vietnamese first, English second.
//!
//! An error is [`Said`]; what the system or a parser told stands below it as its cause and stays as it is. [`Told`]
//! puts a chain of them into the lines that people read. Logs are for machines and those who mind them: English only.

mod error;
mod foreign;
mod told;

pub(crate) use dinh_feeds::Words;
pub(crate) use error::{OrSay, Said, said};
pub(crate) use told::{Told, both, decimal, place};
