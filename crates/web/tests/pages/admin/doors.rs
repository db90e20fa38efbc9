//! Who is let in where.

use http::header;

use super::{Desk, english};
use crate::account::{PASSWORD, cookie, get, post};
use crate::house::House;

/// The pages of administrators alone, of auditors alone, and of both.
const ADMINISTRATORS: [&str; 4] = ["people", "units", "keys", "step-up"];
const BOTH: [&str; 4] = ["", "roles", "roles/officer", "why"];

fn path(place: &str) -> String {
    if place.is_empty() { "/hue/admin".to_owned() } else { format!("/hue/admin/{place}") }
}

#[tokio::test]
async fn each_sees_the_pages_of_their_role_and_no_others() {
    let desk = Desk::open().await;
    desk.official("Lê Kiểm", "kiem@hue.gov.vn", "auditor").await;
    desk.official("Đỗ Trực", "truc@hue.gov.vn", "operator").await;
    let auditor = desk.enter_stepped_up("kiem@hue.gov.vn").await;
    let operator = desk.enter_stepped_up("truc@hue.gov.vn").await;
    let who = [desk.admin.as_str(), auditor.as_str(), operator.as_str(), ""];
    for (place, expected) in ADMINISTRATORS
        .iter()
        .map(|place| (*place, [200, 403, 403, 401]))
        .chain(BOTH.iter().map(|place| (*place, [200, 200, 403, 401])))
        .chain([("audit", [403, 200, 403, 401])])
    {
        for (cookie, expected) in who.iter().zip(expected) {
            let answer = get(&desk.house, &path(place), cookie).await;
            assert_eq!(answer.status, expected, "{place}: {}", answer.text());
        }
    }
    for (cookie, offered, hidden) in [
        (&desk.admin, "/hue/admin/people\"", "/hue/admin/audit\""),
        (&auditor, "/hue/admin/audit\"", "/hue/admin/people\""),
    ] {
        let start = get(&desk.house, "/hue/admin", cookie).await;
        assert!(start.text().contains(offered) && !start.text().contains(hidden));
        assert_eq!(start.header(header::CACHE_CONTROL), "no-store");
    }
    let list = |cookie| get(&desk.house, "/hue/list", cookie);
    assert!(list(&auditor).await.text().contains("Quản trị</a>"));
    assert!(!list(&operator).await.text().contains("Quản trị</a>"));
}

#[tokio::test]
async fn who_has_not_stepped_up_is_led_there_and_back() {
    let house = House::shipped().await;
    let code = house.identity.set_up_code().await.expect("a code").expect("the first");
    let form = [("code", code.as_str()), ("name", "An"), ("email", "an@hue.gov.vn"), ("password", PASSWORD)];
    let session = cookie(&post(&house, "/hue/set-up", "", &form).await);
    let led = get(&house, "/hue/admin/people?q=x", &session).await;
    let way = led.header(header::LOCATION).to_owned();
    assert_eq!(
        (led.status, way.as_str()),
        (303, "/hue/account?next=%2Fhue%2Fadmin%2Fpeople%3Fq%3Dx#step-up")
    );
    let account = get(&house, "/hue/account?next=%2Fhue%2Fadmin%2Fpeople", &session).await;
    assert!(account.text().contains("Hãy cài ứng dụng tạo mã"), "{}", account.text());
    let away = get(&house, "/hue/account?next=https%3A%2F%2Fevil.example%2F", &session).await;
    assert!(!away.text().contains("evil.example\""));
    // Setting up a second factor is stepping up; the page then leads on.
    let offer =
        post(&house, "/hue/account?next=%2Fhue%2Fadmin", &session, &[("do", "code-offer")]).await.text();
    let secret = super::between(&offer, "<code>", "<");
    let code = super::code(secret, crate::house::now());
    let ticket = super::between(&offer, "name=\"ticket\" value=\"", "\"");
    let form = [("do", "code-confirm"), ("ticket", ticket), ("code", code.as_str())];
    let confirmed = post(&house, "/hue/account?next=%2Fhue%2Fadmin", &session, &form).await;
    assert!(confirmed.text().contains("<a href=\"/hue/admin\">Tiếp tục"), "{}", confirmed.text());
    assert_eq!(get(&house, "/hue/admin", &cookie(&confirmed)).await.status, 200);
}

#[tokio::test]
async fn every_page_speaks_english_too() {
    let desk = Desk::open().await;
    let id = desk.official("Lê Kiểm", "kiem@hue.gov.vn", "auditor").await;
    let person = format!("people/{id}");
    for place in ["", "people", "units", "keys", "roles", "roles/officer", "why", &person] {
        let page = english(&desk, &path(place)).await.text();
        let main = page.split("<main").nth(1).expect("a page");
        for vietnamese in ["Vai trò", "Tình trạng", "Lý do", "Không có", "Chưa có", "Kết thúc", "Đang"]
        {
            assert!(!main.contains(vietnamese), "{place}: {vietnamese}");
        }
    }
}
