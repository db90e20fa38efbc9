//! The list and the operations page, which shows the same list.

use crate::house::House;

async fn three() -> House {
    let house = House::open().await;
    house.gauge("a", "Kim Long", 2.7, 0, 107.56).await;
    house.gauge("b", "Phú Ốc", 0.5, 1, 107.47).await;
    house.gauge("c", "Đập Đá", 1.25, 5, 107.61).await;
    house
}

/// The names in the rows, in order.
fn names(html: &str) -> Vec<String> {
    html.split("<th scope=\"row\">")
        .skip(1)
        .filter_map(|row| row.split("<span>").nth(1)?.split("</span>").next())
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn rows_are_sorted_by_name_and_by_value() {
    let house = three().await;
    let list = house.get("/thu/list").await;
    assert_eq!(list.status, 200, "{}", list.text());
    let mut sorted = names(&list.text());
    sorted.sort_unstable();
    assert_eq!(sorted, ["Kim Long", "Phú Ốc", "Đập Đá"]);
    assert_eq!(names(&house.get("/thu/list?sort=value").await.text()), ["Phú Ốc", "Đập Đá", "Kim Long"]);
    assert_eq!(names(&house.get("/thu/list?sort=-value").await.text()), ["Kim Long", "Đập Đá", "Phú Ốc"]);
    assert_eq!(names(&house.get("/thu/list?sort=-at").await.text()), ["Kim Long", "Phú Ốc", "Đập Đá"]);
}

#[tokio::test]
async fn what_is_too_much_to_sort_and_to_count_is_listed_all_the_same() {
    let house = House::with_scan_budget(60).await;
    for number in 0..70 {
        house.gauge(&format!("g{number}"), &format!("Trạm {number}"), 1.0, 0, 107.5).await;
    }
    let list = house.get("/thu/list").await;
    assert_eq!(list.status, 200);
    let text = list.text();
    assert!(text.contains("1–50 trong 70") && text.contains("Có quá nhiều"), "{text}");
    assert_eq!(names(&text).len(), 50);
    let near = house.get("/thu/list?bbox=107.4,16,107.8,17").await.text();
    assert!(near.contains("1–50 trong tối đa 70"), "{near}");
}

#[tokio::test]
async fn values_are_written_the_way_of_the_language_and_age() {
    let house = three().await;
    let vi = house.get("/thu/list?layers=gauges").await;
    for part in ["2,70\u{a0}m", "Trên báo động II", "1 giờ trước", "sign c-gauges-1 stale", "1–3 trong 3"]
    {
        assert!(vi.text().contains(part), "{part}");
    }
    let english = http::Request::get("/thu/list?layers=gauges").header("accept-language", "en-GB");
    let en = house.ask(english).await;
    for part in ["2.70\u{a0}m", "Above alarm level II", "1 h ago", "1–3 of 3", "<html lang=\"en\""] {
        assert!(en.text().contains(part), "{part}");
    }
}

#[tokio::test]
async fn boxes_words_and_layers_filter() {
    let house = three().await;
    let boxed = house.get("/thu/list?bbox=107.5,16,107.6,17").await;
    assert_eq!(names(&boxed.text()), ["Kim Long"]);
    assert!(boxed.text().contains("Trong khung bản đồ"));
    assert_eq!(names(&house.get("/thu/list?q=phu+oc").await.text()), ["Phú Ốc"]);
    assert_eq!(names(&house.get("/thu/list?q=dap+da").await.text()), ["Đập Đá"]);
    assert!(names(&house.get("/thu/list?layers=quiet").await.text()).is_empty());
    let markup = house.get("/thu/list?q=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert!(!markup.text().contains("<script>alert"));
}

#[tokio::test]
async fn a_part_is_the_table_alone_and_pages_join_up() {
    let house = House::open().await;
    for i in 0..60 {
        house.gauge(&i.to_string(), &format!("Trạm {i:02}"), 1.0, 0, 107.5).await;
    }
    let first = house.get("/thu/list?part=table").await;
    assert!(!first.text().contains("<html"));
    assert_eq!(names(&first.text()).len(), 50);
    let second = house.get("/thu/list?page=2").await;
    assert_eq!(names(&second.text()), (50..60).map(|i| format!("Trạm {i:02}")).collect::<Vec<_>>());
    assert!(second.text().contains("51–60 trong 60"));
    assert!(names(&house.get("/thu/list?page=999999999999").await.text()).is_empty());
}

#[tokio::test]
async fn the_operations_page_lists_what_the_map_shows() {
    let house = three().await;
    let page = house.get("/thu/?sel=urn:ngsi-ld:Gauge:a").await;
    assert_eq!(page.status, 200, "{}", page.text());
    let mut listed = names(&page.text());
    listed.sort_unstable();
    assert_eq!(listed, ["Kim Long", "Phú Ốc", "Đập Đá"]);
    assert!(page.text().contains("class=\"thing\""), "the chosen entity stands beside the map");
    assert!(page.text().contains("/tiles/thu/gauges/{z}/{x}/{y}"));
    let wall = house.get("/thu/?wall=1").await;
    assert!(wall.text().contains("data-theme=\"dark\""));
    let text = wall.text();
    let attention = text.split("id=\"attention\"").nth(1).and_then(|t| t.split("</section>").next());
    let attention = attention.expect("the wall says what needs attention");
    assert!(attention.contains("Kim Long") && !attention.contains("Phú Ốc"));
}
