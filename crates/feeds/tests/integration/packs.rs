//! The feeds that ship: every definition can be used, and every record of the files that ship with it is understood.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dinh_feeds::definition::{FeedDefinition, FeedName, Format, SourceDefinition};
use dinh_feeds::files::PackFiles;
use dinh_feeds::formats;
use dinh_feeds::mapping::{Mapper, Vocabulary};
use dinh_feeds::quality::{Checks, Outlines};
use dinh_model::{Attribute, Timestamp};

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

/// The files of a pack on the disk.
struct Shipped(PathBuf);

impl PackFiles for Shipped {
    fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, String> {
        let path = match path.strip_prefix('/') {
            Some(other) => self.0.join("..").join(other),
            None => self.0.join(path),
        };
        std::fs::read(&path).map(Cow::Owned).map_err(|e| format!("{}: {e}", path.display()))
    }

    fn list(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }
}

/// The stations of a register whose positions are marked, by the end of their identifiers.
fn marked_positions(feed: &str) -> Vec<String> {
    let (pack, definition) = definitions()
        .into_iter()
        .find(|(_, definition)| definition.name.to_string() == feed)
        .expect("the feed ships");
    let SourceDefinition::File(file) = &definition.source else { panic!("{feed} reads no file") };
    let vocabulary = Vocabulary::new(term);
    let mapper = Mapper::new(&definition, &vocabulary).unwrap();
    let outlines = Outlines::read(&definition, &Shipped(pack.clone())).unwrap();
    let mut checks = Checks::new(&definition.quality, &vocabulary, &outlines);
    let bytes = std::fs::read(pack.join(&file.path)).unwrap();
    let format = file.format.format.or_else(|| Format::of_name(&file.path)).unwrap();
    let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
    let mut marked = Vec::new();
    for item in formats::records(bytes, &file.path.as_str().into(), format, &file.format).unwrap() {
        for mut fragment in mapper.map(&item.unwrap(), now).fragments {
            checks.run(&mut fragment, now).unwrap();
            let place = fragment.attributes.get(&term("location"));
            let suspect = |one: &Attribute| {
                one.sub
                    .get(&term("qualityFlag"))
                    .is_some_and(|flags| format!("{:?}", flags[0].value).contains("suspect-bounds"))
            };
            if place.is_some_and(|all| all.iter().any(suspect)) {
                marked.push(fragment.id.as_str().rsplit_once(':').unwrap().1.to_owned());
            }
        }
    }
    marked
}

#[test]
fn stations_outside_their_province_are_marked_and_no_others() {
    for (feed, expected) in [
        // Beyond the border, in Quảng Trị; in the sea east of Thuận An.
        ("hydromet/stations-hue", vec!["kttv-554100", "kttv-aws0000026"]),
        // Islands and the coast are drawn coarsely, but near enough.
        ("hydromet/stations-quang-tri", vec![]),
        // Kon Tum, in Gia Lai.
        ("hydromet/stations-quang-ngai", vec!["kttv-48865"]),
        ("hydromet/stations-ha-noi", vec![]),
        // Nine of these have exchanged coordinates, which are mended before; one of the nine lies in Laos even so.
        ("hydromet/stations-north-central", vec!["kttv-508987"]),
        ("hydromet/river-gauges-hue", vec![]),
        ("hydromet/river-gauges-quang-tri", vec![]),
        ("hydromet/river-gauges-quang-ngai", vec![]),
        ("hydromet/tide-gauges", vec![]),
    ] {
        assert_eq!(marked_positions(feed), expected, "{feed}");
    }
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
        let outlines = Outlines::read(&definition, &Shipped(pack.clone())).unwrap_or_else(|e| panic!("{e}"));
        let mut checks = Checks::new(&definition.quality, &vocabulary, &outlines);
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
