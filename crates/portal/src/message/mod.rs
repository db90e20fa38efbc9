//! Messages of the national public-service portal, field by field under its own names (`DongBoHoSoMC`,
//! `CapNhatTienDoHoSoMC`), and how they are drawn from a dossier.

mod bounds;
mod dossier;
mod lists;
mod progress;
mod text;
pub mod when;
mod write;

pub use bounds::Fault;
pub use dossier::DossierMessage;
pub use lists::{Attachment, Charge, Identity, OtherPaper, Outcome, Source, Supplement};
pub use progress::{AT_ONCE, Progress, progress};
pub use text::flat;
pub use write::{Around, Origin, Paper, dossier, national};
