//! A table: one row an entity, one column an attribute. For spreadsheets; what does not fit into a cell is written as
//! JSON, of several instances of an attribute the default one. A spreadsheet runs what begins like a formula, so texts
//! that do get an apostrophe in front, which it does not show.

use std::borrow::Cow;
use std::io::Write;

use serde_json::{Map, Value as Json};

use super::{Answer, Writer};
use crate::said::said;
use crate::target::{Target, path};

/// Between several types in one cell.
const BETWEEN: &str = "|";

pub(super) struct Table {
    columns: Vec<String>,
}

impl Table {
    /// A table with these attributes behind `id` and `type`.
    pub(super) fn new(columns: Vec<String>) -> Self {
        Self { columns }
    }

    fn row<'a>(&self, entity: &'a Map<String, Json>) -> Vec<Cow<'a, str>> {
        let cell =
            |name: &str| entity.get(name).map(|value| harmless(value, cell(value))).unwrap_or_default();
        let heads = ["id", "type"].into_iter();
        heads.chain(self.columns.iter().map(String::as_str)).map(cell).collect()
    }
}

/// The attributes that entities of the tenant have, or those of the types named.
pub(super) async fn columns(target: &Target, types: Option<&str>) -> anyhow::Result<Vec<String>> {
    let described = target.json(&path("/ngsi-ld/v1/types", &[("details", "true")])).await?;
    let described = described.as_array().ok_or_else(|| {
        said(
            "câu trả lời không phải là danh sách kiểu; đây có đúng là máy chủ Đình không?",
            "the answer is not a list of types; is this a Đình server?",
        )
    })?;
    let wanted: Option<Vec<&str>> = types.map(|t| t.split([',', '|', ';', '(', ')']).collect());
    let is_wanted = |t: &Json| match &wanted {
        None => true,
        Some(names) => ["typeName", "id"]
            .iter()
            .any(|m| t.get(m).and_then(Json::as_str).is_some_and(|n| names.contains(&n))),
    };
    let names = described
        .iter()
        .filter(|t| is_wanted(t))
        .filter_map(|t| t.get("attributeNames")?.as_array())
        .flatten();
    let mut columns: Vec<String> = names.filter_map(Json::as_str).map(str::to_owned).collect();
    columns.sort();
    columns.dedup();
    Ok(columns)
}

impl Writer for Table {
    fn accept(&self) -> &'static str {
        "application/json"
    }

    fn options(&self) -> &'static [(&'static str, &'static str)] {
        &[("options", "simplified")]
    }

    fn begin(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        let heads = ["id", "type"].into_iter().chain(self.columns.iter().map(String::as_str));
        let mut table = csv::Writer::from_writer(out);
        table
            .write_record(heads.map(|name| quoted(Cow::Borrowed(name)).into_owned()))
            .map_err(std::io::Error::from)?;
        table.flush()?;
        Ok(())
    }

    fn page(&mut self, page: &Answer, out: &mut dyn Write) -> anyhow::Result<usize> {
        let entities: Vec<Map<String, Json>> = page.json()?;
        let mut table = csv::Writer::from_writer(out);
        for entity in &entities {
            table
                .write_record(self.row(entity).iter().map(|cell| cell.as_bytes()))
                .map_err(std::io::Error::from)?;
        }
        table.flush()?;
        Ok(entities.len())
    }

    fn end(&mut self, _out: &mut dyn Write) -> anyhow::Result<()> {
        Ok(())
    }
}

/// A cell that a spreadsheet does not run. Numbers are what they are, also negative ones.
fn harmless<'a>(value: &Json, cell: Cow<'a, str>) -> Cow<'a, str> {
    if value.is_number() || cell.parse::<f64>().is_ok() { cell } else { quoted(cell) }
}

/// With an apostrophe in front of what begins like a formula, behind blanks, too.
fn quoted(cell: Cow<'_, str>) -> Cow<'_, str> {
    let first = cell.trim_start_matches(' ').chars().next();
    if first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n')) {
        return Cow::Owned(format!("'{cell}"));
    }
    cell
}

/// A value as the text of a cell.
fn cell(value: &Json) -> Cow<'_, str> {
    match value {
        Json::Null => Cow::Borrowed(""),
        Json::String(text) => Cow::Borrowed(text),
        Json::Array(items) if items.iter().all(Json::is_string) => {
            Cow::Owned(items.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(BETWEEN))
        }
        Json::Object(members) if members.contains_key("dataset") => {
            let instances = members.get("dataset").and_then(Json::as_object);
            let first = instances.and_then(|of| of.get("@none").or_else(|| of.values().next()));
            first.map(cell).unwrap_or_default()
        }
        Json::Object(members) => match members.get("languageMap").and_then(Json::as_object) {
            Some(texts) => texts.get("vi").or_else(|| texts.values().next()).map(cell).unwrap_or_default(),
            None => Cow::Owned(value.to_string()),
        },
        other => Cow::Owned(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_value_fits_into_a_cell() {
        for (value, expected) in [
            (json!("Kim Long"), "Kim Long"),
            (json!(1.5), "1.5"),
            (json!(null), ""),
            (json!(["A", "B"]), "A|B"),
            (json!([1, 2]), "[1,2]"),
            (json!({"languageMap": {"en": "River", "vi": "Sông"}}), "Sông"),
            (json!({"dataset": {"urn:x": 2, "@none": 1}}), "1"),
            (
                json!({"type": "Point", "coordinates": [107.5, 16.5]}),
                r#"{"type":"Point","coordinates":[107.5,16.5]}"#,
            ),
        ] {
            assert_eq!(cell(&value), expected);
        }
    }

    #[test]
    fn nothing_in_a_cell_is_a_formula() {
        let table = Table::new(vec!["name".to_owned()]);
        for (value, expected) in [
            (json!("=HYPERLINK(\"http://evil.example\")"), "'=HYPERLINK(\"http://evil.example\")"),
            (json!("+1+cmd|' /C calc'!A0"), "'+1+cmd|' /C calc'!A0"),
            (json!("-2+3"), "'-2+3"),
            (json!("@SUM(A1)"), "'@SUM(A1)"),
            (json!("\t=1"), "'\t=1"),
            (json!("\r=1"), "'\r=1"),
            (json!("  =1"), "'  =1"),
            (json!(["=1", "b"]), "'=1|b"),
            (json!({"languageMap": {"vi": "=1"}}), "'=1"),
            (json!({"dataset": {"@none": "=1"}}), "'=1"),
            (json!(-2.5), "-2.5"),
            (json!("-2.5"), "-2.5"),
            (json!("Kim Long"), "Kim Long"),
        ] {
            let entity = json!({"id": "urn:x:1", "type": "A", "name": value});
            let row = table.row(entity.as_object().expect("object"));
            assert_eq!(row.last().map(|cell| &**cell), Some(expected));
        }
    }

    #[test]
    fn a_row_has_every_column() {
        let table = Table::new(vec!["level".to_owned(), "name".to_owned()]);
        let entity = json!({"id": "urn:x:1", "type": ["A", "B"], "name": "x"});
        assert_eq!(table.row(entity.as_object().expect("object")), ["urn:x:1", "A|B", "", "x"]);
    }
}
