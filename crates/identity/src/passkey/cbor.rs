//! As much of CBOR (RFC 8949) as authenticators write: the canonical form of CTAP 2, with definite lengths.

/// Deepest nesting.
const DEEPEST: u8 = 8;
/// Most items of an array or a map.
const MOST: u64 = 64;

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item<'a> {
    Int(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Array(Vec<Self>),
    Map(Vec<(Self, Self)>),
    /// `true`, `false`, `null`.
    Simple(u8),
}

/// Reads one item and answers what follows it, or `None` if it is not one.
pub(super) fn read(bytes: &[u8]) -> Option<(Item<'_>, &[u8])> {
    item(bytes, DEEPEST)
}

fn item(bytes: &[u8], depth: u8) -> Option<(Item<'_>, &[u8])> {
    let depth = depth.checked_sub(1)?;
    let (first, rest) = bytes.split_first()?;
    let (argument, rest) = argument(first & 31, rest)?;
    let length = usize::try_from(argument).ok()?;
    match first >> 5 {
        0 => Some((Item::Int(i64::try_from(argument).ok()?), rest)),
        1 => Some((Item::Int((-1_i64).checked_sub(i64::try_from(argument).ok()?)?), rest)),
        2 => rest.split_at_checked(length).map(|(bytes, rest)| (Item::Bytes(bytes), rest)),
        3 => {
            let (text, rest) = rest.split_at_checked(length)?;
            Some((Item::Text(std::str::from_utf8(text).ok()?), rest))
        }
        4 if argument <= MOST => {
            let (mut items, mut rest) = (Vec::with_capacity(length), rest);
            for _ in 0..length {
                let (one, after) = item(rest, depth)?;
                items.push(one);
                rest = after;
            }
            Some((Item::Array(items), rest))
        }
        5 if argument <= MOST => {
            let (mut items, mut rest) = (Vec::with_capacity(length), rest);
            for _ in 0..length {
                let (name, after) = item(rest, depth)?;
                let (value, after) = item(after, depth)?;
                items.push((name, value));
                rest = after;
            }
            Some((Item::Map(items), rest))
        }
        7 if first & 31 < 24 => Some((Item::Simple(first & 31), rest)),
        _ => None,
    }
}

/// The number that follows the first byte, or stands in it.
fn argument(short: u8, rest: &[u8]) -> Option<(u64, &[u8])> {
    let wide = |length: usize| {
        let (bytes, rest) = rest.split_at_checked(length)?;
        Some((bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)), rest))
    };
    match short {
        0..24 => Some((u64::from(short), rest)),
        24 => wide(1),
        25 => wide(2),
        26 => wide(4),
        27 => wide(8),
        _ => None,
    }
}

impl<'a> Item<'a> {
    /// The value under a number.
    pub(super) fn at(&self, name: i64) -> Option<&Item<'a>> {
        self.find(&Item::Int(name))
    }

    /// The value under a text.
    pub(super) fn named(&self, name: &'a str) -> Option<&Item<'a>> {
        self.find(&Item::Text(name))
    }

    fn find(&self, name: &Item<'a>) -> Option<&Item<'a>> {
        let Self::Map(items) = self else { return None };
        items.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    pub(super) fn int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn items_of_appendix_a_are_read() {
        let one = |bytes: &'static [u8]| read(bytes).unwrap().0;
        assert_eq!(one(&[0x18, 0x64]), Item::Int(100));
        assert_eq!(one(&[0x39, 0x03, 0xe7]), Item::Int(-1000));
        assert_eq!(one(&[0x44, 1, 2, 3, 4]), Item::Bytes(&[1, 2, 3, 4]));
        assert_eq!(one(&[0x62, 0xc3, 0xbc]), Item::Text("ü"));
        assert_eq!(one(&[0x82, 0x01, 0x20]), Item::Array(vec![Item::Int(1), Item::Int(-1)]));
        let map = one(&[0xa2, 0x01, 0x02, 0x61, 0x61, 0xf5]);
        assert_eq!((map.at(1), map.named("a")), (Some(&Item::Int(2)), Some(&Item::Simple(21))));
        assert_eq!(read(&[0x01, 0x02]).unwrap().1, [0x02]);
        for bad in [
            &[][..],
            &[0x18],
            &[0x44, 1],
            &[0x5f, 0x41, 0, 0xff],
            &[0x81; 20],
            &[0x9b, 255, 255, 255, 255, 255, 255, 255, 255],
        ] {
            assert_eq!(read(bad), None, "{bad:?}");
        }
    }

    proptest! {
        /// Whatever the bytes, reading them ends.
        #[test]
        fn reading_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(read(&bytes));
        }
    }
}
