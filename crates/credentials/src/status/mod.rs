//! Which credentials are revoked or suspended (IETF Token Status List): one number for each, packed and signed. Whoever
//! verifies a card fetches one small file for all of them, so that nobody learns whose card was looked at.

mod list;
mod token;

pub use list::{Bits, List, Standing};
pub use token::{CWT_TYPE, Fresh, JWT_TYPE, Times, Token, sign_cwt, sign_jwt};
