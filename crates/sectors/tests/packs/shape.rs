//! The shape of a pack: its description, its sources, its size.

use std::collections::BTreeSet;

use crate::house::{feeds, folder, packs, walk};

/// Most bytes of all packs together.
const MOST: u64 = 15 << 20;

#[test]
fn every_pack_says_what_it_is_and_where_it_comes_from() {
    let names: BTreeSet<_> = packs().packs().map(|p| p.name.clone()).collect();
    assert!(names.len() >= 10, "{names:?}");
    for pack in packs().packs() {
        assert!(
            folder().join(&pack.name).join("pack.toml").is_file(),
            "{} lies in another folder",
            pack.name
        );
        for text in [&pack.title.vi, &pack.title.en, &pack.description.vi, &pack.description.en] {
            assert!(!text.trim().is_empty(), "{}: title and description in both languages", pack.name);
        }
        assert!(!pack.sources.is_empty(), "{} names no source", pack.name);
        for source in &pack.sources {
            assert!(!source.name.is_empty() && !source.licence.is_empty(), "{}: {source:?}", pack.name);
        }
        for other in &pack.depends {
            assert!(names.contains(other), "{} depends on {other}, which does not exist", pack.name);
        }
        let told = std::fs::read_to_string(folder().join(&pack.name).join("SOURCE.md")).unwrap();
        assert!(told.contains("What was changed") || told.contains("sources, licences, changes"));
        for file in walk(&folder().join(&pack.name)) {
            let name = file.file_name().unwrap().to_str().unwrap();
            let kept = ["data", "recordings"].iter().any(|f| file.parent().unwrap().ends_with(f));
            let stem = name.split('.').next().unwrap();
            assert!(
                !kept
                    || told.contains(stem)
                    || told.contains(&format!("{}-", stem.split('-').next().unwrap())),
                "{}/SOURCE.md does not speak of {name}",
                pack.name
            );
        }
    }
}

#[test]
fn all_packs_together_stay_small() {
    let bytes: u64 = walk(&folder()).iter().map(|f| f.metadata().unwrap().len()).sum();
    assert!(bytes <= MOST, "packs/ holds {bytes} bytes, the limit is {MOST}");
}

#[test]
fn provinces_run_feeds_that_exist() {
    let known: BTreeSet<String> = feeds().iter().map(|f| f.name.to_string()).collect();
    let tenants: Vec<_> = packs().provinces().iter().map(|p| p.tenant.as_str()).collect();
    assert_eq!(tenants, ["hue", "quang-ngai", "quang-tri", "ha-noi"]);
    for province in packs().provinces() {
        for feed in &province.feeds {
            assert!(known.contains(feed), "{}: there is no feed {feed}", province.tenant);
            let pack = feed.split('/').next().unwrap();
            assert!(
                province.packs.iter().any(|p| p == pack),
                "{}: {feed} of a pack not in use",
                province.tenant
            );
        }
        for pack in &province.packs {
            for other in &packs().pack(pack).unwrap().depends {
                assert!(province.packs.contains(other), "{}: {pack} needs {other}", province.tenant);
            }
        }
        let ([lon, lat], [west, south, east, north]) = (province.center, province.bounds);
        assert!(west < lon && lon < east && south < lat && lat < north, "{}", province.tenant);
        assert!(!province.title.vi.is_empty() && !province.title.en.is_empty());
    }
}
