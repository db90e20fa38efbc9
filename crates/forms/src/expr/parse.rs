//! Expressions out of JSON.

use serde_json::Value;

use super::ast::{Expr, Field, Order, Rule};
use crate::path::is_name;

/// Deepest nesting.
const MOST_DEPTH: usize = 10;
/// Most parts of one operator.
const MOST_PARTS: usize = 100;

/// Why something is not an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExprError {
    /// Neither a constant nor an object with one operator.
    #[error("{0} is neither a constant nor an object with one operator")]
    NoExpression(String),
    /// An operator that does not exist.
    #[error("{0:?} is no operator")]
    NoOperator(String),
    /// An operator with something else than it takes.
    #[error("{operator:?} takes {takes}")]
    Takes {
        /// The operator.
        operator: String,
        /// What it takes.
        takes: &'static str,
    },
    /// Something that is no path.
    #[error("{0:?} is no path of a field")]
    NoPath(String),
    /// Too deep.
    #[error("is nested deeper than {MOST_DEPTH}")]
    TooDeep,
    /// Types that do not go together.
    #[error("{0}")]
    Types(String),
}

impl Rule {
    /// Reads an expression; fields and types are not yet checked.
    pub fn parse(raw: &Value) -> Result<Self, ExprError> {
        Ok(Self { expr: read(raw, 0)?, raw: raw.clone() })
    }

    /// Both must hold.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            expr: Expr::All(vec![self.expr, other.expr]),
            raw: serde_json::json!({"all": [self.raw, other.raw]}),
        }
    }
}

fn read(raw: &Value, depth: usize) -> Result<Expr, ExprError> {
    if depth > MOST_DEPTH {
        return Err(ExprError::TooDeep);
    }
    match raw {
        Value::Bool(value) => Ok(Expr::Bool(*value)),
        Value::String(value) => Ok(Expr::Text(value.clone())),
        Value::Number(value) => {
            value.as_f64().map(Expr::Number).ok_or_else(|| ExprError::NoExpression(raw.to_string()))
        }
        Value::Object(map) if map.len() == 1 => match map.iter().next() {
            Some((operator, of)) => operation(operator, of, depth + 1),
            None => Err(ExprError::NoExpression(raw.to_string())),
        },
        other => Err(ExprError::NoExpression(other.to_string())),
    }
}

fn operation(operator: &str, of: &Value, depth: usize) -> Result<Expr, ExprError> {
    let takes = |takes| ExprError::Takes { operator: operator.to_owned(), takes };
    let list = || -> Result<Vec<Expr>, ExprError> {
        let list = of.as_array().filter(|l| (1..=MOST_PARTS).contains(&l.len()));
        list.ok_or_else(|| takes("a list of 1 to 100 parts"))?.iter().map(|raw| read(raw, depth)).collect()
    };
    let two = || -> Result<Box<[Expr; 2]>, ExprError> {
        Ok(Box::new(<[Expr; 2]>::try_from(list()?).map_err(|_other| takes("a list of two"))?))
    };
    let one = || Ok::<_, ExprError>(Box::new(read(of, depth)?));
    Ok(match operator {
        "field" => Expr::Field(path(of)?),
        "today" if of == &Value::Bool(true) => Expr::Today,
        "today" => return Err(takes("true")),
        "all" => Expr::All(list()?),
        "any" => Expr::Any(list()?),
        "not" => Expr::Not(one()?),
        "is" => Expr::Is(two()?),
        "less" => Expr::Compare(Order::Less, two()?),
        "at_most" => Expr::Compare(Order::AtMost, two()?),
        "more" => Expr::Compare(Order::More, two()?),
        "at_least" => Expr::Compare(Order::AtLeast, two()?),
        "in" => is_in(of, depth).ok_or_else(|| takes("a value and a list of constants"))??,
        "has" => has(of).ok_or_else(|| takes("the path of a field and a code"))?,
        "answered" => Expr::Answered(path(of)?),
        "sum" if of.is_string() => Expr::SumOf(path(of)?),
        "sum" => Expr::Sum(list()?),
        "count" => Expr::Count(path(of)?),
        "times" => Expr::Times(list()?),
        "minus" => Expr::Minus(two()?),
        "least" => Expr::Least(list()?),
        "most" => Expr::Most(list()?),
        "if" => {
            let three = <[Expr; 3]>::try_from(list()?).map_err(|_other| takes("a list of three"))?;
            Expr::If(Box::new(three))
        }
        "age" => Expr::Age(one()?),
        "year" => Expr::Year(one()?),
        other => return Err(ExprError::NoOperator(other.to_owned())),
    })
}

fn path(of: &Value) -> Result<Field, ExprError> {
    let text = of.as_str().ok_or_else(|| ExprError::NoPath(of.to_string()))?;
    let (in_row, rest) = text.strip_prefix('.').map_or((false, text), |rest| (true, rest));
    let names: Vec<String> = rest.split('.').map(str::to_owned).collect();
    if names.len() > 6 || !names.iter().all(|name| is_name(name)) {
        return Err(ExprError::NoPath(text.to_owned()));
    }
    Ok(Field { in_row, names })
}

fn is_in(of: &Value, depth: usize) -> Option<Result<Expr, ExprError>> {
    let [value, constants] = of.as_array()?.as_slice() else { return None };
    let constants = constants.as_array().filter(|all| (1..=MOST_PARTS).contains(&all.len()))?;
    if constants.iter().any(|one| one.is_object() || one.is_array() || one.is_null()) {
        return None;
    }
    let read_all = || {
        let constants = constants.iter().map(|raw| read(raw, depth)).collect::<Result<_, _>>()?;
        Ok(Expr::In(Box::new(read(value, depth)?), constants))
    };
    Some(read_all())
}

fn has(of: &Value) -> Option<Expr> {
    let [field, code] = of.as_array()?.as_slice() else { return None };
    Some(Expr::Has(path(field).ok()?, code.as_str()?.to_owned()))
}
