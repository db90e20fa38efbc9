//! Checking an audit as an auditor does: the chain, the seals, their signatures, and the files carried away.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use dinh_store::{AuditReport, AuditTrail, Break, KeptSeal};

use super::{Error, PublicKey, file, stamp};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// In the chain, or in how the seals fit it.
    Chain(Break),
    /// The signature of a seal does not fit its statement.
    Signature {
        /// Which seal.
        number: u64,
    },
    /// A seal was made with another key than those given.
    Key {
        /// Which seal.
        number: u64,
        /// The key that it names.
        key: PublicKey,
    },
    /// The time stamp of a seal is not over that seal.
    Stamp {
        /// Which seal.
        number: u64,
    },
    /// A file does not say what the seal in the store says.
    File {
        /// Which file.
        path: PathBuf,
    },
    /// The store does not hold the seal of a file.
    Missing {
        /// Which file.
        path: PathBuf,
        /// The seal that it holds.
        number: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Chain(fault) => fault.fmt(f),
            Self::Signature { number } => {
                write!(f, "the signature of seal {number} does not fit what it states")
            }
            Self::Key { number, key } => write!(f, "seal {number} was made with another key: {key}"),
            Self::Stamp { number } => write!(f, "the time stamp of seal {number} is not over that seal"),
            Self::File { path } => {
                write!(f, "the file {} does not say what the seal in the store says", path.display())
            }
            Self::Missing { path, number } => {
                write!(f, "the file {} holds seal {number}, which the store does not hold", path.display())
            }
        }
    }
}

/// What an examination has found.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Of the chain.
    pub report: AuditReport,
    /// Everything that is wrong, that of the chain first. Of the chain no more than the report holds.
    pub faults: Vec<Fault>,
    /// How many files were compared.
    pub files: usize,
    /// How many seals have a time stamp.
    pub stamped: usize,
    /// Entries behind the last seal: only the chain guards them.
    pub unsealed: u64,
    /// The keys that seals name.
    pub keys: Vec<PublicKey>,
}

impl Verdict {
    /// True if nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty() && self.report.break_count == 0
    }
}

/// Examines the audit of the store in a folder, whoever has it open, against keys known from elsewhere (none: the seals
/// need only agree on theirs) and against the files in folders.
pub fn examine(data: &Path, keys: &[PublicKey], folders: &[PathBuf]) -> Result<Verdict, crate::Error> {
    let report = AuditTrail::open(data)?.verify()?;
    let mut verdict =
        Verdict { faults: report.breaks.iter().cloned().map(Fault::Chain).collect(), ..Verdict::default() };
    let mut seals = BTreeMap::new();
    for kept in &report.seals {
        verdict.seal(kept, keys);
        seals.insert(kept.seal.number, kept);
    }
    let sealed = report.seals.iter().map(|kept| kept.seal.last).max().unwrap_or(0);
    verdict.unsealed = report.last.saturating_sub(sealed);
    for folder in folders {
        for path in file::list(folder)? {
            verdict.file(path, &seals)?;
        }
    }
    verdict.report = report;
    Ok(verdict)
}

impl Verdict {
    fn seal(&mut self, kept: &KeptSeal, keys: &[PublicKey]) {
        let (number, key) = (kept.seal.number, PublicKey::new(kept.seal.key));
        if !self.keys.contains(&key) {
            self.keys.push(key);
        }
        if !key.fits(&kept.seal.to_string(), &kept.signature) {
            self.faults.push(Fault::Signature { number });
        }
        if !keys.is_empty() && !keys.contains(&key) {
            self.faults.push(Fault::Key { number, key });
        }
        if let Some(token) = &kept.token {
            self.stamped += 1;
            if !stamp::is_over(token, &kept.hash()) {
                self.faults.push(Fault::Stamp { number });
            }
        }
    }

    fn file(&mut self, path: PathBuf, seals: &BTreeMap<u64, &KeptSeal>) -> Result<(), Error> {
        let found = file::read(&path)?;
        self.files += 1;
        let Some(number) = found.number else {
            self.faults.push(Fault::File { path });
            return Ok(());
        };
        let Some(kept) = seals.get(&number) else {
            self.faults.push(Fault::Missing { path, number });
            return Ok(());
        };
        // It may have been carried away before the time stamp came.
        let unstamped = KeptSeal { token: None, ..KeptSeal::clone(kept) };
        if found.text != file::text(kept) && found.text != file::text(&unstamped) {
            self.faults.push(Fault::File { path });
        }
        Ok(())
    }
}
