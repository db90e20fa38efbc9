//! Values with which a template is tried: what a form asks stands where its answer would stand.

use dinh_calendar::official_day;
use dinh_cases::{Kind, KindResult};
use dinh_documents::{Code, Sheet, Template};
use dinh_forms::{Field, Kind as FieldKind};
use dinh_model::{EntityId, Tenant};
use serde_json::{Map, Value as Json, json};

use super::super::Casework;
use super::values::{check, written};
use crate::Error;

/// From which the code of a sample is drawn: no paper has it.
const LOT: &[u8] = b"a sample that was issued to nobody";

impl Casework {
    /// Sets a result of a kind with a template that is being written, as it would look for a unit. Nothing of it is kept.
    ///
    /// # Errors
    /// [`Error::Paper`] with file and line.
    pub async fn try_result(
        &self,
        tenant: &Tenant,
        (kind, result): (&Kind, &KindResult),
        unit: Option<&EntityId>,
        draft: Template,
    ) -> Result<Vec<u8>, Error> {
        let agency = match unit {
            Some(unit) => self.agency(tenant, unit).await?,
            None => super::head::Agency {
                name: "Ủy ban nhân dân phường Mẫu".to_owned(),
                kind: "committee".to_owned(),
                ..Default::default()
            },
        };
        let now = self.now();
        let day = official_day(now.to_jiff());
        let code = Code::of(LOT);
        let (said, tables) = self.asked_by(kind);
        let number = result.number.as_ref().map(|number| number.on("H00", &kind.code, day).with(0));
        let data = json!({
            "head": agency.head(Some(&number.unwrap_or_default()), day),
            "unit_kind": if agency.kind.is_empty() { "committee" } else { &agency.kind },
            "check": check(&code, &self.check_address(tenant, code.as_str())),
            "result": {"title": result.title.vi},
            "case": {"number": "H00-260101-0001", "title": kind.title.vi, "received": written(day), "decided": written(day)},
            "applicant": {"name": "‹Người nộp hồ sơ›", "number": "‹Số định danh›", "address": "‹Địa chỉ›"},
            "basis": kind.basis.iter().map(|one| json!({"number": one.number, "title": one.title.vi})).collect::<Vec<_>>(),
            "valid_until": result.valid_for.map(|_| written(day)),
            "facts": {},
            "said": said,
            "tables": tables,
        });
        let sheet = Sheet {
            template: draft.name.clone(),
            data,
            title: format!("{} (bản thử)", result.title.vi),
            language: "vi",
            at: now.to_jiff(),
            ident: "sample".to_owned(),
        };
        self.try_template(draft, sheet).await
    }

    fn asked_by(&self, kind: &Kind) -> (Json, Json) {
        let editions = self.0.forms.iter().filter(|form| Some(&form.id) == kind.form.as_ref());
        let (mut said, mut tables) = (Map::new(), Map::new());
        if let Some(form) = editions.max_by_key(|form| form.valid_from) {
            asked(&form.fields, "", &mut said, &mut tables);
        }
        (Json::Object(said), Json::Object(tables))
    }
}

fn asked(fields: &[Field], before: &str, said: &mut Map<String, Json>, tables: &mut Map<String, Json>) {
    for field in fields {
        let path = format!("{before}{}", field.name);
        match &field.kind {
            FieldKind::Table { fields, .. } => {
                let mut row = Map::new();
                asked(fields, "", &mut row, &mut Map::new());
                tables.insert(path, json!([row]));
            }
            FieldKind::Group { fields, .. } => {
                said.insert(path.clone(), format!("‹{}›", field.title.in_language("vi")).into());
                asked(fields, &format!("{path}."), said, tables);
            }
            _ => {
                said.insert(path, format!("‹{}›", field.title.in_language("vi")).into());
            }
        }
    }
}
