//! Records that a feed definition turns into entities.

use std::io::{BufRead, Read as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use dinh_context::SystemClock;
use dinh_context::packs::Packs;
use dinh_feeds::definition::{FeedDefinition, FeedName, Format, FormatDefinition, Mode, SourceDefinition};
use dinh_feeds::formats::{self, Item};
use dinh_feeds::mapping::{Mapped, Mapper, Position, Record, Rejection, Vocabulary};
use dinh_feeds::quality::{Checks, Outlines};
use dinh_model::Clock as _;
use dinh_ngsild::context::Context;
use dinh_ngsild::write::Writer;
use serde_json::value::{RawValue, to_raw_value};

use super::entry::{Content, Entry};
use super::reader::{Visit, lines};
use crate::said::{OrSay as _, Words, both, place, said};
use crate::target::batch::{Entity, Manner};
use crate::{bridge, wiring};

/// Pack that a definition outside of any pack counts to.
const NO_PACK: &str = "load";

/// A feed definition, used for its maps and quality checks.
#[derive(Clone)]
pub(super) struct Map {
    definition: Arc<FeedDefinition>,
    text: String,
    mapper: Arc<Mapper>,
    vocabulary: Vocabulary,
    outlines: Outlines,
}

impl Map {
    /// Reads the definition in `file`.
    pub(super) fn read(file: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file)
            .or_say(|| place("không đọc được khai báo", "cannot read the map", file))?;
        let definition = FeedDefinition::parse(name(file), &file.display().to_string(), &text)?;
        let vocabulary = wiring::vocabulary();
        let mapper = Mapper::new(&definition, &vocabulary)?;
        // A map stands in no pack: outlines are those of the packs that ship.
        let outlines = Outlines::read(&definition, &bridge::FilesOfPack::new(&Packs::embedded()?, ""))?;
        Ok(Self { definition: Arc::new(definition), text, mapper: Arc::new(mapper), vocabulary, outlines })
    }

    /// The definition as it is written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Visits what the records of a file become.
    pub(super) fn each(
        &self,
        reader: &mut impl BufRead,
        file: &Path,
        visit: Visit<'_>,
    ) -> anyhow::Result<()> {
        let how = format(&self.definition.source);
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let Some(kind) = how.format.or_else(|| Format::of_name(&name)) else {
            return Err(said(
                "cả tên tệp lẫn khai báo đều không cho biết tệp thuộc dạng nào; hãy nêu format = \"csv\" (hoặc dạng khác) trong [source]",
                "neither the name of the file nor the map says what it is; give format = \"csv\" (or another) in [source]",
            ));
        };
        let place: Arc<str> = name.into();
        let mut checks = Checks::new(&self.definition.quality, &self.vocabulary, &self.outlines);
        if kind == Format::Ndjson && how.encoding.is_none() {
            return self.lines(reader, &place, &mut checks, visit);
        }
        // Tables and workbooks are read whole: their readers need to see the end first.
        let mut bytes = Vec::new();
        reader
            .take(how.most_bytes().saturating_add(1))
            .read_to_end(&mut bytes)
            .or_say(|| Words::new("không đọc được tệp", "cannot read the file"))?;
        let most = how.most_bytes();
        if bytes.len() as u64 > most {
            return Err(said(
                format!("tệp lớn hơn {most} byte; hãy tăng max_bytes trong [source], hoặc cắt tệp"),
                format!("the file is larger than {most} bytes; raise max_bytes in [source], or cut the file"),
            ));
        }
        for (item, row) in formats::records(bytes, &place, kind, &how)?.zip(1..) {
            if self.item(item, row, &mut checks, visit).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn lines(
        &self,
        reader: &mut impl BufRead,
        place: &Arc<str>,
        checks: &mut Checks,
        visit: Visit<'_>,
    ) -> anyhow::Result<()> {
        lines::each(reader, &mut |row, line| {
            let line = match line {
                Ok(line) => line,
                Err(fault) => return visit(Entry::refused(row, fault.reason, &fault.begin)),
            };
            match serde_json::from_str(line.trim()) {
                Ok(json) => {
                    self.item(Ok(Record::of_json(json, Position::row(place, row))), row, checks, visit)
                }
                Err(error) => {
                    visit(Entry::refused(row, lines::not_json(&lines::line(), &error), line.trim()))
                }
            }
        })
    }

    fn item(&self, item: Item, row: u64, checks: &mut Checks, visit: Visit<'_>) -> ControlFlow<()> {
        let now = SystemClock.now();
        let record = match item {
            Ok(record) => record,
            Err(broken) => {
                let place = broken.position.row.unwrap_or(row);
                return visit(refused(place, &broken.rejection, &broken.raw));
            }
        };
        let place = record.position.row.unwrap_or(row);
        let mapping = self.mapper.map(&record, now);
        for rejection in &mapping.rejections {
            visit(refused(place, rejection, record.as_json()))?;
        }
        for mut fragment in mapping.fragments {
            match checks.run(&mut fragment, now) {
                Ok(_report) => visit(entry(place, &fragment, record.as_json()))?,
                Err(rejection) => visit(refused(place, &rejection, record.as_json()))?,
            }
        }
        ControlFlow::Continue(())
    }
}

/// The name of the feed that a file defines: its pack is the folder around `feeds/`.
fn name(file: &Path) -> FeedName {
    let text = |part: Option<&std::ffi::OsStr>| part.and_then(|part| part.to_str()).map(str::to_owned);
    let folder = file.parent().filter(|folder| folder.ends_with("feeds")).and_then(Path::parent);
    let pack = folder.and_then(|pack| text(pack.file_name())).unwrap_or_else(|| NO_PACK.to_owned());
    FeedName::new(pack, text(file.file_stem()).unwrap_or_else(|| NO_PACK.to_owned()))
}

/// How the definition says that its files are cut into records.
fn format(source: &SourceDefinition) -> FormatDefinition {
    match source {
        SourceDefinition::File(file) => file.format.clone(),
        SourceDefinition::Folder(folder) => folder.format.clone(),
        SourceDefinition::HttpPush(push) => push.format.clone(),
        SourceDefinition::HttpPoll(poll) => poll.format.clone(),
        SourceDefinition::Mqtt(mqtt) => mqtt.format.clone(),
        SourceDefinition::Replay(replay) => replay.format.clone(),
        SourceDefinition::Gtfs(_) | SourceDefinition::GtfsRt(_) | SourceDefinition::GtfsTimetable(_) => {
            FormatDefinition::default()
        }
    }
}

/// The fragment as an entity in NGSI-LD.
fn entry(place: u64, fragment: &Mapped, record: &serde_json::Value) -> Entry {
    let entity = bridge::whole(fragment, SystemClock.now());
    let core = Context::core();
    let mut json = Vec::new();
    Writer::new(&core).entity(&mut json, &entity);
    let json = String::from_utf8(json).map_err(|error| anyhow!(error));
    match json.and_then(|json| Ok(RawValue::from_string(json)?)) {
        Ok(json) => {
            let manner = Manner { is_ld: false, update_only: fragment.mode == Mode::Update };
            Entry {
                place,
                content: Content::Entity(Entity { id: entity.id.as_str().to_owned(), json, manner }),
            }
        }
        Err(error) => Entry::refused(place, error.to_string(), &record.to_string()),
    }
}

fn refused(place: u64, why: &Rejection, record: &serde_json::Value) -> Entry {
    let reason = format!("{}: {}", why.field, both(&why.reason));
    match to_raw_value(record) {
        Ok(record) => Entry { place, content: Content::Refused { reason, record } },
        Err(_) => Entry::refused(place, reason, &record.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFINITION: &str = r#"
title = { vi = "Trạm", en = "Stations" }
[source]
kind = "file"
path = "x.csv"
[map]
type = "RiverGauge"
id = "urn:ngsi-ld:RiverGauge:{id}"
[[map.attribute]]
name = "waterLevel"
field = "level"
type = "number"
unit = "MTR"
required = true
"#;

    fn read(name: &str, content: &str) -> Vec<Entry> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("stations.toml");
        std::fs::write(&file, DEFINITION).expect("writes");
        let map = Map::read(&file).expect("a map");
        let mut entries = Vec::new();
        map.each(&mut content.as_bytes(), Path::new(name), &mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        })
        .expect("reads");
        entries
    }

    #[test]
    fn rows_become_entities_and_broken_ones_say_why() {
        for (name, content, places) in [
            ("a.csv", "id,level\na,1.5\nb,high\n", [2, 3]),
            ("a.ndjson", "{\"id\": \"a\", \"level\": 1.5}\n{\"id\": \"b\", \"level\": \"high\"}\n", [1, 2]),
        ] {
            let entries = read(name, content);
            assert_eq!(entries.iter().map(|e| e.place).collect::<Vec<_>>(), places, "{name}");
            let Content::Entity(entity) = &entries[0].content else { panic!("{name}: an entity") };
            assert_eq!(entity.id, "urn:ngsi-ld:RiverGauge:a");
            let json: serde_json::Value = serde_json::from_str(entity.json.get()).expect("JSON");
            assert_eq!(
                (&json["waterLevel"]["value"], &json["waterLevel"]["unitCode"]),
                (&1.5.into(), &"MTR".into())
            );
            assert_eq!(json["feed"]["object"], "urn:ngsi-ld:Feed:load:stations");
            let Content::Refused { reason, .. } = &entries[1].content else { panic!("{name}: refused") };
            assert!(reason.contains("level") && reason.contains("high"), "{reason}");
        }
    }

    #[test]
    fn a_definition_in_a_pack_keeps_its_name() {
        assert_eq!(
            name(Path::new("packs/hydromet/feeds/stations.toml")),
            FeedName::new("hydromet", "stations")
        );
    }
}
