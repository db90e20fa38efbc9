//! What packs say about types is kept by every write.

use dinh_context::Error;
use dinh_context::graph::OpError;
use serde_json::json;

use crate::house::{House, gauge, id, set};

#[tokio::test]
async fn a_value_outside_its_rule_is_refused_by_name_and_changes_nothing() {
    let house = House::new().await;
    let session = house.session();
    session.create(gauge(1, 1.0)).await.unwrap();
    let before = session.entity(&id(1)).await.unwrap();
    for (wrong, part) in [
        (json!({"waterLevel": 51}), "waterLevel of a RiverGauge"),
        (json!({"waterLevel": "cao"}), "waterLevel of a RiverGauge"),
        (
            json!({"waterLevel": {"type": "Property", "value": 2, "unitCode": "CMT"}}),
            "is kept in unitCode MTR, not CMT",
        ),
        (
            json!({"waterLevel": {"type": "Relationship", "object": "urn:x:1"}}),
            "must be a Property, not a Relationship",
        ),
    ] {
        let Err(OpError::Guarded(reason)) = set(&session, 1, wrong.clone()).await else {
            panic!("{wrong} was taken")
        };
        assert!(reason.contains(part), "{reason}");
    }
    assert_eq!(session.entity(&id(1)).await.unwrap(), before);
}

#[tokio::test]
async fn a_required_attribute_must_be_there_and_stay_there() {
    let house = House::new().await;
    let session = house.session();
    let mut nameless = gauge(2, 1.0);
    nameless.attributes.retain(|name, _| !name.as_str().ends_with("name"));
    let Err(Error::Op(OpError::Guarded(reason))) = session.create(nameless).await else { panic!("taken") };
    assert_eq!(reason, "name of a RiverGauge: is required");
}

#[tokio::test]
async fn what_a_pack_marks_is_found_without_accents() {
    let house = House::new().await;
    let session = house.session();
    session.create(gauge(7, 1.0)).await.unwrap();
    let hits = session.search("tram 7", &[], 10).await.unwrap();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].found.entity.id, id(7));
}
