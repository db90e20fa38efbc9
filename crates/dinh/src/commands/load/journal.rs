//! How far a load has come, kept where an interruption does not reach: for a folder as a record in the graph, for a
//! server as a small file in the working directory.

use std::path::PathBuf;

use dinh_context::Session;
use dinh_context::graph::Op;
use serde::{Deserialize, Serialize};

use super::tally::Tally;
use crate::said::{OrSay as _, place};
use crate::target::Target;

/// Kind of the record in the graph.
const KIND: &str = "load";

/// What is noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// For people: which file this is about.
    pub(super) file: String,
    /// For people: where it is loaded.
    pub(super) into: String,
    /// Beginning of the idempotency keys of this load.
    pub(super) run: String,
    /// Everything before `tally.read` is done.
    pub(super) tally: Tally,
    /// Length of the file of refused records then, in bytes.
    pub(super) rejects: u64,
}

/// Where it is noted.
pub(super) enum Journal {
    /// In the graph.
    Record {
        /// The folder, opened.
        session: Session,
        /// Which record.
        key: String,
    },
    /// Beside the person who loads.
    Sidecar(PathBuf),
    /// Nowhere: standard input cannot be read again.
    Nowhere,
}

impl Journal {
    /// The journal of a load that is known by `fingerprint`.
    pub(super) fn of(target: &Target, fingerprint: Option<&str>) -> Self {
        match (target.folder(), fingerprint) {
            (_, None) => Self::Nowhere,
            (Some(folder), Some(key)) => {
                Self::Record { session: folder.session("load", target.tenant()), key: key.to_owned() }
            }
            (None, Some(key)) => Self::Sidecar(PathBuf::from(format!(".dinh-load-{key}.json"))),
        }
    }

    /// True if what is noted can be read again.
    pub(super) fn lasts(&self) -> bool {
        !matches!(self, Self::Nowhere)
    }

    /// What was noted before.
    pub(super) async fn read(&self) -> anyhow::Result<Option<Note>> {
        match self {
            Self::Nowhere => Ok(None),
            Self::Record { session, key } => {
                let record = session.record(KIND, key).await?;
                Ok(record.and_then(|record| serde_json::from_value(record.body).ok()))
            }
            Self::Sidecar(path) => match std::fs::read(path) {
                Ok(bytes) => Ok(serde_json::from_slice(&bytes).ok()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error).or_say(|| place("không đọc được", "cannot read", path)),
            },
        }
    }

    /// Notes how far it has come.
    pub(super) async fn write(&self, note: &Note) -> anyhow::Result<()> {
        match self {
            Self::Nowhere => {}
            Self::Record { session, key } => {
                let body = serde_json::to_value(note)?;
                session.apply(Op::PutRecord { kind: KIND.to_owned(), key: key.clone(), body }).await?;
            }
            Self::Sidecar(path) => {
                let unfinished = path.with_extension("part");
                let unwritten = || place("không ghi được tiến độ vào", "cannot note the progress in", path);
                std::fs::write(&unfinished, serde_json::to_vec(note)?).or_say(unwritten)?;
                std::fs::rename(&unfinished, path).or_say(unwritten)?;
            }
        }
        Ok(())
    }

    /// Forgets a load that is complete.
    pub(super) async fn clear(&self) -> anyhow::Result<()> {
        match self {
            Self::Nowhere => {}
            Self::Record { session, key } => {
                if session.record(KIND, key).await?.is_some() {
                    session.apply(Op::DeleteRecord { kind: KIND.to_owned(), key: key.clone() }).await?;
                }
            }
            Self::Sidecar(path) => match std::fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).or_say(|| place("không xóa được", "cannot remove", path));
                }
                _ => {}
            },
        }
        Ok(())
    }
}
