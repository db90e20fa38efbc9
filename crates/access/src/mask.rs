//! Masks: enough of a value to tell two records apart, too little to know the person.

use dinh_model::{Attribute, Attributes, Value};
use serde_json::Value as Json;

/// Stands for what is hidden.
const DOT: char = '•';

/// How a value of a person is shown to those who may know that it is there, but not what it says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mask {
    /// Nothing of it.
    #[default]
    Whole,
    /// The first letter of each word: `N••••• V•• A•`.
    Name,
    /// The last three characters: `•••••••••123`.
    Number,
    /// The first letter and the domain: `a•••@hue.gov.vn`.
    Email,
    /// The year: `1984-••-••`.
    Date,
}

impl Mask {
    /// `attribute` with its texts masked: a `Property`, whatever it was, without its properties.
    pub(crate) fn over(self, attribute: &Attribute) -> Attribute {
        let text = match &attribute.value {
            Value::Property(Json::String(text)) => self.text(text),
            Value::Property(Json::Number(number)) => self.text(&number.to_string()),
            _ => Self::Whole.text(""),
        };
        Attribute {
            value: Value::Property(Json::String(text)),
            sub: Attributes::new(),
            observed_at: None,
            unit_code: None,
            ..attribute.clone()
        }
    }

    /// True if what an attribute says is masked.
    pub fn covers(attribute: &Attribute) -> bool {
        attribute.text().is_some_and(|text| text.contains(DOT))
    }

    /// A text, masked.
    pub fn text(self, text: &str) -> String {
        match self {
            Self::Whole => DOT.to_string().repeat(6),
            Self::Name => text.split_whitespace().map(initial).collect::<Vec<_>>().join(" "),
            Self::Number => {
                let length = text.chars().count();
                let shown = if length > 5 { 3 } else { 0 };
                text.chars().enumerate().map(|(at, c)| if at + shown < length { DOT } else { c }).collect()
            }
            Self::Email => match text.rsplit_once('@') {
                Some((user, domain)) => format!("{}@{domain}", initial(user)),
                None => Self::Whole.text(text),
            },
            Self::Date => match text.split_once('-') {
                Some((year, _)) if year.len() == 4 => format!("{year}-{DOT}{DOT}-{DOT}{DOT}"),
                _ => Self::Whole.text(text),
            },
        }
    }
}

/// The first letter, and dots that do not tell how long the word is.
fn initial(word: &str) -> String {
    word.chars().take(1).chain([DOT; 3]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_tell_little() {
        for (mask, text, masked) in [
            (Mask::Name, "Nguyễn Văn A", "N••• V••• A•••"),
            (Mask::Name, "Đỗ  Thị Ánh", "Đ••• T••• Á•••"),
            (Mask::Number, "046084001234", "•••••••••234"),
            (Mask::Number, "1234", "••••"),
            (Mask::Email, "an.nguyen@hue.gov.vn", "a•••@hue.gov.vn"),
            (Mask::Email, "an", "••••••"),
            (Mask::Date, "1984-11-24", "1984-••-••"),
            (Mask::Date, "24/11/1984", "••••••"),
            (Mask::Whole, "12 Lê Lợi", "••••••"),
        ] {
            assert_eq!(mask.text(text), masked, "{mask:?} {text}");
        }
    }
}
