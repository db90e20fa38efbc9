//! Vectors of the standards, other people's libraries, and what must be refused.

mod base45;
mod card;
mod cbor;
mod number;
mod sdjwt;
mod status;

use ring::rand::SystemRandom;

use crate::key::{IssuerKey, Signer};

/// A moment, in seconds since 1970: 21/11/2026.
const NOW: i64 = 1_795_219_200;

fn signer() -> Signer {
    let random = SystemRandom::new();
    let der = Signer::fresh(&random).unwrap();
    Signer::from_pkcs8(&der, &random).unwrap()
}

fn trusted(signer: &Signer) -> Vec<IssuerKey> {
    vec![IssuerKey { public: signer.public(), from: NOW - 86_400, until: None }]
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}
