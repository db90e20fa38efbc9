//! Second factors: one-time codes from a program on a telephone, and recovery codes on paper.

mod recovery;
mod totp;

pub(crate) use recovery::{fresh_codes, plain};
pub(crate) use totp::TotpSecret;
