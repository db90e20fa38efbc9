//! The whole definition of a feed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::read::Section;
use super::{CheckDefinition, DefinitionError, MapDefinition, SourceDefinition, Span};
use crate::Words;
use crate::text::hex_digest;

/// A feed's name: its pack and its own name in the pack.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FeedName {
    /// The pack.
    pub pack: String,
    /// The feed: the name of its file without `.toml`.
    pub feed: String,
}

impl FeedName {
    /// A name in two parts.
    pub fn new(pack: impl Into<String>, feed: impl Into<String>) -> Self {
        Self { pack: pack.into(), feed: feed.into() }
    }

    /// Reads `pack/feed`.
    pub fn parse(text: &str) -> Option<Self> {
        let good = |part: &str| {
            !part.is_empty()
                && part.len() <= 64
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        let (pack, feed) = text.split_once('/')?;
        (good(pack) && good(feed)).then(|| Self::new(pack, feed))
    }
}

impl fmt::Display for FeedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.pack, self.feed)
    }
}

/// One feed of a pack.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedDefinition {
    /// Its name.
    pub name: FeedName,
    /// The file it was read from, for messages.
    pub file: String,
    /// SHA-256 of the definition's text: when it changes, files that ship with the pack are loaded anew.
    pub fingerprint: String,
    /// What people call it.
    pub title: Words,
    /// What it brings.
    pub description: Words,
    /// Who answers for the data.
    pub owner: Words,
    /// Under which terms the data may be used.
    pub licence: String,
    /// Without an accepted record for so long, the source is reported silent.
    pub silent_after: Option<Span>,
    /// An observation further ahead of our clock than this is refused.
    pub max_ahead: Span,
    /// Where the data come from.
    pub source: SourceDefinition,
    /// How records become entities.
    pub maps: Vec<MapDefinition>,
    /// Checks on what was mapped.
    pub quality: Vec<CheckDefinition>,
    /// Names of derivations that write computed attributes beside.
    pub derive: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    title: Words,
    #[serde(default)]
    description: Words,
    #[serde(default)]
    owner: Words,
    #[serde(default)]
    licence: String,
    silent_after: Option<Span>,
    max_ahead: Option<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Derive {
    rule: String,
}

/// How far ahead of our clock an observation may be unless told: clocks of stations drift by minutes.
const MAX_AHEAD: Span = Span::seconds(15 * 60);
/// Most bytes of a definition.
const MAX_BYTES: usize = 256 << 10;
/// Most maps, checks and derivations of a feed.
const MAX_PARTS: usize = 64;

/// Maps for the tables of GTFS and GTFS-Realtime, used where a definition has none of its own.
const GTFS_MAPS: &str = include_str!("gtfs_maps.toml");

impl FeedDefinition {
    /// Reads the definition of feed `name` from the text of `file`.
    pub fn parse(name: FeedName, file: &str, text: &str) -> Result<Self, DefinitionError> {
        if text.len() > MAX_BYTES {
            return Err(DefinitionError::new(
                file,
                "top level",
                format!("must be at most {MAX_BYTES} bytes"),
            ));
        }
        let mut whole = Section::whole(file, text)?;
        let source = whole.section("source")?.ok_or_else(|| whole.refuse("source", "is missing"))?;
        let source = SourceDefinition::read(source)?;
        let mut maps = read_maps(&mut whole)?;
        let quality = whole
            .sections("quality", MAX_PARTS)?
            .into_iter()
            .map(CheckDefinition::read)
            .collect::<Result<_, _>>()?;
        let derive = whole
            .sections("derive", MAX_PARTS)?
            .into_iter()
            .map(|section| section.read::<Derive>().map(|derive| derive.rule))
            .collect::<Result<_, _>>()?;
        let at = Section { file, key: String::new(), table: toml::Table::new() };
        let head: Head = whole.read()?;
        if head.title.vi.is_empty() || head.title.en.is_empty() {
            return Err(at.refuse("title", "must be given in Vietnamese and in English"));
        }
        if maps.is_empty() {
            maps = built_in_maps(&source)?;
        }
        if maps.is_empty() {
            return Err(at.refuse("map", "is missing"));
        }
        if matches!(source, SourceDefinition::Replay(_)) && !maps.iter().all(MapDefinition::is_timed) {
            return Err(
                at.refuse("map.observed_at", "is missing: what is replayed must say when it was observed")
            );
        }
        Ok(Self {
            name,
            file: file.to_owned(),
            fingerprint: hex_digest(&[text.as_bytes()]),
            title: head.title,
            description: head.description,
            owner: head.owner,
            licence: head.licence,
            silent_after: head.silent_after,
            max_ahead: head.max_ahead.unwrap_or(MAX_AHEAD),
            source,
            maps,
            quality,
            derive,
        })
    }
}

fn read_maps(whole: &mut Section<'_>) -> Result<Vec<MapDefinition>, DefinitionError> {
    whole.sections("map", MAX_PARTS)?.into_iter().map(MapDefinition::read).collect()
}

/// The maps that speak the names of the tables of `source`.
fn built_in_maps(source: &SourceDefinition) -> Result<Vec<MapDefinition>, DefinitionError> {
    let part = match source {
        SourceDefinition::Gtfs(_) => "gtfs",
        SourceDefinition::GtfsRt(_) => "gtfs-rt",
        SourceDefinition::GtfsTimetable(_) => "gtfs-timetable",
        _ => return Ok(Vec::new()),
    };
    let mut whole = Section::whole("gtfs_maps.toml", GTFS_MAPS)?;
    let mut section = whole.section(part)?.ok_or_else(|| whole.refuse(part, "is missing"))?;
    read_maps(&mut section)
}
