//! Documents signed where they are issued: with an authority that openssl makes, judged by pdfsig and openssl.

#[path = "../../../signing/tests/signing/authority.rs"]
#[expect(dead_code, reason = "the tests of signing do more with it")]
mod authority;
mod elsewhere;
mod house;
mod judges;
mod many;
mod refused;
mod whole;
