//! Reading a query from left to right.

use super::QueryError;
use crate::bounds::{QUERY_BYTES, QUERY_DEPTH, QUERY_TERMS};
use crate::names;

/// A place in a query text, with what is left of its bounds.
pub(super) struct Cursor<'a> {
    pub(super) parameter: &'static str,
    text: &'a str,
    at: usize,
    depth: usize,
    terms: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(parameter: &'static str, text: &'a str) -> Result<Self, QueryError> {
        if text.len() > QUERY_BYTES {
            return Err(QueryError::TooLong { parameter, length: text.len() });
        }
        Ok(Self { parameter, text, at: 0, depth: 0, terms: 0 })
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Passes over `bytes` bytes, which must end at a character.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at = (self.at + bytes).min(self.text.len());
    }

    pub(super) fn skip_spaces(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches([' ', '\t']).len());
    }

    /// Reads `token` if it comes next.
    pub(super) fn eat(&mut self, token: &str) -> bool {
        let next = self.rest().starts_with(token);
        if next {
            self.skip(token.len());
        }
        next
    }

    /// Reads up to the first character that `stop` holds for.
    pub(super) fn until(&mut self, stop: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let read = rest.get(..rest.find(stop).unwrap_or(rest.len())).unwrap_or(rest);
        self.skip(read.len());
        read
    }

    /// Fails unless everything has been read.
    pub(super) fn end(&mut self) -> Result<(), QueryError> {
        self.skip_spaces();
        match self.peek() {
            None => Ok(()),
            Some(c) => Err(self.error(format!("{c:?} does not fit here"))),
        }
    }

    pub(super) fn error(&self, reason: impl Into<String>) -> QueryError {
        let before = self.text.get(..self.at).unwrap_or_default();
        QueryError::Syntax {
            parameter: self.parameter,
            at: before.chars().count() + 1,
            reason: reason.into(),
        }
    }

    /// Notes one more open parenthesis.
    pub(super) fn deeper(&mut self) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > QUERY_DEPTH { Err(QueryError::TooDeep(self.parameter)) } else { Ok(()) }
    }

    /// Notes a parenthesis closed.
    pub(super) fn shallower(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Notes one more condition.
    pub(super) fn count_term(&mut self) -> Result<(), QueryError> {
        self.terms += 1;
        if self.terms > QUERY_TERMS { Err(QueryError::TooManyTerms(self.parameter)) } else { Ok(()) }
    }

    /// A name without a prefix, or any IRI between `<` and `>`.
    pub(super) fn plain_name(&mut self) -> Result<&'a str, QueryError> {
        let rest = self.rest();
        match name_length(rest) {
            0 => self.name(),
            length => {
                self.skip(length);
                Ok(rest.get(..length).unwrap_or(rest))
            }
        }
    }

    /// A name: letters, digits and `_`, perhaps behind a prefix and a colon; or any IRI between `<` and `>`.
    pub(super) fn name(&mut self) -> Result<&'a str, QueryError> {
        if self.eat("<") {
            let iri = self.until(|c| c == '>');
            if !self.eat(">") || iri.is_empty() {
                return Err(self.error("an IRI in angle brackets must end with '>'"));
            }
            return Ok(iri);
        }
        let rest = self.rest();
        let local = name_length(rest);
        if local == 0 {
            return Err(match self.peek() {
                Some(c) => self.error(format!("a name was expected, not {c:?}")),
                None => self.error("a name was expected, but nothing follows"),
            });
        }
        let after = rest.get(local..).unwrap_or_default();
        let length = match after.strip_prefix(':').map(name_length) {
            Some(more) if more > 0 => local + 1 + more,
            _ => local,
        };
        self.skip(length);
        Ok(rest.get(..length).unwrap_or(rest))
    }

    /// A name as [`Cursor::name`] reads it, or a full URI, in lists where names end at a comma, a bar or a brace.
    pub(super) fn full_name(&mut self) -> Result<&'a str, QueryError> {
        let text = self.until(|c| matches!(c, ',' | '|' | '{' | '}')).trim_end();
        match text.strip_prefix('@') {
            // `@id` and `@type` are other spellings of `id` and `type` (clause 4.4).
            Some("id" | "type") => Ok(text),
            _ => names::check(text).map(|()| text).map_err(|reason| self.error(reason.to_string())),
        }
    }
}

/// Bytes of the name that `text` begins with.
fn name_length(text: &str) -> usize {
    if !text.starts_with(char::is_alphabetic) {
        return 0;
    }
    text.find(|c| !names::is_name_char(c)).unwrap_or(text.len())
}
