//! Floor 5: documents that are signed where they are issued. `dinh_casework` numbers and issues documents, `dinh_signing`
//! keeps keys and makes signatures; here is said whose key may sign which document, as what and in which order, and what its
//! signatures are worth later.
//!
//! * **The key says as what**: a person's key signs for whoever decides the case, a seal for the agency, by the hand of its
//!   records clerk. Both must be of the unit that issues the document.
//! * **What does not verify does not get in**: a signed file takes the place of the one before only if all of its signatures
//!   hold by the trusted authorities and by what is known of revocation. Its bytes, its digest and the record of who signed
//!   are one commit.
//! * **A batch** is confirmed once and answered one by one; what cannot be signed holds back nothing else. Done again, it
//!   goes on where it stopped.

mod elsewhere;
mod error;
mod facade;
mod seen;
mod status;
mod waiting;

pub use elsewhere::{MOST_ELSEWHERE, Returned, Started};
pub use error::Error;
pub use facade::{Begun, Done, MOST, Signatory};
