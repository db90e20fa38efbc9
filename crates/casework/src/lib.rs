//! Floor 4: cases in the graph. `dinh_cases` says what a case is and what may be done with it; here cases are opened, kept,
//! found, counted and told of.
//!
//! A case is an entity of the type that its kind names (`Dossier`). One attribute of it, `case`, holds what the machine
//! knows and is sealed as personal data; the others are drawn from it with every step, so that queues, maps and queries
//! find cases by the means of the graph. Nobody writes a case as an entity: it goes by its actions, each of which is one
//! commit on the version that was looked at, with its number, its counts and the notices that it gives rise to. What
//! happened to a case is what the feed and the audit say of its entity.
//!
//! * **Numbers** have no gaps: a number is given in the commit that gives it to a case, and the next one waits for it.
//! * **Counts** ([`Tally`]) are added up in the same commits, by month, unit and procedure. Nobody types a report.
//! * **Notices** are records of the same commits, and are sent afterwards, at least once.
//! * **Whoever tries what they may not** is told what is wrong, and the audit notes that they tried.

mod dossier;
mod error;
mod facade;
mod pack;

pub use dossier::{Applicant, ApplicantKind, Dossier, NumberRule};
pub use error::Error;
pub use facade::{
    About, Among, AtCounter, AtDesk, Batch, Brought, BroughtStep, By, ByHand, CHARGED, CardShown, Casework,
    Channel, Charged, Checked, Complaint, Contact, Contacts, Days, Draft, DraftContent, Earlier, Filed,
    Filing, Followed, Found, HeldDocument, Issued, IssuedPage, Line, ListAsked, Listed, Measured, Messenger,
    NotSent, Notice, Notices, OPINE, PaperOf, Period, Pick, Place, Queue, QueuePage, Scale, Shown, Signed,
    Signer, Slot, Standing, Tallies, Tally, Then, Ticket, TicketState, TicketStep, Trial, TrialNotice,
    TrialStart, TrialStep, Tried, Untold, Value, WAIT, Wall, Ways, Which,
};
pub use pack::{Group, Indicator, IndicatorSet, Message, Messages, templates};
