//! The tree of a `q` (clause 4.9).

use dinh_model::Term;

use super::{Literal, Pattern};

/// A condition on an entity.
#[derive(Clone, Debug, PartialEq)]
pub enum Q {
    /// Every one of them, at least two.
    And(Vec<Self>),
    /// At least one of them, at least two.
    Or(Vec<Self>),
    /// The target is there.
    Exists(Path),
    /// The target compares so with the operand.
    Compare {
        /// What is compared.
        path: Path,
        /// How.
        op: Op,
        /// With what.
        value: Operand,
    },
    /// An entity behind a relationship meets a condition.
    Linked(Box<Link>),
}

/// A condition on entities that a relationship leads to: `relation{Type,Type:…}`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The relationship.
    pub relation: Path,
    /// Only entities that have one of these types are looked at; empty for any.
    pub types: Vec<Term>,
    /// What one of them must meet.
    pub inner: Q,
}

/// How a target is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `~=`
    Like,
    /// `!~=`
    Unlike,
}

impl Op {
    /// As a query writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Like => "~=",
            Self::Unlike => "!~=",
        }
    }
}

/// What a target is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// One value: with every operator but `~=` and `!~=`; `true`, `false` and URIs only with `==` and `!=`.
    One(Literal),
    /// `a,b,c`, at least two: only with `==` and `!=`.
    Many(Vec<Literal>),
    /// `a..b`, both ends included, of one data type: only with `==` and `!=`.
    Range(Literal, Literal),
    /// A regular expression: only with `~=` and `!~=`.
    Pattern(Pattern),
}

/// The way from an entity to a target value: `attribute.sub.sub[member.member]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    /// The attribute.
    pub attribute: Term,
    /// Attributes of the attribute, outermost first; the last may be a member such as `observedAt`.
    pub subs: Vec<Term>,
    /// Members inside a JSON value, outermost first; for a language property the language tag, or `*` for any.
    pub trail: Vec<String>,
}

impl Path {
    /// The value of an attribute itself.
    pub fn attribute(attribute: Term) -> Self {
        Self { attribute, subs: Vec::new(), trail: Vec::new() }
    }

    /// True if the path is an attribute name and nothing more.
    pub fn is_plain(&self) -> bool {
        self.subs.is_empty() && self.trail.is_empty()
    }
}

impl Q {
    /// Calls `visit` with every path in the tree that begins at the entity itself.
    pub fn each_path<'a>(&'a self, visit: &mut impl FnMut(&'a Path)) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.each_path(visit)),
            Self::Exists(path) | Self::Compare { path, .. } => visit(path),
            Self::Linked(link) => visit(&link.relation),
        }
    }

    /// How many links deep it looks; 0 if it looks at the entity alone.
    pub fn link_depth(&self) -> usize {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().map(Self::link_depth).max().unwrap_or(0),
            Self::Exists(_) | Self::Compare { .. } => 0,
            Self::Linked(link) => link.inner.link_depth() + 1,
        }
    }

    /// The conditions that must all hold: the parts of an `And`, or the condition itself.
    pub fn conjuncts(&self) -> &[Self] {
        match self {
            Self::And(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }
}
