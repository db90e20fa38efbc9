//! A case as it is kept in the graph.

mod applicant;
pub(crate) mod marks;
mod read;
mod write;

use dinh_cases::{Case, Channel, Outcome};
use dinh_model::{EntityId, Timestamp};

pub use applicant::{Applicant, ApplicantKind};
pub(crate) use write::{Around, desk_of, drawn};

/// A case of the graph, as somebody sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// The entity.
    pub id: EntityId,
    /// Its version: an action is taken on the one that was looked at.
    pub version: u64,
    /// Of which kind it is.
    pub kind: String,
    /// Of which version of it.
    pub kind_version: u32,
    /// Its number, once it has one.
    pub number: Option<String>,
    /// Where it stands.
    pub state: String,
    /// How it came in.
    pub channel: Channel,
    /// When it was opened.
    pub opened: Timestamp,
    /// When it was received, once it was.
    pub received: Option<Timestamp>,
    /// When it is due; none before its clock has begun and while it stands still.
    pub due: Option<Timestamp>,
    /// When it ended, and how.
    pub ended: Option<(Timestamp, Outcome)>,
    /// Whether it ended in time, once it has ended.
    pub on_time: Option<bool>,
    /// When the step that it waits for is due.
    pub desk_due: Option<Timestamp>,
    /// The unit on whose desk it lies.
    pub desk: Option<EntityId>,
    /// The unit that received it.
    pub receiving: EntityId,
    /// The unit that handles it.
    pub handling: EntityId,
    /// The unit with the power to decide it.
    pub competent: EntityId,
    /// The account to which it was given.
    pub assignee: Option<String>,
    /// The account that filed it.
    pub account: Option<String>,
    /// The case of which it is a part.
    pub parent: Option<EntityId>,
    /// Who applies; none if that is masked.
    pub applicant: Option<Applicant>,
    /// Their name as it may be shown in lists: perhaps masked.
    pub applicant_name: String,
    /// The machine's own; none if that is masked.
    pub case: Option<Case>,
    /// What the applicant thinks of how it was settled, from 1 to 5.
    pub rating: Option<u8>,
}
