//! Feeds: definitions read, targets known, units those of the types, files there.

use std::collections::BTreeSet;

use dinh_feeds::definition::{AttributeKind, FeedDefinition, SourceDefinition};
use dinh_feeds::mapping::{Mapper, Vocabulary};
use dinh_sectors::air_quality::Table;
use dinh_sectors::rules::Rules;

use crate::house::{expand, feeds, packs, registry};

/// The file of a source, if it has one.
pub(crate) fn file_of(source: &SourceDefinition) -> Option<&str> {
    match source {
        SourceDefinition::File(file) => Some(&file.path),
        SourceDefinition::Replay(replay) => Some(&replay.path),
        SourceDefinition::Gtfs(gtfs) => Some(&gtfs.path),
        SourceDefinition::GtfsTimetable(timetable) => Some(&timetable.path),
        _ => None,
    }
}

#[test]
fn feeds_name_files_that_exist_and_speak_both_languages() {
    for feed in feeds() {
        if let Some(path) = file_of(&feed.source) {
            packs().file(&feed.name.pack, path).unwrap();
        }
        for words in [&feed.title, &feed.description, &feed.owner] {
            assert!(!words.vi.is_empty() && !words.en.is_empty(), "{}: {words:?}", feed.name);
        }
        assert!(!feed.licence.is_empty(), "{}", feed.name);
        Mapper::new(&feed, &Vocabulary::new(expand)).unwrap();
    }
}

#[test]
fn feeds_fill_attributes_that_the_types_know_in_their_units_and_kinds() {
    for feed in feeds() {
        for map in &feed.maps {
            for type_name in &map.types {
                check_map(&feed, map, type_name);
            }
        }
    }
}

fn check_map(feed: &FeedDefinition, map: &dinh_feeds::definition::MapDefinition, type_name: &str) {
    let term = expand(type_name);
    let Some(entity_type) = registry().entity_type(term.as_str()) else {
        panic!("{}: no pack describes the type {type_name}", feed.name)
    };
    let own = packs().pack(&feed.name.pack).unwrap();
    let near = entity_type.pack == own.name || own.depends.contains(&entity_type.pack);
    assert!(near, "{}: {type_name} is of the pack {}", feed.name, entity_type.pack);
    for attribute in &map.attributes {
        let at = format!("{}: {type_name}.{}", feed.name, attribute.name);
        let known = entity_type.attribute(expand(&attribute.name).as_str());
        let Some(known) = known else { panic!("{at}: the type does not know it") };
        let told = known.unit.as_ref().map(|u| u.code.as_str());
        assert_eq!(told, attribute.unit.as_deref(), "{at}: unit");
        if attribute.kind == AttributeKind::Relationship {
            assert!(map.id.starts_with("urn:") || map.id.starts_with('{'), "{at}");
        }
    }
}

#[test]
fn checks_and_derivations_are_about_what_the_feed_fills() {
    let table = packs().file("air-quality", "tables/vn-aqi.toml").unwrap();
    let rules = Rules::new(Table::parse(table.text().unwrap()).unwrap());
    for feed in feeds() {
        let filled: BTreeSet<&str> =
            feed.maps.iter().flat_map(|m| &m.attributes).map(|a| a.name.as_str()).collect();
        for check in &feed.quality {
            assert!(filled.contains(check.attribute.as_str()), "{}: {check:?}", feed.name);
        }
        for name in &feed.derive {
            let Some(rule) = rules.get(name) else { panic!("{}: no rule {name}", feed.name) };
            assert!(rule.reads().iter().any(|read| filled.contains(read)), "{}: {name}", feed.name);
        }
    }
}

#[test]
fn what_is_an_exercise_says_so_everywhere() {
    let exercises: Vec<_> = feeds()
        .into_iter()
        .filter(|f| f.name.feed.starts_with("exercise-") || f.name.feed == "decree-example")
        .collect();
    assert!(exercises.len() >= 4);
    for feed in exercises {
        assert!(feed.title.vi.starts_with("Diễn tập"), "{}", feed.name);
        assert!(feed.title.en.contains("xercise"), "{}", feed.name);
        for map in &feed.maps {
            assert!(map.id.contains(":dien-tap-"), "{}: writes to a real entity", feed.name);
            let name = map.attributes.iter().find(|a| a.name == "name").unwrap();
            let said = name.value.as_ref().and_then(toml::Value::as_str).unwrap_or_default();
            assert!(said.starts_with("DIỄN TẬP"), "{}: {said}", feed.name);
            for attribute in map.attributes.iter().filter(|a| !a.timeless) {
                let marked = attribute.sub.iter().any(|s| s.name == "exercise");
                assert!(marked, "{}: {} is not marked as exercise", feed.name, attribute.name);
            }
        }
    }
}
