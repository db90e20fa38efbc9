//! A version that is in use is not changed: whoever filed under it was told what it says.

use dinh_cases::{Kind, Status};
use dinh_context::graph::{Commit, Op};
use dinh_model::Tenant;
use dinh_ngsild::query::{EntityQuery, Literal, Op as Compare, Q};
use serde_json::json;

use super::{Casework, follow};
use crate::Error;

/// Kind of the records that say what published versions did when they were seen first.
const SEEN: &str = "case-version";

impl Casework {
    /// Looks whether the published versions still do what they did when cases were opened under them, and keeps what
    /// those do that are new. Words may be mended, and a version may be ended.
    ///
    /// # Errors
    /// [`Error::Pack`] for a version that was changed although there are cases that go by it.
    pub async fn check_published(&self) -> Result<(), Error> {
        for tenant in self.0.context.tenants() {
            for kind in self.book().all().filter(|kind| kind.status == Status::Published) {
                self.check_version(&tenant, kind).await?;
            }
        }
        Ok(())
    }

    async fn check_version(&self, tenant: &Tenant, kind: &Kind) -> Result<(), Error> {
        let own = self.own(tenant);
        let (key, digest) = (format!("{} {}", kind.code, kind.version), follow::digest(&kind.essence()));
        let seen = own.record(SEEN, &key).await?;
        match seen.as_ref().and_then(|record| record.body["digest"].as_str()) {
            Some(known) if known == digest => return Ok(()),
            Some(_) if self.goes_by(tenant, kind).await? => {
                let reason = format!(
                    "version {} of {} is in use in {tenant} and was changed: cases go by it. Leave it as it was \
                     and write a new version that begins on a day to come",
                    kind.version, kind.code
                );
                return Err(Error::Pack { file: format!("cases ({})", kind.code), reason });
            }
            _ => {}
        }
        let body = json!({"digest": digest, "seen": self.now().to_string()});
        let put = Op::PutRecord { kind: SEEN.to_owned(), key, body };
        own.commit(Commit::atomic(vec![put])).await?;
        Ok(())
    }

    /// Whether there are cases that go by a version.
    async fn goes_by(&self, tenant: &Tenant, kind: &Kind) -> Result<bool, Error> {
        let version = Literal::Number(f64::from(kind.version));
        let query = EntityQuery {
            q: Some(Q::And(vec![
                self.is("kind", &kind.code),
                self.compare("kindVersion", Compare::Eq, version),
            ])),
            limit: 1,
            ..EntityQuery::of_type(self.names().of(&kind.entity_type))
        };
        Ok(!self.own(tenant).query(query).await?.entities.is_empty())
    }
}
