//! Floor 0: signatures of documents that any reader accepts, made and checked. Pure: no files, network, clock or chance
//! of its own; keys, evidence, time and randomness come as arguments.
//!
//! Made are PAdES baseline signatures (ETSI EN 319 142-1): level B-B, and B-T with a time stamp. Signing has three steps,
//! so that the key may be anywhere: [`prepare`] adds to the document everything but the signature and says what to sign,
//! somebody signs, [`embed`] puts the signature in its place. Nothing that was there is touched, so earlier signatures
//! hold.
//!
//! Checked is each signature of a document by [`verify`]: that it covers all but itself, that nothing but signatures came
//! later, that it is by the certificate it names, that a path leads from there to somebody trusted, and whether anything
//! on it was revoked. What is found is told as [`Finding`]s; the words are for others. Time is that of a trusted time
//! stamp, otherwise now: what the computer of whoever signed said proves nothing.

mod algorithm;
mod appearance;
mod asn1;
mod certificate;
mod check;
mod cms;
mod font;
mod key;
mod pdf;
mod pem;
mod prepare;
mod raw;
mod report;
mod revocation;
mod stamp;
mod trust;

pub use algorithm::{Algorithm, Hash};
pub use appearance::{Look, Picture};
pub use certificate::{Certificate, CertificateFault};
pub use check::{Evidence, MOST_SIGNATURES, certificates, verify};
pub use font::FontFault;
pub use key::{KeyFault, SoftwareKey, Subject, request, signed_request};
pub use pdf::{LARGEST, PdfFault, Unreadable, bind};
pub use prepare::{Field, Prepared, SignFault, Signing, check_signature, embed, prepare};
pub use report::{Finding, Link, Report, Signature, Stamp, Verdict};
pub use revocation::{
    LONGEST_ANSWER, LONGEST_LIST, OcspAnswer, RevocationFault, RevocationList, ocsp_request,
};
pub use stamp::{LONGEST_STAMP, StampFault, StampQuestion, stamp_question};
pub use trust::{Anchor, Purpose, Trust, believed};
