//! "Quanh tôi".

use serde_json::json;

use crate::house::{House, gauge, now, property, term};

#[tokio::test]
async fn a_place_is_answered_with_what_is_near() {
    let house = House::open().await;
    house.gauge("near", "Kim Long", 2.7, 0, 107.56).await;
    house.gauge("far", "Nam Đông", 1.0, 0, 107.95).await;
    let mut exercise = gauge("drill", "DIỄN TẬP", 107.5601);
    exercise.set(term("level"), property(json!(9)).observed(now()));
    exercise.set(term("exercise"), property(json!(true)));
    house.write(exercise).await;
    let page = house.get("/thu/quanh-toi?lon=107.57&lat=16.46").await;
    assert_eq!(page.status, 200, "{}", page.text());
    for part in ["Kim Long", "cách 1,1 km", "2,70\u{a0}m", "Trên báo động II", "Vừa xong"] {
        assert!(page.text().contains(part), "{part}");
    }
    assert!(!page.text().contains("Nam Đông"), "what is 40 km away is not near");
    assert!(!page.text().contains("DIỄN TẬP"), "an exercise is not shown to the public");
    let empty = house.get("/thu/quanh-toi?lon=107.1&lat=16.9").await;
    assert!(empty.text().contains("Không có trạm nào gần đây."));
}

#[tokio::test]
async fn words_find_a_place_or_say_that_there_is_none() {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 2.7, 0, 107.56).await;
    let found = house.get("/thu/quanh-toi?place=kim+long").await;
    assert!(found.text().contains("Quanh Kim Long"), "one thing of the name is answered at once");
    let lost = house.get("/thu/quanh-toi?place=%3Cb%3Ekhong+co").await;
    assert!(lost.text().contains("Chưa tìm thấy địa điểm") && lost.text().contains("&lt;b&gt;khong co"));
    assert!(house.get("/thu/quanh-toi").await.text().contains("Bạn đang ở đâu?"));
    assert_eq!(house.get("/thu/quanh-toi?lon=abc&lat=999").await.status, 200);
}
