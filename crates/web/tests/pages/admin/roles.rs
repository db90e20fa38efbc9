//! Roles.

use super::{Desk, english};

#[tokio::test]
async fn what_a_role_may_do_is_told_from_its_rules() {
    let desk = Desk::open().await;
    let all = desk.get("/hue/admin/roles").await.text();
    for part in ["Cán bộ chuyên môn", "Không giao cho tài khoản", "Tùy điều kiện", "Cần xác thực bước hai"]
    {
        assert!(all.contains(part), "{part}");
    }
    let officer = desk.get("/hue/admin/roles/officer").await.text();
    for part in [
        "Người có vai trò “Cán bộ chuyên môn” được mở che dữ liệu cá nhân, khi",
        "mục đích phải là giải quyết hồ sơ",
        "Ít nhất một trong các điều sau",
        "context.purpose == \"case-handling\"",
        "Ai cũng được xem dữ liệu",
    ] {
        assert!(officer.contains(part), "{part}");
    }
    let english = english(&desk, "/hue/admin/roles/officer").await.text();
    assert!(english.contains("may reveal personal data, if"), "{english}");
    assert_eq!(desk.get("/hue/admin/roles/vua").await.status, 404);
}
