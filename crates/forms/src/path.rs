//! Where an answer stands: `child.birthDate`, `members[0].name`.

use std::fmt;

/// Longest path that is read, in bytes.
const MOST_BYTES: usize = 200;
/// Deepest path that is read: a table, a person in it, an address, its commune.
const MOST_STEPS: usize = 6;
/// Longest name of a field, in bytes.
const MOST_NAME: usize = 40;

/// A path into answers. The empty path is the form as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Step>);

/// One step: a field, and which row of it if it is a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) row: Option<usize>,
}

/// Whether `name` may name a field: a lower-case letter, then letters and digits, at most 40 bytes.
pub(crate) fn is_name(name: &str) -> bool {
    name.len() <= MOST_NAME
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

impl Path {
    /// Reads a path as a form posts it. None if it is none, or longer than 200 bytes or 6 steps.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let steps: Vec<Step> = text.split('.').map(step).collect::<Option<_>>()?;
        (steps.len() <= MOST_STEPS).then_some(Self(steps))
    }

    /// The field `name` of this one.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut steps = self.0.clone();
        steps.push(Step { name: name.to_owned(), row: None });
        Self(steps)
    }

    /// Row `index` of this table.
    #[must_use]
    pub fn row(&self, index: usize) -> Self {
        let mut steps = self.0.clone();
        if let Some(last) = steps.last_mut() {
            last.row = Some(index);
        }
        Self(steps)
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }
}

fn step(text: &str) -> Option<Step> {
    let (name, row) = match text.strip_suffix(']') {
        None => (text, None),
        Some(open) => {
            let (name, digits) = open.split_once('[')?;
            let plain = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
            if !plain || (digits.len() > 1 && digits.starts_with('0')) {
                return None;
            }
            (name, Some(digits.parse().ok()?))
        }
    };
    is_name(name).then(|| Step { name: name.to_owned(), row })
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            f.write_str(&step.name)?;
            if let Some(row) = step.row {
                write!(f, "[{row}]")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_as_they_are_written() {
        for text in ["child", "child.birthDate", "members[0].name", "members[12].home.commune"] {
            assert_eq!(Path::parse(text).expect("is a path").to_string(), text);
        }
        let long = "a".repeat(41);
        let deep = "a.a.a.a.a.a.a";
        for bad in [
            "", ".", "a..b", "A", "1a", "a[", "a[]", "a[01]", "a[1000]", "a[-1]", "a]", "đ", "a b", deep,
            &long,
        ] {
            assert_eq!(Path::parse(bad), None, "{bad}");
        }
    }
}
