//! How cases go, for leaders: what has happened, what is open now, the indicators that an act prescribes, and the cases
//! behind every number. Nobody types any of it.

mod asked;
mod cell;
mod chart;
mod indicators;
mod list;
mod names;
mod now;
mod past;
mod steps;
mod table;

pub(super) use indicators::page as indicators;
pub(super) use list::page as list;
pub(super) use now::page as now;
pub(super) use past::page;
pub(super) use table::download;
