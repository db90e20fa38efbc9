//! Keys, signing and checking, against an authority that openssl makes and a small server of it.

mod authority;
mod house;
mod keys;
mod signs;
