//! Why somebody sees something.

use dinh_model::{Entity, EntityId};
use serde_json::json;

use super::Desk;
use crate::account::get;
use crate::house::{now, property, term};

async fn person(desk: &Desk) {
    let mut person = Entity::new(EntityId::trusted("urn:ngsi-ld:Person:an"), term("Person"), now());
    person.set(term("name"), property(json!("Nguyễn Văn Ẩn")));
    person.set(term("personalId"), property(json!("046084001234")));
    let session = desk.house.context.system("test", dinh_model::Tenant::parse("hue").expect("a tenant"));
    session.create(person).await.expect("can be created");
}

#[tokio::test]
async fn the_answer_names_rules_and_never_a_value() {
    let desk = Desk::open().await;
    person(&desk).await;
    let id = desk.official("Thanh Tra", "tra@hue.gov.vn", "inspector").await;
    let ask = |account: &str, more: &str| {
        format!("/hue/admin/why?account={account}&entity=urn:ngsi-ld:Person:an&{more}")
    };
    let plain = desk.get(&ask(&id, "action=reveal&purpose=inspection")).await;
    assert_eq!(plain.status, 200);
    assert!(plain.text().contains("Không được phép"), "{}", plain.text());
    let stepped_up = desk.get(&ask(&id, "action=reveal&purpose=inspection&factor=1")).await.text();
    assert!(stepped_up.contains("Được phép") && stepped_up.contains("Số định danh cá nhân"), "{stepped_up}");
    let masked = desk.get(&ask(&id, "action=read&purpose=inspection&factor=1")).await.text();
    assert!(masked.contains("Chỉ ở dạng che"), "{masked}");
    let nobody = desk.get(&ask("anonymous", "action=read")).await.text();
    assert!(nobody.contains("Không quy tắc nào cho phép"), "{nobody}");
    for page in [stepped_up, masked, nobody] {
        assert!(!page.contains("046084001234") && !page.contains("Văn Ẩn"));
    }
    let by_name = desk.get(&ask("thanh+tra", "action=read")).await.text();
    assert!(by_name.contains("Kết quả"), "{by_name}");
    for (question, field) in
        [(ask("khong+ai", ""), "account"), (ask("anonymous", "").replace("Person:an", "Person:x"), "entity")]
    {
        assert!(desk.get(&question).await.text().contains(&format!("{field}-error\"")), "{question}");
    }
    // The question is on record, for auditors to read.
    desk.official("Lê Kiểm", "kiem@hue.gov.vn", "auditor").await;
    let auditor = desk.enter_stepped_up("kiem@hue.gov.vn").await;
    let audit = get(&desk.house, "/hue/admin/audit?action=explain", &auditor).await.text();
    assert!(audit.contains("Thanh Tra: Mở che? Mục đích: Thanh tra, kiểm tra"), "{audit}");
    assert!(audit.contains("Hỏi vì sao") && audit.contains("urn:ngsi-ld:Person:an"), "{audit}");
}

#[tokio::test]
async fn where_several_fit_they_are_offered() {
    let desk = Desk::open().await;
    person(&desk).await;
    desk.official("Lê An", "an1@hue.gov.vn", "leader").await;
    desk.official("Lê Ấn", "an2@hue.gov.vn", "leader").await;
    let several = desk.get("/hue/admin/why?account=le+an&entity=urn:ngsi-ld:Person:an").await.text();
    assert!(several.contains("Anh/chị muốn nói ai?") && !several.contains("Kết quả</h2>"), "{several}");
}
