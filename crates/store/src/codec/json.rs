//! JSON values.

use serde_json::{Map, Number, Value as Json};

use super::reader::Reader;
use super::writer::Writer;
use super::{DecodeError, EncodeError, MAX_DEPTH};

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const LARGE: u8 = 4;
const FLOAT: u8 = 5;
const TEXT: u8 = 6;
const ARRAY: u8 = 7;
const OBJECT: u8 = 8;
/// This and the next seven: a float with 0 to 7 digits after the point, as an integer.
const DECIMAL: u8 = 16;

/// Powers of ten that a double holds exactly.
const TENS: [f64; 8] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

impl Writer<'_> {
    pub(super) fn json(&mut self, json: &Json, depth: usize) -> Result<(), EncodeError> {
        if depth > MAX_DEPTH {
            return Err(EncodeError::TooDeep);
        }
        match json {
            Json::Null => self.byte(NULL),
            Json::Bool(false) => self.byte(FALSE),
            Json::Bool(true) => self.byte(TRUE),
            Json::Number(number) => self.number(number),
            Json::String(text) => {
                self.byte(TEXT);
                self.text(text);
            }
            Json::Array(items) => {
                self.byte(ARRAY);
                self.length(items.len());
                items.iter().try_for_each(|item| self.json(item, depth + 1))?;
            }
            Json::Object(members) => {
                self.byte(OBJECT);
                self.length(members.len());
                for (key, value) in members {
                    self.text(key);
                    self.json(value, depth + 1)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn number(&mut self, number: &Number) {
        if let Some(integer) = number.as_i64() {
            self.byte(INTEGER);
            self.signed(integer);
        } else if let Some(large) = number.as_u64() {
            self.byte(LARGE);
            self.unsigned(large);
        } else {
            self.float(number.as_f64().unwrap_or_default());
        }
    }

    fn float(&mut self, float: f64) {
        if let Some((digits, tag)) = decimal(float) {
            self.byte(tag);
            self.signed(digits);
        } else {
            self.byte(FLOAT);
            self.bytes.extend_from_slice(&float.to_le_bytes());
        }
    }
}

/// The digits of a float and the tag that says where the point is, if reading them back gives the same bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "below 2^53 both casts are exact, and the result is compared bit by bit"
)]
fn decimal(float: f64) -> Option<(i64, u8)> {
    for (tens, tag) in TENS.iter().zip(DECIMAL..) {
        let digits = (float * tens).round();
        if digits.abs() >= 9.0e15 {
            return None;
        }
        let digits = digits as i64;
        if (digits as f64 / tens).to_bits() == float.to_bits() {
            return Some((digits, tag));
        }
    }
    None
}

impl Reader<'_> {
    pub(super) fn json(&mut self, depth: usize) -> Result<Json, DecodeError> {
        if depth > MAX_DEPTH {
            return Err(DecodeError::TooDeep);
        }
        Ok(match self.byte()? {
            NULL => Json::Null,
            FALSE => Json::Bool(false),
            TRUE => Json::Bool(true),
            TEXT => Json::String(self.text()?.to_owned()),
            ARRAY => {
                let length = self.length()?;
                let mut items = Vec::with_capacity(length.min(4096));
                for _ in 0..length {
                    items.push(self.json(depth + 1)?);
                }
                Json::Array(items)
            }
            OBJECT => {
                let length = self.length()?;
                let mut members = Map::new();
                for _ in 0..length {
                    let key = self.text()?.to_owned();
                    members.insert(key, self.json(depth + 1)?);
                }
                Json::Object(members)
            }
            tag => Json::Number(self.tagged_number(tag)?),
        })
    }

    pub(super) fn number(&mut self) -> Result<Number, DecodeError> {
        let tag = self.byte()?;
        self.tagged_number(tag)
    }

    #[expect(clippy::cast_precision_loss, reason = "only digits that a double holds are written so")]
    fn tagged_number(&mut self, tag: u8) -> Result<Number, DecodeError> {
        let float = match tag {
            INTEGER => return Ok(self.signed()?.into()),
            LARGE => return Ok(self.unsigned()?.into()),
            FLOAT => {
                let bytes = self.bytes(8)?.try_into().map_err(|_short| DecodeError::Truncated)?;
                f64::from_le_bytes(bytes)
            }
            tag => {
                let tens = tag.checked_sub(DECIMAL).and_then(|place| TENS.get(usize::from(place)));
                self.signed()? as f64 / tens.ok_or(DecodeError::Tag(tag))?
            }
        };
        Number::from_f64(float).ok_or(DecodeError::Number)
    }
}
