//! Sentences in two languages.

use super::{en, vi};
use crate::{ChannelKind, Document, Duration, Level};

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tongue {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

impl Tongue {
    pub(super) fn say(self) -> &'static dyn Say {
        match self {
            Self::Vi => &vi::Vietnamese,
            Self::En => &en::English,
        }
    }
}

/// A part of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// In the language of the sentence.
    Words(String),
    /// What the record says: Vietnamese in any case.
    Data(String),
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence(pub Vec<Piece>);

impl Sentence {
    pub(super) fn words(text: impl Into<String>) -> Self {
        Self(vec![Piece::Words(text.into())])
    }

    pub(super) fn data(text: &str) -> Self {
        Self(vec![Piece::Data(text.to_owned())])
    }

    pub(super) fn then(mut self, text: impl Into<String>) -> Self {
        self.0.push(Piece::Words(text.into()));
        self
    }

    pub(super) fn then_data(mut self, text: &str) -> Self {
        self.0.push(Piece::Data(text.to_owned()));
        self
    }

    /// The whole sentence.
    pub fn text(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Words(text) | Piece::Data(text) => text.as_str(),
            })
            .collect()
    }
}

/// What is said in a language.
pub(super) trait Say {
    /// An applicant as the list writes it, in short; none if it is unknown.
    fn applicant(&self, told: &str) -> Option<&'static str>;
    fn levels(&self, levels: &[Level]) -> Sentence;
    fn agencies(&self, names: &str) -> Sentence;
    fn reception(&self, place: &str) -> Sentence;
    fn ways(&self, ways: &[ChannelKind]) -> Sentence;
    /// Times from the shortest to the longest, at least one; for these ways only if they are given.
    fn time(&self, times: &[Duration], ways: Option<&[ChannelKind]>) -> Sentence;
    fn free(&self) -> Sentence;
    /// The list says that it is free, and adds a remark.
    fn said_free(&self) -> Sentence;
    fn amount(&self, amount: u64) -> Sentence;
    fn amounts(&self, least: u64, most: u64) -> Sentence;
    fn about_fees(&self, note: &str) -> Sentence;
    fn document(&self, document: &Document, name: &str, case: Option<&str>) -> Sentence;
    fn more_documents(&self, count: usize) -> Sentence;
    fn more_results(&self, count: usize) -> Sentence;
}

/// Words joined as a list: `a, b and c`.
pub(super) fn listed(words: &[&str], and: &str) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
    }
}

/// A number of hundredths, without what is not needed: `1`, `0,5`.
pub(super) fn count(hundredths: u32, point: char) -> String {
    let (whole, part) = (hundredths / 100, hundredths % 100);
    match part {
        0 => whole.to_string(),
        part if part % 10 == 0 => format!("{whole}{point}{}", part / 10),
        part => format!("{whole}{point}{part:02}"),
    }
}

/// An amount with a sign between thousands.
pub(super) fn grouped(amount: u64, sign: char) -> String {
    let digits = amount.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(sign);
        }
        text.push(digit);
    }
    text
}
