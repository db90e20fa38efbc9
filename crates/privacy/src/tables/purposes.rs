//! What somebody may be asked to agree to.

use dinh_context::packs::Titles;
use jiff::civil::Date;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::TableFault;

/// The file of the pack.
const FILE: &str = "privacy/purposes.toml";
/// Most purposes, old versions included.
const MOST: usize = 200;
/// Longest text, in bytes.
const LONGEST: usize = 8_000;

/// One version of a purpose.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// What consents and programs call it.
    pub code: String,
    /// Which version of its text, from 1.
    pub version: u32,
    /// The first day on which this version is asked for.
    pub valid_from: Date,
    /// What people call it.
    pub title: Titles,
    /// What somebody agrees to.
    pub text: Titles,
    /// Who answers for the use.
    pub controller: Titles,
    /// Which data are used.
    pub data: Titles,
    /// Who gets them.
    pub recipients: Titles,
    /// The act that asks for consent.
    pub legal: String,
}

/// All purposes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purposes {
    #[serde(default, rename = "purpose")]
    all: Vec<Purpose>,
}

impl Purpose {
    /// SHA-256 over everything that somebody is told before they agree, in both languages, in hexadecimal digits. A
    /// consent keeps it, so that it can be shown later what was agreed to.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        let version = self.version.to_string();
        let both = [&self.title, &self.text, &self.controller, &self.data, &self.recipients];
        let texts = both.into_iter().flat_map(|titles| [titles.vi.as_str(), titles.en.as_str()]);
        for part in [self.code.as_str(), &version].into_iter().chain(texts).chain([self.legal.as_str()]) {
            // The length before each text: no two lists of texts have the same bytes.
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
        dinh_context::graph::hex(&hash.finalize())
    }
}

impl Purposes {
    /// Refuses tables that contradict themselves.
    pub(crate) fn checked(mut self) -> Result<Self, TableFault> {
        let fault = |reason: String| TableFault { file: FILE, reason };
        if self.all.len() > MOST {
            return Err(fault(format!("more than {MOST} purposes")));
        }
        self.all.sort_by(|a, b| (&a.code, a.version).cmp(&(&b.code, b.version)));
        for pair in self.all.windows(2) {
            if let [a, b] = pair
                && a.code == b.code
                && (b.version != a.version + 1 || b.valid_from <= a.valid_from)
            {
                let rule = "versions go up one by one, each valid from a later day";
                return Err(fault(format!("{} {}: {rule}", b.code, b.version)));
            }
        }
        for purpose in &self.all {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if !(2..=61).contains(&purpose.code.len()) || !purpose.code.chars().all(plain) {
                return Err(fault(format!("{:?}: a code has 2 to 61 of a-z, 0-9 and -", purpose.code)));
            }
            let texts = [&purpose.title, &purpose.text, &purpose.controller];
            let mut texts = texts.into_iter().flat_map(|both| [&both.vi, &both.en]);
            if texts.any(|text| text.trim().is_empty() || text.len() > LONGEST) {
                let rule = "title, text and controller are given in both languages, in at most";
                return Err(fault(format!("{}: {rule} {LONGEST} bytes", purpose.code)));
            }
        }
        Ok(self)
    }

    /// The purposes that are asked for on a day, each in its present version.
    pub fn on(&self, day: Date) -> Vec<&Purpose> {
        let begun: Vec<&Purpose> = self.all.iter().filter(|purpose| purpose.valid_from <= day).collect();
        let last = |at: usize| {
            begun.get(at + 1).is_none_or(|next| Some(&next.code) != begun.get(at).map(|p| &p.code))
        };
        begun.iter().enumerate().filter(|(at, _)| last(*at)).map(|(_, purpose)| *purpose).collect()
    }

    /// The version of a purpose that is asked for on a day.
    pub fn present(&self, code: &str, day: Date) -> Option<&Purpose> {
        self.on(day).into_iter().find(|purpose| purpose.code == code)
    }

    /// One version of a purpose, present or not.
    pub fn version(&self, code: &str, version: u32) -> Option<&Purpose> {
        self.all.iter().find(|purpose| purpose.code == code && purpose.version == version)
    }
}
