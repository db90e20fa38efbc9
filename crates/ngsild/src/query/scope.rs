//! Selection by scope (clause 4.19): `/Hue/#`, `/+/PhongDien`, `(/a;/b)|/c`.

use dinh_model::Scope;

use super::QueryError;
use super::cursor::Cursor;
use super::parse::single;
use crate::names;

/// A condition on the scopes of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeExpr {
    /// One of the scopes fits the pattern.
    Fits(ScopePattern),
    /// At least one holds; at least two.
    Any(Vec<Self>),
    /// Every one holds; at least two.
    All(Vec<Self>),
}

/// A pattern of levels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopePattern {
    /// The levels, outermost first. None for `/#`.
    pub levels: Vec<ScopeLevel>,
    /// True if every scope below fits too (`/#` at the end).
    pub below: bool,
}

/// One level of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeLevel {
    /// This name.
    Name(String),
    /// `+`: any name.
    Any,
}

impl ScopePattern {
    /// True if a scope fits.
    pub fn matches(&self, scope: &Scope) -> bool {
        let mut levels = scope.levels();
        for wanted in &self.levels {
            match (wanted, levels.next()) {
                (_, None) => return false,
                (ScopeLevel::Name(name), Some(level)) if name != level => return false,
                _ => {}
            }
        }
        self.below || levels.next().is_none()
    }
}

impl ScopeExpr {
    /// Reads a `scopeQ`. The leading slash of a scope may be left out, as in the clause's own example 5.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let mut cursor = Cursor::new("scopeQ", text)?;
        let expression = any(&mut cursor)?;
        cursor.end()?;
        Ok(expression)
    }

    /// True if an entity with these scopes fits. One without scopes never does.
    pub fn matches(&self, scopes: &[Scope]) -> bool {
        match self {
            Self::Fits(pattern) => scopes.iter().any(|scope| pattern.matches(scope)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(scopes)),
            Self::All(parts) => parts.iter().all(|part| part.matches(scopes)),
        }
    }
}

fn any(cursor: &mut Cursor<'_>) -> Result<ScopeExpr, QueryError> {
    let mut parts = Vec::new();
    loop {
        match all(cursor)? {
            ScopeExpr::Any(inner) => parts.extend(inner),
            other => parts.push(other),
        }
        if !cursor.eat("|") && !cursor.eat(",") {
            return Ok(single(parts, ScopeExpr::Any));
        }
    }
}

fn all(cursor: &mut Cursor<'_>) -> Result<ScopeExpr, QueryError> {
    let mut parts = Vec::new();
    loop {
        match one(cursor)? {
            ScopeExpr::All(inner) => parts.extend(inner),
            other => parts.push(other),
        }
        if !cursor.eat(";") {
            return Ok(single(parts, ScopeExpr::All));
        }
    }
}

fn one(cursor: &mut Cursor<'_>) -> Result<ScopeExpr, QueryError> {
    if cursor.eat("(") {
        cursor.deeper()?;
        let inner = any(cursor)?;
        if !cursor.eat(")") {
            return Err(cursor.error("a parenthesis is not closed"));
        }
        cursor.shallower();
        return Ok(inner);
    }
    cursor.count_term()?;
    pattern(cursor).map(ScopeExpr::Fits)
}

fn pattern(cursor: &mut Cursor<'_>) -> Result<ScopePattern, QueryError> {
    let mut levels = Vec::new();
    cursor.eat("/");
    loop {
        let level = cursor.until(|c| matches!(c, '/' | '|' | ',' | ';' | '(' | ')'));
        match level {
            "#" => return Ok(ScopePattern { levels, below: true }),
            // A form decoder makes a space of `+`, and no level is a space.
            "+" | " " => levels.push(ScopeLevel::Any),
            name if names::is_name(name) => levels.push(ScopeLevel::Name(name.to_owned())),
            _ => {
                return Err(cursor.error("a scope level was expected: a name, '+', or '#' at the end"));
            }
        }
        if !cursor.eat("/") {
            return Ok(ScopePattern { levels, below: false });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_the_clause() {
        let fits = |text: &str, scopes: &[&str]| {
            let scopes: Vec<Scope> = scopes.iter().map(|scope| Scope::parse(scope).unwrap()).collect();
            ScopeExpr::parse(text).unwrap().matches(&scopes)
        };
        for (text, scopes, expected) in [
            ("/Madrid", &["/Madrid"][..], true),
            ("/Madrid", &["/Madrid/Gardens"], false),
            ("/Madrid/Gardens/#", &["/Madrid/Gardens"], true),
            ("/Madrid/Gardens/#", &["/Madrid/Gardens/ParqueNorte/Parterre1"], true),
            ("/Madrid/+/ParqueNorte", &["/Madrid/Sights/ParqueNorte"], true),
            ("/Madrid/+/ParqueNorte", &["/Madrid/ParqueNorte"], false),
            ("(/Madrid/Districts;/CompanyA)|CompanyB", &["/CompanyB"], true),
            ("(/Madrid/Districts;/CompanyA),CompanyB", &["/CompanyA"], false),
            ("/Madrid/Districts;/CompanyA", &["/CompanyA", "/Madrid/Districts"], true),
            ("/#", &["/x"], true),
            ("/#", &[], false),
        ] {
            assert_eq!(fits(text, scopes), expected, "{text} {scopes:?}");
        }
        for bad in ["", "/", "/a//b", "/9a", "/a/#/b", "(/a", "/a-b", "/a|"] {
            assert!(ScopeExpr::parse(bad).is_err(), "{bad}");
        }
    }
}
