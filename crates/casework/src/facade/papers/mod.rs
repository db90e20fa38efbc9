//! Papers: results that are drawn up, numbered, issued, replaced and taken back here, the forms of the one-stop shop, and
//! how anybody finds out whether a paper is genuine.
//!
//! A result is a `Document`. Its number, its file, the step of its case and the entity itself are one commit, so that there is
//! no number without its document and no document without its number. A file is never changed: what is added to it (a
//! signature) is another file that begins with all of it.

mod change;
mod check;
mod draw_up;
mod form;
mod head;
mod issue;
mod listed;
mod register;
mod replace;
mod sample;
mod sign;
mod values;

use std::sync::Arc;

use dinh_documents::{Fault, Laid, NoPress, Sheet, Template, Typeset};
use dinh_model::Tenant;

use super::Casework;
use crate::Error;

pub use check::Checked;
pub use dinh_cases::Signer;
pub use form::PaperOf;
pub use listed::{Issued, IssuedPage};
pub use sign::{ByHand, Signed};

/// What sets papers.
pub(super) struct Press {
    typeset: Arc<dyn Typeset>,
    /// The address of the house, without a slash at its end: `https://dichvu.hue.gov.vn`.
    address: String,
}

impl Casework {
    /// Says what sets papers, and which address of the house they name. Once; what is said later is not heard.
    pub fn set_press(&self, typeset: Arc<dyn Typeset>, address: &str) {
        let address = address.trim_end_matches('/').to_owned();
        self.0.press.get_or_init(|| Press { typeset, address });
    }

    /// Sets a sheet, on a thread that nobody waits for.
    ///
    /// # Errors
    /// [`Error::Paper`].
    pub async fn typeset(&self, sheet: Sheet) -> Result<Vec<u8>, Error> {
        self.lay(sheet).await.map(|laid| laid.pdf)
    }

    /// The same, with where it leaves room for signatures.
    async fn lay(&self, sheet: Sheet) -> Result<Laid, Error> {
        let press = self.press();
        let set = tokio::task::spawn_blocking(move || press.lay(&sheet)).await;
        Ok(set.unwrap_or_else(|error| Err(failed(&error)))?)
    }

    /// The font in which signatures are written; none where nothing sets type.
    pub fn signature_font(&self) -> Option<Arc<[u8]>> {
        self.press().font()
    }

    /// Sets a sheet with a template that is being written.
    ///
    /// # Errors
    /// [`Error::Paper`].
    pub async fn try_template(&self, draft: Template, sheet: Sheet) -> Result<Vec<u8>, Error> {
        let press = self.press();
        let set = tokio::task::spawn_blocking(move || press.trial(&draft, &sheet)).await;
        Ok(set.unwrap_or_else(|error| Err(failed(&error)))?)
    }

    /// A template of the packs by its name.
    pub fn template(&self, name: &str) -> Option<Template> {
        self.press().templates().into_iter().find(|template| template.name == name).cloned()
    }

    /// Where a paper is checked.
    fn check_address(&self, tenant: &Tenant, code: &str) -> String {
        let address = self.0.press.get().map(|press| press.address.as_str()).unwrap_or_default();
        format!("{address}/{tenant}/check/{code}")
    }

    fn press(&self) -> Arc<dyn Typeset> {
        self.0
            .press
            .get()
            .map_or_else(|| Arc::new(NoPress) as Arc<dyn Typeset>, |press| press.typeset.clone())
    }
}

fn failed(error: &dyn std::fmt::Display) -> Fault {
    Fault::Template { place: None, reason: error.to_string() }
}
