//! What can be wrong with a record, in words that the people who mend it understand.

use std::fmt;

use crate::Words;
use crate::text::excerpt;

/// Longest piece of a record quoted in a reason, in characters.
const QUOTED: usize = 80;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no value where one must be.
    Missing,
    /// Not a number.
    Number(String),
    /// Not a whole number.
    Integer(String),
    /// Neither true nor false.
    Bool(String),
    /// Not a time in any of the formats.
    Time(String, String),
    /// Not a date in any of the formats.
    Date(String),
    /// A time too far ahead of our clock: the time, and the limit.
    Ahead(String, String),
    /// Not a text.
    Text,
    /// Not an object with texts by language.
    Language,
    /// A code that the list does not know.
    Code(String),
    /// A unit that cannot be converted: from, to, why.
    Unit(String, String),
    /// Not a geometry; the reason.
    Geometry(Words),
    /// Not a longitude or latitude in degrees.
    Degrees(String),
    /// Not a URI.
    Uri(String),
    /// Not a scope.
    Scope(String),
    /// Longer than a value may be; the limit.
    TooLong(usize),
    /// The record could not be read at all; the reason.
    Unreadable(Words),
    /// A quality check refused the value; the reason.
    Quality(Words),
    /// The graph refused the entity; the reason in English.
    Refused(String),
}

impl Fault {
    /// The rule that was broken, a word for programs.
    pub fn rule(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Number(_) => "number",
            Self::Integer(_) => "integer",
            Self::Bool(_) => "bool",
            Self::Time(..) => "time",
            Self::Date(_) => "date",
            Self::Ahead(..) => "ahead",
            Self::Text => "text",
            Self::Language => "language",
            Self::Code(_) => "code",
            Self::Unit(..) => "unit",
            Self::Geometry(_) => "geometry",
            Self::Degrees(_) => "degrees",
            Self::Uri(_) => "uri",
            Self::Scope(_) => "scope",
            Self::TooLong(_) => "length",
            Self::Unreadable(_) => "unreadable",
            Self::Quality(_) => "quality",
            Self::Refused(_) => "refused",
        }
    }

    /// The reason in both languages.
    fn reason(&self) -> Words {
        match self {
            Self::Missing => Words::new("thiếu giá trị bắt buộc", "a required value is missing"),
            Self::Number(text) => quoted(text, "không phải là số", "is not a number"),
            Self::Integer(text) => quoted(text, "không phải là số nguyên", "is not a whole number"),
            Self::Bool(text) => quoted(text, "không phải là giá trị đúng/sai", "is neither true nor false"),
            Self::Time(text, formats) => quoted(
                text,
                &format!("không phải là ngày giờ theo dạng {formats}"),
                &format!("is not a date and time written as {formats}"),
            ),
            Self::Date(text) => quoted(text, "không phải là ngày", "is not a date"),
            Self::Ahead(time, limit) => Words::new(
                format!("thời điểm quan trắc {time} đi trước đồng hồ hệ thống quá {limit}"),
                format!("the observation time {time} is more than {limit} ahead of our clock"),
            ),
            Self::Text => Words::new("không phải là văn bản", "is not a text"),
            Self::Language => {
                Words::new("không phải là văn bản theo ngôn ngữ", "is not an object of texts by language")
            }
            Self::Code(text) => quoted(text, "không có trong bảng mã", "is not in the list of codes"),
            Self::Unit(from, to) => Words::new(
                format!("không đổi được đơn vị “{}” sang {to}", excerpt(from, QUOTED)),
                format!("the unit {:?} cannot be converted to {to}", excerpt(from, QUOTED)),
            ),
            Self::Geometry(reason) => Words::new(
                format!("hình học không hợp lệ: {}", reason.vi),
                format!("the geometry is not valid: {}", reason.en),
            ),
            Self::Degrees(text) => {
                quoted(text, "không phải là kinh độ hoặc vĩ độ", "is not a longitude or latitude in degrees")
            }
            Self::Uri(text) => quoted(
                text,
                "không phải là định danh URI hợp lệ",
                "is not a URI: it needs a scheme and no spaces",
            ),
            Self::Scope(text) => quoted(text, "không phải là phạm vi hợp lệ", "is not a scope"),
            Self::TooLong(limit) => Words::new(
                format!("giá trị dài quá giới hạn {limit}"),
                format!("the value is longer than the limit of {limit}"),
            ),
            Self::Unreadable(reason) | Self::Quality(reason) => reason.clone(),
            Self::Refused(reason) => Words::new(
                format!("kho dữ liệu từ chối: {reason}"),
                format!("the graph refused it: {reason}"),
            ),
        }
    }
}

fn quoted(text: &str, vi: &str, en: &str) -> Words {
    let text = excerpt(text, QUOTED);
    Words::new(format!("“{text}” {vi}"), format!("{text:?} {en}"))
}

/// Why a record, or one fragment of it, was refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rejection {
    /// The field of the record, or the attribute where no single field is to blame.
    pub field: String,
    /// The rule that was broken, a word for programs.
    pub rule: String,
    /// The reason for people.
    pub reason: Words,
}

impl Rejection {
    /// `fault` in `field`.
    pub fn new(field: impl Into<String>, fault: &Fault) -> Self {
        Self { field: field.into(), rule: fault.rule().to_owned(), reason: fault.reason() }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason.en)
    }
}
