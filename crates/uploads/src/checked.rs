//! An upload that has been looked at.

use crate::{Kind, Limits, Refused, archive, name, pdf, picture};

/// What is worth knowing of an upload that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A PDF carries other files, which nobody has looked at.
    Attachments,
    /// A picture was written anew: its metadata are gone.
    WrittenAnew,
}

/// An upload that has been looked at and may be kept. There is no other way to one than [`Checked::new`].
#[derive(Clone, PartialEq, Eq)]
pub struct Checked {
    kind: Kind,
    name: String,
    bytes: Vec<u8>,
    remarks: Vec<Remark>,
}

impl std::fmt::Debug for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checked")
            .field("kind", &self.kind)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Checked {
    /// Looks at `bytes`, which somebody sent as `declared` (a media type) under a `name`.
    ///
    /// # Errors
    /// [`Refused`], which names the rule in both languages.
    pub fn new(bytes: Vec<u8>, declared: &str, name: &str, limits: &Limits) -> Result<Self, Refused> {
        if bytes.is_empty() {
            return Err(Refused::Empty);
        }
        if bytes.len() > limits.bytes {
            return Err(Refused::TooLarge(limits.bytes));
        }
        let ending = name::ending(name).unwrap_or_default();
        let kind = Kind::of_ending(ending).ok_or_else(|| Refused::NotTaken(shown(ending)))?;
        let said = Kind::of_media_type(declared).ok_or_else(|| Refused::NotTaken(shown(declared)))?;
        if said != kind {
            return Err(Refused::Disagrees("declared type"));
        }
        if !kind.begins(&bytes) {
            return Err(Refused::Disagrees("name"));
        }
        let mut remarks = Vec::new();
        let (kind, bytes) = if kind.is_picture() {
            remarks.push(Remark::WrittenAnew);
            picture::anew(kind, &bytes, limits)?
        } else {
            if kind.member().is_some() {
                archive::check(kind, &bytes, limits)?;
            } else if kind == Kind::Pdf && pdf::check(&bytes, limits)?.attachments {
                remarks.push(Remark::Attachments);
            }
            (kind, bytes)
        };
        let ending = kind.endings().first().copied().unwrap_or_default();
        Ok(Self { kind, name: name::safe(name, ending), bytes, remarks })
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is called: safe to show, to keep and to download.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is kept: pictures as they were written anew, all else as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, taken out.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What is worth knowing of it.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

/// What a stranger has written, short enough to repeat.
fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}
