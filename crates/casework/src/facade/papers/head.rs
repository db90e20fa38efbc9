//! Heads of papers: the agency, the one above it, and the place that stands before the day.

use dinh_context::Session;
use dinh_context::fields::Reading;
use dinh_documents::heading;
use dinh_model::{Entity, EntityId, Tenant, Value};
use jiff::civil::Date;
use serde_json::Value as Json;

use super::super::Casework;
use crate::Error;

/// How far up it is looked for a place.
const LEVELS: usize = 4;
/// What names of territories begin with and places do not (Decree 30/2020/NĐ-CP, annex I).
const LEVEL_NAMES: [&str; 7] = ["phường ", "xã ", "thị trấn ", "đặc khu ", "thành phố ", "tỉnh ", "quận "];

/// An agency as papers name it.
#[derive(Clone, Debug, Default)]
pub(super) struct Agency {
    pub(super) name: String,
    /// Which kind of unit it is: who signs depends on it.
    pub(super) kind: String,
    pub(super) superior: Option<String>,
    pub(super) place: Option<String>,
}

impl Agency {
    /// The head of a paper of it. `number` may be empty.
    pub(super) fn head(&self, number: Option<&str>, day: Date) -> Json {
        let mut head = heading(
            (&self.name, self.superior.as_deref()),
            number.unwrap_or_default(),
            self.place.as_deref().unwrap_or_default(),
            day,
        );
        // What is not there is none, and not an empty text.
        if self.place.is_none() {
            head["place"] = Json::Null;
        }
        if number.is_none() {
            head["number"] = Json::Null;
        }
        head
    }
}

impl Casework {
    /// The name of an agency as papers write it, in Vietnamese.
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn agency_name(&self, tenant: &Tenant, unit: &EntityId) -> Result<String, Error> {
        Ok(self.agency(tenant, unit).await?.name)
    }

    /// An agency as papers name it, in Vietnamese.
    pub(super) async fn agency(&self, tenant: &Tenant, unit: &EntityId) -> Result<Agency, Error> {
        let own = self.own(tenant);
        let Some(found) = own.find(unit).await? else {
            return Ok(Agency { name: unit.to_string(), ..Agency::default() });
        };
        let from = Reading { names: self.names(), entity: &found.entity };
        let kind = from.text("unitKind").unwrap_or("other").to_owned();
        let parent = from.object("parent");
        let mut agency = Agency { name: self.vietnamese(&found.entity), kind, superior: None, place: None };
        agency.place = self.place(&own, &found.entity).await?;
        // A People's Committee stands under no other agency in heads.
        if let Some(parent) = parent.filter(|_| agency.kind != "committee") {
            let above = own.find(&parent).await?;
            agency.superior = above.map(|above| self.vietnamese(&above.entity));
        }
        Ok(agency)
    }

    /// Where a unit has its seat: the name of its territory, or of the one above it.
    async fn place(&self, own: &Session, unit: &Entity) -> Result<Option<String>, Error> {
        let mut at = unit.clone();
        for _ in 0..LEVELS {
            let from = Reading { names: self.names(), entity: &at };
            if let Some(territory) = from.object("territory") {
                let found = own.find(&territory).await?;
                return Ok(found.map(|found| place_of(&self.vietnamese(&found.entity))));
            }
            let Some(parent) = from.object("parent") else { return Ok(None) };
            let Some(found) = own.find(&parent).await? else { return Ok(None) };
            at = (*found.entity).clone();
        }
        Ok(None)
    }

    /// The Vietnamese name of an entity; its identifier if it has none.
    pub(super) fn vietnamese(&self, entity: &Entity) -> String {
        let name = match entity.attribute(self.names().of("name").as_str()).map(|one| &one.value) {
            Some(Value::Language(texts)) => {
                texts.get("vi").and_then(|texts| texts.as_slice().first().cloned())
            }
            Some(Value::Property(Json::String(text))) => Some(text.clone()),
            _ => None,
        };
        name.unwrap_or_else(|| entity.id.to_string())
    }
}

/// `Thuận Hóa` of `Phường Thuận Hóa`; a number is told with its level: `Phường 1`.
fn place_of(name: &str) -> String {
    let lower = name.to_lowercase();
    let bare = LEVEL_NAMES.iter().find(|level| lower.starts_with(*level)).and_then(|level| {
        let rest: String = name.chars().skip(level.chars().count()).collect();
        rest.starts_with(|c: char| !c.is_ascii_digit()).then_some(rest)
    });
    bare.unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_have_no_level_unless_they_are_numbers() {
        for (name, place) in [
            ("Phường Thuận Hóa", "Thuận Hóa"),
            ("phường Phú Xuân", "Phú Xuân"),
            ("Thành phố Huế", "Huế"),
            ("Phường 1", "Phường 1"),
            ("Huế", "Huế"),
        ] {
            assert_eq!(place_of(name), place);
        }
    }
}
