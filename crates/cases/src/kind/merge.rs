//! Kinds that build on others: what ten procedures have in common is written once.

use toml::{Table, Value};

use super::Kind;

/// Lists whose members are known by their code, so that a kind may replace or leave out those of its base.
const BY_CODE: [&str; 11] = [
    "variant",
    "role",
    "part",
    "result",
    "fee",
    "state",
    "action",
    "consultation",
    "timer",
    "escalation",
    "ask",
];
/// Member by which a kind names what it builds on: one name, or several, each built on those before it.
const EXTENDS: &str = "extends";
/// Member by which a kind leaves out a member of its base.
const OMIT: &str = "omit";
/// Member by which a kind adds to lists of its base instead of replacing them: `also = { from = ["payment"] }`.
const ALSO: &str = "also";

/// A kind as it is written, perhaps on a base.
#[derive(Clone, Debug)]
pub struct Merge(Table);

/// Why a kind cannot be put together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeFault {
    /// It is no TOML.
    #[error("{0}")]
    Toml(String),
    /// A member of a list has no code, or no text as its code.
    #[error("{list}: each member needs a code")]
    Code {
        /// Which list.
        list: String,
    },
    /// Something is left out that the base does not have.
    #[error("{list}: there is no {code:?} in the base to be left out")]
    Omitted {
        /// Which list.
        list: String,
        /// Which code.
        code: String,
    },
    /// What is to be added to is no list, or not there.
    #[error("also: there is no list {list:?} in the base to which something could be added")]
    Also {
        /// Which list.
        list: String,
    },
    /// Put together it is no kind.
    #[error("{0}")]
    Kind(String),
}

impl Merge {
    /// Reads what a file says.
    ///
    /// # Errors
    /// [`MergeFault::Toml`].
    pub fn read(text: &str) -> Result<Self, MergeFault> {
        text.parse().map(Self).map_err(|fault: toml::de::Error| MergeFault::Toml(fault.to_string()))
    }

    /// The bases that it builds on, the lowest one first; none for one that stands alone.
    pub fn extends(&self) -> Vec<&str> {
        match self.0.get(EXTENDS) {
            Some(Value::String(one)) => vec![one],
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The same on its base: its own members count, members of lists by their code; what its base alone says stays.
    /// New members of lists come after those of the base.
    pub fn on(mut self, base: &Self) -> Result<Self, MergeFault> {
        self.0.remove(EXTENDS);
        let mut all = base.0.clone();
        merge(&mut all, self.0)?;
        Ok(Self(all))
    }

    /// The kind that it is.
    ///
    /// # Errors
    /// [`MergeFault::Kind`], with the member that is wrong.
    pub fn kind(self) -> Result<Kind, MergeFault> {
        Value::Table(self.0).try_into().map_err(|fault: toml::de::Error| MergeFault::Kind(fault.to_string()))
    }
}

fn merge(base: &mut Table, own: Table) -> Result<(), MergeFault> {
    for (name, value) in own {
        if name == ALSO {
            add(base, value)?;
            continue;
        }
        let Some(there) = base.get_mut(&name) else {
            base.insert(name, value);
            continue;
        };
        match (there, value) {
            (Value::Array(there), Value::Array(own)) if BY_CODE.contains(&name.as_str()) => {
                merge_lists(&name, there, own)?;
            }
            (Value::Table(there), Value::Table(own)) => merge(there, own)?,
            (there, value) => *there = value,
        }
    }
    Ok(())
}

fn add(base: &mut Table, also: Value) -> Result<(), MergeFault> {
    let Value::Table(lists) = also else { return Err(MergeFault::Also { list: String::new() }) };
    for (list, more) in lists {
        match (base.get_mut(&list), more) {
            (Some(Value::Array(there)), Value::Array(more)) => there.extend(more),
            _ => return Err(MergeFault::Also { list }),
        }
    }
    Ok(())
}

fn merge_lists(list: &str, base: &mut Vec<Value>, own: Vec<Value>) -> Result<(), MergeFault> {
    for member in own {
        let code = code_of(list, &member)?.to_owned();
        let at = base.iter().position(|there| code_of(list, there).is_ok_and(|there| there == code));
        let omit = member.get(OMIT).and_then(Value::as_bool).unwrap_or_default();
        match (at, omit, member) {
            (Some(at), true, _) => drop(base.remove(at)),
            (None, true, _) => return Err(MergeFault::Omitted { list: list.to_owned(), code }),
            (Some(at), false, Value::Table(own)) => {
                if let Some(Value::Table(there)) = base.get_mut(at) {
                    merge(there, own)?;
                }
            }
            (_, false, member) => base.push(member),
        }
    }
    Ok(())
}

fn code_of<'v>(list: &str, member: &'v Value) -> Result<&'v str, MergeFault> {
    member.get("code").and_then(Value::as_str).ok_or_else(|| MergeFault::Code { list: list.to_owned() })
}
