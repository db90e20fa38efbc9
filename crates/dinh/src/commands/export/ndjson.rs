//! One entity a line, complete: what `dinh load` takes back.

use std::io::Write;

use serde_json::value::RawValue;

use super::{Answer, Writer};

pub(super) struct Lines;

impl Writer for Lines {
    fn accept(&self) -> &'static str {
        "application/json"
    }

    fn begin(&mut self, _out: &mut dyn Write) -> anyhow::Result<()> {
        Ok(())
    }

    fn page(&mut self, page: &Answer, out: &mut dyn Write) -> anyhow::Result<usize> {
        let entities: Vec<&RawValue> = serde_json::from_slice(&page.body)?;
        for entity in &entities {
            line(entity, out)?;
        }
        Ok(entities.len())
    }

    fn end(&mut self, _out: &mut dyn Write) -> anyhow::Result<()> {
        Ok(())
    }
}

/// Writes JSON on one line, as it came unless it is spread over several.
pub(super) fn line(json: &RawValue, out: &mut dyn Write) -> anyhow::Result<()> {
    let text = json.get();
    if text.contains('\n') {
        let json: serde_json::Value = serde_json::from_str(text)?;
        out.write_all(json.to_string().as_bytes())?;
    } else {
        out.write_all(text.as_bytes())?;
    }
    out.write_all(b"\n")?;
    Ok(())
}
