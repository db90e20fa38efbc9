//! `[source]`: where the data come from. One struct for each kind; keys that a kind does not know are refused.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::format::KEYS;
use super::read::Section;
use super::{DefinitionError, FormatDefinition, Span};

/// Where the data of a feed come from.
#[derive(Clone, Debug, PartialEq)]
pub enum SourceDefinition {
    /// A file that ships with the pack.
    File(FileSource),
    /// A folder into which somebody drops files.
    Folder(FolderSource),
    /// Somebody sends us the records over HTTP.
    HttpPush(PushSource),
    /// We fetch the records over HTTP.
    HttpPoll(PollSource),
    /// Messages of an MQTT broker.
    Mqtt(MqttSource),
    /// A timetable in the General Transit Feed Specification.
    Gtfs(GtfsSource),
    /// Live positions, delays and alerts in GTFS-Realtime.
    GtfsRt(GtfsRtSource),
    /// Vehicle positions computed from a timetable.
    GtfsTimetable(TimetableSource),
    /// A recording played again as if it happened now.
    Replay(ReplaySource),
}

/// Kind `file`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSource {
    /// Path within the pack.
    pub path: String,
    /// How it is cut into records.
    #[serde(skip)]
    pub format: FormatDefinition,
}

/// Kind `folder`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSource {
    /// Absolute path of the folder; may begin with `{data}` and contain `{setting.name}`.
    pub path: String,
    /// Only files with this ending, e.g. `.csv`.
    #[serde(default)]
    pub ending: String,
    /// How often the folder is looked at.
    #[serde(default = "two_seconds")]
    pub every: Span,
    /// A file is taken once it has not changed for so long.
    #[serde(default = "two_seconds")]
    pub settle: Span,
    /// Folder into which finished files are moved; unset, they stay and are remembered by their content.
    pub archive: Option<String>,
    /// How files are cut into records.
    #[serde(skip)]
    pub format: FormatDefinition,
}

/// Kind `http-push`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PushSource {
    /// Most pushes that wait; more are refused with "busy".
    #[serde(default = "sixty_four")]
    pub queue: u16,
    /// How bodies are cut into records; unset, the media type says it.
    #[serde(skip)]
    pub format: FormatDefinition,
}

/// Kind `http-poll`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PollSource {
    /// What is fetched; may contain `{setting.name}`. The host must be on the allow-list of the configuration.
    pub url: String,
    /// How often.
    pub every: Span,
    /// Longest wait for an answer.
    #[serde(default = "thirty_seconds")]
    pub timeout: Span,
    /// Request header → name of the secret that holds its value.
    #[serde(default)]
    pub headers_from: BTreeMap<String, String>,
    /// How answers are cut into records; unset, the media type or the URL says it.
    #[serde(skip)]
    pub format: FormatDefinition,
}

/// Kind `mqtt`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MqttSource {
    /// `mqtt://host:port` or `mqtts://host:port`; may contain `{setting.name}`.
    pub url: String,
    /// Topic filters.
    pub topics: Vec<String>,
    /// Client identifier; unset, one is made from tenant, pack and feed. It names the session that the broker keeps.
    pub client_id: Option<String>,
    /// 0: at most once; 1: acknowledged after the commit.
    #[serde(default = "one")]
    pub qos: u8,
    /// How long the broker keeps messages for us while we are away.
    #[serde(default = "one_day")]
    pub session: Span,
    /// Name of the secret that holds the user name.
    pub user_from: Option<String>,
    /// Name of the secret that holds the password.
    pub password_from: Option<String>,
    /// PEM file of the authority that signs the broker's certificate; unset, the machine's list is used.
    pub ca: Option<String>,
    /// How payloads are cut into records, JSON unless told.
    #[serde(skip)]
    pub format: FormatDefinition,
}

/// Kind `gtfs`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GtfsSource {
    /// Folder or zip file within the pack.
    pub path: String,
    /// First part of the identifiers of its entities; the pack's name unless told.
    pub prefix: Option<String>,
    /// Time zone to use instead of the one in `agency.txt`.
    pub zone: Option<String>,
}

/// Kind `gtfs-rt`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GtfsRtSource {
    /// What is fetched; may contain `{setting.name}`.
    pub url: Option<String>,
    /// A file instead: within the pack, or an absolute path that somebody else writes.
    pub path: Option<String>,
    /// How often.
    #[serde(default = "fifteen_seconds")]
    pub every: Span,
    /// Longest wait for an answer.
    #[serde(default = "thirty_seconds")]
    pub timeout: Span,
    /// Request header → name of the secret that holds its value.
    #[serde(default)]
    pub headers_from: BTreeMap<String, String>,
    /// First part of the identifiers of its entities; the pack's name unless told.
    pub prefix: Option<String>,
}

/// Kind `gtfs-timetable`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimetableSource {
    /// Folder or zip file within the pack.
    pub path: String,
    /// First part of the identifiers of its entities; the pack's name unless told.
    pub prefix: Option<String>,
    /// Time zone to use instead of the one in `agency.txt`.
    pub zone: Option<String>,
    /// How often positions are computed.
    #[serde(default = "ten_seconds")]
    pub every: Span,
    /// Run services on their weekdays although their dates have passed.
    #[serde(default)]
    pub any_date: bool,
    /// A part of the day that is repeated round the clock, for timetables that cover only some hours.
    pub repeat: Option<RepeatWindow>,
}

/// A part of the timetable's day.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatWindow {
    /// Begin, `HH:MM:SS`.
    pub from: String,
    /// End, `HH:MM:SS`, later than the begin.
    pub to: String,
}

/// Kind `replay`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaySource {
    /// CSV file within the pack, optionally gzipped.
    pub path: String,
    /// The column that tells when a row was observed.
    pub time_column: String,
    /// How that column is written, RFC 3339 unless told.
    pub time_format: Option<String>,
    /// Time zone of that column, where it tells none.
    pub zone: Option<String>,
    /// How many recorded seconds pass in one second.
    #[serde(default = "one_f64")]
    pub speed: f64,
    /// Begin again at the end.
    #[serde(default = "yes", rename = "loop")]
    pub again: bool,
    /// Recorded instant that is played when the feed runs for the first time.
    pub start: Option<String>,
    /// How much of the recent past is written at start, so that charts are not empty.
    #[serde(default = "two_days")]
    pub backfill: Span,
    /// What people are told about the recording.
    pub as_of_note: Option<String>,
    /// How it is cut into records; only CSV.
    #[serde(skip)]
    pub format: FormatDefinition,
}

fn yes() -> bool {
    true
}
fn one() -> u8 {
    1
}
fn one_f64() -> f64 {
    1.0
}
fn sixty_four() -> u16 {
    64
}
fn two_seconds() -> Span {
    Span::seconds(2)
}
fn ten_seconds() -> Span {
    Span::seconds(10)
}
fn fifteen_seconds() -> Span {
    Span::seconds(15)
}
fn thirty_seconds() -> Span {
    Span::seconds(30)
}
fn one_day() -> Span {
    Span::seconds(86_400)
}
fn two_days() -> Span {
    Span::seconds(172_800)
}

/// The kinds as they are written.
const KINDS: &str = "file, folder, http-push, http-poll, mqtt, gtfs, gtfs-rt, gtfs-timetable, replay";

impl SourceDefinition {
    /// The kind as it is written in definitions.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::File(_) => "file",
            Self::Folder(_) => "folder",
            Self::HttpPush(_) => "http-push",
            Self::HttpPoll(_) => "http-poll",
            Self::Mqtt(_) => "mqtt",
            Self::Gtfs(_) => "gtfs",
            Self::GtfsRt(_) => "gtfs-rt",
            Self::GtfsTimetable(_) => "gtfs-timetable",
            Self::Replay(_) => "replay",
        }
    }

    pub(super) fn read(mut section: Section<'_>) -> Result<Self, DefinitionError> {
        let kind = section.text("kind")?;
        let at = Section { file: section.file, key: section.key.clone(), table: toml::Table::new() };
        let takes_format =
            matches!(kind.as_str(), "file" | "folder" | "http-push" | "http-poll" | "mqtt" | "replay");
        let format = if takes_format {
            FormatDefinition::read(section.split(&KEYS))?
        } else {
            FormatDefinition::default()
        };
        let source = match kind.as_str() {
            "file" => Self::File(FileSource { format, ..section.read()? }),
            "folder" => Self::Folder(FolderSource { format, ..section.read()? }),
            "http-push" => Self::HttpPush(PushSource { format, ..section.read()? }),
            "http-poll" => Self::HttpPoll(PollSource { format, ..section.read()? }),
            "mqtt" => Self::Mqtt(MqttSource { format, ..section.read()? }),
            "gtfs" => Self::Gtfs(section.read()?),
            "gtfs-rt" => Self::GtfsRt(section.read()?),
            "gtfs-timetable" => Self::GtfsTimetable(section.read()?),
            "replay" => Self::Replay(ReplaySource { format, ..section.read()? }),
            other => {
                return Err(
                    at.refuse("kind", format!("{other:?} is not a kind of source; use one of {KINDS}"))
                );
            }
        };
        source.check(&at)?;
        Ok(source)
    }

    fn check(&self, at: &Section<'_>) -> Result<(), DefinitionError> {
        let least = Span::seconds(1);
        let every = |span: Span| {
            if span < least { Err(at.refuse("every", format!("must be at least {least}"))) } else { Ok(()) }
        };
        match self {
            Self::HttpPoll(poll) => every(poll.every),
            Self::GtfsRt(realtime) => {
                if realtime.url.is_some() == realtime.path.is_some() {
                    return Err(at.refuse("url", "give either url or path"));
                }
                every(realtime.every)
            }
            Self::GtfsTimetable(timetable) => every(timetable.every),
            Self::Mqtt(mqtt) => check_mqtt(mqtt, at),
            Self::Folder(folder) if !(folder.path.starts_with('/') || folder.path.starts_with('{')) => {
                Err(at.refuse("path", "must be an absolute path or begin with {data} or {setting.name}"))
            }
            Self::HttpPush(push) if push.queue == 0 => Err(at.refuse("queue", "must be at least 1")),
            Self::Replay(replay) => check_replay(replay, at),
            _ => Ok(()),
        }
    }
}

fn check_mqtt(mqtt: &MqttSource, at: &Section<'_>) -> Result<(), DefinitionError> {
    if mqtt.qos > 1 {
        return Err(at.refuse("qos", "must be 0 or 1"));
    }
    if mqtt.topics.is_empty() || mqtt.topics.len() > 64 {
        return Err(at.refuse("topics", "must name 1 to 64 topic filters"));
    }
    if mqtt.password_from.is_some() && mqtt.user_from.is_none() {
        return Err(at.refuse("password_from", "needs user_from beside it"));
    }
    for filter in &mqtt.topics {
        let levels: Vec<&str> = filter.split('/').collect();
        let good = !filter.is_empty()
            && filter.len() <= 1024
            && levels.iter().enumerate().all(|(index, level)| match *level {
                "#" => index + 1 == levels.len(),
                "+" => true,
                plain => !plain.contains(['#', '+', '\0']),
            });
        if !good {
            return Err(at.refuse("topics", format!("{filter:?} is not a topic filter")));
        }
    }
    Ok(())
}

fn check_replay(replay: &ReplaySource, at: &Section<'_>) -> Result<(), DefinitionError> {
    if !(replay.speed.is_finite() && (0.001..=100_000.0).contains(&replay.speed)) {
        return Err(at.refuse("speed", "must be between 0.001 and 100000"));
    }
    if replay.backfill > Span::seconds(31 * 86_400) {
        return Err(at.refuse("backfill", "must be at most 31d"));
    }
    if replay.format.format.is_some_and(|format| format != super::Format::Csv) {
        return Err(at.refuse("format", "a recording is a CSV file"));
    }
    if let Some(start) = &replay.start
        && start.parse::<dinh_model::Timestamp>().is_err()
    {
        return Err(
            at.refuse("start", "must be a date and time with a zone, as in 2025-10-01T00:00:00+07:00")
        );
    }
    Ok(())
}
