//! What a PDF is made of, and how it is written out again.

use std::fmt::Write as _;

/// The key of a dictionary or a name, without its slash and with `#xx` undone.
pub(crate) type Name = Vec<u8>;

/// An object of a PDF (ISO 32000-1, 7.3).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Object {
    /// Nothing; also what is referred to and is not there.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number as it is written, so that it can be written again as it was.
    Real(String),
    /// A name.
    Name(Name),
    /// A string of bytes.
    Text(Vec<u8>),
    /// A list.
    Array(Vec<Object>),
    /// A dictionary.
    Dict(Dict),
    /// A reference to the object with this number and generation.
    Ref(u32, u16),
    /// A dictionary with the bytes that belong to it, as they lie in the file (filters not undone).
    Stream(Dict, Vec<u8>),
}

/// A dictionary in the order in which it was written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dict(pub(crate) Vec<(Name, Object)>);

impl Dict {
    /// The value of `key`; the first, should there be several.
    pub(crate) fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(name, _)| name == key.as_bytes()).map(|(_, value)| value)
    }

    /// Sets `key`, in its place if it is there, at the end if it is not.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        match self.0.iter_mut().find(|(name, _)| name == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.0.push((key.as_bytes().to_vec(), value)),
        }
    }

    /// The dictionary without `keys`, sorted, so that two can be compared whatever order they were written in.
    #[must_use]
    pub(crate) fn without(&self, keys: &[&str]) -> Self {
        let mut rest: Vec<_> = self
            .0
            .iter()
            .filter(|(name, _)| !keys.iter().any(|key| key.as_bytes() == name))
            .cloned()
            .collect();
        rest.sort_by(|(a, _), (b, _)| a.cmp(b));
        Self(rest)
    }

    /// The name that `key` has.
    pub(crate) fn name(&self, key: &str) -> Option<&[u8]> {
        self.get(key).and_then(Object::as_name)
    }

    /// The whole number that `key` has.
    pub(crate) fn int(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Object::Int(number)) => Some(*number),
            _ => None,
        }
    }
}

impl Object {
    /// A name.
    pub(crate) fn named(name: &str) -> Self {
        Self::Name(name.as_bytes().to_vec())
    }

    /// Text that people read: UTF-16 with a byte order mark, which every reader understands.
    pub(crate) fn words(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Text(text.as_bytes().to_vec());
        }
        let mut bytes = vec![0xFE, 0xFF];
        bytes.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
        Self::Text(bytes)
    }

    /// The dictionary of a dictionary or a stream.
    pub(crate) fn as_dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) | Self::Stream(dict, _) => Some(dict),
            _ => None,
        }
    }

    /// The name, if it is one.
    pub(crate) fn as_name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The text that people read, if it is a string: UTF-16 or UTF-8 with their marks, otherwise one byte a character.
    pub(crate) fn as_words(&self) -> Option<String> {
        let Self::Text(bytes) = self else { return None };
        Some(match bytes.as_slice() {
            [0xFE, 0xFF, rest @ ..] => {
                let units: Vec<u16> =
                    rest.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                String::from_utf16_lossy(&units)
            }
            [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            plain => plain.iter().map(|byte| char::from(*byte)).collect(),
        })
    }

    /// Every reference in it, at any depth.
    pub(crate) fn references(&self, found: &mut Vec<u32>) {
        match self {
            Self::Ref(number, _) => found.push(*number),
            Self::Array(items) => items.iter().for_each(|item| item.references(found)),
            Self::Dict(dict) | Self::Stream(dict, _) => {
                dict.0.iter().for_each(|(_, value)| value.references(found));
            }
            _ => {}
        }
    }

    /// Writes it at the end of `out`.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.extend_from_slice(b"null"),
            Self::Bool(value) => out.extend_from_slice(if *value { b"true" } else { b"false" }),
            Self::Int(number) => out.extend_from_slice(number.to_string().as_bytes()),
            Self::Real(text) => out.extend_from_slice(text.as_bytes()),
            Self::Name(name) => write_name(name, out),
            Self::Text(bytes) => {
                out.push(b'<');
                out.extend_from_slice(hex(bytes).as_bytes());
                out.push(b'>');
            }
            Self::Array(items) => {
                out.push(b'[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(b' ');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Dict(dict) => write_dict(dict, out),
            Self::Ref(number, generation) => {
                out.extend_from_slice(format!("{number} {generation} R").as_bytes());
            }
            Self::Stream(dict, data) => {
                let mut dict = dict.clone();
                dict.set("Length", Self::Int(i64::try_from(data.len()).unwrap_or(i64::MAX)));
                write_dict(&dict, out);
                out.extend_from_slice(b"\nstream\n");
                out.extend_from_slice(data);
                out.extend_from_slice(b"\nendstream");
            }
        }
    }
}

fn write_dict(dict: &Dict, out: &mut Vec<u8>) {
    out.extend_from_slice(b"<<");
    for (name, value) in &dict.0 {
        write_name(name, out);
        out.push(b' ');
        value.write(out);
    }
    out.extend_from_slice(b">>");
}

fn write_name(name: &[u8], out: &mut Vec<u8>) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_alphanumeric() || b"_-.+:@*'!$&=".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Bytes as capital hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing into a string cannot fail.
        _ = write!(text, "{byte:02X}");
        text
    })
}
