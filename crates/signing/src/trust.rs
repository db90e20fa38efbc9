//! Whom to believe, as data: a list of authorities with the days between which they are trusted, beside the files of
//! their certificates.

use dinh_signatures::{Anchor, Certificate, CertificateFault, Purpose, Trust};
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;

/// Most authorities of a list.
const MOST: usize = 500;

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TrustFault {
    /// The list itself.
    #[error("the list of trusted authorities: {0}")]
    Unreadable(String),
    /// A file of it.
    #[error("the certificate {file} of the list of trusted authorities: {reason}")]
    File {
        /// Which.
        file: String,
        /// Why.
        reason: String,
    },
    /// A certificate of it.
    #[error("the certificate {file} of the list of trusted authorities: {fault}")]
    Certificate {
        /// Which.
        file: String,
        /// Why.
        fault: CertificateFault,
    },
    /// A period that ends before it begins.
    #[error("the authority {0} is trusted until a day before the one from which it is")]
    Period(String),
    /// Too many.
    #[error("the list of trusted authorities has {0} entries; at most {MOST} are read")]
    Many(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    authority: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The file with its certificate (PEM or DER), beside the list.
    file: String,
    /// First day on which it is trusted.
    from: Option<Date>,
    /// Last day on which it is trusted.
    until: Option<Date>,
    /// What for; anything if nothing is named.
    #[serde(default)]
    purposes: Vec<Purpose>,
    /// Where this is from: a decision, an address.
    source: String,
}

/// An authority as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// What signatures are judged by.
    pub anchor: Anchor,
    /// First day on which it is trusted.
    pub from: Option<Date>,
    /// Last day on which it is trusted.
    pub until: Option<Date>,
    /// Where this is from.
    pub source: String,
}

/// The trusted authorities.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustList {
    /// One by one.
    pub authorities: Vec<Listed>,
    trust: Trust,
}

impl TrustList {
    /// Reads a list; `read` gives the content of a file beside it. Days are those of official time.
    ///
    /// # Errors
    /// With the file and the rule.
    pub fn read(text: &str, read: &dyn Fn(&str) -> std::io::Result<Vec<u8>>) -> Result<Self, TrustFault> {
        let list: File = toml::from_str(text).map_err(|error| TrustFault::Unreadable(error.to_string()))?;
        if list.authority.len() > MOST {
            return Err(TrustFault::Many(list.authority.len()));
        }
        let mut authorities = Vec::new();
        for entry in list.authority {
            let bytes = read(&entry.file)
                .map_err(|error| TrustFault::File { file: entry.file.clone(), reason: error.to_string() })?;
            let certificates = Certificate::all_from(&bytes)
                .map_err(|fault| TrustFault::Certificate { file: entry.file.clone(), fault })?;
            if entry.from.zip(entry.until).is_some_and(|(from, until)| until < from) {
                return Err(TrustFault::Period(entry.file));
            }
            for certificate in certificates {
                let anchor = Anchor {
                    certificate,
                    from: entry.from.and_then(beginning),
                    until: entry.until.and_then(|day| beginning(day.tomorrow().ok()?)),
                    purposes: entry.purposes.clone(),
                };
                let (from, until, source) = (entry.from, entry.until, entry.source.clone());
                authorities.push(Listed { anchor, from, until, source });
            }
        }
        let trust = Trust { anchors: authorities.iter().map(|one| one.anchor.clone()).collect() };
        Ok(Self { authorities, trust })
    }

    /// What signatures are judged by.
    pub fn trust(&self) -> &Trust {
        &self.trust
    }
}

/// When a day begins in official time.
fn beginning(day: Date) -> Option<jiff::Timestamp> {
    day.to_zoned(TimeZone::fixed(Offset::constant(7))).ok().map(|zoned| zoned.timestamp())
}
