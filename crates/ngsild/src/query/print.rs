//! Writing a `q` so that it reads back as the same tree.

use std::fmt::Write as _;

use dinh_model::Term;

use super::{Operand, Path, Q};
use crate::context::Context;
use crate::names;

impl Q {
    /// The query as text, with the short names of `context`. A name that has no short form there stands between
    /// `<` and `>`, which [`Q::parse`] understands.
    pub fn to_text(&self, context: &Context) -> String {
        let mut text = String::new();
        self.write(context, &mut text);
        text
    }

    fn write(&self, context: &Context, out: &mut String) {
        match self {
            Self::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        out.push(';');
                    }
                    if matches!(part, Self::Or(_)) {
                        out.push('(');
                        part.write(context, out);
                        out.push(')');
                    } else {
                        part.write(context, out);
                    }
                }
            }
            Self::Or(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        out.push('|');
                    }
                    part.write(context, out);
                }
            }
            Self::Exists(path) => write_path(path, context, out),
            Self::Compare { path, op, value } => {
                write_path(path, context, out);
                out.push_str(op.as_str());
                write_operand(value, out);
            }
            Self::Linked(link) => link.write(context, out),
        }
    }
}

pub(super) fn write_path(path: &Path, context: &Context, out: &mut String) {
    write_name(&path.attribute, context, out);
    write_rest(path, context, out);
}

/// What stands behind the attribute of a path.
pub(super) fn write_rest(path: &Path, context: &Context, out: &mut String) {
    for sub in &path.subs {
        out.push('.');
        write_name(sub, context, out);
    }
    if !path.trail.is_empty() {
        out.push('[');
        out.push_str(&path.trail.join("."));
        out.push(']');
    }
}

pub(super) fn write_name(term: &Term, context: &Context, out: &mut String) {
    let short = context.compact(term);
    let plain = match short.split_once(':') {
        None => names::is_name(&short),
        Some((prefix, local)) => names::is_name(prefix) && names::is_name(local),
    };
    if plain && context.expand(&short) == *term {
        out.push_str(&short);
    } else {
        out.push('<');
        out.push_str(term.as_str());
        out.push('>');
    }
}

pub(super) fn write_operand(value: &Operand, out: &mut String) {
    // Writing into a text cannot fail.
    let _infallible = match value {
        Operand::One(literal) => write!(out, "{literal}"),
        Operand::Range(from, to) => write!(out, "{from}..{to}"),
        Operand::Many(literals) => literals.iter().enumerate().try_for_each(|(at, literal)| {
            let comma = if at > 0 { "," } else { "" };
            write!(out, "{comma}{literal}")
        }),
        Operand::Pattern(pattern) => write!(out, "\"{}\"", pattern.as_str().replace('"', "\\\"")),
    };
}
