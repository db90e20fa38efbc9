//! Pictures of seals, one for each unit: what is seen of the seal on a document. A picture proves nothing; the signature does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use dinh_access::Action;
use dinh_context::Session;
use dinh_context::graph::{Act, Commit, Note, Op};
use dinh_model::{EntityId, Tenant};
use serde_json::json;

use super::Signing;
use super::inventory::MOST;
use crate::Error;

/// Kind of the records.
const KIND: &str = "seal-picture";
/// Largest picture, in bytes.
const LARGEST: usize = 400 << 10;

impl Signing {
    /// Keeps the picture (PNG) of the seal of a unit, in place of the one before; none takes it away.
    ///
    /// # Errors
    /// [`Error::Door`] for those who do not administer; [`Error::Text`] for one of more than 400 KiB.
    pub async fn set_seal_picture(
        &self,
        session: &Session,
        unit: &EntityId,
        png: Option<&[u8]>,
    ) -> Result<(), Error> {
        session.may(Action::Administer)?;
        if png.is_some_and(|png| png.is_empty() || png.len() > LARGEST) {
            return Err(Error::Text { field: "picture", least: 1, most: LARGEST });
        }
        let (by, key) = (session.principal().to_string(), unit.to_string());
        let what = if png.is_some() { "set" } else { "removed" };
        let details = json!({"sealPicture": key, "what": what, "by": by});
        let note = Note { details, ..Note::of(Act::Key) };
        let change = match png {
            Some(png) => {
                let body = json!({"png": STANDARD.encode(png), "by": by, "at": self.now().to_string()});
                Op::PutRecord { kind: KIND.to_owned(), key, body }
            }
            None => Op::DeleteRecord { kind: KIND.to_owned(), key },
        };
        let receipt = self.own(session.tenant()).commit(Commit::atomic(vec![change, Op::note(note)])).await?;
        for result in receipt.results {
            result.map_err(dinh_context::Error::from)?;
        }
        Ok(())
    }

    /// The picture of the seal of a unit, for the program itself.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn seal_picture(&self, tenant: &Tenant, unit: &EntityId) -> Result<Option<Vec<u8>>, Error> {
        let record = self.own(tenant).record(KIND, unit.as_str()).await?;
        let png = record.as_ref().and_then(|record| record.body["png"].as_str());
        Ok(png.and_then(|png| STANDARD.decode(png).ok()))
    }

    /// The pictures of all units as base64, for those who administer.
    ///
    /// # Errors
    /// [`Error::Door`] for others.
    pub async fn seal_pictures(&self, session: &Session) -> Result<Vec<(EntityId, String)>, Error> {
        session.may(Action::Administer)?;
        let records = self.own(session.tenant()).records(KIND, "", MOST).await?;
        let one = |record: dinh_context::graph::Record| {
            let png = record.body["png"].as_str()?.to_owned();
            Some((EntityId::trusted(record.key), png))
        };
        Ok(records.into_iter().filter_map(one).collect())
    }
}
