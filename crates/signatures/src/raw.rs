//! Signatures as tokens give them: ECDSA as two numbers side by side, where messages want them as DER.

use der::Encode as _;
use der::asn1::UintRef;

use crate::algorithm::Algorithm;

/// The signature as messages want it. What is not two numbers of the right length stays what it is.
pub(crate) fn as_der(signature: &[u8], algorithm: Algorithm) -> Vec<u8> {
    let half = match algorithm {
        Algorithm::EcdsaP256 => 32,
        Algorithm::EcdsaP384 => 48,
        Algorithm::RsaSha256 | Algorithm::RsaPssSha256 => return signature.to_vec(),
    };
    let (r, s) = match signature.split_at_checked(half) {
        Some((r, s)) if s.len() == half => (r, s),
        _ => return signature.to_vec(),
    };
    let both = || -> der::Result<Vec<u8>> {
        let mut body = UintRef::new(r)?.to_der()?;
        body.extend(UintRef::new(s)?.to_der()?);
        der::asn1::AnyRef::new(der::Tag::Sequence, &body)?.to_der()
    };
    both().unwrap_or_else(|_error| signature.to_vec())
}
