//! Whether a paper is genuine, for whoever holds it: its code or its file is enough, and nothing of what it says is told.

use dinh_calendar::{Named, official_day};
use dinh_context::Session;
use dinh_documents::{Code, Digest, Standing};
use dinh_model::{EntityId, Tenant, Timestamp};
use dinh_ngsild::query::EntityQuery;
use jiff::civil::Date;

use super::super::Casework;
use super::super::locker::DOCUMENT;
use super::form::{DIGEST, PAPER};
use super::listed::Issued;
use crate::Error;

/// What is told of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// Its code.
    pub code: Code,
    /// What it is called: its kind, nothing of what it says.
    pub title: Named,
    /// The unit that issued it.
    pub unit: EntityId,
    /// The day that it has.
    pub day: Date,
    /// Where it stands.
    pub standing: Standing,
    /// Whether it holds today: what holds for a time only ends by itself.
    pub over: bool,
    /// Code of the one that took its place.
    pub replaced_by: Option<Code>,
    /// Whether the file that was shown is the one that was issued; none if none was shown.
    pub genuine: Option<bool>,
    /// The document and the digest of its file, if it was signed and holds or held; none for what has no signatures.
    pub signed: Option<(EntityId, String)>,
    /// Whether it was signed by hand, on paper.
    pub by_hand: bool,
}

impl Casework {
    /// What there is to tell of the paper with a code, or of a file; none if nothing of the kind was issued here.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn check_paper(
        &self,
        tenant: &Tenant,
        code: Option<&Code>,
        digest: Option<&Digest>,
    ) -> Result<Option<Checked>, Error> {
        let own = self.own(tenant);
        if let Some(one) = self.document_with(&own, code, digest).await? {
            return self.told_of(&own, &one, digest).await.map(Some);
        }
        self.form_with(&own, code, digest).await
    }

    async fn document_with(
        &self,
        own: &Session,
        code: Option<&Code>,
        digest: Option<&Digest>,
    ) -> Result<Option<Issued>, Error> {
        let q = match (code, digest) {
            (Some(code), _) => self.is("checkCode", code.as_str()),
            (None, Some(digest)) => self.is("digests", &digest.to_string()),
            (None, None) => return Ok(None),
        };
        let query = EntityQuery { q: Some(q), limit: 1, ..EntityQuery::of_type(self.names().of(DOCUMENT)) };
        let page = own.query(query).await?;
        page.entities.first().map(|stored| self.issued_of(stored)).transpose()
    }

    async fn told_of(&self, own: &Session, one: &Issued, digest: Option<&Digest>) -> Result<Checked, Error> {
        let today = official_day(self.now().to_jiff());
        let replaced_by = match &one.replaced_by {
            Some(id) => {
                let found = own.find(id).await?;
                found.map(|stored| self.issued_of(&stored)).transpose()?.map(|new| new.code)
            }
            None => None,
        };
        // What was numbered and then signed is genuine with its last signature alone.
        let last = one.digests.last();
        // What was not issued is nobody's yet, and nobody is told who has signed it so far.
        let told = !one.signed.is_empty() && one.issued.is_some() && one.file.is_some();
        Ok(Checked {
            signed: last.filter(|_| told).map(|digest| (one.id.clone(), digest.clone())),
            by_hand: one.by_hand.is_some(),
            code: one.code.clone(),
            title: one.title.clone(),
            unit: one.issued_by.clone(),
            day: official_day(one.numbered.to_jiff()),
            standing: one.standing,
            over: one.valid_until.is_some_and(|until| until < today),
            replaced_by,
            genuine: digest.map(|digest| last == Some(&digest.to_string())),
        })
    }

    /// A form of the one-stop shop that was printed.
    async fn form_with(
        &self,
        own: &Session,
        code: Option<&Code>,
        digest: Option<&Digest>,
    ) -> Result<Option<Checked>, Error> {
        let by_digest = match (code, digest) {
            (Some(code), _) => Some(code.clone()),
            (None, Some(digest)) => {
                let record = own.record(DIGEST, &digest.to_string()).await?;
                record.and_then(|record| record.body["code"].as_str()?.parse().ok())
            }
            (None, None) => None,
        };
        let Some(code) = by_digest else { return Ok(None) };
        let Some(record) = own.record(PAPER, code.as_str()).await? else { return Ok(None) };
        let text = |name: &str| record.body[name].as_str().unwrap_or_default().to_owned();
        let Ok(at) = text("at").parse::<Timestamp>() else { return Ok(None) };
        let genuine = match digest {
            Some(digest) => {
                let known = own.record(DIGEST, &digest.to_string()).await?;
                Some(known.is_some_and(|known| known.body["code"].as_str() == Some(code.as_str())))
            }
            None => None,
        };
        Ok(Some(Checked {
            title: Named { vi: text("vi"), en: text("en") },
            unit: EntityId::trusted(text("unit")),
            day: official_day(at.to_jiff()),
            standing: Standing::Valid,
            over: false,
            replaced_by: None,
            genuine,
            signed: None,
            by_hand: false,
            code,
        }))
    }
}
