//! Status lists: the vectors of the draft, the bar of a million cards, and what is refused.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use coset::TaggedCborSerializable as _;
use proptest::prelude::*;
use ring::rand::SystemRandom;

use super::{NOW, signer, trusted};
use crate::status::{Bits, Fresh, List, Standing, Times, Token, sign_cwt, sign_jwt};

const URI: &str = "https://dinh.example/lam-dong/cards/status/1";
const TIMES: Times = Times { issued: NOW - 60, expires: NOW + 86_400, ttl: 3_600 };

fn list(bits: Bits, numbers: &[u8]) -> List {
    let mut list = List::valid(bits, numbers.len());
    for (index, number) in numbers.iter().enumerate() {
        list.set(index, Standing::from_number(*number)).unwrap();
    }
    list
}

/// Sections 4.1 and 4.2 of the draft.
#[test]
fn the_short_examples_of_the_draft() {
    let one = list(Bits::One, &[1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    assert_eq!(one, List::of_bytes(Bits::One, vec![0xb9, 0xa3]));
    assert_eq!(List::unpack(Bits::One, &URL_SAFE_NO_PAD.decode("eNrbuRgAAhcBXQ").unwrap()).unwrap(), one);
    let two = list(Bits::Two, &[1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
    assert_eq!(two, List::of_bytes(Bits::Two, vec![0xc9, 0x44, 0xf9]));
    assert_eq!(List::unpack(Bits::Two, &URL_SAFE_NO_PAD.decode("eNo76fITAAPfAgc").unwrap()).unwrap(), two);
}

/// Appendix C of the draft: a list of 2^20 places.
#[test]
fn the_long_example_of_the_draft() {
    let lst = "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAA\
               AAAAAAAAAAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJ\
               sLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb";
    let read = List::unpack(Bits::One, &URL_SAFE_NO_PAD.decode(lst).unwrap()).unwrap();
    let mut expected = List::valid(Bits::One, 1 << 20);
    for at in [0, 1993, 25460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345] {
        expected.set(at, Standing::Invalid).unwrap();
    }
    assert_eq!(read, expected);
}

/// The bar: a million cards, of which 2 % are revoked and 0.5 % suspended (a card in fifty lost or given back within its
/// five years, and one in two hundred waiting for a decision), in a signed file under 150 KB.
#[test]
fn a_million_cards_are_a_small_file() {
    let mut list = List::valid(Bits::Two, 1_000_000);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for index in 0..1_000_000 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        match state % 1_000 {
            0..20 => list.set(index, Standing::Invalid).unwrap(),
            20..25 => list.set(index, Standing::Suspended).unwrap(),
            _ => {}
        }
    }
    let signer = signer();
    let jwt = sign_jwt(&list, URI, TIMES, &signer, &SystemRandom::new()).unwrap();
    let cwt = sign_cwt(&list, URI, TIMES, &signer, &SystemRandom::new()).unwrap();
    println!("a million cards: {} bytes as JWT, {} as CWT", jwt.len(), cwt.len());
    assert!(jwt.len() < 150_000, "{} bytes as JWT", jwt.len());
    assert!(cwt.len() < 110_000, "{} bytes as CWT", cwt.len());
    assert_eq!(Token::verify_jwt(&jwt, URI, &trusted(&signer)).unwrap().list, list);
}

#[test]
fn a_signed_list_is_believed_as_long_as_it_says() {
    let (signer, list) = (signer(), list(Bits::Two, &[0, 1, 2, 0]));
    let keys = trusted(&signer);
    let jwt = sign_jwt(&list, URI, TIMES, &signer, &SystemRandom::new()).unwrap();
    let cwt = sign_cwt(&list, URI, TIMES, &signer, &SystemRandom::new()).unwrap();
    let token = Token::verify_jwt(&jwt, URI, &keys).unwrap();
    assert_eq!(token, Token::verify_cwt(&cwt, URI, &keys).unwrap());
    assert_eq!(token.list.get(1), Ok(Standing::Invalid));
    assert_eq!(token.list.get(2), Ok(Standing::Suspended));
    assert!(token.list.get(4).is_err(), "beyond the end nothing is valid");
    assert_eq!(token.fresh_at(NOW), Fresh::Fresh);
    assert_eq!(token.fresh_at(NOW + 3_600), Fresh::Stale);
    assert_eq!(token.fresh_at(NOW + 86_400), Fresh::Over);
    let elsewhere = Token::verify_jwt(&jwt, "https://dinh.example/other", &keys).unwrap_err();
    assert_eq!(elsewhere.code(), "other");
    assert_eq!(
        Token::verify_jwt(&jwt, URI, &trusted(&super::signer())).unwrap_err().code(),
        "unknown-issuer"
    );
    assert_eq!(
        Token::verify_cwt(&cwt, URI, &trusted(&super::signer())).unwrap_err().code(),
        "unknown-issuer"
    );
    // A signature of the same key over something else is no status list.
    let other = crate::jwt::sign("kb+jwt", &serde_json::json!({"iat": NOW}), &signer, &SystemRandom::new());
    assert_eq!(Token::verify_jwt(&other.unwrap(), URI, &keys).unwrap_err().code(), "other");
}

#[test]
fn another_library_reads_the_cwt() {
    let (signer, list) = (signer(), list(Bits::Two, &[0, 1, 2, 0]));
    let cwt = sign_cwt(&list, URI, TIMES, &signer, &SystemRandom::new()).unwrap();
    let message = coset::CoseSign1::from_tagged_slice(&cwt).unwrap();
    message.verify_signature(b"", |signature, data| signer.public().verify(data, signature)).unwrap();
    let claims: ciborium::Value = ciborium::from_reader(message.payload.unwrap().as_slice()).unwrap();
    let (_, inner) = claims.as_map().unwrap().iter().find(|(key, _)| *key == 65_533.into()).unwrap().clone();
    let bits = inner.as_map().unwrap().iter().find(|(key, _)| key.as_text() == Some("bits")).unwrap();
    assert_eq!(bits.1, 2.into());
}

#[test]
fn a_bomb_is_refused() {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![0; 32 << 20]).unwrap();
    assert_eq!(List::unpack(Bits::Two, &packer.finish().unwrap()).unwrap_err().code(), "too-long");
}

proptest! {
    #[test]
    fn what_was_set_is_read(numbers in proptest::collection::vec(0_u8..4, 1..200)) {
        let list = list(Bits::Two, &numbers);
        let back = List::unpack(Bits::Two, &list.pack().unwrap()).unwrap();
        for (index, number) in numbers.iter().enumerate() {
            prop_assert_eq!(back.get(index).unwrap().number(), *number);
        }
    }
}
