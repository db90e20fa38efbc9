//! CBOR (RFC 8949) as far as cards need it: written in the one deterministic way (section 4.2), read with bounds.

mod read;
mod write;

pub use read::decode;

/// An item. Floating-point numbers and indefinite lengths do not occur in cards and are refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An integer.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Item>),
    /// Pairs, in the order in which they are written.
    Map(Vec<(Item, Item)>),
    /// An item with a tag.
    Tag(u64, Box<Item>),
    /// True or false.
    Bool(bool),
    /// Nothing.
    Null,
}

impl Item {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The value of a key of a map; none if it is not there.
    pub fn get(&self, key: &Self) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs.iter().find(|(found, _)| found == key).map(|(_, value)| value)
    }

    /// The integer.
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> Option<&[u8]> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }
}
