//! Accounts.

use super::{Desk, REASON, between};
use crate::account::{get, post};

#[tokio::test]
async fn an_account_is_opened_found_and_given_its_rights() {
    let desk = Desk::open().await;
    let id = desk.official("Đỗ Văn Đức", "duc@hue.gov.vn", "operator").await;
    let found = desk.get("/hue/admin/people?q=do+duc&kind=official").await.text();
    assert!(found.contains("Đỗ Văn Đức") && found.contains("Trực trung tâm điều hành"), "{found}");
    assert!(!desk.get("/hue/admin/people?q=nobody").await.text().contains("Đỗ Văn Đức"));
    assert!(desk.get("/hue/admin/people?q=duc@hue.gov.vn").await.text().contains("Đỗ Văn Đức"));
    assert!(!desk.get("/hue/admin/people?state=locked").await.text().contains("Đỗ Văn Đức"));
    let page = format!("/hue/admin/people/{id}");
    let give = [("do", "give-role"), ("role", "leader"), ("to", "2026-12-31"), REASON];
    let given = desk.post(&page, &give).await;
    assert!(
        given.text().contains("Đến hết 31/12/2026") && given.text().contains("Lãnh đạo"),
        "{}",
        given.text()
    );
    let mark = between(&given.text(), "value=\"leader|", "\"").to_owned();
    let which = format!("leader|{mark}");
    let ended = desk.post(&page, &[("do", "end-role"), ("which", &which), REASON]).await;
    assert!(ended.text().contains("Đã hết"), "{}", ended.text());
    let gone = desk.post(&page, &[("do", "end-role"), ("which", "khác"), REASON]).await;
    assert_eq!(gone.status, 422);
    // What is on record says why, and names the administrator.
    let record = desk.house.context.system("test", dinh_model::Tenant::parse("hue").expect("a tenant"));
    let page = record.audit(dinh_context::graph::AuditQuery::latest(20)).await.expect("the audit");
    let entry = page.entries.iter().map(dinh_context::graph::Entry::to_json);
    let role = entry.into_iter().find(|entry| entry["actions"][0] == "role").expect("an entry");
    assert_eq!(role["reason"], REASON.1);
    assert!(role["principal"].as_str().is_some_and(|who| who.starts_with("account:")), "{role}");
}

#[tokio::test]
async fn what_is_typed_wrong_is_said_beside_its_field_and_changes_nothing() {
    let desk = Desk::open().await;
    let right = [("name", "An"), ("kind", "official"), ("email", "an@hue.gov.vn"), ("role", ""), REASON];
    let with = |field: &'static str, value: &'static str| {
        let mut form = right.to_vec();
        form.retain(|(name, _)| *name != field);
        form.push((field, value));
        form
    };
    for (form, field) in [
        (with("name", ""), "name"),
        (with("email", "không phải"), "email"),
        (with("phone", "12"), "phone"),
        (with("kind", "king"), "kind"),
        (with("role", "write-key"), "role"),
        (with("reason", "vì"), "reason"),
        (with("subject", "không phải"), "subject"),
        (with("to", "mai"), "to"),
        (with("email", ""), "email"),
        (with("email", "binh@hue.gov.vn"), "email"),
    ] {
        let refused = desk.post("/hue/admin/people", &form).await;
        assert_eq!(refused.status, 422, "{form:?}");
        assert!(refused.text().contains(&format!("{field}-error\"")), "{field}: {}", refused.text());
    }
    assert!(!desk.get("/hue/admin/people?q=an").await.text().contains("an@hue.gov.vn"));
    let marked = with("name", "<script>alert(1)</script>");
    let shown = desk.post("/hue/admin/people", &[&marked[..], &[("phone", "x")]].concat()).await;
    assert!(!shown.text().contains("<script>alert"));
}

#[tokio::test]
async fn positions_and_representations_have_dates_and_bases() {
    let desk = Desk::open().await;
    let made = desk.post("/hue/admin/units", &[("name", "Sở Xây dựng"), ("kind", "department")]).await;
    let unit = super::units::id_of(&made);
    let head = desk.official("Lê Trưởng", "truong@hue.gov.vn", "leader").await;
    let deputy = desk.official("Đỗ Phó", "pho@hue.gov.vn", "officer").await;
    let page = format!("/hue/admin/people/{deputy}");
    let stand_in = |from: &'static str, to: &'static str, holder: &'static str| {
        vec![
            ("do", "give-position"),
            ("title", "Quyền Giám đốc"),
            ("basis", "substitute"),
            ("holder", holder),
            ("from", from),
            ("to", to),
            REASON,
        ]
    };
    let with_unit = |mut form: Vec<(&'static str, &'static str)>| {
        form.push(("unit", Box::leak(unit.clone().into_boxed_str())));
        form
    };
    for (form, field) in [
        (with_unit(stand_in("2026-11-01", "", "truong@hue.gov.vn")), "to"),
        (with_unit(stand_in("2026-11-01", "2026-10-01", "truong@hue.gov.vn")), "to"),
        (with_unit(stand_in("2026-11-01", "2026-12-01", "khong@hue.gov.vn")), "holder"),
        (stand_in("2026-11-01", "2026-12-01", "truong@hue.gov.vn"), "unit"),
    ] {
        let refused = desk.post(&page, &form).await;
        assert_eq!(refused.status, 422, "{form:?}");
        assert!(refused.text().contains(&format!("{field}-error\"")), "{field}: {}", refused.text());
    }
    let good = with_unit(stand_in("2026-11-01", "2026-12-01", "truong@hue.gov.vn"));
    let given = desk.post(&page, &good).await;
    assert!(given.text().contains("thay Lê Trưởng khi vắng mặt"), "{}", given.text());
    let tie = [("do", "give-tie"), ("of", "urn:ngsi-ld:Person:con"), ("tie", "parent"), REASON];
    let tied = desk.post(&page, &tie).await;
    assert!(tied.text().contains("urn:ngsi-ld:Person:con") && tied.text().contains("Cha, mẹ"));
    let workers = desk.get(&format!("/hue/admin/units/{unit}")).await.text();
    assert!(workers.contains("Đỗ Phó") && workers.contains("Thay thế khi vắng mặt"), "{workers}");
    assert!(!workers.contains(&head));
}

#[tokio::test]
async fn sessions_factors_and_the_account_itself_are_ended() {
    let desk = Desk::open().await;
    let id = desk.official("Đỗ Văn Đức", "duc@hue.gov.vn", "operator").await;
    let page = format!("/hue/admin/people/{id}");
    let session = desk.enter_stepped_up("duc@hue.gov.vn").await;
    let shown = desk.get(&page).await.text();
    assert!(shown.contains("Ứng dụng tạo mã được cài") && shown.contains("Còn 10 mã khôi phục"), "{shown}");
    let which = between(&shown, "name=\"which\" value=\"", "\"");
    // The first is that of the role; that of the session stands after it.
    let sessions = shown.split("do\" value=\"end-session\"").next().expect("a form");
    let session_id =
        sessions.rsplit("name=\"which\" value=\"").next().and_then(|rest| rest.split('"').next());
    assert_ne!(Some(which), session_id);
    let ended =
        desk.post(&page, &[("do", "end-session"), ("which", session_id.expect("a session")), REASON]).await;
    assert!(ended.text().contains("Phiên đã kết thúc."), "{}", ended.text());
    assert_eq!(get(&desk.house, "/hue/account", &session).await.status, 303);
    assert!(
        desk.post(&page, &[("do", "drop-factors"), REASON]).await.text().contains("Đã bỏ xác thực bước hai")
    );
    let link = desk.post(&page, &[("do", "link"), REASON]).await.text();
    let link = between(&link, "recover?link=", "<");
    let weak = post(&desk.house, "/hue/recover", "", &[("link", link), ("new", "ngắn")]).await;
    assert_eq!(weak.status, 422);
    let fresh = [("link", link), ("new", "trâu lội qua sông sâu")];
    assert_eq!(post(&desk.house, "/hue/recover", "", &fresh).await.status, 200);
    let again = post(&desk.house, "/hue/recover", "", &fresh).await;
    assert!(again.text().contains("đã hết hạn hoặc đã được dùng"), "{}", again.text());
    assert!(desk.post(&page, &[("do", "lock"), REASON]).await.text().contains("Đang khoá"));
    assert!(desk.post(&page, &[("do", "unlock"), REASON]).await.text().contains("Đang dùng"));
    assert_eq!(desk.post(&page, &[("do", "close"), REASON]).await.status, 422, "without being sure");
    let closed = desk.post(&page, &[("do", "close"), ("sure", "1"), REASON]).await;
    assert!(closed.text().contains("Đã đóng") && !closed.text().contains("duc@hue.gov.vn"));
    assert_eq!(desk.get("/hue/admin/people/0123").await.status, 404);
    assert_eq!(desk.get(&format!("/hue/admin/people/{}", "0".repeat(32))).await.status, 404);
}

#[tokio::test]
async fn nobody_changes_their_own_account_here() {
    let desk = Desk::open().await;
    let list = desk.get("/hue/admin/people?q=binh").await.text();
    let own = between(&list, "/hue/admin/people/", "\"").to_owned();
    let page = format!("/hue/admin/people/{own}");
    assert!(desk.get(&page).await.text().contains("Đây là tài khoản của chính anh/chị"));
    let refused = desk.post(&page, &[("do", "give-role"), ("role", "auditor"), REASON]).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
}
