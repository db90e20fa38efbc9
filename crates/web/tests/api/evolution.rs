//! What was observed over time (CIM 009 clause 5.7.3).

use serde_json::{Value as Json, json};

use crate::house::{ENTITIES, House};

const ALL: &str = "/ngsi-ld/v1/temporal/entities";
const HISTORY: &str = "/ngsi-ld/v1/temporal/entities/urn:x:a";

/// A gauge observed at every full hour from `00` to `hours`.
async fn observed(hours: u32) -> House {
    let house = House::open().await;
    house.create(&json!({"id": "urn:x:a", "type": "Gauge", "name": "Trạm A"})).await;
    for hour in 0..hours {
        let level =
            json!({"type": "Property", "value": hour, "observedAt": format!("2026-11-19T{hour:02}:00:00Z")});
        house.post(&format!("{ENTITIES}/urn:x:a/attrs"), &json!({"level": level})).await.expect(204);
    }
    house
}

async fn values(house: &House, query: &str) -> Json {
    let told = house.get(&format!("{HISTORY}?options=temporalValues&{query}")).await.expect(200).json();
    assert_eq!(told["level"]["type"], "Property");
    told["level"]["values"].as_array().unwrap().iter().map(|pair| pair[0].clone()).collect()
}

#[tokio::test]
async fn observations_are_told_between_two_times() {
    let house = observed(6).await;
    for (query, expected) in [
        ("", json!([0, 1, 2, 3, 4, 5])),
        ("timerel=before&timeAt=2026-11-19T02:00:00Z", json!([0, 1])),
        ("timerel=after&timeAt=2026-11-19T03:00:00Z", json!([3, 4, 5])),
        ("timerel=between&timeAt=2026-11-19T01:30:00Z&endTimeAt=2026-11-19T03:30:00Z", json!([2, 3])),
        ("lastN=2", json!([4, 5])),
        ("timerel=before&timeAt=2026-11-19T04:00:00Z&lastN=1", json!([3])),
        ("attrs=level&lastN=1", json!([5])),
    ] {
        assert_eq!(values(&house, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn records_are_told_in_full() {
    let house = observed(2).await;
    let mut told = house.get(&format!("{HISTORY}?pick=id,type,level")).await.expect(200).json();
    for record in told["level"].as_array_mut().unwrap() {
        let name = record.as_object_mut().unwrap().remove("instanceId").unwrap();
        assert!(name.as_str().unwrap().starts_with("urn:ngsi-ld:Instance:"));
    }
    assert_eq!(
        told,
        json!({
            "id": "urn:x:a", "type": "Gauge",
            "level": [
                {"type": "Property", "value": 0, "observedAt": "2026-11-19T00:00:00Z"},
                {"type": "Property", "value": 1, "observedAt": "2026-11-19T01:00:00Z"}
            ]
        })
    );
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let house = observed(1).await;
    house.get("/ngsi-ld/v1/temporal/entities/urn:x:z").await.problem(404);
    for wrong in [
        "format=aggregatedValues",
        "format=aggregatedValues&aggrMethods=mode",
        "format=aggregatedValues&aggrMethods=avg&aggrPeriodDuration=1h",
        "attrs=name&format=aggregatedValues&aggrMethods=avg",
        "timeproperty=expiresAt",
    ] {
        house.get(&format!("{HISTORY}?{wrong}")).await.problem(400);
    }
    let time = "timerel=after&timeAt=2026-01-01T00:00:00Z";
    house.get(&format!("{ALL}?type=Gauge")).await.problem(400);
    house.get(&format!("{ALL}?{time}")).await.problem(400);
    house.get(&format!("{ALL}?type=Gauge&{time}&orderBy=level")).await.problem(400);
}

#[tokio::test]
async fn values_are_aggregated_and_what_changed_or_went_is_told() {
    let house = observed(6).await;
    let asked = "attrs=level&format=aggregatedValues&aggrMethods=max,avg&aggrPeriodDuration=PT2H";
    let told = house.get(&format!("{HISTORY}?{asked}")).await.expect(200).json();
    assert_eq!(told["level"]["max"].as_array().unwrap().len(), 3);
    assert_eq!(told["level"]["max"][0], json!([1.0, "2026-11-19T00:00:00Z", "2026-11-19T02:00:00Z"]));
    house.create(&json!({"id": "urn:x:n", "type": "Nameless", "name": "Trạm A"})).await;
    house.post(&format!("{ENTITIES}/urn:x:n/attrs"), &json!({"name": "Trạm B"})).await.expect(204);
    let nameless = "/ngsi-ld/v1/temporal/entities/urn:x:n?attrs=name&options=temporalValues";
    let told = house.get(nameless).await.expect(200).json();
    let names: Vec<&Json> = told["name"]["values"].as_array().unwrap().iter().map(|pair| &pair[0]).collect();
    assert_eq!(names, ["Trạm A", "Trạm B"], "of a type that nobody describes every change is kept");
    house.delete(&format!("{ENTITIES}/urn:x:a")).await.expect(204);
    let gone = house.get(&format!("{HISTORY}?timeproperty=deletedAt")).await.expect(200).json();
    assert_eq!(gone["level"][0]["value"], "urn:ngsi-ld:null");
    assert!(gone["level"][0]["deletedAt"].is_string());
}

#[tokio::test]
async fn the_past_is_added_to_corrected_and_taken_away() {
    let house = House::open().await;
    let level = |value: u32, hour: u32| json!({"type": "Property", "value": value, "observedAt": format!("2026-11-19T{hour:02}:00:00Z")});
    let past = json!({"id": "urn:x:a", "type": "Gauge", "level": [level(1, 1), level(2, 2)]});
    house.post(ALL, &past).await.expect(201);
    house.post(ALL, &past).await.expect(204);
    let present = house.get(&format!("{ENTITIES}/urn:x:a")).await.expect(200).json();
    assert_eq!(present["level"]["value"], 2);
    house.post(&format!("{HISTORY}/attrs"), &json!({"level": [level(3, 3)]})).await.expect(204);
    assert_eq!(values(&house, "").await, json!([1, 2, 3]));
    let told = house.get(HISTORY).await.expect(200).json();
    let name = told["level"][0]["instanceId"].as_str().unwrap().to_owned();
    house.patch(&format!("{HISTORY}/attrs/level/{name}"), &level(9, 1)).await.expect(204);
    assert_eq!(values(&house, "").await, json!([9, 2, 3]));
    house.delete(&format!("{HISTORY}/attrs/level/{name}")).await.expect(204);
    house.delete(&format!("{HISTORY}/attrs/level/{name}")).await.problem(404);
    assert_eq!(values(&house, "").await, json!([2, 3]));
    let query = json!({"type": "Query", "entities": [{"type": "Gauge"}],
        "temporalQ": {"timerel": "after", "timeAt": "2026-11-19T03:00:00Z"}});
    let found = house.post("/ngsi-ld/v1/temporal/entityOperations/query", &query).await.expect(200).json();
    assert_eq!(found[0]["level"].as_array().unwrap().len(), 1);
    house.delete(&format!("{HISTORY}/attrs/level")).await.expect(204);
    house.delete(HISTORY).await.expect(204);
    house.get(HISTORY).await.problem(404);
    house.get(&format!("{ENTITIES}/urn:x:a")).await.problem(404);
}

#[tokio::test]
async fn entities_are_purged_and_vanish() {
    let house = House::open().await;
    for (id, level) in [("urn:x:a", 1), ("urn:x:b", 2), ("urn:x:c", 3)] {
        house.create(&json!({"id": id, "type": "Gauge", "level": level, "name": "Trạm"})).await;
    }
    for wide in [
        "",
        "?id=urn:x:a",
        "?idPattern=.*",
        "?type=Gauge&keep=level&drop=name",
        "?q=createdAt%3E%222020-01-01T00:00:00Z%22",
    ] {
        house.delete(&format!("{ENTITIES}{wide}")).await.problem(400);
    }
    house.delete(&format!("{ENTITIES}?type=Gauge&q=level%3E2")).await.expect(204);
    house.get(&format!("{ENTITIES}/urn:x:c")).await.problem(404);
    house.delete(&format!("{ENTITIES}?type=Gauge&keep=level")).await.expect(204);
    let left = house.get(&format!("{ENTITIES}?type=Gauge&options=keyValues")).await.expect(200).json();
    assert_eq!(
        left,
        json!([
            {"id": "urn:x:a", "type": "Gauge", "level": 1}, {"id": "urn:x:b", "type": "Gauge", "level": 2}
        ])
    );
    let later = json!({"expiresAt": "2100-01-01T00:00:00Z"});
    house.patch(&format!("{ENTITIES}/urn:x:a"), &later).await.expect(204);
    let told = house.get(&format!("{ENTITIES}/urn:x:a?options=sysAttrs")).await.expect(200).json();
    assert_eq!(told["expiresAt"], "2100-01-01T00:00:00Z");
    let past = json!({"level": {"type": "Property", "value": 5, "expiresAt": "2020-01-01T00:00:00Z"}});
    house.post(&format!("{ENTITIES}/urn:x:a/attrs"), &past).await.expect(204);
    let told = house.get(&format!("{ENTITIES}/urn:x:a")).await.expect(200).json();
    assert!(told.get("level").is_none(), "{told}");
    let wrong = json!({"id": "urn:x:d", "type": "Gauge", "expiresAt": "someday"});
    house.post(ENTITIES, &wrong).await.problem(400);
}

#[tokio::test]
async fn too_much_for_one_answer_is_cut_in_time() {
    let house = House::open().await;
    let level = |n: u32| {
        let (minute, second) = (n / 60 % 60, n % 60);
        json!({"value": n, "observedAt": format!("2026-11-19T{:02}:{minute:02}:{second:02}Z", n / 3600)})
    };
    let all: Vec<Json> =
        (0..10_500).map(|n| json!({"id": "urn:x:a", "type": "Gauge", "level": level(n)})).collect();
    for part in all.chunks(1000) {
        house.post("/ngsi-ld/v1/entityOperations/upsert?options=update", &json!(part)).await;
    }
    let told = house.get(&format!("{HISTORY}?options=temporalValues")).await.expect(206);
    assert_eq!(told.json()["level"]["values"].as_array().unwrap().len(), 10_000);
    assert_eq!(told.header("content-range"), "DateTime 2026-11-19T00:00:00Z-2026-11-19T02:46:39Z/*");
}
