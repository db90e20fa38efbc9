//! The small language of conditions and calculations: JSON, typed, checked when a form is loaded.
//!
//! One operator to an object: `{"is": [{"field": "father.known"}, true]}`. The same text is evaluated here and, for
//! comfort only, in the browser (`web/src/form/evaluate.ts`); `vectors.json` of this crate is run by both.
//!
//! | operator | takes | gives |
//! |---|---|---|
//! | `field` | a path; `.name` is a field of the same row | what was answered |
//! | `today` | `true` | the day of checking |
//! | `all`, `any` | a list of conditions | yes or no |
//! | `not` | a condition | yes or no |
//! | `is` | two of a kind | whether they are the same; no if one is not answered |
//! | `in` | a value, a list of constants | whether it is one of them |
//! | `has` | a field of several choices, a code | whether that one is chosen |
//! | `less`, `at_most`, `more`, `at_least` | two numbers or two days | yes or no; no if one is not answered |
//! | `answered` | a path | whether there is an answer |
//! | `sum` | a column (`damages.amount`) or a list of numbers | the sum; what is not answered counts as 0 |
//! | `count` | a table, choices or files | how many; rows without answers do not count |
//! | `times` | a list of numbers | the product, none if one is not answered |
//! | `minus` | two numbers | the difference, none if one is not answered |
//! | `least`, `most` | a list of numbers | the smallest, the largest of those that are answered |
//! | `if` | a condition and two values | the one or the other |
//! | `age` | a day | full years until today; of a month or a year, counted from its last day |
//! | `year` | a day | its year |

mod ast;
mod eval;
mod parse;
mod types;

pub use ast::{Expr, Field as FieldRef, Rule};
pub use eval::{Got, Scope};
pub use parse::ExprError;
pub(crate) use types::{Shape, Type, check};
