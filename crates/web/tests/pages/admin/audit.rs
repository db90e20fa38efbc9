//! The audit.

use http::{Request, header};

use super::{Desk, REASON};
use crate::account::{get, post};

async fn auditor(desk: &Desk) -> String {
    desk.official("Lê Kiểm", "kiem@hue.gov.vn", "auditor").await;
    desk.enter_stepped_up("kiem@hue.gov.vn").await
}

#[tokio::test]
async fn entries_are_found_and_read_by_people() {
    let desk = Desk::open().await;
    let auditor = auditor(&desk).await;
    let page = |query: &str| format!("/hue/admin/audit{query}");
    let all = get(&desk.house, &page(""), &auditor).await.text();
    for part in [
        "lập tài khoản (tài khoản của Lê Kiểm)",
        "giao Kiểm tra an toàn thông tin",
        REASON.1,
        "Trần Thị Bình",
        "Chưa có niêm phong nào",
    ] {
        assert!(all.contains(part), "{part}: {all}");
    }
    let by_her = get(&desk.house, &page("?who=binh+tran&action=role"), &auditor).await.text();
    assert!(by_her.contains("giao Kiểm tra") && !by_her.contains("đã đăng nhập"), "{by_her}");
    let words = get(&desk.house, &page("?text=quyet+dinh+12"), &auditor).await.text();
    assert!(words.contains(REASON.1), "{words}");
    let none = get(&desk.house, &page("?to=2020-01-01"), &auditor).await.text();
    assert!(none.contains("Không có mục nào như vậy"), "{none}");
    for (query, field) in
        [("?from=mai", "from"), ("?who=khong+ai", "who"), ("?entity=x+y", "entity"), ("?action=x", "action")]
    {
        let refused = get(&desk.house, &page(query), &auditor).await.text();
        assert!(refused.contains(&format!("{field}-error\"")), "{query}: {refused}");
    }
    let marked = get(&desk.house, &page("?text=%3Cscript%3Ealert(1)%3C/script%3E"), &auditor).await;
    assert!(!marked.text().contains("<script>alert"));
}

#[tokio::test]
async fn what_is_exported_is_safe_and_noted() {
    let desk = Desk::open().await;
    let auditor = auditor(&desk).await;
    let formula =
        [("name", "Đức"), ("kind", "citizen"), ("email", "duc@hue.vn"), ("reason", "=1+1 là công thức")];
    assert_eq!(desk.post("/hue/admin/people", &formula).await.status, 200);
    let export = async |form: &'static str| {
        let fields = [("form", form), ("text", "cong thuc")];
        post(&desk.house, "/hue/admin/audit/export", &auditor, &fields).await
    };
    let csv = export("csv").await;
    assert_eq!(csv.header(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(csv.header(header::CONTENT_DISPOSITION).contains("audit-hue-2026-11-20.csv"));
    assert!(csv.text().contains("'=1+1") && csv.text().lines().count() >= 2, "{}", csv.text());
    let json = export("ndjson").await.text();
    let first: serde_json::Value = serde_json::from_str(json.lines().next().expect("a line")).expect("JSON");
    assert_eq!(first["reason"], "=1+1 là công thức");
    let noted = get(&desk.house, "/hue/admin/audit?action=export", &auditor).await.text();
    assert_eq!(noted.matches("<tr id=\"entry-").count(), 2, "{noted}");
    let form = [("form", "csv")];
    assert_eq!(desk.post("/hue/admin/audit/export", &form).await.status, 403);
    assert_eq!(post(&desk.house, "/hue/admin/audit/export", "", &form).await.status, 401);
}

#[tokio::test]
async fn all_of_it_is_examined_when_asked() {
    let desk = Desk::open().await;
    let auditor = auditor(&desk).await;
    let examined = post(&desk.house, "/hue/admin/audit/examine", &auditor, &[]).await.text();
    assert!(examined.contains("Không có gì sai"), "{examined}");
    assert_eq!(desk.post("/hue/admin/audit/examine", &[]).await.status, 403);
}

#[tokio::test]
async fn machines_read_it_too_with_the_same_right() {
    let desk = Desk::open().await;
    let auditor = auditor(&desk).await;
    let ask = async |query: &str, cookie: &str| {
        let path = format!("/api/v1/hue/audit{query}");
        desk.house.ask(Request::get(path).header(header::COOKIE, cookie)).await
    };
    let answer = ask("?action=role&limit=1", &auditor).await;
    let body: serde_json::Value = serde_json::from_slice(&answer.bytes).expect("JSON");
    assert_eq!((answer.status, body["entries"][0]["actions"][0].as_str()), (200, Some("role")));
    assert!(body["next"].is_u64(), "{body}");
    let oldest = ask("?order=oldest&limit=1", &auditor).await;
    let body: serde_json::Value = serde_json::from_slice(&oldest.bytes).expect("JSON");
    assert!(body["entries"][0]["seq"].as_u64().is_some());
    for bad in
        ["?action=x", "?from=mai", "?limit=5000", "?order=x", "?after=x", "?entity=x%20y", "?unknown=1"]
    {
        assert_eq!(ask(bad, &auditor).await.status, 400, "{bad}");
    }
    assert_eq!((ask("", &desk.admin).await.status, ask("", "").await.status), (403, 401));
}
