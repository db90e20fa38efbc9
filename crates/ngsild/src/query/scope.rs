//! Selection by scope (clause 4.19): `/Hue/#`, `/+/PhongDien`, `(/a;/b)|/c`.

use dinh_model::Scope;

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
    /// True if an entity with these scopes fits. One without scopes never does.
    pub fn matches(&self, scopes: &[Scope]) -> bool {
        match self {
            Self::Fits(pattern) => scopes.iter().any(|scope| pattern.matches(scope)),
            Self::Any(parts) => parts.iter().any(|part| part.matches(scopes)),
            Self::All(parts) => parts.iter().all(|part| part.matches(scopes)),
        }
    }
}
