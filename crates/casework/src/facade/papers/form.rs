//! The forms of the one-stop shop (annex I of Circular 03/2025/TT-VPCP) as PDF. They are drawn from the case whenever
//! somebody asks for one; what is kept is by which code and digest they are checked, and nothing of what they say.

use dinh_calendar::{Named, official_day};
use dinh_cases::Case;
use dinh_context::graph::{Commit, Op};
use dinh_documents::{Code, Digest, Sheet};
use dinh_model::{EntityId, Tenant, Timestamp};
use serde_json::{Value as Json, json};

use super::super::Casework;
use super::values::check;
use crate::{Dossier, Error};

/// Kind of the records that say which paper has a code.
pub(super) const PAPER: &str = "paper";
/// Kind of the records that say which paper a file is.
pub(super) const DIGEST: &str = "paper-digest";

/// Name of the template that sets many forms one after another.
const BUNDLE: &str = "bundle";

/// A form of a case.
#[derive(Clone, Debug)]
pub struct PaperOf {
    /// The case.
    pub dossier: EntityId,
    /// The unit that gives it out.
    pub unit: EntityId,
    /// Name of its template: `receipt`.
    pub template: &'static str,
    /// Which one of its kind: a second request for more is another paper.
    pub which: usize,
    /// What it is called.
    pub title: Named,
    /// The moment that it tells of, whose day it has.
    pub at: Timestamp,
    /// What it says.
    pub paper: Json,
}

impl Casework {
    /// Sets a form.
    ///
    /// # Errors
    /// [`Error::Paper`].
    pub async fn set_form(&self, tenant: &Tenant, of: PaperOf) -> Result<Vec<u8>, Error> {
        let (code, data) = self.form_values(tenant, &of).await?;
        let sheet = Sheet {
            template: of.template.to_owned(),
            data,
            title: of.title.vi.clone(),
            language: "vi",
            at: of.at.to_jiff(),
            ident: lot(tenant, &of),
        };
        let pdf = self.typeset(sheet).await?;
        self.remember(tenant, &of, &code, Some(&Digest::of(&pdf))).await?;
        Ok(pdf)
    }

    /// Sets many forms in one file, each with the code by which it is checked.
    ///
    /// # Errors
    /// [`Error::Paper`].
    pub async fn set_forms(&self, tenant: &Tenant, all: Vec<PaperOf>) -> Result<Vec<u8>, Error> {
        let (mut papers, mut ident) = (Vec::new(), String::new());
        for of in &all {
            let (code, data) = self.form_values(tenant, of).await?;
            self.remember(tenant, of, &code, None).await?;
            papers.push(json!({"template": of.template, "data": data}));
            ident.push_str(&lot(tenant, of));
        }
        let title = all.first().map(|of| of.title.vi.clone()).unwrap_or_default();
        let at = all.iter().map(|of| of.at).max().unwrap_or_else(|| self.now());
        let data = json!({"papers": papers});
        let template = BUNDLE.to_owned();
        self.typeset(Sheet { template, data, title, language: "vi", at: at.to_jiff(), ident }).await
    }

    async fn form_values(&self, tenant: &Tenant, of: &PaperOf) -> Result<(Code, Json), Error> {
        let agency = self.agency(tenant, &of.unit).await?;
        let code = Code::of(lot(tenant, of).as_bytes());
        let data = json!({
            "head": agency.head(None, official_day(of.at.to_jiff())),
            "unit_kind": agency.kind,
            "check": check(&code, &self.check_address(tenant, code.as_str())),
            "paper": of.paper,
        });
        Ok((code, data))
    }

    /// Keeps by what a paper is checked, unless that is kept already.
    async fn remember(
        &self,
        tenant: &Tenant,
        of: &PaperOf,
        code: &Code,
        digest: Option<&Digest>,
    ) -> Result<(), Error> {
        let own = self.own(tenant);
        let digest = digest.map(ToString::to_string);
        let known = match &digest {
            Some(digest) => own.record(DIGEST, digest).await?,
            None => own.record(PAPER, code.as_str()).await?,
        };
        if known.is_some() {
            return Ok(());
        }
        let put = |kind: &str, key: &str, body: Json| Op::PutRecord {
            kind: kind.to_owned(),
            key: key.to_owned(),
            body,
        };
        let said = json!({
            "vi": of.title.vi,
            "en": of.title.en,
            "unit": of.unit.as_str(),
            "at": of.at.to_string(),
        });
        let mut ops = vec![put(PAPER, code.as_str(), said)];
        ops.extend(digest.map(|digest| put(DIGEST, &digest, json!({"code": code.as_str()}))));
        own.commit(Commit::atomic(ops)).await?;
        Ok(())
    }
}

impl Casework {
    /// When a case was due as it was first promised: what its receipt says, whatever became of it later.
    pub fn promised(&self, case: &Case) -> Option<Timestamp> {
        case.promised(self.0.times.schedule()).map(Timestamp::from)
    }

    /// When a case was due before it was put off the last time.
    pub fn due_before(&self, case: &Case) -> Option<Timestamp> {
        case.due_before(self.0.times.schedule()).map(Timestamp::from)
    }

    /// The case with a number, for whoever shows its secret; without who applied.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn followed(
        &self,
        tenant: &Tenant,
        number: &str,
        secret: &str,
    ) -> Result<Option<Dossier>, Error> {
        let found = self.by_secret(tenant, number, secret).await?;
        let nobody = |mut dossier: Dossier| {
            dossier.applicant = None;
            "……".clone_into(&mut dossier.applicant_name);
            dossier
        };
        Ok(found.map(nobody))
    }
}

/// From what the code of a form is drawn: the name of a case cannot be guessed.
fn lot(tenant: &Tenant, of: &PaperOf) -> String {
    format!("{tenant} {} {} {}", of.dossier, of.template, of.which)
}
