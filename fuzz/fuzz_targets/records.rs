//! Formats of feeds: any bytes, cut into records as each format would. The first byte chooses.
#![no_main]

use std::sync::Arc;

use dinh_feeds::definition::{Format, FormatDefinition};
use dinh_feeds::formats::records;
use libfuzzer_sys::fuzz_target;

const FORMATS: [Format; 5] = [Format::Csv, Format::Json, Format::Ndjson, Format::Geojson, Format::Xlsx];
/// What a small definition allows; the fuzzer should not spend its time unpacking bombs.
const MAX_BYTES: u64 = 1 << 20;

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else { return };
    let format = FORMATS[usize::from(*choice) % FORMATS.len()];
    let how = FormatDefinition { max_bytes: Some(MAX_BYTES), ..FormatDefinition::default() };
    let place: Arc<str> = Arc::from("fuzz");
    if let Ok(items) = records(bytes.to_vec(), &place, format, &how) {
        items.take(10_000).for_each(drop);
    }
});
