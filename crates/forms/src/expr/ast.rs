//! Expressions as they are kept.

use std::fmt;

use serde_json::Value;

/// An expression with the text that it was read from, which the browser gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What is evaluated here.
    pub expr: Expr,
    /// What it was read from.
    pub raw: Value,
}

/// A reference to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Field {
    /// Whether it is a field of the same row.
    pub in_row: bool,
    /// Names from the form, or from the row, inwards.
    pub names: Vec<String>,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A constant text: a code, or a day written `2026-11-20`.
    Text(String),
    /// A constant number.
    Number(f64),
    /// A constant yes or no.
    Bool(bool),
    /// What was answered.
    Field(Field),
    /// The day of checking.
    Today,
    /// Whether all hold.
    All(Vec<Expr>),
    /// Whether one holds.
    Any(Vec<Expr>),
    /// Whether it does not hold.
    Not(Box<Expr>),
    /// Whether both are the same.
    Is(Box<[Expr; 2]>),
    /// Whether it is one of the constants.
    In(Box<Expr>, Vec<Expr>),
    /// Whether a code is among those chosen.
    Has(Field, String),
    /// How two numbers or days stand to each other.
    Compare(Order, Box<[Expr; 2]>),
    /// Whether there is an answer.
    Answered(Field),
    /// The sum of a column of a table.
    SumOf(Field),
    /// The sum of numbers.
    Sum(Vec<Expr>),
    /// How many rows, choices or files.
    Count(Field),
    /// The product.
    Times(Vec<Expr>),
    /// The difference.
    Minus(Box<[Expr; 2]>),
    /// The smallest.
    Least(Vec<Expr>),
    /// The largest.
    Most(Vec<Expr>),
    /// One or the other.
    If(Box<[Expr; 3]>),
    /// Full years since a day.
    Age(Box<Expr>),
    /// The year of a day.
    Year(Box<Expr>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `<`
    Less,
    /// `≤`
    AtMost,
    /// `>`
    More,
    /// `≥`
    AtLeast,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.in_row { "." } else { "" }, self.names.join("."))
    }
}

impl Expr {
    /// The expressions directly within.
    pub(crate) fn parts(&self) -> Vec<&Self> {
        match self {
            Self::All(of)
            | Self::Any(of)
            | Self::Sum(of)
            | Self::Times(of)
            | Self::Least(of)
            | Self::Most(of) => of.iter().collect(),
            Self::Not(one) | Self::Age(one) | Self::Year(one) => vec![one],
            Self::Is(two) | Self::Compare(_, two) | Self::Minus(two) => two.iter().collect(),
            Self::If(three) => three.iter().collect(),
            Self::In(one, of) => std::iter::once(one.as_ref()).chain(of).collect(),
            _ => Vec::new(),
        }
    }

    /// Every field that is named anywhere within.
    pub(crate) fn fields(&self) -> Vec<&Field> {
        let mut found = Vec::new();
        let mut waiting = vec![self];
        while let Some(expr) = waiting.pop() {
            if let Self::Field(field)
            | Self::Has(field, _)
            | Self::Answered(field)
            | Self::SumOf(field)
            | Self::Count(field) = expr
            {
                found.push(field);
            }
            waiting.extend(expr.parts());
        }
        found
    }
}
