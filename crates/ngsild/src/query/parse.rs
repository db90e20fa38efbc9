//! Reading and printing a `q` (clause 4.9).

use std::collections::HashSet;

use super::cursor::Cursor;
use super::linked::read_links;
use super::literal::BREAKS;
use super::{Link, Literal, Op, Operand, Path, Pattern, Q, QueryError};
use crate::context::Context;

impl Q {
    /// Reads a query.
    pub fn parse(text: &str, context: &Context) -> Result<Self, QueryError> {
        Self::parse_expanding(text, context, &[])
    }

    /// Reads a query; values compared with the attributes named in `expand_values` are terms of the vocabulary
    /// (parameter `expandValues`). Attributes named in `jsonKeys` need no care: members of JSON are never expanded here.
    pub fn parse_expanding(
        text: &str,
        context: &Context,
        expand_values: &[&str],
    ) -> Result<Self, QueryError> {
        let expand = expand_values.iter().copied().collect();
        let mut parser = Parser { cursor: Cursor::new("q", text)?, context, expand };
        let q = parser.any()?;
        parser.cursor.end()?;
        Ok(q)
    }
}

struct Parser<'a> {
    cursor: Cursor<'a>,
    context: &'a Context,
    expand: HashSet<&'a str>,
}

impl Parser<'_> {
    /// `Query`: alternatives of conjunctions; `;` binds stronger than `|`.
    fn any(&mut self) -> Result<Q, QueryError> {
        let mut parts = Vec::new();
        loop {
            match self.all()? {
                Q::Or(inner) => parts.extend(inner),
                other => parts.push(other),
            }
            self.cursor.skip_spaces();
            if !self.cursor.eat("|") {
                break;
            }
        }
        Ok(single(parts, Q::Or))
    }

    fn all(&mut self) -> Result<Q, QueryError> {
        let mut parts = Vec::new();
        loop {
            match self.term()? {
                Q::And(inner) => parts.extend(inner),
                other => parts.push(other),
            }
            self.cursor.skip_spaces();
            if !self.cursor.eat(";") {
                break;
            }
        }
        Ok(single(parts, Q::And))
    }

    fn term(&mut self) -> Result<Q, QueryError> {
        self.cursor.skip_spaces();
        if self.cursor.eat("(") {
            self.cursor.deeper()?;
            let inner = self.any()?;
            self.cursor.skip_spaces();
            if !self.cursor.eat(")") {
                return Err(self.cursor.error("a parenthesis is not closed"));
            }
            self.cursor.shallower();
            return Ok(inner);
        }
        self.cursor.count_term()?;
        let (name, path) = read_path(&mut self.cursor, self.context)?;
        if self.cursor.peek() == Some('{') {
            let (name, hops, path) = read_links(&mut self.cursor, self.context, path)?;
            let inner = self.comparison(name, path)?;
            return Ok(hops.into_iter().rev().fold(inner, |inner, (relation, types)| {
                Q::Linked(Box::new(Link { relation, types, inner }))
            }));
        }
        self.comparison(name, path)
    }

    /// What a path is compared with, if anything.
    fn comparison(&mut self, name: &str, path: Path) -> Result<Q, QueryError> {
        let expand = self.expand.contains(name);
        self.cursor.skip_spaces();
        let Some(op) = self.operator() else { return Ok(Q::Exists(path)) };
        self.cursor.skip_spaces();
        let value = match op {
            Op::Like | Op::Unlike => Operand::Pattern(self.pattern()?),
            Op::Eq | Op::Ne => self.equality_operand(expand)?,
            Op::Gt | Op::Ge | Op::Lt | Op::Le => self.ordered_operand(op)?,
        };
        Ok(Q::Compare { path, op, value })
    }

    fn operator(&mut self) -> Option<Op> {
        const LONGEST_FIRST: [Op; 8] = [Op::Unlike, Op::Like, Op::Eq, Op::Ne, Op::Ge, Op::Le, Op::Gt, Op::Lt];
        LONGEST_FIRST.into_iter().find(|op| self.cursor.eat(op.as_str()))
    }

    fn equality_operand(&mut self, expand: bool) -> Result<Operand, QueryError> {
        let first = self.literal(expand)?;
        self.cursor.skip_spaces();
        if self.cursor.eat("..") {
            self.cursor.skip_spaces();
            let last = self.literal(false)?;
            let orderable = |literal: &Literal| !matches!(literal, Literal::Bool(_) | Literal::Uri(_));
            if !orderable(&first)
                || !orderable(&last)
                || std::mem::discriminant(&first) != std::mem::discriminant(&last)
            {
                return Err(self
                    .cursor
                    .error("a range goes from one number, quoted text, date or time to another"));
            }
            return Ok(Operand::Range(first, last));
        }
        let mut values = vec![first];
        while self.cursor.eat(",") {
            self.cursor.count_term()?;
            self.cursor.skip_spaces();
            values.push(self.literal(expand)?);
            self.cursor.skip_spaces();
        }
        match <[Literal; 1]>::try_from(values) {
            Ok([one]) => Ok(Operand::One(one)),
            Err(values) => Ok(Operand::Many(values)),
        }
    }

    fn ordered_operand(&mut self, op: Op) -> Result<Operand, QueryError> {
        let value = self.literal(false)?;
        if matches!(value, Literal::Bool(_) | Literal::Uri(_)) {
            return Err(self
                .cursor
                .error(format!("{} takes a number, a quoted text, a date or a time", op.as_str())));
        }
        self.cursor.skip_spaces();
        if self.cursor.rest().starts_with([',', '.']) {
            return Err(self
                .cursor
                .error(format!("{} takes one value; lists and ranges go with == and !=", op.as_str())));
        }
        Ok(Operand::One(value))
    }

    fn literal(&mut self, expand: bool) -> Result<Literal, QueryError> {
        let literal = if self.cursor.peek() == Some('"') { self.quoted()? } else { self.bare()? };
        Ok(match literal {
            Literal::Text(text) | Literal::Uri(text) if expand => {
                Literal::Text(self.context.expand(&text).as_str().to_owned())
            }
            literal => literal,
        })
    }

    fn quoted(&mut self) -> Result<Literal, QueryError> {
        let rest = self.cursor.rest();
        let length = quoted_length(rest).ok_or_else(|| self.cursor.error("a quoted text does not end"))?;
        let quoted = rest.get(..length).unwrap_or_default();
        let text: String = serde_json::from_str(quoted)
            .map_err(|reason| self.cursor.error(format!("the quoted text is not a JSON string: {reason}")))?;
        self.cursor.skip(length);
        Ok(Literal::Text(text))
    }

    fn bare(&mut self) -> Result<Literal, QueryError> {
        let rest = self.cursor.rest();
        let mut end = rest.find(BREAKS).unwrap_or(rest.len());
        if let Some(dots) = rest.get(..end).and_then(|word| word.find("..")) {
            end = dots;
        }
        let word = rest.get(..end).unwrap_or_default();
        if word.is_empty() {
            return Err(self.cursor.error("a value was expected"));
        }
        self.cursor.skip(end);
        Ok(Literal::bare(word))
    }

    /// A quoted regular expression ends at its quote; a bare one where the query goes on: at `;`, `|` or a closing
    /// parenthesis outside its own brackets.
    fn pattern(&mut self) -> Result<Pattern, QueryError> {
        let rest = self.cursor.rest();
        let (length, text) = if rest.starts_with('"') {
            let length =
                quoted_length(rest).ok_or_else(|| self.cursor.error("a quoted pattern does not end"))?;
            (length, rest.get(1..length - 1).unwrap_or_default())
        } else {
            let length = bare_pattern_length(rest);
            (length, rest.get(..length).unwrap_or_default().trim_end())
        };
        let text = unquote(text);
        if text.is_empty() {
            return Err(self.cursor.error("a regular expression was expected"));
        }
        let pattern = Pattern::parse("q", &text)?;
        self.cursor.skip(length);
        Ok(pattern)
    }
}

/// A path, and its attribute as it was written.
pub(super) fn read_path<'a>(
    cursor: &mut Cursor<'a>,
    context: &Context,
) -> Result<(&'a str, Path), QueryError> {
    let name = cursor.name()?;
    Ok((name, path_from(name, cursor, context)?))
}

/// The rest of a path that begins with `name`.
pub(super) fn path_from(name: &str, cursor: &mut Cursor<'_>, context: &Context) -> Result<Path, QueryError> {
    let mut path = Path::attribute(context.expand(name));
    while cursor.eat(".") {
        let sub = cursor.name()?;
        path.subs.push(context.expand(sub));
    }
    while cursor.eat("[") {
        loop {
            let member = cursor.until(|c| matches!(c, '.' | ']' | '[' | '=' | ';' | '|' | '"'));
            if member.is_empty() {
                return Err(cursor.error("a member name was expected between '[' and ']'"));
            }
            path.trail.push(member.to_owned());
            if !cursor.eat(".") {
                break;
            }
        }
        if !cursor.eat("]") {
            return Err(cursor.error("']' was expected"));
        }
    }
    Ok(path)
}

/// Bytes of the quoted text that `text` begins with, quotes included.
fn quoted_length(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A regular expression without the backslashes that guard its quotes.
fn unquote(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        match (c, letters.clone().next()) {
            ('\\', Some('"')) => {}
            ('\\', Some(guarded)) => {
                plain.extend([c, guarded]);
                letters.next();
            }
            (c, _) => plain.push(c),
        }
    }
    plain
}

fn bare_pattern_length(text: &str) -> usize {
    let (mut escaped, mut class, mut open) = (false, false, 0_usize);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            _ if class => {}
            '(' => open += 1,
            ')' | ';' | '|' if open == 0 => return at,
            ')' => open -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The one part, or all of them as a whole.
pub(super) fn single<T>(mut parts: Vec<T>, whole: impl Fn(Vec<T>) -> T) -> T {
    match parts.pop() {
        Some(one) if parts.is_empty() => one,
        Some(last) => {
            parts.push(last);
            whole(parts)
        }
        None => whole(parts),
    }
}
