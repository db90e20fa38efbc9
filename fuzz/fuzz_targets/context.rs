//! `@context` documents, from whomever.
#![no_main]

use dinh_ngsild::context::{Context, NoLoader};
use dinh_ngsild::read;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(json) = read::json(bytes) else { return };
    if let Ok(context) = Context::parse_document(&json, &NoLoader) {
        for name in ["name", "type", "geo:lat", "waterLevel", "https://x.vn/a"] {
            let term = context.expand(name);
            drop(context.compact(&term));
        }
    }
});
