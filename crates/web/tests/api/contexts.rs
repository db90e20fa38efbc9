//! Hosted contexts (CIM 009 clause 5.13).

use serde_json::json;

use crate::house::{Ask, House};

const CONTEXTS: &str = "/ngsi-ld/v1/jsonldContexts";

#[tokio::test]
async fn a_context_is_hosted_served_listed_and_deleted() {
    let house = House::open().await;
    let context = json!({"@context": {"muc": "https://example.org/level"}});
    let location = house.post(CONTEXTS, &context).await.expect(201).header("location");
    let id = location.rsplit('/').next().unwrap().to_owned();

    let served = house.send(Ask::get(&location).accept("application/ld+json")).await.expect(200);
    assert_eq!(served.header("content-type"), "application/ld+json");
    assert_eq!(served.json(), context);
    let about = house.get(&format!("{location}?details=true")).await.expect(200).json();
    assert_eq!(
        about,
        json!({
            "URL": format!("http://here.test{location}"), "localId": id, "kind": "Hosted",
            "createdAt": "2026-11-20T07:05:00Z"
        })
    );
    let list = house.get(&format!("{CONTEXTS}?kind=Hosted")).await.expect(200).json();
    assert_eq!(list, json!([format!("http://here.test{location}")]));

    house.delete(&location).await.expect(204);
    house.get(&location).await.problem(404);
    house.delete(&location).await.problem(404);
}

#[tokio::test]
async fn a_context_that_is_none_is_refused() {
    let house = House::open().await;
    for body in [json!({}), json!([]), json!({"@context": 7}), json!({"@context": {"a": {"@id": 7}}})] {
        house.post(CONTEXTS, &body).await.problem(400);
    }
    house.send(Ask::get(&format!("{CONTEXTS}?kind=Unheard"))).await.problem(400);
}
