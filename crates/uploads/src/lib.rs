//! Floor 1: what somebody uploads is looked at before it is kept.
//!
//! [`Checked::new`] is the one way from bytes that a stranger sent to bytes that may be kept: what a file is, is told by
//! its content, and both its name and its declared media type must agree. Pictures are decoded within bounds and written
//! anew, so that neither metadata (where it was taken, with which telephone) nor anything hidden behind the picture stays.
//! PDF that runs programs is refused, and archives that swell are counted as they unpack. [`Scanner`] hands what has
//! passed to a ClamAV of the province; where one is configured and does not answer, nothing is let through.
//!
//! Nothing here knows who uploads or where it is kept. No clock, no graph; the scanner alone speaks to another program.

mod archive;
mod checked;
mod clamav;
mod kind;
mod limits;
mod name;
mod pdf;
mod picture;
mod refused;

pub use checked::{Checked, Remark};
pub use clamav::{Scanner, ScannerAddress};
pub use kind::Kind;
pub use limits::Limits;
pub use picture::{emblem, points, portrait};
pub use refused::{Refused, Words};
