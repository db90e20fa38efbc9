//! Units.

use http::header;

use super::Desk;
use crate::house::Answered;

/// The identifier of the unit that an answer leads to.
pub(super) fn id_of(made: &Answered) -> String {
    assert_eq!(made.status, 303, "{}", made.text());
    let way = made.header(header::LOCATION);
    way.rsplit('/').next().expect("a way").to_owned()
}

#[tokio::test]
async fn units_are_made_renamed_moved_and_ended() {
    let desk = Desk::open().await;
    let empty = desk.get("/hue/admin/units").await.text();
    assert!(empty.contains("Chưa có đơn vị nào"), "{empty}");
    let top = [("name", "UBND tỉnh"), ("kind", "committee"), ("code", "H57"), ("from", "2025-07-01")];
    let top = id_of(&desk.post("/hue/admin/units", &top).await);
    let below = [("name", "Sở Xây dựng"), ("kind", "department"), ("parent", &top)];
    let below = id_of(&desk.post("/hue/admin/units", &below).await);
    let tree = desk.get("/hue/admin/units").await.text();
    assert!(
        tree.find("UBND tỉnh</span>") < tree.find("Sở Xây dựng</span>") && tree.contains("level-1"),
        "{tree}"
    );
    assert!(tree.contains("Từ 01/07/2025") && tree.contains("H57"), "{tree}");
    let page = format!("/hue/admin/units/{below}");
    let renamed =
        [("name", "Sở Xây dựng và Giao thông"), ("english", "Department of Construction"), ("parent", "")];
    let moved = desk.post(&page, &renamed).await.text();
    assert!(moved.contains("Đã lưu đơn vị") && moved.contains("Không trực thuộc đơn vị nào"), "{moved}");
    let under_itself = [("name", "UBND tỉnh"), ("parent", top.as_str())];
    let circle = desk.post(&format!("/hue/admin/units/{top}"), &under_itself).await;
    assert!(circle.status == 422 && circle.text().contains("parent-error\""), "{}", circle.text());
    let ended = desk.post(&page, &[("name", "Sở Xây dựng"), ("to", "2026-01-01")]).await;
    assert!(ended.text().contains("Đã hết"), "{}", ended.text());
    assert!(!desk.get("/hue/admin/units").await.text().contains("Sở Xây dựng</span>"));
    assert!(desk.get("/hue/admin/units?over=1").await.text().contains("Sở Xây dựng</span>"));
    for (form, field) in [
        ([("name", ""), ("code", "")], "name"),
        ([("name", "A"), ("code", "h 57")], "code"),
        ([("name", "A"), ("to", "hôm qua")], "to"),
        ([("name", "A"), ("parent", "urn:ngsi-ld:Unit:khong")], "parent"),
    ] {
        let refused = desk.post("/hue/admin/units", &form).await;
        assert_eq!(refused.status, 422, "{form:?}");
        assert!(refused.text().contains(&format!("{field}-error\"")), "{field}: {}", refused.text());
    }
    assert_eq!(desk.get("/hue/admin/units/urn:ngsi-ld:Unit:khong").await.status, 404);
}
