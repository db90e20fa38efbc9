//! Sheets, and whoever sets them.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::{Fault, Laid};

/// What is to be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// Name of the template: `receipt`.
    pub template: String,
    /// Its values. Whoever writes them writes nothing else into the document: templates hold no values of their own.
    pub data: Json,
    /// What readers call the file.
    pub title: String,
    /// In which language it is written: `vi` or `en`.
    pub language: &'static str,
    /// When it says it was made. The same sheet becomes the same bytes.
    pub at: Timestamp,
    /// What names it for good, from which the identifier within the file is made: `urn:ngsi-ld:Document:…`.
    pub ident: String,
}

/// A template, or something that templates build on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its name: `receipt`, `official`.
    pub name: String,
    /// The file that it is from, for those who mend it.
    pub file: String,
    /// What it says.
    pub text: String,
}

/// Sets type.
pub trait Typeset: Send + Sync {
    /// A PDF of a sheet: PDF/A with text that can be read aloud and copied, and where it leaves room for signatures. The
    /// same sheet becomes the same bytes.
    ///
    /// Takes tens of milliseconds of a processor: not for a thread that others wait for.
    ///
    /// # Errors
    /// [`Fault`], naming file and line of a template that is wrong.
    fn lay(&self, sheet: &Sheet) -> Result<Laid, Fault>;

    /// The PDF alone.
    ///
    /// # Errors
    /// As [`Typeset::lay`].
    fn pdf(&self, sheet: &Sheet) -> Result<Vec<u8>, Fault> {
        self.lay(sheet).map(|laid| laid.pdf)
    }

    /// The same with a template that is being written.
    ///
    /// # Errors
    /// As [`Typeset::lay`].
    fn trial(&self, draft: &Template, sheet: &Sheet) -> Result<Vec<u8>, Fault>;

    /// Names of the templates that there are.
    fn templates(&self) -> Vec<&Template>;

    /// The font (TrueType) in which signatures are written on papers; none where nothing sets type.
    fn font(&self) -> Option<Arc<[u8]>>;
}

/// Where nothing sets type, as in programs that only count.
#[derive(Clone, Copy, Debug)]
pub struct NoPress;

impl Typeset for NoPress {
    fn lay(&self, _: &Sheet) -> Result<Laid, Fault> {
        Err(Fault::NoPress)
    }

    fn trial(&self, _: &Template, _: &Sheet) -> Result<Vec<u8>, Fault> {
        Err(Fault::NoPress)
    }

    fn templates(&self) -> Vec<&Template> {
        Vec::new()
    }

    fn font(&self) -> Option<Arc<[u8]>> {
        None
    }
}
