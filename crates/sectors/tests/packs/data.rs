//! Every record satisfies the schemas; every link leads somewhere; the known faults are the only ones.

use std::collections::BTreeMap;

use dinh_model::{AttributeChange, ChangeKind, Entity, Value};

use crate::house::{expand, registry, short};
use crate::records::{entities, feed, now, played};

#[test]
fn records_are_refused_only_where_the_source_is_broken() {
    let mut refused = BTreeMap::new();
    for play in played() {
        assert!(play.records > 0, "{} holds nothing", play.feed.name);
        for rejection in &play.rejections {
            refused.entry(play.feed.name.to_string()).or_insert_with(Vec::new).push(rejection.to_string());
        }
    }
    // "4,3 x 106" coliforms: an exponent lost in the source.
    let lost = refused.remove("water-quality/results").unwrap();
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(lost[0].contains("4,3 x 106"), "{lost:?}");
    assert!(refused.is_empty(), "{refused:?}");
}

#[test]
fn every_value_satisfies_its_schema() {
    let mut checked = 0;
    for play in played() {
        for fragment in &play.fragments {
            let mut entity = Entity::new(fragment.id.clone(), fragment.types[0].clone(), now());
            let mut changes = Vec::new();
            for (name, attribute) in fragment.instances() {
                entity.set(name.clone(), attribute.clone());
                changes.push(AttributeChange {
                    name: name.clone(),
                    dataset_id: attribute.dataset_id.clone(),
                    kind: ChangeKind::Created,
                    before: None,
                    after: Some(attribute.clone()),
                });
            }
            checked += changes.len();
            let fault = registry().check(&entity, &changes, true).err();
            assert!(fault.is_none(), "{}: {}: {}", play.feed.name, entity.id, fault.unwrap());
        }
    }
    assert!(checked > 100_000, "{checked}");
}

#[test]
fn links_lead_to_entities_that_exist() {
    let mut links = 0;
    for entity in entities().values() {
        for (name, instances) in &entity.attributes {
            for attribute in instances {
                let Value::Relationship { object, .. } = &attribute.value else { continue };
                for target in object.as_slice() {
                    links += 1;
                    assert!(entities().contains_key(target), "{}: {} → {target}", entity.id, short(name));
                }
            }
        }
    }
    assert!(links > 5_000, "{links}");
}

#[test]
fn shapes_are_sound() {
    for entity in entities().values() {
        for attribute in entity.attributes.values().flatten() {
            if let Value::Geo(geometry) = &attribute.value {
                let read = dinh_model::GeoValue::parse(geometry.as_json().clone());
                assert!(read.is_ok(), "{}: {}", entity.id, read.unwrap_err());
            }
        }
    }
}

#[test]
fn the_faults_of_the_recordings_are_found() {
    // Nine stations with longitude and latitude exchanged are mended.
    let stations = feed("hydromet/stations-north-central");
    assert_eq!(stations.flagged, 9);
    for fragment in &stations.fragments {
        let (lon, lat) = fragment.attributes[&expand("location")][0].clone().value.point();
        assert!((103.0..107.5).contains(&lon) && (17.5..21.0).contains(&lat), "{}: {lon} {lat}", fragment.id);
    }
    // Sầm Sơn's impossible rain and Quỳnh Lưu's stuck thermometer are flagged and kept.
    let hourly = feed("hydromet/hourly-north-central");
    let wrong = hourly.fragments.iter().filter(|f| {
        f.attributes.get(&expand("precipitation")).and_then(|a| a[0].number()).is_some_and(|mm| mm > 200.0)
    });
    assert_eq!(wrong.count(), 20);
    assert!(hourly.flagged >= 20 + 13, "{}", hourly.flagged);
    // The tide gauge Tân Mỹ stands still for hours and jumps.
    assert!(feed("hydromet/tide-levels").flagged > 0);
    assert_eq!(feed("hydromet/hourly-hue").flagged, 0);
}

trait Point {
    fn point(&self) -> (f64, f64);
}

impl Point for Value {
    fn point(&self) -> (f64, f64) {
        match self {
            Self::Geo(geometry) => geometry.as_point().unwrap(),
            other => panic!("{other:?} is no point"),
        }
    }
}

#[test]
fn results_below_the_detection_limit_say_so() {
    let results = feed("water-quality/results");
    assert_eq!(results.records, 1_550);
    let qualifier = expand("qualifier");
    let samples = results.fragments.iter().filter(|f| short(&f.types[0]) == "WaterQualityObserved");
    let below = samples
        .flat_map(dinh_feeds::mapping::Mapped::instances)
        .filter(|(_, a)| a.sub.contains_key(&qualifier))
        .count();
    assert_eq!(below, 171);
}

#[test]
fn alarm_levels_of_the_gauges_are_those_in_force() {
    let file = crate::house::packs().file("hydromet", "tables/river-alarm-levels.toml").unwrap();
    let table = dinh_sectors::river::LevelTable::parse(file.text().unwrap()).unwrap();
    let mut told = 0;
    for entity in entities().values().filter(|e| short(&e.types[0]) == "RiverGauge") {
        let station = entity.id.as_str().rsplit(':').next().unwrap().trim_start_matches("dien-tap-");
        let level = |n: u8| {
            entity
                .attribute(expand(&format!("alarmLevel{n}")).as_str())
                .and_then(dinh_model::Attribute::number)
        };
        let in_force = table.on(station, jiff::civil::date(2026, 11, 20)).map(|s| s.levels);
        let levels = match (level(1), level(2), level(3)) {
            (Some(a), Some(b), Some(c)) => Some([a, b, c]),
            _ => None,
        };
        told += usize::from(levels.is_some());
        assert_eq!(format!("{levels:?}"), format!("{in_force:?}"), "{}", entity.id);
    }
    assert_eq!(told, 15);
}
