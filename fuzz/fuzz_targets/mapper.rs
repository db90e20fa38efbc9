//! The mapper: any definition with any record. Input is the text of a definition, a NUL byte, and a JSON record; without
//! a NUL the whole input is a record for a definition that uses every kind of attribute.
#![no_main]

use dinh_feeds::definition::{FeedDefinition, FeedName};
use dinh_feeds::mapping::{Mapper, Position, Record, Vocabulary};
use dinh_model::Timestamp;
use dinh_ngsild::context::Context;
use libfuzzer_sys::fuzz_target;

const EVERY_KIND: &str = include_str!("../seeds/every_kind.toml");

fuzz_target!(|input: &str| {
    let (definition, record) = input.split_once('\0').unwrap_or((EVERY_KIND, input));
    let Ok(json) = serde_json::from_str(record) else { return };
    let Ok(feed) = FeedDefinition::parse(FeedName::new("fuzz", "fuzz"), "fuzz.toml", definition) else {
        return;
    };
    let context = Context::core();
    let vocabulary = Vocabulary::new(move |name| context.expand(name));
    let Ok(mapper) = Mapper::new(&feed, &vocabulary) else { return };
    let record = Record::of_json(json, Position::place("fuzz"));
    let mapping = mapper.map(&record, Timestamp::from_micros(1_790_000_000_000_000));
    assert!(mapping.fragments.len() + mapping.rejections.len() <= feed.maps.len());
});
