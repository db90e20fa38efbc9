//! Reading, with bounds: what a QR code holds was written by anybody.

use super::Item;
use crate::Refused;

const WHAT: &str = "CBOR";
/// Deepest nesting.
const DEEPEST: usize = 16;
/// Most members of a list or a map.
const MOST_MEMBERS: u64 = 256;

/// The one item that the bytes are.
///
/// # Errors
/// [`Refused::Malformed`] for what is cut off, goes on after its end, is nested or filled beyond the bounds, has the same
/// key twice, or is of a kind that cards do not have.
pub fn decode(bytes: &[u8]) -> Result<Item, Refused> {
    let mut reader = Reader { bytes };
    let item = reader.item(0)?;
    if reader.bytes.is_empty() { Ok(item) } else { Err(wrong("goes on after its end")) }
}

fn wrong(why: &str) -> Refused {
    Refused::malformed(WHAT, why)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, length: u64) -> Result<&'a [u8], Refused> {
        let length = usize::try_from(length).map_err(|_error| wrong("is cut off"))?;
        let (taken, rest) = self.bytes.split_at_checked(length).ok_or_else(|| wrong("is cut off"))?;
        self.bytes = rest;
        Ok(taken)
    }

    fn number(&mut self, info: u8) -> Result<u64, Refused> {
        let length = match info {
            0..=23 => return Ok(u64::from(info)),
            24..=27 => 1_u64 << (info - 24),
            _ => return Err(wrong("a length that is not said")),
        };
        Ok(self.take(length)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn members(&self, number: u64) -> Result<usize, Refused> {
        // Every member takes a byte at least.
        let left = self.bytes.len() as u64;
        if number > MOST_MEMBERS || number > left {
            return Err(wrong("more members than are read"));
        }
        usize::try_from(number).map_err(|_error| wrong("more members than are read"))
    }

    fn item(&mut self, depth: usize) -> Result<Item, Refused> {
        if depth > DEEPEST {
            return Err(wrong("nested more deeply than is read"));
        }
        let first = self.take(1)?.first().copied().unwrap_or_default();
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 {
            return match info {
                20 => Ok(Item::Bool(false)),
                21 => Ok(Item::Bool(true)),
                22 => Ok(Item::Null),
                _ => Err(wrong("a kind of item that cards do not have")),
            };
        }
        let number = self.number(info)?;
        let int = || i64::try_from(number).map_err(|_error| wrong("an integer beyond 63 bits"));
        match major {
            0 => Ok(Item::Int(int()?)),
            1 => Ok(Item::Int(!int()?)),
            2 => Ok(Item::Bytes(self.take(number)?.to_vec())),
            3 => {
                let text = std::str::from_utf8(self.take(number)?);
                Ok(Item::Text(text.map_err(|_error| wrong("a text that is not UTF-8"))?.to_owned()))
            }
            4 => {
                let members = self.members(number)?;
                Ok(Item::List((0..members).map(|_| self.item(depth + 1)).collect::<Result<_, _>>()?))
            }
            5 => self.map(number, depth),
            _ => Ok(Item::Tag(number, Box::new(self.item(depth + 1)?))),
        }
    }

    fn map(&mut self, number: u64, depth: usize) -> Result<Item, Refused> {
        let members = self.members(number)?;
        let mut pairs: Vec<(Item, Item)> = Vec::with_capacity(members);
        for _ in 0..members {
            let (key, value) = (self.item(depth + 1)?, self.item(depth + 1)?);
            if pairs.iter().any(|(known, _)| *known == key) {
                return Err(wrong("the same key twice"));
            }
            pairs.push((key, value));
        }
        Ok(Item::Map(pairs))
    }
}
