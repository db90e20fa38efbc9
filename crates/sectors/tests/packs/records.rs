//! The records of all files and recordings, mapped.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use dinh_feeds::definition::{FeedDefinition, Format, FormatDefinition, SourceDefinition};
use dinh_feeds::files::PackFiles;
use dinh_feeds::formats::records;
use dinh_feeds::mapping::{Mapped, Mapper, Rejection, Vocabulary};
use dinh_feeds::quality::{Checks, Outlines};
use dinh_model::{Entity, EntityId, Timestamp};

use crate::house::{expand, feeds, packs};

/// What one feed's records became.
pub(crate) struct Played {
    pub(crate) feed: FeedDefinition,
    pub(crate) records: usize,
    pub(crate) fragments: Vec<Mapped>,
    pub(crate) flagged: usize,
    pub(crate) rejections: Vec<Rejection>,
}

/// The files of one pack.
struct Files(String);

impl PackFiles for Files {
    fn read(&self, path: &str) -> Result<Cow<'static, [u8]>, String> {
        let (pack, path) = match path.strip_prefix('/') {
            Some(path) => path.split_once('/').ok_or("no pack is named")?,
            None => (self.0.as_str(), path),
        };
        packs().file(pack, path).map(|file| file.bytes).map_err(|error| error.to_string())
    }

    fn list(&self, _folder: &str) -> Vec<String> {
        Vec::new()
    }
}

/// Later than every observation.
pub(crate) fn now() -> Timestamp {
    "2030-01-01T00:00:00Z".parse().unwrap()
}

/// All feeds of files and recordings, played once.
pub(crate) fn played() -> &'static [Played] {
    static PLAYED: OnceLock<Vec<Played>> = OnceLock::new();
    PLAYED.get_or_init(|| feeds().into_iter().filter_map(play).collect())
}

fn play(feed: FeedDefinition) -> Option<Played> {
    let (path, how) = match &feed.source {
        SourceDefinition::File(file) => (&file.path, file.format.clone()),
        SourceDefinition::Replay(replay) => (&replay.path, replay.format.clone()),
        _ => return None,
    };
    let file = packs().file(&feed.name.pack, path).unwrap();
    let place: Arc<str> = path.as_str().into();
    let format = how.format.or_else(|| Format::of_name(path)).unwrap();
    let vocabulary = Vocabulary::new(expand);
    let mapper = Mapper::new(&feed, &vocabulary).unwrap();
    let mut checks = Checks::new(
        &feed.quality,
        &vocabulary,
        &Outlines::read(&feed, &Files(feed.name.pack.clone())).unwrap(),
    );
    let mut out = Played { feed, records: 0, fragments: Vec::new(), flagged: 0, rejections: Vec::new() };
    for record in
        records(file.bytes.into_owned(), &place, format, &FormatDefinition { format: None, ..how }).unwrap()
    {
        let record = record.unwrap();
        out.records += 1;
        let mapping = mapper.map(&record, now());
        out.rejections.extend(mapping.rejections);
        for mut fragment in mapping.fragments {
            match checks.run(&mut fragment, now()) {
                Ok(_) => {
                    let flag = expand("qualityFlag");
                    out.flagged += fragment.instances().filter(|(_, a)| a.sub.contains_key(&flag)).count();
                    out.fragments.push(fragment);
                }
                Err(rejection) => out.rejections.push(rejection),
            }
        }
    }
    Some(out)
}

/// The feed `pack/feed`.
pub(crate) fn feed(name: &str) -> &'static Played {
    played().iter().find(|p| p.feed.name.to_string() == name).unwrap_or_else(|| panic!("no feed {name}"))
}

/// All entities of all feeds of files, merged.
pub(crate) fn entities() -> &'static BTreeMap<EntityId, Entity> {
    static ALL: OnceLock<BTreeMap<EntityId, Entity>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all: BTreeMap<EntityId, Entity> = BTreeMap::new();
        for fragment in played().iter().flat_map(|p| &p.fragments) {
            let entity = all
                .entry(fragment.id.clone())
                .or_insert_with(|| Entity::new(fragment.id.clone(), fragment.types[0].clone(), now()));
            for (name, attribute) in fragment.instances() {
                entity.set(name.clone(), attribute.clone());
            }
        }
        all
    })
}
