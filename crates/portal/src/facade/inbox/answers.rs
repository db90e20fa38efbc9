//! The form of what arrived, filled in from what was declared with the sender.

use dinh_calendar::official_day;
use dinh_cases::Kind;
use dinh_context::Session;
use dinh_forms::{Answers, Context, NoFiles, NoUnits, Units};
use dinh_model::Tenant;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::arrival::Arrival;
use crate::Error;
use crate::declared::{Came, Filled, values};
use crate::facade::Portal;

/// Members of a message that say where the applicant lives.
const ADDRESSES: [&str; 3] = ["DiaChi", "DiaChiChuHoSo", "DuLieu.diaChi"];
/// Longest address, in characters.
const LONGEST: usize = 300;

impl Portal {
    /// What was declared with the sender, value by value, with the field of our form that it has become or why it has not;
    /// for whoever sees what arrived ([`Portal::arrived`]).
    ///
    /// # Errors
    /// Those of the graph.
    pub async fn declared(&self, tenant: &Tenant, arrival: &Arrival) -> Result<Vec<Came>, Error> {
        let own = self.own(tenant);
        let Some(content) = &arrival.content else { return Ok(Vec::new()) };
        let kind = match &arrival.dossier {
            Some(id) => {
                let dossier = self.0.casework.as_it_is(&own, id).await?;
                Some(self.0.casework.kind_of(&dossier)?.clone())
            }
            None => None,
        };
        let Some(kind) = kind else { return Ok(Vec::new()) };
        let day = official_day(arrival.arrived.to_jiff());
        Ok(self.filled(&own, &arrival.counterpart, &kind, (content, day)).await.came)
    }

    /// The answers of a dossier that arrives. What did not come into the form is a remark: the field and the rule, never what
    /// was said; that stays beside the form ([`Portal::declared`]).
    pub(super) async fn answers(&self, own: &Session, arrival: &mut Arrival, kind: &Kind) -> Answers {
        let Some(content) = arrival.content.clone() else { return Answers::new() };
        let day = official_day(self.now().to_jiff());
        let filled = self.filled(own, &arrival.counterpart, kind, (&content, day)).await;
        for came in &filled.came {
            let Some(fault) = &came.fault else { continue };
            let field = came.to.as_ref().map_or(came.name.as_str(), |(_, title)| title.vi.as_str());
            arrival.remarks.push(format!("Tờ khai, {field}: {}", fault.vi));
        }
        filled.answers
    }

    async fn filled(
        &self,
        own: &Session,
        counterpart: &str,
        kind: &Kind,
        (message, day): (&Json, Date),
    ) -> Filled {
        // Without a mapping it is at least known who applies.
        let declared = self.0.declared.get(&(counterpart.to_owned(), kind.code.clone()));
        let declared = declared.cloned().unwrap_or_default();
        let Some(form) = self.0.casework.form_on(kind, day) else { return Filled::default() };
        let register = own.units().await.ok();
        let units: &dyn Units = register.as_deref().map_or(&NoUnits, |register| register);
        let context = Context { today: day, units, files: &NoFiles };
        declared.fill(form, message, register.as_deref(), &context)
    }
}

/// Where the applicant lives, in the words of the sender.
pub(super) fn address(content: Option<&Json>) -> Option<String> {
    let values = values(content?);
    let found = ADDRESSES.iter().find_map(|name| values.get(*name)).filter(|text| !text.is_empty())?;
    let clean: String = found.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
    Some(clean.trim().to_owned()).filter(|text| !text.is_empty())
}
