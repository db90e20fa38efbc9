//! The NGSI-LD reader: any bytes as a body, read as an entity, as fragments and patches, as a batch.
#![no_main]

use dinh_model::Timestamp;
use dinh_ngsild::context::Context;
use dinh_ngsild::read::{self, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let context = Context::core();
    let Ok(json) = read::json(bytes) else { return };
    let reader = Reader::new(&context, Timestamp::from_micros(0));
    drop(read::entity(&reader, json.clone()));
    drop(read::entity(&reader.simplified(), json.clone()));
    drop(read::append_fragment(&reader, json.clone()));
    drop(read::update_fragment(&reader, json.clone()));
    drop(read::entity_patch(&reader, json.clone()));
    drop(read::attribute_patch(&reader, "waterLevel", json.clone()));
    drop(read::batch(json, 1000));
});
