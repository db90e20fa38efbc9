//! Selection by type (clause 4.17): `A|B`, `A,B`, `(A;B)`.

use dinh_model::Term;

use super::QueryError;
use super::cursor::Cursor;
use super::parse::single;
use crate::context::Context;
use crate::names;

/// A condition on the types of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExpr {
    /// This type is among them.
    Is(Term),
    /// At least one holds; at least two.
    Any(Vec<Self>),
    /// Every one holds; at least two.
    All(Vec<Self>),
}

impl TypeExpr {
    /// Reads a type selection of short names, prefixed names and URIs. `None` for `*`, which selects every type.
    pub fn parse(text: &str, context: &Context) -> Result<Option<Self>, QueryError> {
        if text.trim() == "*" {
            return Ok(None);
        }
        let mut cursor = Cursor::new("type", text)?;
        let expression = any(&mut cursor, context)?;
        cursor.end()?;
        Ok(Some(expression))
    }

    /// True if an entity of these types fits.
    pub fn matches(&self, types: &[Term]) -> bool {
        match self {
            Self::Is(term) => types.contains(term),
            Self::Any(parts) => parts.iter().any(|part| part.matches(types)),
            Self::All(parts) => parts.iter().all(|part| part.matches(types)),
        }
    }

    /// Every type named, each once.
    pub fn terms(&self) -> Vec<&Term> {
        let mut terms = Vec::new();
        self.collect(&mut terms);
        terms
    }

    /// The selection as text that reads back the same.
    pub fn to_text(&self, context: &Context) -> String {
        match self {
            Self::Is(term) => context.compact(term).into_owned(),
            Self::Any(parts) => joined(parts, ",", context),
            Self::All(parts) => format!("({})", joined(parts, ";", context)),
        }
    }

    fn collect<'a>(&'a self, terms: &mut Vec<&'a Term>) {
        match self {
            Self::Is(term) if terms.contains(&term) => {}
            Self::Is(term) => terms.push(term),
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|part| part.collect(terms)),
        }
    }
}

fn joined(parts: &[TypeExpr], mark: &str, context: &Context) -> String {
    let texts: Vec<String> = parts
        .iter()
        .map(|part| match part {
            TypeExpr::Any(_) => format!("({})", part.to_text(context)),
            _ => part.to_text(context),
        })
        .collect();
    texts.join(mark)
}

impl From<Term> for TypeExpr {
    fn from(term: Term) -> Self {
        Self::Is(term)
    }
}

fn any(cursor: &mut Cursor<'_>, context: &Context) -> Result<TypeExpr, QueryError> {
    let mut parts = Vec::new();
    loop {
        match all(cursor, context)? {
            TypeExpr::Any(inner) => parts.extend(inner),
            other => parts.push(other),
        }
        cursor.skip_spaces();
        if !cursor.eat("|") && !cursor.eat(",") {
            return Ok(single(parts, TypeExpr::Any));
        }
    }
}

fn all(cursor: &mut Cursor<'_>, context: &Context) -> Result<TypeExpr, QueryError> {
    let mut parts = Vec::new();
    loop {
        match one(cursor, context)? {
            TypeExpr::All(inner) => parts.extend(inner),
            other => parts.push(other),
        }
        cursor.skip_spaces();
        if !cursor.eat(";") {
            return Ok(single(parts, TypeExpr::All));
        }
    }
}

fn one(cursor: &mut Cursor<'_>, context: &Context) -> Result<TypeExpr, QueryError> {
    cursor.skip_spaces();
    if cursor.eat("(") {
        cursor.deeper()?;
        let inner = any(cursor, context)?;
        cursor.skip_spaces();
        if !cursor.eat(")") {
            return Err(cursor.error("a parenthesis is not closed"));
        }
        cursor.shallower();
        return Ok(inner);
    }
    cursor.count_term()?;
    let name = cursor.until(|c| matches!(c, '|' | ',' | ';' | '(' | ')')).trim_end();
    names::check(name).map_err(|reason| cursor.error(reason.to_string()))?;
    Ok(TypeExpr::Is(context.expand(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comma_and_bar_mean_or_and_semicolon_means_and() {
        let core = Context::core();
        let term = |name: &str| core.expand(name);
        let parse = |text: &str| TypeExpr::parse(text, &core);
        let fits = |text: &str, types: &[&str]| {
            let types: Vec<Term> = types.iter().map(|name| term(name)).collect();
            parse(text).unwrap().is_none_or(|expression| expression.matches(&types))
        };
        for (text, types, expected) in [
            ("Building|House", &["House"][..], true),
            ("Building,House", &["Home"], false),
            ("(Home;Vehicle)", &["Vehicle", "Home"], true),
            ("(Home;Vehicle)", &["Vehicle"], false),
            ("(Home;Vehicle),Motorhome", &["Motorhome"], true),
            ("*", &["Any"], true),
            ("https://uri.etsi.org/ngsi-ld/default-context/Home", &["Home"], true),
        ] {
            assert_eq!(fits(text, types), expected, "{text}");
        }
        let nested = parse("A|(B;C;(D,E))|A").unwrap().unwrap();
        assert_eq!(nested.terms().len(), 5);
        assert_eq!(nested.to_text(&core), "A,(B;C;(D,E)),A");
        assert_eq!(parse(&nested.to_text(&core)).unwrap().unwrap(), nested);
        for bad in ["", "A|", "(A", "A)", "9A", "A B", "A;;B", &"(".repeat(40)] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
