//! What is written reads back as the same entity, in every representation that loses nothing.

use crate::context::{Context, NoLoader};
use crate::read::{self, Reader};
use crate::vocabulary;
use crate::write::{Representation, Writer, feature};
use dinh_model::Entity;
use proptest::prelude::*;
use serde_json::json;

use super::made_up::{NOW, entities};

fn contexts() -> Vec<Context> {
    let user = json!({
        "onto": "https://example.org/onto#",
        "b": "https://example.org/b",
        "tốcĐộ": "https://uri.etsi.org/ngsi-ld/default-context/speed"
    });
    vec![Context::core(), Context::parse(&user, &NoLoader).unwrap()]
}

fn written(writer: &Writer<'_>, entity: &Entity) -> serde_json::Value {
    let mut out = Vec::new();
    writer.entity(&mut out, entity);
    read::json(&out).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&out)))
}

proptest! {
    #[test]
    fn normalized_and_concise_lose_nothing(entity in entities()) {
        for context in contexts() {
            for representation in [Representation::Normalized, Representation::Concise] {
                for sys_attrs in [false, true] {
                    let mut writer = Writer::new(&context).represented(representation);
                    writer.sys_attrs = sys_attrs;
                    let json = written(&writer, &entity);
                    let again = read::entity(&Reader::new(&context, NOW), json.clone());
                    prop_assert_eq!(again.as_ref(), Ok(&entity), "{:?} {}", representation, json);
                }
            }
        }
    }

    #[test]
    fn a_feature_is_its_entity(entity in entities()) {
        let context = Context::core();
        let mut out = Vec::new();
        feature(&Writer::new(&context), &mut out, &entity, &vocabulary::location());
        let again = read::feature(&Reader::new(&context, NOW), read::json(&out).unwrap(), "location");
        prop_assert_eq!(again, Ok(entity));
    }

    #[test]
    fn the_simplified_form_is_readable(entity in entities()) {
        let context = Context::core();
        let json = written(&Writer::new(&context).represented(Representation::Simplified), &entity);
        let again = read::entity(&Reader::new(&context, NOW).simplified(), json).unwrap();
        prop_assert_eq!(again.id, entity.id);
        prop_assert_eq!(again.types, entity.types);
        prop_assert_eq!(
            again.attributes.keys().collect::<Vec<_>>(),
            entity.attributes.keys().collect::<Vec<_>>()
        );
    }

    #[test]
    fn the_reader_never_panics(text in ".{0,200}") {
        if let Ok(json) = read::json(text.as_bytes()) {
            let context = Context::core();
            let _answer = read::entity(&Reader::new(&context, NOW), json);
        }
    }
}
