//! RFC 9285, section 4.3 and 4.4.

use proptest::prelude::*;

use crate::base45::{decode, encode};

#[test]
fn the_examples_of_the_rfc() {
    for (plain, written) in [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581")] {
        assert_eq!(encode(plain.as_bytes()), written);
        assert_eq!(decode(written).unwrap(), plain.as_bytes());
    }
    assert_eq!(decode("QED8WEX0").unwrap(), b"ietf!");
}

#[test]
fn what_no_bytes_are_written_as_is_refused() {
    for wrong in ["GGW", "::", "A", "abc", "BB8\n", "ẮB"] {
        assert!(decode(wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn there_and_back(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(decode(&encode(&bytes)).unwrap(), bytes);
    }

    #[test]
    fn nothing_makes_it_fall(text in ".{0,100}") {
        drop(decode(&text));
    }
}
