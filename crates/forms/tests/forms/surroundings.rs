//! Forms, units and files that the tests use.

use dinh_forms::{Context, DossierFiles, FileFact, Form, Text, UnitChoice, UnitFact, Units};
use jiff::civil::{Date, date};
use serde_json::Value;

pub(crate) const TODAY: Date = date(2026, 11, 21);
pub(crate) const HUE: &str = "urn:province:hue";
pub(crate) const PHU_XUAN: &str = "urn:commune:phu-xuan";
pub(crate) const VINH_NINH: &str = "urn:commune:vinh-ninh";

/// Huế with a commune of today and one of before, and Hà Nội, whose communes are not listed.
pub(crate) struct Listed;

impl Units for Listed {
    fn provinces(&self, _day: Option<Date>) -> Vec<UnitChoice> {
        let one = |id: &str, name: &str| UnitChoice { id: id.to_owned(), name: name.to_owned(), until: None };
        vec![one(HUE, "Thành phố Huế"), one("urn:province:ha-noi", "Thành phố Hà Nội")]
    }

    fn communes(&self, province: &str, day: Option<Date>) -> Vec<UnitChoice> {
        let all =
            [(PHU_XUAN, "Phường Phú Xuân", None), (VINH_NINH, "Phường Vĩnh Ninh", Some(date(2025, 6, 30)))];
        all.into_iter()
            .filter(|(.., until)| {
                province == HUE && day.is_none_or(|day| until.is_none_or(|until| day <= until))
            })
            .map(|(id, name, until)| UnitChoice { id: id.to_owned(), name: name.to_owned(), until })
            .collect()
    }

    fn find(&self, id: &str) -> Option<UnitFact> {
        let fact = |name: &str, is_province, province: &str, until| UnitFact {
            name: name.to_owned(),
            is_province,
            province: Some(province.to_owned()),
            from: None,
            until,
        };
        Some(match id {
            HUE => fact("Thành phố Huế", true, HUE, None),
            "urn:province:ha-noi" => fact("Thành phố Hà Nội", true, id, None),
            PHU_XUAN => fact("Phường Phú Xuân", false, HUE, None),
            VINH_NINH => fact("Phường Vĩnh Ninh", false, HUE, Some(date(2025, 6, 30))),
            _ => return None,
        })
    }
}

/// Files named by what they are: `pdf-1`, `jpg-2`, `large-3`, `exe-4`.
pub(crate) struct Drawer;

impl DossierFiles for Drawer {
    fn find(&self, id: &str) -> Option<FileFact> {
        let (kind, _) = id.split_once('-')?;
        let (media_type, byte_size) = match kind {
            "pdf" => ("application/pdf", 1000),
            "jpg" => ("image/jpeg", 1000),
            "large" => ("image/jpeg", 19 * 1024 * 1024),
            "exe" => ("application/octet-stream", 1000),
            _ => return None,
        };
        Some(FileFact { name: format!("{id}.{kind}"), media_type: media_type.to_owned(), byte_size })
    }
}

pub(crate) fn context() -> Context<'static> {
    Context { today: TODAY, units: &Listed, files: &Drawer }
}

pub(crate) fn shipped() -> Vec<Form> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/one-stop/forms");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("is there").map(|entry| entry.expect("is read").path()).collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("is read");
            Form::from_json(&text).map_err(|e| format!("{}: {e}", path.display())).expect("is a form")
        })
        .collect()
}

pub(crate) fn form(id: &str) -> Form {
    shipped().into_iter().find(|form| form.id == id).expect("ships")
}

/// A form of these properties, all on one step.
pub(crate) fn small(properties: &Value, required: &[&str]) -> Result<Form, dinh_forms::LoadError> {
    let fields: Vec<&String> = properties.as_object().expect("is an object").keys().collect();
    let text = Text::new("Thử", "Test");
    let whole = serde_json::json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "test",
        "type": "object",
        "x-dinh": {
            "title": text, "valid_from": "2026-01-01", "source": text,
            "steps": [{"id": "one", "title": text, "groups": [{"fields": fields}]}]
        },
        "required": required,
        "properties": properties
    });
    Form::from_json(&whole.to_string())
}

/// A property of this kind and type, with more members of `x-dinh`.
pub(crate) fn ask(kind: &str, json_type: &str, schema: &Value, more: &Value) -> Value {
    let mut property = serde_json::json!({"type": json_type, "x-dinh": {"field": kind, "title": {"vi": "Mục", "en": "Field"}}});
    let copy = |to: &mut Value, from: &Value| {
        for (key, value) in from.as_object().into_iter().flatten() {
            to[key] = value.clone();
        }
    };
    copy(&mut property, schema);
    copy(&mut property["x-dinh"], more);
    property
}
