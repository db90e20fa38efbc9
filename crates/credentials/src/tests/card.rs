//! Cards in a QR.

use coset::{CborSerializable as _, TaggedCborSerializable as _};
use ring::rand::SystemRandom;

use super::{NOW, signer, trusted, unhex};
use crate::card::{CardClaims, CardKind, LONGEST_TEXT, PREFIX, open, photo_hash, seal};
use crate::cose::Sign1;
use crate::key::{IssuerKey, PublicKey};
use crate::{Refused, base45};

fn claims() -> CardClaims {
    CardClaims {
        issued: NOW - 3_600,
        expires: NOW + 5 * 365 * 86_400,
        kind: CardKind::CivilServant,
        serial: 734_512,
        name: "Nguyễn Thị Phương Thảo".to_owned(),
        unit: "Sở Nông nghiệp và Môi trường".to_owned(),
        position: "Phó Trưởng phòng".to_owned(),
        photo: Some(photo_hash(b"a picture")),
    }
}

/// The signed bytes of a QR.
fn unpacked(text: &str) -> Vec<u8> {
    use std::io::Read as _;
    let packed = base45::decode(text.strip_prefix(PREFIX).unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn repacked(bytes: &[u8]) -> String {
    use std::io::Write as _;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    format!("{PREFIX}{}", base45::encode(&packer.finish().unwrap()))
}

#[test]
fn a_card_says_what_was_signed_and_fits_a_small_qr() {
    let signer = signer();
    let text = seal(&claims(), &signer, &SystemRandom::new()).unwrap();
    println!("{} bytes", text.len());
    assert!(text.len() <= LONGEST_TEXT, "{} bytes", text.len());
    assert_eq!(open(&text).unwrap().verify(&trusted(&signer), NOW).unwrap(), claims());
}

#[test]
fn what_does_not_fit_is_refused() {
    // Nothing in it comes again, so that it cannot be packed.
    let unit: String =
        (0..400_u32).map(|n| char::from_u32(0x1EA0 + n * n * 31 % 89).unwrap_or('ă')).collect();
    let long = CardClaims { unit, ..claims() };
    let refused = seal(&long, &signer(), &SystemRandom::new()).unwrap_err();
    assert_eq!(refused, Refused::TooLong { what: "QR", most: LONGEST_TEXT });
}

/// coset takes it apart by itself, and the signature is over what coset says that it is over.
#[test]
fn another_library_reads_and_verifies_it() {
    let signer = signer();
    let text = seal(&claims(), &signer, &SystemRandom::new()).unwrap();
    let message = coset::CoseSign1::from_tagged_slice(&unpacked(&text)).unwrap();
    let alg = coset::RegisteredLabelWithPrivate::Assigned(coset::iana::Algorithm::ES256);
    assert_eq!(message.protected.header.alg, Some(alg));
    assert_eq!(message.protected.header.key_id, signer.public().short_name());
    message.verify_signature(b"", |signature, data| signer.public().verify(data, signature)).unwrap();
    let claims = coset::cwt::ClaimsSet::from_slice(message.payload.as_ref().unwrap()).unwrap();
    assert_eq!(claims.expiration_time, Some(coset::cwt::Timestamp::WholeSeconds(self::claims().expires)));
    assert_eq!(claims.issued_at, Some(coset::cwt::Timestamp::WholeSeconds(NOW - 3_600)));
}

/// RFC 8392, appendices A.2.3 and A.3.
#[test]
fn the_signed_token_of_the_rfc() {
    let x = "143329cce7868e416927599cf65a34f3ce2ffda55a7eca69ed8919a394d42f0f";
    let y = "60f7f1a780d8a783bfb7a2dd6b2796e8128dbbcef9d3d168db9529971a36e7b9";
    let key = PublicKey::from_point(&unhex(&format!("04{x}{y}"))).unwrap();
    let token = unhex(
        "d28443a10126a104524173796d6d657472696345434453413235365850a70175636f61703a2f2f61732e6578616d706c652e636f\
         6d02656572696b77037818636f61703a2f2f6c696768742e6578616d706c652e636f6d041a5612aeb0051a5610d9f0061a5610d9\
         f007420b7158405427c1ff28d23fbad1f29c4c7c6a555e601d6fa29f9179bc3d7438bacaca5acd08c8d4d4f96131680c429a01f8\
         5951ecee743a52b9b63632c57209120e1c9e30",
    );
    let read = Sign1::read(&token).unwrap();
    assert_eq!(read.kid(), b"AsymmetricECDSA256");
    assert!(read.payload(&key).is_ok());
    let mut altered = token;
    *altered.last_mut().unwrap() ^= 1;
    assert_eq!(Sign1::read(&altered).unwrap().payload(&key), Err(Refused::BadSignature));
}

#[test]
fn every_altered_byte_is_found() {
    let signer = signer();
    let whole = unpacked(&seal(&claims(), &signer, &SystemRandom::new()).unwrap());
    for at in 0..whole.len() {
        let mut altered = whole.clone();
        altered[at] ^= 1;
        let verified = open(&repacked(&altered)).and_then(|card| card.verify(&trusted(&signer), NOW));
        assert!(verified.is_err(), "byte {at}");
    }
}

#[test]
fn times_and_issuers() {
    let (signer, other) = (signer(), signer());
    let text = seal(&claims(), &signer, &SystemRandom::new()).unwrap();
    let card = open(&text).unwrap();
    let refused = |keys: &[IssuerKey], now| card.verify(keys, now).unwrap_err().code();
    assert_eq!(refused(&trusted(&other), NOW), "unknown-issuer");
    assert_eq!(refused(&trusted(&signer), claims().expires), "expired");
    assert_eq!(refused(&trusted(&signer), claims().issued - 3_600), "not-yet");
    let retired = IssuerKey { public: signer.public(), from: 0, until: Some(NOW - 86_400) };
    assert_eq!(refused(&[retired], NOW), "key-not-valid");
}

#[test]
fn what_is_no_card_is_said_to_be_none() {
    for wrong in ["", "https://example.com", "DINH1:", "DINH1:BB8", "HC1:BB8", &"A".repeat(3_000)] {
        assert!(open(wrong).is_err(), "{wrong}");
    }
    // A bomb unpacks to a bound, not to a gigabyte.
    assert!(open(&repacked(&vec![0; 10 << 20])).is_err());
}
