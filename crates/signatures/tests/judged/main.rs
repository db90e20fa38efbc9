//! Signatures are judged by those who did not make them: `pdfsig`, `qpdf` and `openssl`, against an authority that
//! `openssl` makes. What is altered, revoked, expired or by strangers is found.

mod authority;
mod bound;
mod fixture;
mod made;
mod refused;
mod revoked;
mod tampered;
mod tools;
