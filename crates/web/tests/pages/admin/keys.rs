//! Keys of devices and systems.

use super::{Desk, REASON, between};

#[tokio::test]
async fn a_key_is_made_shown_once_rotated_and_revoked() {
    let desk = Desk::open().await;
    assert!(desk.get("/hue/admin/keys").await.text().contains("Chưa có khoá nào"));
    let device = [("name", "Trạm Kim Long"), ("kind", "device"), ("role", "device"), REASON];
    let opened = desk.post("/hue/admin/people", &device).await;
    let id = opened.header(http::header::LOCATION).rsplit('/').next().expect("a way").to_owned();
    let right = vec![
        ("do", "make"),
        ("account", id.as_str()),
        ("title", "Bộ ghi số 2"),
        ("types", "RiverGauge"),
        ("networks", "10.20.0.0/16"),
        ("expires", "2027-06-30"),
        ("rate", "5"),
        REASON,
    ];
    for (name, value) in [
        ("title", ""),
        ("types", "Nothing"),
        ("networks", "mạng nhà"),
        ("expires", "2020-01-01"),
        ("expires", ""),
        ("rate", "0"),
        ("account", "x"),
        ("reason", ""),
    ] {
        let mut form = right.clone();
        form.retain(|(field, _)| *field != name);
        form.push((name, value));
        let refused = desk.post("/hue/admin/keys", &form).await;
        assert_eq!(refused.status, 422, "{name}={value}");
        assert!(refused.text().contains(&format!("{name}-error\"")), "{name}: {}", refused.text());
    }
    let made = desk.post("/hue/admin/keys", &right).await.text();
    let key = between(&made, "<code id=\"key\">", "<").to_owned();
    assert!(key.starts_with("dinh_") && made.contains("Chỉ hiện một lần"), "{made}");
    let listed = desk.get("/hue/admin/keys").await.text();
    assert!(!listed.contains(&key) && listed.contains("Trạm Kim Long") && listed.contains("10.20.0.0/16"));
    let key_id = between(&listed, "name=\"key\" value=\"", "\"").to_owned();
    let form = |what: &'static str| {
        [("do", what), ("account", id.as_str()), ("key", key_id.as_str()), ("overlap", "24"), REASON]
    };
    let rotated = desk.post("/hue/admin/keys", &form("rotate")).await.text();
    assert!(rotated.contains("Khoá có bí mật mới") && !rotated.contains(&key), "{rotated}");
    assert!(desk.post("/hue/admin/keys", &form("revoke")).await.text().contains("Đã thu hồi"));
    assert_eq!(desk.post("/hue/admin/keys", &form("revoke")).await.status, 422);
}
