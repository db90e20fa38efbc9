//! Against RFC 8949, appendix A, and the crate `ciborium`.

use proptest::prelude::*;

use super::unhex;
use crate::cbor::{Item, decode};

#[test]
fn the_examples_of_the_rfc() {
    let one = |number| Item::Int(number);
    let rows: Vec<(Item, &str)> = vec![
        (one(0), "00"),
        (one(23), "17"),
        (one(24), "1818"),
        (one(1000), "1903e8"),
        (one(1_000_000), "1a000f4240"),
        (one(1_000_000_000_000), "1b000000e8d4a51000"),
        (one(-1), "20"),
        (one(-1000), "3903e7"),
        (Item::Bool(false), "f4"),
        (Item::Null, "f6"),
        (Item::Bytes(vec![1, 2, 3, 4]), "4401020304"),
        (Item::text("\u{6c34}"), "63e6b0b4"),
        (Item::List(vec![one(1), Item::List(vec![one(2), one(3)])]), "8201820203"),
        (Item::Map(vec![(one(1), one(2)), (one(3), one(4))]), "a201020304"),
        (Item::Tag(1, Box::new(one(1_363_896_240))), "c11a514b67b0"),
    ];
    for (item, written) in rows {
        assert_eq!(item.encode(), unhex(written), "{item:?}");
        assert_eq!(decode(&unhex(written)).unwrap(), item, "{written}");
    }
}

#[test]
fn what_cards_do_not_have_is_refused() {
    // Cut off, goes on, indefinite, a float, nested too deeply, the same key twice, a list of a billion.
    for wrong in ["19", "0000", "9f01ff", "f93c00", &"81".repeat(40), "a201020103", "9a3b9aca00", "61ff", ""]
    {
        assert!(decode(&unhex(wrong)).is_err(), "{wrong}");
    }
}

proptest! {
    #[test]
    fn another_library_reads_the_same(number in any::<i64>(), text in ".{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let item = Item::List(vec![Item::Int(number), Item::text(text.clone()), Item::Bytes(bytes.clone())]);
        let read: ciborium::Value = ciborium::from_reader(item.encode().as_slice()).unwrap();
        let expected = ciborium::Value::Array(vec![number.into(), text.into(), bytes.into()]);
        prop_assert_eq!(&read, &expected);
        let mut written = Vec::new();
        ciborium::into_writer(&expected, &mut written).unwrap();
        prop_assert_eq!(decode(&written).unwrap(), item);
    }

    #[test]
    fn nothing_makes_it_fall(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(decode(&bytes));
    }
}
