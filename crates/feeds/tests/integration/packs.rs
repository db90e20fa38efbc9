//! The feeds that ship: every definition can be used, and every record of the files that ship with it is understood.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dinh_feeds::definition::{FeedDefinition, FeedName, Format, SourceDefinition};
use dinh_feeds::formats;
use dinh_feeds::mapping::{Mapper, Vocabulary};
use dinh_feeds::quality::Checks;
use dinh_model::Timestamp;

use crate::support::term;

fn definitions() -> Vec<(PathBuf, FeedDefinition)> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut found = Vec::new();
    for pack in std::fs::read_dir(packs).unwrap() {
        let pack = pack.unwrap().path();
        let Ok(feeds) = std::fs::read_dir(pack.join("feeds")) else { continue };
        for feed in feeds {
            let path = feed.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let stem = |path: &Path| path.file_stem().unwrap().to_str().unwrap().to_owned();
            let name = FeedName::new(stem(&pack), stem(&path));
            let file = path.display().to_string();
            let definition = FeedDefinition::parse(name, &file, &text).unwrap_or_else(|e| panic!("{e}"));
            found.push((pack.clone(), definition));
        }
    }
    assert!(found.len() > 10, "the packs are not where they were");
    found
}

#[test]
fn every_record_of_the_files_that_ship_is_understood() {
    let vocabulary = Vocabulary::new(term);
    let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let mut wrong = BTreeMap::new();
    for (pack, definition) in definitions() {
        let mapper = Mapper::new(&definition, &vocabulary).unwrap_or_else(|e| panic!("{e}"));
        let (path, how) = match &definition.source {
            SourceDefinition::File(file) => (&file.path, &file.format),
            SourceDefinition::Replay(replay) => (&replay.path, &replay.format),
            _ => continue,
        };
        let bytes =
            std::fs::read(pack.join(path)).unwrap_or_else(|e| panic!("{}: {path}: {e}", definition.name));
        let format = how.format.or_else(|| Format::of_name(path)).unwrap();
        let items = formats::records(bytes, &path.as_str().into(), format, how).unwrap();
        let mut checks = Checks::new(&definition.quality, &vocabulary);
        let mut records = 0;
        for item in items {
            let record = item.unwrap_or_else(|broken| panic!("{}: {:?}", definition.name, broken.rejection));
            records += 1;
            let mapping = mapper.map(&record, now);
            let mut faults: Vec<String> = mapping.rejections.iter().map(ToString::to_string).collect();
            for mut fragment in mapping.fragments {
                faults.extend(checks.run(&mut fragment, now).err().map(|why| why.to_string()));
            }
            for fault in faults {
                let told: &mut Vec<String> = wrong.entry(definition.name.to_string()).or_default();
                told.push(format!("{}: {fault}", record.position));
            }
        }
        assert!(records > 0, "{}: {path} has no records", definition.name);
        // Real tables have real faults; they are dead letters. More than a few would be a wrong definition.
        let faults: &Vec<String> = wrong.entry(definition.name.to_string()).or_default();
        let told = &faults[..faults.len().min(5)];
        assert!(
            faults.len() * 100 <= records,
            "{}: {} of {records}: {told:#?}",
            definition.name,
            faults.len()
        );
    }
}
