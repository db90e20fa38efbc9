//! Batches: many entities written with one request.

mod answer;
mod writer;

use clap::ValueEnum;
use serde_json::value::RawValue;

use super::Ask;

pub(crate) use writer::BatchWriter;

/// What happens to entities that exist already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Thuộc tính được nêu thay thuộc tính cũ; thuộc tính khác giữ nguyên · The attributes given take the place of theirs; other attributes stay
    Update,
    /// Thực thể trở thành đúng như được nêu · They become exactly what is given
    Replace,
    /// Từ chối: chỉ tạo thực thể mới · They are refused: only new entities are created
    Create,
}

/// An entity in NGSI-LD.
#[derive(Debug)]
pub(crate) struct Entity {
    /// Its identifier.
    pub(crate) id: String,
    /// Its JSON, one whole object.
    pub(crate) json: Box<RawValue>,
    /// How it is to be written.
    pub(crate) manner: Manner,
}

/// How an entity is to be written; the entities of one batch are written alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    /// It carries its own `@context`.
    pub(crate) is_ld: bool,
    /// It must exist already, whatever the mode.
    pub(crate) update_only: bool,
}

/// Whether an entity is in the graph now, or why not.
pub(crate) type Written = Result<(), String>;

/// The request that writes `entities`.
fn request(mode: Mode, manner: Manner, entities: &[&Entity]) -> Ask {
    let path = match mode {
        _ if manner.update_only => "/ngsi-ld/v1/entityOperations/update",
        Mode::Update => "/ngsi-ld/v1/entityOperations/upsert?options=update",
        Mode::Replace => "/ngsi-ld/v1/entityOperations/upsert?options=replace",
        Mode::Create => "/ngsi-ld/v1/entityOperations/create",
    };
    let size: usize = entities.iter().map(|entity| entity.json.get().len() + 1).sum();
    let mut body = Vec::with_capacity(size + 1);
    for (index, entity) in entities.iter().enumerate() {
        body.push(if index == 0 { b'[' } else { b',' });
        body.extend_from_slice(entity.json.get().as_bytes());
    }
    body.push(b']');
    Ask::post(path, if manner.is_ld { "application/ld+json" } else { "application/json" }, body)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json::value::to_raw_value;

    use super::*;

    #[test]
    fn a_batch_is_an_array_of_its_entities() {
        let entity = |id: &str| {
            let json = to_raw_value(&json!({"id": id})).expect("JSON");
            Entity { id: id.to_owned(), json, manner: Manner::default() }
        };
        let (a, b) = (entity("urn:x:1"), entity("urn:x:2"));
        let ask = request(Mode::Update, Manner::default(), &[&a, &b]);
        let (media, body) = ask.body.expect("a body");
        assert_eq!(&body[..], br#"[{"id":"urn:x:1"},{"id":"urn:x:2"}]"#);
        assert_eq!(
            (media, ask.path.as_str()),
            ("application/json", "/ngsi-ld/v1/entityOperations/upsert?options=update")
        );
        let ld = request(Mode::Create, Manner { is_ld: true, update_only: false }, &[&a]);
        assert_eq!(ld.body.expect("a body").0, "application/ld+json");
    }
}
