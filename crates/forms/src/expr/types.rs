//! Whether an expression makes sense for a form: its fields exist, and its types go together.

use super::ast::{Expr, Field};
use super::parse::ExprError;
use crate::days::last_day;

/// The type of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    /// Yes or no.
    Bool,
    /// A number.
    Number,
    /// Words.
    Text,
    /// A day, or a month or year.
    Date,
    /// One of these codes.
    Code(Vec<String>),
    /// Several of these codes.
    Codes(Vec<String>),
    /// Files.
    Files,
    /// A group.
    Group,
    /// A table.
    Table,
}

impl Type {
    fn name(&self) -> &'static str {
        match self {
            Self::Bool => "yes or no",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Date => "a day",
            Self::Code(_) => "a choice",
            Self::Codes(_) => "choices",
            Self::Files => "files",
            Self::Group => "a group",
            Self::Table => "a table",
        }
    }
}

/// What is known of a form's fields.
pub(crate) trait Shape {
    /// The type of a field, as seen from where the expression stands. None if there is none.
    fn of(&self, field: &Field) -> Option<Type>;
    /// The type of a column of a table. None if the path leads through no table.
    fn column(&self, field: &Field) -> Option<Type>;
}

/// The type of an expression in a form of this shape.
pub(crate) fn check(expr: &Expr, shape: &dyn Shape) -> Result<Type, ExprError> {
    let of = |one: &Expr| check(one, shape);
    let found = |field: &Field| {
        shape
            .of(field)
            .ok_or_else(|| ExprError::Types(format!("there is no field {field} to be seen from here")))
    };
    match expr {
        Expr::Text(_) => Ok(Type::Text),
        Expr::Number(_) => Ok(Type::Number),
        Expr::Bool(_) => Ok(Type::Bool),
        Expr::Today => Ok(Type::Date),
        Expr::Field(field) => scalar(field, found(field)?),
        Expr::All(all) | Expr::Any(all) => every(all, &Type::Bool, shape).map(|()| Type::Bool),
        Expr::Not(one) => want(&of(one)?, &Type::Bool).map(|()| Type::Bool),
        Expr::Is(two) => alike(&two[0], &two[1], shape).map(|()| Type::Bool),
        Expr::In(one, constants) => {
            constants.iter().try_for_each(|constant| alike(one, constant, shape)).map(|()| Type::Bool)
        }
        Expr::Has(field, code) => match found(field)? {
            Type::Codes(codes) => offered(field, code, &codes).map(|()| Type::Bool),
            other => Err(ExprError::Types(format!("has: {field} is {}, not choices", other.name()))),
        },
        Expr::Compare(_, two) => comparable(two, shape).map(|()| Type::Bool),
        Expr::Answered(field) => found(field).map(|_any| Type::Bool),
        Expr::SumOf(field) => match shape.column(field) {
            Some(Type::Number) => Ok(Type::Number),
            _ => Err(ExprError::Types(format!("sum: {field} is no column of numbers"))),
        },
        Expr::Count(field) => match found(field)? {
            Type::Table | Type::Codes(_) | Type::Files => Ok(Type::Number),
            other => {
                Err(ExprError::Types(format!("count: {field} is {}, which is not counted", other.name())))
            }
        },
        Expr::Sum(of) | Expr::Times(of) | Expr::Least(of) | Expr::Most(of) => {
            every(of, &Type::Number, shape).map(|()| Type::Number)
        }
        Expr::Minus(two) => every(two.as_slice(), &Type::Number, shape).map(|()| Type::Number),
        Expr::If(three) => {
            want(&of(&three[0])?, &Type::Bool)?;
            let first = of(&three[1])?;
            want(&of(&three[2])?, &first).map(|()| first)
        }
        Expr::Age(one) | Expr::Year(one) => want(&of(one)?, &Type::Date).map(|()| Type::Number),
    }
}

fn scalar(field: &Field, found: Type) -> Result<Type, ExprError> {
    match found {
        Type::Codes(_) | Type::Files | Type::Group | Type::Table => {
            Err(ExprError::Types(format!("field: {field} is {}, not one value", found.name())))
        }
        one => Ok(one),
    }
}

fn want(found: &Type, wanted: &Type) -> Result<(), ExprError> {
    if found == wanted {
        return Ok(());
    }
    Err(ExprError::Types(format!("{} stands where {} should", found.name(), wanted.name())))
}

fn every(all: &[Expr], wanted: &Type, shape: &dyn Shape) -> Result<(), ExprError> {
    all.iter().try_for_each(|one| want(&check(one, shape)?, wanted))
}

fn offered(field: &impl std::fmt::Display, code: &str, codes: &[String]) -> Result<(), ExprError> {
    if codes.iter().any(|one| one == code) {
        return Ok(());
    }
    Err(ExprError::Types(format!("{code:?} is not among the choices of {field}: {}", codes.join(", "))))
}

fn day(text: &str) -> Result<(), ExprError> {
    last_day(text)
        .map(|_day| ())
        .ok_or_else(|| ExprError::Types(format!("{text:?} is no day like 2026-11-20")))
}

/// Whether two can be compared for being the same; a constant text may stand for a code or a day.
fn alike(one: &Expr, other: &Expr, shape: &dyn Shape) -> Result<(), ExprError> {
    match (one, check(one, shape)?, other, check(other, shape)?) {
        (Expr::Text(code), _, Expr::Field(field), Type::Code(codes))
        | (Expr::Field(field), Type::Code(codes), Expr::Text(code), _) => offered(field, code, &codes),
        (Expr::Text(text), _, _, Type::Date) | (_, Type::Date, Expr::Text(text), _) => day(text),
        (_, first, _, second) => want(&first, &second),
    }
}

fn comparable(two: &[Expr; 2], shape: &dyn Shape) -> Result<(), ExprError> {
    let mut found = Vec::new();
    for (index, one) in two.iter().enumerate() {
        let other = two.get(1 - index);
        let other_is_day = || other.is_some_and(|other| check(other, shape) == Ok(Type::Date));
        found.push(match one {
            Expr::Text(text) if other_is_day() => day(text).map(|()| Type::Date)?,
            one => check(one, shape)?,
        });
    }
    match found.as_slice() {
        [Type::Number, Type::Number] | [Type::Date, Type::Date] => Ok(()),
        _ => Err(ExprError::Types("only two numbers or two days are compared".to_owned())),
    }
}
