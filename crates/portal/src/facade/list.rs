//! The national list of procedures, asked of a counterpart (`LayDanhSachTTHC`, `LayThuTuc`): as lines that the reader of
//! lists understands.

use std::collections::BTreeSet;

use dinh_model::Tenant;
use futures::StreamExt as _;
use serde_json::{Map, Value as Json, json};

use super::{Link, Portal};
use crate::Error;
use crate::message::flat;

/// Most procedures of a list.
const MOST: usize = 50_000;
/// Largest list, in bytes.
const MOST_BYTES: usize = 200 << 20;
/// Procedures asked for at a time.
const AT_ONCE: usize = 4;

impl Portal {
    /// The counterparts of a tenant of which the list of procedures is taken.
    pub fn lists(&self, tenant: &Tenant) -> Vec<String> {
        let of = self.links(tenant).filter(|link| link.catalogue);
        of.map(|link| link.counterpart.code.clone()).collect()
    }

    /// The tenants that are connected.
    pub fn tenants(&self) -> BTreeSet<Tenant> {
        self.0.links.get().into_iter().flatten().map(|link| link.tenant.clone()).collect()
    }

    /// The whole list as lines of JSON, one for each procedure. What the counterpart lists and does not tell of is left out:
    /// an import takes nothing away.
    ///
    /// # Errors
    /// [`Error::NoCounterpart`]; [`Error::Silent`] if it does not answer, or with more than a list may hold.
    pub async fn list(&self, tenant: &Tenant, counterpart: &str) -> Result<Vec<u8>, Error> {
        let link = self.link_to(tenant, counterpart)?;
        let listed = self.asked_of(link, json!({"service": "LayDanhSachTTHC"})).await?;
        let listed = listed.as_array().map(Vec::as_slice).unwrap_or_default();
        let codes: BTreeSet<String> = listed
            .iter()
            .filter_map(|one| one.get("MATTHC").and_then(flat))
            .filter(|code| !code.is_empty())
            .collect();
        if codes.len() > MOST {
            return Err(Error::TooMany { what: "LayDanhSachTTHC", most: MOST });
        }
        let mut lines = Vec::new();
        let mut asked =
            futures::stream::iter(codes).map(|code| self.asked_of_one(link, code)).buffered(AT_ONCE);
        while let Some(procedure) = asked.next().await {
            let Some(procedure) = procedure? else { continue };
            lines.extend_from_slice(procedure.to_string().as_bytes());
            lines.push(b'\n');
            if lines.len() > MOST_BYTES {
                return Err(Error::TooMany { what: "LayThuTuc: bytes", most: MOST_BYTES });
            }
        }
        Ok(lines)
    }

    async fn asked_of_one(&self, link: &Link, code: String) -> Result<Option<Json>, Error> {
        let answer = self.asked_of(link, json!({"service": "LayThuTuc", "maTTHC": code})).await?;
        Ok(match answer {
            Json::Array(all) => all.into_iter().next(),
            one @ Json::Object(_) => Some(one),
            _ => None,
        })
    }

    /// The `result` of a service.
    async fn asked_of(&self, link: &Link, body: Json) -> Result<Json, Error> {
        let body: Map<String, Json> = match body {
            Json::Object(body) => body,
            _ => Map::new(),
        };
        let answer = link.call(self.0.context.outbound(), &body).await;
        let mut answer = answer.map_err(|trouble| Error::Silent(trouble.text().to_owned()))?;
        Ok(answer.get_mut("result").map(Json::take).unwrap_or_default())
    }
}
