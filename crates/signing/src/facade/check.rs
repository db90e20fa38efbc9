//! Checking the signatures of a document. Nothing of it is kept.

use dinh_signatures::{Evidence, Report, certificates, verify};

use super::Signing;
use crate::Error;

impl Signing {
    /// Checks the signatures of a document: by the trusted authorities, and by what they say now about revocation.
    ///
    /// # Errors
    /// [`Error::Pdf`] if it cannot be read.
    pub async fn check(&self, pdf: Vec<u8>) -> Result<Report, Error> {
        let (pdf, given) = self
            .work(move || {
                let given = certificates(&pdf);
                (pdf, given)
            })
            .await?;
        let (given, trust) = (given?, self.0.settings.trust.trust().clone());
        let (now, outbound) = (self.now(), self.0.context.outbound());
        let known = self.0.sources.about(outbound, (&given, &trust), now).await;
        let grace = self.0.settings.grace;
        let report = self.work(move || {
            let evidence = Evidence {
                trust: &trust,
                certificates: &[],
                lists: &known.lists,
                answers: &known.answers,
                grace,
                now,
            };
            verify(&pdf, &evidence)
        });
        Ok(report.await??)
    }
}
