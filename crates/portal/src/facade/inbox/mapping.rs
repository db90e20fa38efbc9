//! What people have said that codes of counterparts mean here: which kind settles a procedure, which unit a code is.

use dinh_context::Session;
use dinh_context::graph::Op;
use dinh_model::{EntityId, Tenant};
use serde_json::json;

use crate::Error;
use crate::facade::Portal;

/// Kind of the records.
const KIND: &str = "portal-mapping";
/// Most of them that are listed.
const MOST: usize = 500;
/// Longest code, in characters.
const LONGEST: usize = 200;

/// A list of codes that people complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MappingList {
    /// Codes of national procedures, and the kinds that settle them.
    Procedure,
    /// Codes or names of units, and the units.
    Unit,
}

/// What a code means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// In which list.
    pub list: MappingList,
    /// The code of a counterpart.
    pub code: String,
    /// The code of a kind, or the URI of a unit.
    pub means: String,
}

impl MappingList {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Procedure, Self::Unit];

    /// The name that records and pages write.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Unit => "unit",
        }
    }

    /// From [`MappingList::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name() == name)
    }
}

impl Portal {
    /// Says what a code of a counterpart means here, and has what waits for it tried again.
    ///
    /// # Errors
    /// [`Error::Cases`] for a kind that is not open today; [`Error::NoSuch`] for a unit that there is not.
    pub async fn map(&self, session: &Session, mapping: &Mapping) -> Result<(), Error> {
        let length = mapping.code.chars().count();
        if length == 0 || length > LONGEST || mapping.code.chars().any(char::is_control) {
            return Err(Error::TooMany { what: "code: characters on one line", most: LONGEST });
        }
        match mapping.list {
            MappingList::Procedure => {
                let today = dinh_calendar::official_day(self.now().to_jiff());
                let kind = self.0.casework.book().on(&mapping.means, today);
                kind.ok_or_else(|| dinh_casework::Error::NoKind(mapping.means.clone()))?;
            }
            MappingList::Unit => {
                let unit = EntityId::trusted(mapping.means.as_str());
                let is_unit = self.names().of("Unit");
                let found = self.own(session.tenant()).find(&unit).await?;
                found.filter(|stored| stored.entity.types.contains(&is_unit)).ok_or(Error::NoSuch(unit))?;
            }
        }
        let body = json!({"means": mapping.means, "at": self.now()});
        let key = key(mapping.list, &mapping.code);
        session.clone().vouched().apply(Op::PutRecord { kind: KIND.to_owned(), key, body }).await?;
        self.try_held(session).await
    }

    /// What a code means, if somebody has said so.
    pub(super) async fn meaning(
        &self,
        own: &Session,
        list: MappingList,
        code: &str,
    ) -> Result<Option<String>, Error> {
        let record = own.record(KIND, &key(list, code)).await?;
        Ok(record.and_then(|record| record.body["means"].as_str().map(str::to_owned)))
    }

    /// What people have said.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn mappings(&self, tenant: &Tenant) -> Result<Vec<Mapping>, Error> {
        let records = self.own(tenant).records(KIND, "", MOST).await?;
        let read = |record: &dinh_context::graph::Record| {
            let (list, code) = record.key.split_once(' ')?;
            let means = record.body["means"].as_str()?.to_owned();
            Some(Mapping { list: MappingList::from_name(list)?, code: code.to_owned(), means })
        };
        Ok(records.iter().filter_map(read).collect())
    }
}

fn key(list: MappingList, code: &str) -> String {
    format!("{} {}", list.name(), code.trim())
}
