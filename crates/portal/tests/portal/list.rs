use dinh_e2e::PortalMood;
use dinh_portal::Error;
use serde_json::json;

use crate::house::{House, hue};

#[tokio::test]
async fn the_list_of_procedures_is_taken_whole_or_not_at_all() {
    let house = House::open().await;
    let procedure = |code: &str| json!({"MATTHC": code, "TENTTHC": format!("Thủ tục {code}")});
    house.there.list(vec![procedure("1.000001"), procedure("2.000635")]);
    assert_eq!(house.portal.lists(&hue()), ["national-portal"]);
    let lines = house.portal.list(&hue(), "national-portal").await.unwrap();
    let lines = String::from_utf8(lines).unwrap();
    let codes: Vec<_> = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["MATTHC"].clone())
        .collect();
    assert_eq!(codes, ["1.000001", "2.000635"]);
    house.there.set(PortalMood::Away);
    assert!(matches!(house.portal.list(&hue(), "national-portal").await, Err(Error::Silent(_))));
    assert!(matches!(house.portal.list(&hue(), "ministry-hosted").await, Err(Error::NoCounterpart(_))));
}
