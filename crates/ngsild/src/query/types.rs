//! Selection by type (clause 4.17): `A|B`, `A,B`, `(A;B)`.

use dinh_model::Term;

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

    fn collect<'a>(&'a self, terms: &mut Vec<&'a Term>) {
        match self {
            Self::Is(term) if terms.contains(&term) => {}
            Self::Is(term) => terms.push(term),
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|part| part.collect(terms)),
        }
    }
}

impl From<Term> for TypeExpr {
    fn from(term: Term) -> Self {
        Self::Is(term)
    }
}
