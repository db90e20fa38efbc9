//! The layer panel of the operations page.

use serde::Serialize;

use super::Sign;

/// Layers listed together.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) layers: Vec<Layer>,
}

/// One layer with its legend.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Layer {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) sign: Sign,
    /// How many entities it has.
    pub(crate) count: String,
    /// Whether the map shows it.
    pub(crate) on: bool,
    /// Whether it is the only one shown.
    pub(crate) chosen: bool,
    pub(crate) unit: String,
    pub(crate) classes: Vec<Class>,
}

/// One class of the legend.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Class {
    pub(crate) sign: Sign,
    pub(crate) title: String,
}

/// Map, split or list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ViewChoice {
    pub(crate) id: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) current: bool,
}
