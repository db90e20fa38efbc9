//! Feed definitions: `packs/<pack>/feeds/<feed>.toml`, read and checked.
//!
//! Reading happens section by section: the messages of serde then speak of one small table, not of the whole file.
#![doc = include_str!("../../FORMAT.md")]

mod attribute;
mod error;
mod feed;
mod format;
mod map;
mod quality;
mod read;
mod source;
mod span;
#[cfg(test)]
mod tests;

pub use attribute::{AttributeDefinition, AttributeKind, PointDefinition, QualifierDefinition, ValueType};
pub use error::DefinitionError;
pub use feed::{FeedDefinition, FeedName};
pub use format::{Format, FormatDefinition};
pub use map::{ConditionDefinition, MapDefinition, Mode, TimeDefinition};
pub use quality::{Action, CheckDefinition, CheckRule};
pub use source::{
    FileSource, FolderSource, GtfsRtSource, GtfsSource, MqttSource, PollSource, PushSource, RepeatWindow,
    ReplaySource, SourceDefinition, TimetableSource,
};
pub use span::Span;
