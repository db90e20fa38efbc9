//! Rows of a GTFS table by the names of its columns. Columns nobody asks for are tolerated and kept.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use crate::Words;
use crate::formats::{Broken, Rows};
use crate::mapping::{Fault, Position, Record, Rejection};

/// One row.
pub(super) struct Row<'a> {
    table: &'a str,
    columns: &'a HashMap<String, usize>,
    fields: Vec<String>,
    position: Position,
}

/// Reads all rows of a table. What `take` refuses, and what is no row, goes to `broken`.
pub(super) fn each(
    mut rows: Rows,
    table: &str,
    broken: &mut Vec<Broken>,
    mut take: impl FnMut(&Row<'_>) -> Result<(), Rejection>,
) {
    let columns: HashMap<String, usize> =
        rows.headers().iter().enumerate().map(|(index, name)| (name.clone(), index)).collect();
    while let Some((position, fields)) = rows.next_row() {
        match fields {
            Err(reason) => broken.push(reason),
            Ok(fields) => {
                let row = Row { table, columns: &columns, fields, position };
                if let Err(rejection) = take(&row) {
                    broken.push(row.broken(rejection));
                }
            }
        }
    }
}

impl Row<'_> {
    /// A field, trimmed; empty where the column is missing.
    pub(super) fn get(&self, name: &str) -> &str {
        let field = self.columns.get(name).and_then(|index| self.fields.get(*index));
        field.map_or("", |field| field.trim())
    }

    /// A field that must not be empty.
    pub(super) fn need(&self, name: &str) -> Result<&str, Rejection> {
        match self.get(name) {
            "" => Err(Rejection::new(name, &Fault::Missing)),
            text => Ok(text),
        }
    }

    /// A number that must be there.
    pub(super) fn number(&self, name: &str) -> Result<f64, Rejection> {
        let text = self.need(name)?;
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        number.ok_or_else(|| Rejection::new(name, &Fault::Number(text.to_owned())))
    }

    /// The row as a record.
    pub(super) fn record(&self) -> Record {
        let mut fields = Map::new();
        for name in self.columns.keys() {
            fields.insert(name.clone(), Json::from(self.get(name)));
        }
        fields.insert("$table".to_owned(), Json::from(self.table));
        Record::new(fields, self.position.clone())
    }

    /// The row as something broken.
    pub(super) fn broken(&self, rejection: Rejection) -> Broken {
        let raw = self.record().as_json().clone();
        Broken { position: self.position.clone(), rejection, raw }
    }
}

/// A reference to something that is not there.
pub(super) fn dangling(field: &str, value: &str, table: &str) -> Rejection {
    let reason =
        Words::new(format!("“{value}” không có trong {table}"), format!("{value:?} is not in {table}"));
    Rejection { field: field.to_owned(), rule: "reference".to_owned(), reason }
}

/// The same identifier for a second time.
pub(super) fn twice(field: &str, value: &str) -> Rejection {
    let reason = Words::new(format!("“{value}” bị lặp"), format!("{value:?} appears twice"));
    Rejection { field: field.to_owned(), rule: "duplicate".to_owned(), reason }
}
