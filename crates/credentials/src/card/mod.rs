//! The signed card in a QR: claims as CWT (RFC 8392) in COSE_Sign1, packed with zlib, written in base45.
//!
//! It holds what the card shows and nothing more: no personal number, no date of birth, no address. Whoever scans it learns
//! what stands on the card, that the issuer said so, and where to look up whether it still holds. It is the same for
//! everybody who copies it: that the bearer is the holder is told by the picture alone.

mod claims;
mod qr;

pub use claims::{CardClaims, CardKind, photo_hash};
pub use qr::{LONGEST_TEXT, OpenedCard, PREFIX, open, seal};
