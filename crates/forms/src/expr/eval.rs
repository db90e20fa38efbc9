//! What an expression gives for answers. Never fails: what makes no sense gives nothing.

use std::cmp::Ordering;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::ast::{Expr, Field, Order};
use crate::answers::is_blank;
use crate::days::{last_day, years_between};

/// What an expression gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Got {
    /// No answer.
    Nothing,
    /// Yes or no.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A text: words, a code, a day.
    Text(String),
}

/// What an expression can look at.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// All answers.
    pub answers: &'a Map<String, Value>,
    /// The answers of the row in which the expression stands.
    pub row: Option<&'a Map<String, Value>>,
    /// The day of checking.
    pub today: Date,
}

impl Got {
    fn number(value: f64) -> Self {
        // Adding zero makes the negative zero an ordinary one.
        if value.is_finite() { Self::Number(value + 0.0) } else { Self::Nothing }
    }

    fn as_number(&self) -> Option<f64> {
        if let Self::Number(value) = self { Some(*value) } else { None }
    }
}

impl Scope<'_> {
    /// Whether a condition holds.
    pub fn holds(&self, expr: &Expr) -> bool {
        self.eval(expr) == Got::Bool(true)
    }

    /// What an expression gives.
    pub fn eval(&self, expr: &Expr) -> Got {
        match expr {
            Expr::Text(text) => Got::Text(text.clone()),
            Expr::Number(value) => Got::number(*value),
            Expr::Bool(value) => Got::Bool(*value),
            Expr::Field(field) => self.value(field).map_or(Got::Nothing, got),
            Expr::Today => Got::Text(self.today.to_string()),
            Expr::All(all) => Got::Bool(all.iter().all(|one| self.holds(one))),
            Expr::Any(any) => Got::Bool(any.iter().any(|one| self.holds(one))),
            Expr::Not(one) => Got::Bool(!self.holds(one)),
            Expr::Is(two) => Got::Bool(same(&self.eval(&two[0]), &self.eval(&two[1]))),
            Expr::In(one, of) => {
                let value = self.eval(one);
                Got::Bool(of.iter().any(|constant| same(&value, &self.eval(constant))))
            }
            Expr::Has(field, code) => Got::Bool(self.list(field).iter().any(|one| one == code)),
            Expr::Compare(order, two) => Got::Bool(self.stands(*order, two)),
            Expr::Answered(field) => Got::Bool(self.value(field).is_some_and(|value| !is_blank(value))),
            Expr::SumOf(field) => Got::number(self.column(field).iter().sum()),
            Expr::Count(field) => {
                Got::number(self.list(field).iter().filter(|one| !is_blank(one)).map(|_one| 1.0).sum())
            }
            Expr::If(three) => self.eval(if self.holds(&three[0]) { &three[1] } else { &three[2] }),
            Expr::Age(one) => {
                self.day(one).map_or(Got::Nothing, |day| Got::number(years_between(day, self.today)))
            }
            Expr::Year(one) => self.day(one).map_or(Got::Nothing, |day| Got::number(f64::from(day.year()))),
            Expr::Sum(_) | Expr::Times(_) | Expr::Minus(_) | Expr::Least(_) | Expr::Most(_) => {
                self.reckon(expr).map_or(Got::Nothing, Got::number)
            }
        }
    }

    fn reckon(&self, expr: &Expr) -> Option<f64> {
        let number = |one: &Expr| self.eval(one).as_number();
        match expr {
            Expr::Sum(of) => Some(of.iter().filter_map(number).sum()),
            Expr::Times(of) => of.iter().map(number).product(),
            Expr::Minus(two) => Some(number(&two[0])? - number(&two[1])?),
            Expr::Least(of) => of.iter().filter_map(number).reduce(f64::min),
            Expr::Most(of) => of.iter().filter_map(number).reduce(f64::max),
            _ => None,
        }
    }

    fn stands(&self, order: Order, two: &[Expr; 2]) -> bool {
        let compared = match (self.eval(&two[0]), self.eval(&two[1])) {
            (Got::Number(a), Got::Number(b)) => a.partial_cmp(&b),
            (Got::Text(a), Got::Text(b)) => last_day(&a).zip(last_day(&b)).map(|(a, b)| a.cmp(&b)),
            _ => None,
        };
        compared.is_some_and(|found| match order {
            Order::Less => found == Ordering::Less,
            Order::AtMost => found != Ordering::Greater,
            Order::More => found == Ordering::Greater,
            Order::AtLeast => found != Ordering::Less,
        })
    }

    fn day(&self, expr: &Expr) -> Option<Date> {
        if let Got::Text(text) = self.eval(expr) { last_day(&text) } else { None }
    }

    fn value(&self, field: &Field) -> Option<&Value> {
        let (first, rest) = field.names.split_first()?;
        let from = if field.in_row { self.row? } else { self.answers };
        rest.iter().try_fold(from.get(first)?, |value, name| value.as_object()?.get(name))
    }

    fn list(&self, field: &Field) -> &[Value] {
        self.value(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    /// The numbers of a column: the table is the first step that is a list.
    fn column(&self, field: &Field) -> Vec<f64> {
        let Some((name, rest)) = field.names.split_first() else { return Vec::new() };
        let Some(first) = self.answers.get(name) else { return Vec::new() };
        let mut values = vec![first];
        for name in std::iter::once(None).chain(rest.iter().map(Some)) {
            values = values
                .into_iter()
                .filter_map(|value| name.map_or(Some(value), |name| value.as_object()?.get(name)))
                .flat_map(|value| value.as_array().map_or_else(|| vec![value], |rows| rows.iter().collect()))
                .collect();
        }
        values.into_iter().filter_map(Value::as_f64).collect()
    }
}

fn got(value: &Value) -> Got {
    match value {
        Value::Bool(value) => Got::Bool(*value),
        Value::Number(value) => value.as_f64().map_or(Got::Nothing, Got::number),
        Value::String(text) if !text.is_empty() => Got::Text(text.clone()),
        _ => Got::Nothing,
    }
}

fn same(one: &Got, other: &Got) -> bool {
    *one != Got::Nothing && one == other
}
