//! One feature collection, a feature a line.

use std::io::Write;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::ndjson::line;
use super::{Answer, Writer};

#[derive(Default)]
pub(super) struct Features {
    some: bool,
}

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow)]
    features: Vec<&'a RawValue>,
}

impl Writer for Features {
    fn accept(&self) -> &'static str {
        "application/geo+json"
    }

    fn begin(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[\n")?;
        Ok(())
    }

    fn page(&mut self, page: &Answer, out: &mut dyn Write) -> anyhow::Result<usize> {
        let page: Page<'_> = serde_json::from_slice(&page.body)?;
        for feature in &page.features {
            if std::mem::replace(&mut self.some, true) {
                out.write_all(b",")?;
            }
            line(feature, out)?;
        }
        Ok(page.features.len())
    }

    fn end(&mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        out.write_all(b"]}\n")?;
        Ok(())
    }
}
