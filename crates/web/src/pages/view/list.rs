//! The list twin of the map.

use serde::Serialize;

/// A sign with its class of colour.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sign {
    /// Outline.
    pub(crate) path: &'static str,
    /// Class that the province's colour sheet knows.
    pub(crate) class: String,
    pub(crate) stale: bool,
    /// Whether it stands for a line or an area.
    pub(crate) area: bool,
}

/// When something was.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Age {
    /// RFC 3339; none if nobody knows.
    pub(crate) iso: Option<String>,
    /// `5 phút trước`.
    pub(crate) text: String,
    /// `14:05 20/11/2026`.
    pub(crate) exact: String,
}

/// A state with its icon and word.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct State {
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

/// The list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct List {
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Row>,
    /// Whether rows say their type, because several layers are listed together.
    pub(crate) shows_type: bool,
    pub(crate) filters: Vec<Filter>,
    pub(crate) bbox: Option<String>,
    pub(crate) from: u64,
    pub(crate) to: u64,
    pub(crate) total: u64,
    /// Whether there may be fewer than `total`.
    pub(crate) at_most: bool,
    /// Whether there were too many to be put in order.
    pub(crate) unsorted: bool,
    pub(crate) page: u64,
    pub(crate) pages: u64,
    pub(crate) previous_href: Option<String>,
    pub(crate) next_href: Option<String>,
}

/// A heading.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Column {
    pub(crate) title: String,
    /// Sorts by this column; none if it cannot be sorted by.
    pub(crate) href: Option<String>,
    /// `ascending` or `descending`, if the list is sorted by it.
    pub(crate) sorted: Option<&'static str>,
    pub(crate) right: bool,
}

/// A condition that can be removed.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Filter {
    pub(crate) title: String,
    pub(crate) href: String,
}

/// One entity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) eid: String,
    pub(crate) href: String,
    pub(crate) layer: String,
    pub(crate) sign: Sign,
    pub(crate) name: String,
    pub(crate) type_title: String,
    /// The layer's value with its unit.
    pub(crate) value: Option<String>,
    /// Whether its layer shows a value at all.
    pub(crate) has_value: bool,
    pub(crate) class_title: String,
    /// None where there is no value to be old.
    pub(crate) age: Option<Age>,
    /// When a replayed value was first observed, as a sentence.
    pub(crate) replay: Option<String>,
    pub(crate) selected: bool,
    pub(crate) cells: Vec<Cell>,
}

/// A further value of an entity.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) right: bool,
}
