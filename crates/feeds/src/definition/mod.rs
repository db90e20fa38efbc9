//! Feed definitions: `packs/<pack>/feeds/<feed>.toml`, read and checked.
//!
//! A definition is data that people write by hand, so every refusal names the file, the key and the rule. Reading
//! happens section by section: serde's messages then speak of one small table, not of the whole file.

mod attribute;
mod error;
mod feed;
mod format;
mod map;
mod quality;
mod read;
mod source;
mod span;

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
