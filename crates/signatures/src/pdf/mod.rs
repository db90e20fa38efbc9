//! PDF as far as signatures need it: reading tables and objects, and adding to a file without touching what is there.

mod bind;
mod file;
mod filter;
mod increment;
mod object;
mod parse;
mod revisions;

pub use bind::bind;
pub(crate) use file::{Entry, File};
pub use file::{LARGEST, PdfFault};
pub(crate) use increment::Increment;
pub(crate) use object::hex;
pub(crate) use object::{Dict, Object};
pub use parse::Unreadable;
pub(crate) use revisions::{Later, what_came_later};
