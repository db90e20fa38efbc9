//! Bridges between floors that do not know each other: feeds ask for a place to write, a way out, files and
//! algorithms; here the door, the packs and the sectors answer.

mod fetch;
mod files;
mod fragment;
mod graph;
mod known;
mod refusal;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use fetch::OutboundFetch;
pub(crate) use files::FilesOfPack;
pub(crate) use fragment::whole;
pub(crate) use graph::GraphSink;
pub(crate) use rules::derivations;
