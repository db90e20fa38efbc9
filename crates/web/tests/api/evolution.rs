//! What was observed over time (CIM 009 clause 5.7.3).

use serde_json::{Value as Json, json};

use crate::house::{ENTITIES, House};

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
    let told = house.get(HISTORY).await.expect(200).json();
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
async fn what_is_kept_no_longer_or_never_was_is_refused() {
    let house = observed(1).await;
    house.get("/ngsi-ld/v1/temporal/entities/urn:x:z").await.problem(404);
    house.get(&format!("{HISTORY}?format=aggregatedValues")).await.problem(422);
    house.get(&format!("{HISTORY}?timeproperty=createdAt")).await.problem(422);
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
