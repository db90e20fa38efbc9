//! Writing: shortest heads, keys of maps in the order of their bytes.

use super::Item;

impl Item {
    /// The bytes of the item.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes
    }

    fn put(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Int(number) => match u64::try_from(*number) {
                Ok(positive) => head(bytes, 0, positive),
                // -1 - n, which is what the bits of the number are when turned over.
                Err(_) => head(bytes, 1, (!*number).cast_unsigned()),
            },
            Self::Bytes(content) => {
                head(bytes, 2, content.len() as u64);
                bytes.extend_from_slice(content);
            }
            Self::Text(text) => {
                head(bytes, 3, text.len() as u64);
                bytes.extend_from_slice(text.as_bytes());
            }
            Self::List(items) => {
                head(bytes, 4, items.len() as u64);
                for item in items {
                    item.put(bytes);
                }
            }
            Self::Map(pairs) => {
                head(bytes, 5, pairs.len() as u64);
                let mut written: Vec<_> = pairs.iter().map(|(key, value)| (key.encode(), value)).collect();
                written.sort_by(|a, b| a.0.cmp(&b.0));
                for (key, value) in written {
                    bytes.extend(key);
                    value.put(bytes);
                }
            }
            Self::Tag(tag, item) => {
                head(bytes, 6, *tag);
                item.put(bytes);
            }
            Self::Bool(false) => bytes.push(0xf4),
            Self::Bool(true) => bytes.push(0xf5),
            Self::Null => bytes.push(0xf6),
        }
    }
}

/// The kind of an item and its number, in as few bytes as it takes.
fn head(bytes: &mut Vec<u8>, major: u8, number: u64) {
    let major = major << 5;
    let all = number.to_be_bytes();
    match number {
        0..=23 => bytes.push(major | all[7]),
        24..=0xff => bytes.extend([major | 0x18, all[7]]),
        0x100..=0xffff => {
            bytes.push(major | 0x19);
            bytes.extend(&all[6..]);
        }
        0x1_0000..=0xffff_ffff => {
            bytes.push(major | 0x1a);
            bytes.extend(&all[4..]);
        }
        _ => {
            bytes.push(major | 0x1b);
            bytes.extend(all);
        }
    }
}
