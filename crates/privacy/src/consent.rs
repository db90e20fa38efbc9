//! Consents as they are kept: entities of type `Consent`.

use dinh_context::graph::Stored;
use dinh_model::{EntityId, Timestamp};
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::names::Names;
use crate::{Error, Purpose};
use dinh_context::fields::Reading;

/// How somebody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// On a page of the site.
    Page,
    /// At a counter, before an official.
    Counter,
    /// Through the API.
    Api,
}

impl How {
    /// The name that entities write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Counter => "counter",
            Self::Api => "api",
        }
    }

    /// From [`How::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Page, Self::Counter, Self::Api].into_iter().find(|how| how.name() == name)
    }
}

/// A consent, taken back or not.
#[derive(Clone, Debug, PartialEq)]
pub struct Consent {
    /// The entity.
    pub id: EntityId,
    /// Its version.
    pub version: u64,
    /// Whose data.
    pub subject: EntityId,
    /// Code of the purpose.
    pub purpose: String,
    /// Which version of its text.
    pub text_version: u32,
    /// SHA-256 over the text, in hexadecimal digits.
    pub text_digest: String,
    /// When it was given.
    pub given: Timestamp,
    /// By whom: the principal's name.
    pub given_by: String,
    /// How.
    pub how: How,
    /// When it was taken back, if it was.
    pub withdrawn: Option<Timestamp>,
}

/// A purpose that somebody may be asked for, and what they said.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The purpose in its present version.
    pub purpose: Purpose,
    /// The consent that counts now; none if there is none.
    pub consent: Option<Consent>,
    /// An earlier one that counts no more: taken back, or given to an older text.
    pub earlier: Option<Consent>,
}

/// A consent with the text that was agreed to.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The consent.
    pub consent: Consent,
    /// The version of the purpose that was agreed to; none if the pack no longer brings it.
    pub purpose: Option<Purpose>,
}

impl Consent {
    pub(crate) fn read(names: &Names, stored: &Stored) -> Result<Self, Error> {
        let from = Reading { names: &names.all, entity: &stored.entity };
        let number = from.json("textVersion").and_then(Json::as_u64).and_then(|n| u32::try_from(n).ok());
        Ok(Self {
            id: stored.entity.id.clone(),
            version: stored.version,
            subject: from.object("subject").ok_or_else(|| from.damaged("subject"))?,
            purpose: from.must("purpose", |text| Some(text.to_owned()))?,
            text_version: number.ok_or_else(|| from.damaged("textVersion"))?,
            text_digest: from.must("textDigest", |text| Some(text.to_owned()))?,
            given: from.must("givenAt", |text| text.parse().ok())?,
            given_by: from.must("givenBy", |text| Some(text.to_owned()))?,
            how: from.must("givenHow", How::from_name)?,
            withdrawn: from.text("withdrawnAt").and_then(|text| text.parse().ok()),
        })
    }

    /// True if it stands, and was given to this version of its purpose, word by word.
    pub fn counts_for(&self, purpose: &Purpose) -> bool {
        self.withdrawn.is_none()
            && self.purpose == purpose.code
            && self.text_version == purpose.version
            && self.text_digest == purpose.digest()
    }
}

impl Receipt {
    /// True if the text of the pack is still the one that was agreed to.
    pub fn is_whole(&self) -> bool {
        self.purpose.as_ref().is_some_and(|purpose| purpose.digest() == self.consent.text_digest)
    }

    /// As a JSON document that its holder may keep.
    pub fn to_json(&self) -> Json {
        let consent = &self.consent;
        let text = self.purpose.as_ref().filter(|_| self.is_whole());
        json!({
            "id": consent.id.as_str(),
            "subject": consent.subject.as_str(),
            "purpose": consent.purpose,
            "textVersion": consent.text_version,
            "textDigest": consent.text_digest,
            "givenAt": consent.given.to_string(),
            "givenHow": consent.how.name(),
            "withdrawnAt": consent.withdrawn.map(|at| at.to_string()),
            "text": text.map(|purpose| json!({
                "title": purpose.title, "text": purpose.text, "controller": purpose.controller,
                "data": purpose.data, "recipients": purpose.recipients, "legal": purpose.legal,
            })),
        })
    }
}
