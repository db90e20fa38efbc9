//! Ways into the house, language and appearance, and what is not there.

use http::{Request, header};

use crate::house::House;

#[tokio::test]
async fn the_door_leads_to_the_first_province() {
    let house = House::open().await;
    let start = house.get("/").await;
    assert_eq!((start.status, start.header(header::LOCATION)), (303, "/thu/"));
    let enter = house.get("/thu?layers=gauges").await;
    assert_eq!((enter.status, enter.header(header::LOCATION)), (308, "/thu/?layers=gauges"));
    let lost = house.get("/thu/nothing").await;
    assert_eq!(lost.status, 404);
    assert!(lost.text().contains("Không tìm thấy trang"));
}

#[tokio::test]
async fn language_and_appearance_are_remembered() {
    let house = House::open().await;
    let answer = house.get("/lang/en?back=%2Fthu%2Flist%3Fq%3Da").await;
    assert_eq!((answer.status, answer.header(header::LOCATION)), (303, "/thu/list?q=a"));
    assert!(answer.header(header::SET_COOKIE).starts_with("lang=en;"));
    assert_eq!(house.get("/theme/dark?back=https://evil.example").await.header(header::LOCATION), "/");
    assert_eq!(house.get("/lang/fr").await.status, 404);
    let page = Request::get("/thu/list").header(header::COOKIE, "lang=en; theme=dark");
    let page = house.ask(page).await;
    assert!(page.text().contains("<html lang=\"en\" data-theme=\"dark\""));
}

#[tokio::test]
async fn pages_allow_nothing_from_elsewhere() {
    let house = House::open().await;
    let page = house.get("/thu/").await;
    let policy = page.header(header::CONTENT_SECURITY_POLICY);
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(
        !page.text().contains("http://")
            || page.text().matches("http://").count() == page.text().matches("http://www.w3.org").count()
    );
}

#[tokio::test]
async fn the_colours_of_the_layers_are_a_sheet_of_their_own() {
    let house = House::open().await;
    let sheet = house.get("/thu/colours.css?x").await;
    assert_eq!(sheet.header(header::CONTENT_TYPE), "text/css; charset=utf-8");
    assert!(sheet.text().contains(".c-gauges-0{--c:var(--danger)}"));
    assert!(sheet.text().contains(".c-gauges-x{--c:var(--river)}"), "a crowd does not look like an alarm");
}
