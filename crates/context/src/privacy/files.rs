//! Checking the contents of all files.

use dinh_access::{Principal, Purpose};
use dinh_ngsild::context::Context as LdContext;
use dinh_ngsild::query::{EntityQuery, TypeExpr};
use dinh_store::{Check, Report};

use crate::{Context, Error};

/// Files looked at in one step.
const PAGE: usize = 100;

impl Context {
    /// Checks every invariant of the graph, and that the content of every file is there and is what was put there.
    pub async fn verify(&self) -> Result<Report, Error> {
        let mut report = self.store().verify(self.own()).await?;
        let mut check = Check { name: "files", ..Check::default() };
        let types = Some(TypeExpr::Is(LdContext::core().expand("File")));
        for tenant in self.tenants() {
            let part = Principal::System("verify".into());
            let reading = self.policy().read(&part, &tenant, Purpose::Maintenance)?;
            let mut after = None;
            loop {
                let query =
                    EntityQuery { types: types.clone(), limit: PAGE, after, ..EntityQuery::default() };
                let page = self.store().query(&reading, &query).await?;
                let Some(last) = page.entities.last() else { break };
                after = Some(last.place);
                for stored in &page.entities {
                    crate::session::file_fault(self, &reading, &stored.entity, &mut check).await?;
                }
            }
        }
        report.checks.push(check);
        Ok(report)
    }
}
