//! Reads objects of a PDF from bytes. Whatever the bytes are, it ends, and it takes nothing that is not there.

use super::object::{Dict, Name, Object};

/// How deep lists and dictionaries may lie in one another.
const DEEPEST: usize = 64;
/// How many parts a list or a dictionary may have.
const MOST: usize = 500_000;

/// What was expected where, in bytes from the beginning.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {what}")]
pub struct Unreadable {
    /// Where.
    pub at: usize,
    /// What should have stood there.
    pub what: &'static str,
}

/// A place in the bytes.
#[derive(Debug, Clone)]
pub(crate) struct Parser<'a> {
    bytes: &'a [u8],
    /// Where it is.
    pub(crate) at: usize,
    depth: usize,
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | 9 | 10 | 12 | 13 | 32)
}

fn is_delimiter(byte: u8) -> bool {
    b"()<>[]{}/%".contains(&byte)
}

impl<'a> Parser<'a> {
    /// At `at` of `bytes`.
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at, depth: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fail<T>(&self, what: &'static str) -> Result<T, Unreadable> {
        Err(Unreadable { at: self.at, what })
    }

    /// Goes past spaces and comments.
    pub(crate) fn space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Goes past `word`, if it stands there (after spaces).
    pub(crate) fn take(&mut self, word: &str) -> bool {
        self.space();
        let there = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes()));
        if there {
            self.at += word.len();
        }
        there
    }

    /// A number without sign that stands there.
    pub(crate) fn number(&mut self) -> Result<u64, Unreadable> {
        self.space();
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        std::str::from_utf8(self.bytes.get(from..self.at).unwrap_or_default())
            .ok()
            .and_then(|text| text.parse().ok())
            .ok_or(Unreadable { at: from, what: "a whole number is missing" })
    }

    /// The object that stands there; streams only by [`Self::indirect`].
    pub(crate) fn object(&mut self) -> Result<Object, Unreadable> {
        self.space();
        match self.peek() {
            Some(b'/') => Ok(Object::Name(self.name()?)),
            Some(b'(') => self.literal(),
            Some(b'<') if self.bytes.get(self.at + 1) == Some(&b'<') => self.nested(Self::dict),
            Some(b'<') => self.hexadecimal(),
            Some(b'[') => self.nested(Self::array),
            Some(b'0'..=b'9') => self.reference_or_number(),
            Some(b'+' | b'-' | b'.') => self.plain_number(),
            Some(_) => self.keyword(),
            None => self.fail("an object is missing"),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Object, Unreadable>) -> Result<Object, Unreadable> {
        if self.depth >= DEEPEST {
            return self.fail("objects lie more than 64 deep in one another");
        }
        self.depth += 1;
        let object = read(self);
        self.depth -= 1;
        object
    }

    fn name(&mut self) -> Result<Name, Unreadable> {
        if self.peek() != Some(b'/') {
            return self.fail("a name is missing");
        }
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !is_space(*byte) && !is_delimiter(*byte)) {
            self.at += 1;
            match (byte, self.digit(0), self.digit(1)) {
                (b'#', Some(high), Some(low)) => {
                    name.push(high << 4 | low);
                    self.at += 2;
                }
                _ => name.push(byte),
            }
        }
        Ok(name)
    }

    fn digit(&self, ahead: usize) -> Option<u8> {
        let digit = char::from(*self.bytes.get(self.at + ahead)?).to_digit(16)?;
        u8::try_from(digit).ok()
    }

    fn literal(&mut self) -> Result<Object, Unreadable> {
        self.at += 1;
        let mut text = Vec::new();
        let mut open = 1;
        loop {
            let Some(byte) = self.peek() else { return self.fail("a string has no end") };
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => open -= 1,
                b'\\' => {
                    self.escape(&mut text);
                    continue;
                }
                _ => {}
            }
            if open == 0 {
                return Ok(Object::Text(text));
            }
            text.push(byte);
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\n' => {}
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(next) = self.peek().filter(|next| (b'0'..=b'7').contains(next)) else { break };
                    code = code * 8 + u32::from(next - b'0');
                    self.at += 1;
                }
                text.push((code & 0xFF) as u8);
            }
            other => text.push(other),
        }
    }

    fn hexadecimal(&mut self) -> Result<Object, Unreadable> {
        self.at += 1;
        let mut text = Vec::new();
        let mut half = None;
        loop {
            let Some(byte) = self.peek() else { return self.fail("a string has no end") };
            if byte == b'>' {
                self.at += 1;
                text.extend(half.map(|high: u8| high << 4));
                return Ok(Object::Text(text));
            }
            if !is_space(byte) {
                let Some(digit) = self.digit(0) else { return self.fail("this is no hexadecimal digit") };
                match half.take() {
                    Some(high) => text.push(high << 4 | digit),
                    None => half = Some(digit),
                }
            }
            self.at += 1;
        }
    }

    fn array(&mut self) -> Result<Object, Unreadable> {
        self.at += 1;
        let mut items = Vec::new();
        while !self.take("]") {
            if items.len() >= MOST {
                return self.fail("a list has more than 500,000 items");
            }
            items.push(self.object()?);
        }
        Ok(Object::Array(items))
    }

    fn dict(&mut self) -> Result<Object, Unreadable> {
        self.at += 2;
        let mut entries: Vec<(Name, Object)> = Vec::new();
        while !self.take(">>") {
            if entries.len() >= MOST {
                return self.fail("a dictionary has more than 500,000 keys");
            }
            let name = self.name()?;
            entries.push((name, self.object()?));
        }
        Ok(Object::Dict(Dict(entries)))
    }

    fn reference_or_number(&mut self) -> Result<Object, Unreadable> {
        let mut ahead = self.clone();
        if let (Ok(number), Ok(generation)) = (ahead.number(), ahead.number()) {
            let end = ahead.take("R") && ahead.peek().is_none_or(|byte| is_space(byte) || is_delimiter(byte));
            if let (true, Ok(number), Ok(generation)) =
                (end, u32::try_from(number), u16::try_from(generation))
            {
                self.at = ahead.at;
                return Ok(Object::Ref(number, generation));
            }
        }
        self.plain_number()
    }

    fn plain_number(&mut self) -> Result<Object, Unreadable> {
        let from = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        let text = std::str::from_utf8(self.bytes.get(from..self.at).unwrap_or_default()).unwrap_or_default();
        if let Ok(number) = text.parse() {
            return Ok(Object::Int(number));
        }
        if text.parse::<f64>().is_ok() {
            return Ok(Object::Real(text.to_owned()));
        }
        Err(Unreadable { at: from, what: "this is no number" })
    }

    fn keyword(&mut self) -> Result<Object, Unreadable> {
        for (word, object) in
            [("true", Object::Bool(true)), ("false", Object::Bool(false)), ("null", Object::Null)]
        {
            if self.take(word) {
                return Ok(object);
            }
        }
        self.fail("this begins no object")
    }

    /// The numbered object that stands there: its number, itself, and where its own bytes begin. `length` is asked for
    /// the length of a stream that stands elsewhere.
    pub(crate) fn indirect(
        &mut self,
        length: &dyn Fn(u32) -> Option<usize>,
    ) -> Result<(u32, Object, usize), Unreadable> {
        let number = self.number()?;
        self.number()?;
        if !self.take("obj") {
            return self.fail("a numbered object does not begin with `obj`");
        }
        self.space();
        let from = self.at;
        let mut object = self.object()?;
        if let Object::Dict(dict) = &object
            && self.take("stream")
        {
            let data = self.stream(dict, length)?;
            object = Object::Stream(dict.clone(), data);
        }
        if !self.take("endobj") {
            return self.fail("a numbered object does not end with `endobj`");
        }
        let number = u32::try_from(number)
            .map_err(|_large| Unreadable { at: from, what: "the number of an object is too large" })?;
        Ok((number, object, from))
    }

    fn stream(&mut self, dict: &Dict, length: &dyn Fn(u32) -> Option<usize>) -> Result<Vec<u8>, Unreadable> {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
        }
        let long = match dict.get("Length") {
            Some(Object::Int(long)) => usize::try_from(*long).ok(),
            Some(Object::Ref(number, _)) => length(*number),
            _ => None,
        };
        let Some(data) = long.and_then(|long| self.bytes.get(self.at..self.at.checked_add(long)?)) else {
            return self.fail("a stream does not say how long it is");
        };
        self.at += data.len();
        if !self.take("endstream") {
            return self.fail("a stream is not as long as it says");
        }
        Ok(data.to_vec())
    }
}
