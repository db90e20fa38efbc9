//! One document that is read whole.

use std::io::Read;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Visit;
use crate::commands::load::entry::{Entry, MAX_RECORD};
use crate::said::{OrSay as _, Words, said};

/// Reads one document: an entity, or the entities of a JSON-LD `@graph` under a common `@context`.
pub(super) fn single(reader: impl Read, visit: Visit<'_>) -> anyhow::Result<()> {
    let most = u64::try_from(MAX_RECORD).unwrap_or(u64::MAX);
    let mut text = String::new();
    reader.take(most + 1).read_to_string(&mut text).or_say(|| {
        Words::new("tệp không phải là văn bản UTF-8 đọc được", "the file is not UTF-8 text that can be read")
    })?;
    if text.len() > MAX_RECORD {
        return Err(said(
            format!(
                "một tài liệu nhiều nhất {MAX_RECORD} byte; dữ liệu lớn hơn hãy viết thành mảng hoặc mỗi dòng một thực thể"
            ),
            format!(
                "a single document may have {MAX_RECORD} bytes at most; write larger data as an array or one entity a line"
            ),
        ));
    }
    let json: Box<RawValue> = serde_json::from_str(&text)
        .or_say(|| Words::new("tệp không phải là JSON", "the file is not JSON"))?;
    let entries = match serde_json::from_str::<Graph<'_>>(json.get()) {
        Ok(Graph { graph, context }) => {
            graph.iter().zip(1..).map(|(node, place)| of_graph(place, node, context)).collect()
        }
        Err(_not_a_graph) => vec![Entry::of_json(1, json)],
    };
    for entry in entries {
        if visit(entry).is_break() {
            break;
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Graph<'a> {
    #[serde(rename = "@graph", borrow)]
    graph: Vec<&'a RawValue>,
    #[serde(rename = "@context", borrow)]
    context: Option<&'a RawValue>,
}

/// A node of a graph with the graph's context, unless it has its own.
fn of_graph(place: u64, node: &RawValue, context: Option<&RawValue>) -> Entry {
    let members = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(node.get());
    let Ok(mut members) = members else { return Entry::of_json(place, node.to_owned()) };
    let context = context.and_then(|context| serde_json::from_str(context.get()).ok());
    if let (Some(context), false) = (context, members.contains_key("@context")) {
        members.insert("@context".to_owned(), context);
    }
    match serde_json::value::to_raw_value(&members) {
        Ok(json) => Entry::of_json(place, json),
        Err(error) => Entry::refused(place, error.to_string(), node.get()),
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::commands::load::entry::Content;

    fn read(content: &str) -> Vec<Entry> {
        let mut entries = Vec::new();
        single(content.as_bytes(), &mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        })
        .expect("reads");
        entries
    }

    #[test]
    fn a_document_is_an_entity_or_a_graph_of_them() {
        assert_eq!(read("{\n \"id\": \"urn:x:1\",\n \"type\": \"T\"\n}\n").len(), 1);
        let graph = read(
            r#"{"@context": "https://c.example", "@graph": [{"id": "urn:x:1"}, {"id": "urn:x:2", "@context": []}]}"#,
        );
        let texts: Vec<&str> = graph
            .iter()
            .filter_map(|entry| match &entry.content {
                Content::Entity(entity) if entity.manner.is_ld => Some(entity.json.get()),
                _ => None,
            })
            .collect();
        assert_eq!(texts.len(), 2);
        assert!(
            texts[0].contains("https://c.example") && !texts[1].contains("https://c.example"),
            "{texts:?}"
        );
    }
}
