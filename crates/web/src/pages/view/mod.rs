//! What pages show, ready to be said: every text in the visitor's language, every number written out.

mod around;
mod entity;
mod frame;
mod list;
mod map;
mod sources;

pub(crate) use around::{
    Around, Card, Choice as PlaceChoice, Measure, Near, NearChart, Result as AroundResult,
};
pub(crate) use entity::{
    AttributeRow, Badge, Entity, Feed, Headline, History, HistoryPoint, Link, Place, PurposeChoice, Reveal,
};
pub(crate) use frame::{Account, Choice, Clock, Credit, Fault, Frame, LangLink, Tenant};
pub(crate) use list::{Age, Cell, Column, Filter, List, Row, Sign, State};
pub(crate) use map::{Class, Group, Layer, ViewChoice};
pub(crate) use sources::{Letter, Outcome, Source};
