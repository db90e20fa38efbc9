//! The code of a procedure in the national list.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `1.001193`: one digit, a point, six digits.
///
/// The digit says which part of the list a record was entered in: 1 to 3 for most, 5 and 6 for those that ministries
/// entered later. Both are in force, so any digit but 0 is good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// Reads a code; none if it is not of the form.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let (series, number) = text.split_once('.')?;
        let good =
            series.len() == 1 && digits(series) && series != "0" && number.len() == 6 && digits(number);
        good.then(|| Self(text.to_owned()))
    }

    /// The code as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text:?} is not a code like 1.001193"))
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_one_form() {
        for good in ["1.001193", "2.000635", "3.000276", "5.002544", "6.001435"] {
            assert_eq!(Code::parse(good).map(|code| code.to_string()).as_deref(), Some(good));
        }
        for bad in
            ["", "1", "1.00119", "1.0011933", "0.001193", "11.00119", "1,001193", "1.00119a", " 1.001193"]
        {
            assert_eq!(Code::parse(bad), None, "{bad:?}");
        }
    }
}
