//! COSE_Sign1 (RFC 9052, section 4.2): CBOR with a signature, by ES256 alone.

use ring::rand::SecureRandom;

use crate::Refused;
use crate::cbor::{self, Item};
use crate::key::{PublicKey, Signer};

const WHAT: &str = "COSE_Sign1";
/// The tag of a message with one signature.
const TAG: u64 = 18;
/// Labels of header parameters (RFC 9052, section 3.1; RFC 9596 for the type).
const ALG: Item = Item::Int(1);
const CRIT: Item = Item::Int(2);
const KID: Item = Item::Int(4);
const TYP: Item = Item::Int(16);
/// ES256 (RFC 9053, section 2.1).
const ES256: i64 = -7;

/// A signed message that was taken apart, and is not yet believed.
#[derive(Clone, Debug)]
pub struct Sign1 {
    protected: Vec<u8>,
    header: Item,
    unprotected: Item,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// Signs a payload. The protected header names algorithm, key, and type where there is one.
///
/// # Errors
/// [`Refused::Key`] if there is no randomness.
pub fn sign(
    typ: Option<&str>,
    kid: &[u8],
    payload: &[u8],
    signer: &Signer,
    random: &dyn SecureRandom,
) -> Result<Vec<u8>, Refused> {
    let mut header = vec![(ALG, Item::Int(ES256)), (KID, Item::Bytes(kid.to_vec()))];
    header.extend(typ.map(|typ| (TYP, Item::text(typ))));
    let protected = Item::Map(header).encode();
    let signature = signer.sign(&to_be_signed(&protected, payload), random)?;
    let parts = vec![
        Item::Bytes(protected),
        Item::Map(Vec::new()),
        Item::Bytes(payload.to_vec()),
        Item::Bytes(signature),
    ];
    Ok(Item::Tag(TAG, Box::new(Item::List(parts))).encode())
}

/// What the signature is over (RFC 9052, section 4.4).
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let parts = vec![
        Item::text("Signature1"),
        Item::Bytes(protected.to_vec()),
        Item::Bytes(Vec::new()),
        Item::Bytes(payload.to_vec()),
    ];
    Item::List(parts).encode()
}

impl Sign1 {
    /// Takes a message apart. Nothing is verified yet.
    ///
    /// # Errors
    /// [`Refused::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Self, Refused> {
        let wrong = |why: &str| Refused::malformed(WHAT, why);
        let item = match cbor::decode(bytes)? {
            Item::Tag(TAG, item) => *item,
            _ => return Err(wrong("the tag 18 is missing")),
        };
        let parts = item.as_list().unwrap_or_default();
        let [
            Item::Bytes(protected),
            unprotected @ Item::Map(_),
            Item::Bytes(payload),
            Item::Bytes(signature),
        ] = parts
        else {
            return Err(wrong("four parts are needed: header, header, payload, signature"));
        };
        let header = cbor::decode(protected)?;
        if header.get(&ALG).and_then(Item::as_int) != Some(ES256) {
            return Err(wrong("the algorithm is not ES256"));
        }
        if header.get(&CRIT).is_some() {
            return Err(wrong("the header asks for what is not known here"));
        }
        Ok(Self {
            protected: protected.clone(),
            header,
            unprotected: unprotected.clone(),
            payload: payload.clone(),
            signature: signature.clone(),
        })
    }

    /// Name of the key, from either header: it says where to look, and the signature whether it is so.
    pub fn kid(&self) -> &[u8] {
        let found = self.header.get(&KID).or_else(|| self.unprotected.get(&KID));
        found.and_then(Item::as_bytes).unwrap_or_default()
    }

    /// The type; empty if it says none.
    pub fn typ(&self) -> &str {
        self.header.get(&TYP).and_then(Item::as_text).unwrap_or_default()
    }

    /// The payload, once the signature fits.
    ///
    /// # Errors
    /// [`Refused::BadSignature`].
    pub fn payload(&self, key: &PublicKey) -> Result<&[u8], Refused> {
        key.verify(&to_be_signed(&self.protected, &self.payload), &self.signature)?;
        Ok(&self.payload)
    }

    /// The payload, signed by whomever.
    pub fn unverified(&self) -> &[u8] {
        &self.payload
    }
}
