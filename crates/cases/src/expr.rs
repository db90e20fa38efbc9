//! Conditions and computed values, in CEL.

use std::fmt;
use std::sync::Arc;

use cel::{Context, Program};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Longest expression, in bytes.
const MOST: usize = 1_000;
/// Functions that expressions may use beside operators. None of them runs longer than its argument is long, and none
/// reads a clock.
const FUNCTIONS: [&str; 10] =
    ["size", "has", "contains", "startsWith", "endsWith", "int", "double", "string", "min", "max"];

/// What expressions may ask: the names at their beginning.
///
/// * `answers`: the form as it was filled in.
/// * `case`: `state`, `variant`, `channel`, `number`, `supplements` and `extensions` (how many there were),
///   `open_tasks` and `open_mandatory_tasks` (how many opinions are missing), `owed` (what its fees come to, in đồng). Of
///   what is filed, for variants, parts and fees, the `channel` alone.
/// * `parts`: for each part that is there `true`; `complete` says whether all that must be there is.
/// * `facts`: what actions have set.
/// * `asked`: what whoever takes the action answered.
/// * `actor`: `unit`, `roles`.
/// * `today`: the day, as `2026-11-23`; days compare as texts do.
#[derive(Clone, Debug)]
pub struct Scope(pub(crate) Map<String, Json>);

/// Names that a [`Scope`] has.
pub(crate) const NAMES: [&str; 7] = ["answers", "case", "parts", "facts", "asked", "actor", "today"];

/// A compiled expression. Written as its text.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Expr {
    text: String,
    program: Arc<Program>,
}

/// Why an expression cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExprFault {
    /// It is too long.
    #[error("expression: longer than 1000 bytes")]
    Long,
    /// It is no CEL.
    #[error("expression {text:?}: {reason}")]
    Syntax {
        /// The expression.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It asks for what there is not.
    #[error("expression {text:?}: {name:?} is none of {known}")]
    Name {
        /// The expression.
        text: String,
        /// What it asks for.
        name: String,
        /// What there is.
        known: String,
    },
    /// It has no value, or one of another kind than is needed.
    #[error("expression {text:?}: {reason}")]
    Value {
        /// The expression.
        text: String,
        /// Why.
        reason: String,
    },
}

impl Expr {
    /// Compiles an expression.
    ///
    /// # Errors
    /// [`ExprFault`] for one that is too long, is no CEL, or uses names or functions that there are not.
    pub fn new(text: &str) -> Result<Self, ExprFault> {
        if text.len() > MOST {
            return Err(ExprFault::Long);
        }
        let syntax = |reason: String| ExprFault::Syntax { text: text.to_owned(), reason };
        let program = Program::compile(text).map_err(|fault| syntax(fault.to_string()))?;
        let expr = Self { text: text.to_owned(), program: Arc::new(program) };
        expr.check_names()?;
        Ok(expr)
    }

    fn check_names(&self) -> Result<(), ExprFault> {
        let references = self.program.references();
        let unknown = |name: &str, known: &[&str]| ExprFault::Name {
            text: self.text.clone(),
            name: name.to_owned(),
            known: known.join(", "),
        };
        // Operators are functions too, with names that are no words.
        let is_word = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric());
        if let Some(name) =
            references.functions().into_iter().filter(is_word).find(|f| !FUNCTIONS.contains(f))
        {
            return Err(unknown(name, &FUNCTIONS));
        }
        match references.variables().into_iter().find(|name| !NAMES.contains(name)) {
            Some(name) => Err(unknown(name, &NAMES)),
            None => Ok(()),
        }
    }

    /// The expression as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True if it asks for one of the names of a [`Scope`].
    pub fn asks_for(&self, name: &str) -> bool {
        self.program.references().has_variable(name)
    }

    /// The names for which it asks right below one of the names of a [`Scope`], as in `answers.copies`. What an index
    /// works out (`answers[x]`) is not among them.
    pub fn members_of(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let bare = without_texts(&self.text);
        let mut rest = bare.as_str();
        while let Some((before, after)) = rest.split_once(name) {
            let begins = !before.ends_with(|c: char| is_part(c) || c == '.');
            if let Some(member) = after.strip_prefix('.').filter(|_| begins) {
                found.extend(member.split(|c: char| !is_part(c)).next().map(str::to_owned));
            }
            rest = after;
        }
        found
    }

    /// Whether it is true. What cannot be answered, since something is missing, is not.
    pub fn is_true(&self, scope: &Scope) -> bool {
        matches!(self.value(scope), Ok(Json::Bool(true)))
    }

    /// Its value.
    ///
    /// # Errors
    /// [`ExprFault::Value`] if something that it asks for is missing or of another kind.
    pub fn value(&self, scope: &Scope) -> Result<Json, ExprFault> {
        let fault = |reason: String| ExprFault::Value { text: self.text.clone(), reason };
        let mut context = Context::default();
        for (name, value) in &scope.0 {
            context.add_variable(name.as_str(), value.clone()).map_err(|e| fault(e.to_string()))?;
        }
        let value = self.program.execute(&context).map_err(|e| fault(e.to_string()))?;
        value.json().map_err(|e| fault(e.to_string()))
    }

    /// Its value as a whole number that is not negative.
    ///
    /// # Errors
    /// [`ExprFault::Value`].
    pub fn count(&self, scope: &Scope) -> Result<u64, ExprFault> {
        let value = self.value(scope)?;
        value.as_u64().or_else(|| whole(value.as_f64()?)).ok_or_else(|| ExprFault::Value {
            text: self.text.clone(),
            reason: format!("is {value}, which is no whole number from 0 on"),
        })
    }
}

/// An expression with its texts left empty, so that no word in one is taken for a name.
fn without_texts(text: &str) -> String {
    let mut bare = String::with_capacity(text.len());
    let (mut inside, mut escaped) = (None, false);
    for c in text.chars() {
        match inside {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(quote) if c == quote => {
                inside = None;
                bare.push(c);
            }
            Some(_) => {}
            None => {
                inside = Some(c).filter(|c| matches!(c, '"' | '\''));
                bare.push(c);
            }
        }
    }
    bare
}

/// Numbers of forms may come as floating point.
fn whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the range is checked")]
    (number.fract() == 0.0 && (0.0..9e15).contains(&number)).then_some(number as u64)
}

impl fmt::Debug for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expr({:?})", self.text)
    }
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl TryFrom<String> for Expr {
    type Error = ExprFault;

    fn try_from(text: String) -> Result<Self, ExprFault> {
        Self::new(&text)
    }
}

impl From<Expr> for String {
    fn from(expr: Expr) -> Self {
        expr.text
    }
}
